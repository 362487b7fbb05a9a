//! The new side's view: it reads and writes the new form, before the backfill and after contract.

use segue_engine::Piece;
use segue_model::reshape::TableChange;

use crate::support::{Build, Db, column, sql};

fn change() -> TableChange {
    let old = [("id", "INTEGER", false), ("name", "TEXT", false), ("total", "TEXT", false), ("gone", "TEXT", false)];
    let mut change = Build::new("o", &old, &["id"])
        .rename("name", "title")
        .convert("total", "INTEGER", false, sql("CAST(total AS INTEGER)"), sql("CAST(total AS TEXT)"))
        .drop("gone", sql("'g' || title"), &["title"])
        .add(column("size", "INTEGER", true), sql("length(title)"), &["name"])
        .done();
    change.new[2].default = Some("7".into());
    change
}

const O: &str = "CREATE TABLE o (id INTEGER PRIMARY KEY, name TEXT NOT NULL, total TEXT NOT NULL, gone TEXT NOT NULL);
    INSERT INTO o VALUES (1, 'a', '10', 'x'), (2, 'bb', '20', 'y'), (3, 'c', 'none', 'z')";

#[test]
fn it_shows_and_writes_the_new_form_at_every_moment() {
    let db = Db::new(O);
    db.expand(&change());
    assert_eq!(db.rows("SELECT * FROM o_mig_7_new WHERE id < 3"), "1|a|10|1;2|bb|20|2", "also rows that are not converted");
    db.run("UPDATE o_mig_7_new SET total = 11 WHERE id = 1; UPDATE o_mig_7_new SET size = NULL WHERE id = 2");
    db.run("INSERT INTO o_mig_7_new (title, total, size) VALUES ('new', 5, NULL); INSERT INTO o_mig_7_new (id, title) VALUES (9, 'd')");
    assert_eq!(
        db.rows("SELECT id, name, title, total, total__mig_7, gone, size FROM o WHERE id <> 3"),
        "1|a|a|11|11|x|1;2|bb|bb|20|20|y|NULL;4|new|new|5|5|gnew|NULL;9|d|d|7|7|gd|NULL"
    );
    assert!(db.refused("INSERT INTO o_mig_7_new (title, total) VALUES (NULL, 1)").contains("does not take"));
    assert!(db.refused("INSERT INTO o_mig_7_new (title, total) VALUES ('x', 'abc')").contains("total"));
    assert!(db.refused("UPDATE o_mig_7_new SET title = NULL WHERE id = 1").contains("title"));
    db.backfill(&change(), 10);
    assert_eq!(db.rows("SELECT size FROM o WHERE id = 2"), "NULL", "the backfill leaves what the new side wrote");
    db.run("DELETE FROM o_mig_7_new WHERE id = 3; UPDATE o_mig_7_new SET id = 33, title = 'moved' WHERE id = 9");
    assert_eq!(db.compare(&change()), (4, 0, 0));
    db.shift(&change());
    db.run("INSERT INTO o_mig_7_new (title, total) VALUES ('shifted', 1)");
    db.contract(&change());
    db.run(
        "INSERT INTO o_mig_7_new (title) VALUES ('after'); UPDATE o_mig_7_new SET total = total + 1; DELETE FROM o_mig_7_new WHERE id = 33",
    );
    assert_eq!(db.rows("SELECT * FROM o"), "1|a|12|1;2|bb|21|NULL;4|new|6|NULL;34|shifted|2|NULL;35|after|8|NULL");
}

#[test]
fn an_old_value_that_down_would_lose_stays_when_the_view_changes_something_else() {
    let db = Db::new("CREATE TABLE o (id INTEGER PRIMARY KEY, total TEXT, n TEXT); INSERT INTO o VALUES (1, '1.75', 'x')");
    let change = Build::new("o", &[("id", "INTEGER", false), ("total", "TEXT", true), ("n", "TEXT", true)], &["id"])
        .convert("total", "INTEGER", true, sql("CAST(round(total) AS INTEGER)"), sql("CAST(total AS TEXT)"))
        .done();
    db.expand(&change);
    db.backfill(&change, 1);
    db.run("UPDATE o_mig_7_new SET n = 'y'");
    assert_eq!(db.rows("SELECT total, total__mig_7, n FROM o"), "1.75|2|y");
    db.unmake(Piece::Expand(&change)).expect("back");
    assert_eq!(db.rows("SELECT * FROM o"), "1|1.75|y");
}

#[test]
fn a_table_without_a_key_can_be_read_and_inserted_into() {
    let db = Db::new("CREATE TABLE o (a TEXT); INSERT INTO o VALUES ('x'), ('x')");
    let change = Build::new("o", &[("a", "TEXT", true)], &["rowid"]).rename("a", "b").done();
    db.expand(&change);
    db.run("INSERT INTO o_mig_7_new VALUES ('y'); UPDATE o SET b = 'z' WHERE rowid = 2");
    assert_eq!(db.backfill(&change, 1).0, 1);
    assert!(db.refused("UPDATE o_mig_7_new SET b = 'q'").contains("no key"));
    db.shift(&change);
    db.contract(&change);
    assert_eq!(db.rows("SELECT rowid, b FROM o"), "1|x;2|z;3|y");
}
