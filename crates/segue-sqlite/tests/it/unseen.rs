//! What an UPDATE of the table computes from a new form that is not there yet is refused; through the view, and once
//! the row is converted, the same statement is right.

use segue_model::reshape::TableChange;

use crate::support::{Build, Db, column, sql};

const TABLE: &str = "CREATE TABLE o (id INTEGER PRIMARY KEY, name TEXT, cents INTEGER, due TEXT, k INTEGER UNIQUE)";
const ROWS: &str = "INSERT INTO o VALUES (1, 'a', 100, '2026-01-01', 1), (2, 'b', 200, '2026-01-02', 2), (3, NULL, NULL, NULL, 3)";

/// A rename, two conversions, a new column that is computed.
fn change() -> TableChange {
    let old = [("id", "INTEGER", false), ("name", "TEXT", true), ("cents", "INTEGER", true), ("due", "TEXT", true), ("k", "INTEGER", true)];
    Build::new("o", &old, &["id"])
        .rename("name", "title")
        .convert("cents", "REAL", true, sql("cents / 100.0"), sql("CAST(cents * 100 AS INTEGER)"))
        .convert("due", "TEXT", true, sql("due || ' 00:00:00'"), sql("substr(due, 1, 10)"))
        .add(column("size", "INTEGER", true), sql("length(title)"), &["name"])
        .done()
}

fn refused(db: &Db, statement: &str) {
    let before = db.rows("SELECT * FROM o ORDER BY id");
    let error = db.refused(statement);
    assert!(error.contains("SG-SQ-019: a row of o has no new form yet"), "{statement}: {error}");
    assert!(error.contains("o_mig_7_new"), "{error}");
    assert_eq!(db.rows("SELECT * FROM o ORDER BY id"), before, "{statement}");
}

const COMPUTED: [&str; 17] = [
    "cents__mig_7 = cents__mig_7 + 1",
    "cents__mig_7 = cents__mig_7 - 1.5",
    "cents__mig_7 = -cents__mig_7",
    "cents__mig_7 = cents__mig_7 * 2",
    "cents__mig_7 = cents__mig_7 * 0",
    "cents__mig_7 = round(cents__mig_7 / 3)",
    "cents__mig_7 = abs(cents__mig_7)",
    "cents__mig_7 = coalesce(cents__mig_7, 0) + 1",
    "title = title || '!'",
    "title = upper(title)",
    "title = trim(title) || id",
    "title = substr(title, 2)",
    "title = substr(title, 1, 1)",
    "size = size + 1",
    "due__mig_7 = datetime(due__mig_7, '+1 day')",
    "due__mig_7 = due__mig_7 || 'Z', k = 77",
    "title = NULL",
];

#[test]
fn what_is_made_of_the_placeholder_is_refused() {
    let db = Db::new(&format!("{TABLE}; {ROWS}"));
    db.expand(&change());
    for set in COMPUTED {
        refused(&db, &format!("UPDATE o SET {set} WHERE id = 1"));
        refused(&db, &format!("UPDATE o SET {set}"));
    }
    refused(&db, "INSERT INTO o (id, k) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET cents__mig_7 = cents__mig_7 + 1");
    refused(&db, "INSERT INTO o (id, k) VALUES (1, 1) ON CONFLICT (k) DO UPDATE SET title = title || excluded.k");
    // The view shows every row in its new form.
    db.run("UPDATE o_mig_7_new SET cents = cents + 1, title = title || '!', due = NULL WHERE id = 1");
    assert_eq!(db.rows("SELECT name, title, cents, cents__mig_7, due FROM o WHERE id = 1"), "a!|a!|200|2.0|NULL");
    db.backfill(&change(), 10);
    for set in COMPUTED {
        db.run(&format!("UPDATE o SET {set} WHERE id = 2"));
    }
    assert_eq!(db.compare(&change()), (3, 0, 0));
}

#[test]
fn what_loses_nothing_is_taken() {
    let db = Db::new(&format!("{TABLE}; {ROWS}"));
    db.expand(&change());
    // Nothing stands in the old form; whole values; another column; the column itself.
    db.run("UPDATE o SET title = NULL, cents__mig_7 = NULL, due__mig_7 = NULL WHERE id = 3");
    db.run("UPDATE o SET cents__mig_7 = 7, title = 'Inform' WHERE id = 1; UPDATE o SET k = 22, size = size WHERE id = 2");
    db.run("UPDATE o SET cents__mig_7 = cents__mig_7 + 1, title = NULL WHERE id = 1");
    let all = "SELECT id, name, title, cents, cents__mig_7, size FROM o ORDER BY id";
    assert_eq!(db.rows(all), "1|NULL|NULL|800|8.0|1;2|b|b|200|2.0|1;3|NULL|NULL|NULL|NULL|NULL");
    db.backfill(&change(), 10);
    assert_eq!(db.compare(&change()), (3, 0, 0));
}

#[test]
fn in_a_strict_table_it_is_null() {
    let db = Db::new(&format!("{TABLE} STRICT; {ROWS}"));
    db.expand(&change());
    for set in ["cents__mig_7 = cents__mig_7 + 1", "title = title || '!'", "size = size + 1", "title = NULL"] {
        refused(&db, &format!("UPDATE o SET {set} WHERE id = 1"));
    }
    db.run("UPDATE o SET title = title || '!' WHERE id = 3; UPDATE o SET cents__mig_7 = 7 WHERE id = 1");
    db.backfill(&change(), 10);
    db.run("UPDATE o SET cents__mig_7 = cents__mig_7 + 1; UPDATE o SET title = NULL WHERE id = 2");
    let all = "SELECT id, name, title, cents, cents__mig_7 FROM o ORDER BY id";
    assert_eq!(db.rows(all), "1|a|a|800|8.0;2|NULL|NULL|300|3.0;3|NULL|NULL|NULL|NULL");
    assert_eq!(db.compare(&change()), (3, 0, 0));
}
