//! Which side wrote: every way in which a row can be written on the base table.

use segue_model::reshape::{TableChange, Value};

use crate::support::{Build, Db, column, sql};

const USERS: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT)";

fn rename() -> TableChange {
    Build::new("users", &[("id", "INTEGER", false), ("name", "TEXT", false), ("note", "TEXT", true)], &["id"])
        .rename("name", "full_name")
        .done()
}

fn rename_nullable() -> TableChange {
    Build::new("users", &[("id", "INTEGER", false), ("name", "TEXT", true)], &["id"]).rename("name", "full_name").done()
}

const BOTH: &str = "SELECT name, full_name FROM users ORDER BY id";

#[test]
fn inserts_of_either_side() {
    let db = Db::new(USERS);
    db.expand(&rename());
    db.run("INSERT INTO users (name) VALUES ('old'); INSERT INTO users (full_name) VALUES ('new'); INSERT INTO users (name, full_name) VALUES ('s', 's')");
    assert_eq!(db.rows(BOTH), "old|old;new|new;s|s");
    assert!(db.refused("INSERT INTO users (name, full_name) VALUES ('a', 'b')").contains("do not agree"));
    assert!(db.refused("INSERT INTO users (note) VALUES ('no name')").contains("NOT NULL"));
    assert!(db.refused("INSERT INTO users (full_name) VALUES (NULL)").contains("segue"));
    assert!(db.refused("INSERT INTO users (name) VALUES (NULL)").contains("NOT NULL"));
    assert_eq!(db.rows(BOTH), "old|old;new|new;s|s");
}

#[test]
fn an_explicit_null_is_a_write() {
    let db = Db::new(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT DEFAULT 'nobody'); INSERT INTO users (name) VALUES ('kept'), ('gone')",
    );
    let mut change = rename_nullable();
    change.old[1].default = Some("'nobody'".into());
    change.new[1].default = Some("'nobody'".into());
    db.expand(&change);
    db.run("INSERT INTO users (full_name) VALUES (NULL); INSERT INTO users DEFAULT VALUES; INSERT INTO users (name) VALUES (NULL)");
    assert_eq!(db.rows("SELECT name, full_name FROM users WHERE id > 2 ORDER BY id"), "NULL|NULL;nobody|nobody;NULL|NULL");
    // Over a row that the backfill has not seen: on the table nobody can tell what was meant, on the view it is clear.
    assert!(db.refused("UPDATE users SET full_name = NULL WHERE id = 2").contains("SG-SQ-019"));
    db.run("UPDATE users_mig_7_new SET full_name = NULL WHERE id = 2");
    assert_eq!(db.rows("SELECT name, full_name FROM users WHERE id = 2"), "NULL|NULL");
    assert_eq!(db.backfill(&change, 1), (1, 0), "only the untouched row");
    assert_eq!(db.rows(BOTH), "kept|kept;NULL|NULL;NULL|NULL;nobody|nobody;NULL|NULL");
}

#[test]
fn updates_of_either_side() {
    let db = Db::new(USERS);
    db.run("INSERT INTO users (name) VALUES ('a'), ('b'), ('c'), ('d')");
    db.expand(&rename());
    db.run("UPDATE users SET name = 'A' WHERE id = 1; UPDATE users SET full_name = 'B' WHERE id = 2; UPDATE users SET name = 'C', full_name = 'C' WHERE id = 3");
    assert!(db.refused("UPDATE users SET name = 'x', full_name = 'y' WHERE id = 3").contains("do not agree"));
    assert!(db.refused("UPDATE users SET name = 'x', full_name = 'y' WHERE id = 4").contains("do not agree"));
    assert!(db.refused("UPDATE users SET name = NULL WHERE id = 1").contains("NOT NULL"));
    db.backfill(&rename(), 10);
    assert_eq!(db.rows(BOTH), "A|A;B|B;C|C;d|d");
    // A statement over many rows, a swap, and back and forth.
    db.run("UPDATE users SET full_name = name || '!'; UPDATE users SET name = full_name || '?' WHERE id < 3; UPDATE users SET full_name = 'z' WHERE id = 1");
    assert_eq!(db.rows(BOTH), "z|z;B!?|B!?;C!|C!;d!|d!");
}

#[test]
fn upserts_replaces_and_returning() {
    let db = Db::new(USERS);
    db.run("INSERT INTO users (id, name) VALUES (1, 'a'), (2, 'b')");
    db.expand(&rename());
    db.run("INSERT INTO users (id, full_name) VALUES (1, 'up') ON CONFLICT (id) DO UPDATE SET full_name = excluded.full_name");
    db.run("INSERT INTO users (id, name) VALUES (2, 'old') ON CONFLICT (id) DO UPDATE SET name = excluded.name");
    db.run("INSERT OR REPLACE INTO users (id, full_name) VALUES (3, 'r'); INSERT OR REPLACE INTO users (id, name) VALUES (3, 'rr')");
    db.run("INSERT OR IGNORE INTO users (id, full_name) VALUES (3, 'ignored')");
    assert_eq!(db.rows(BOTH), "up|up;old|old;rr|rr");
    assert_eq!(db.rows("INSERT INTO users (name) VALUES ('x') RETURNING id, name"), "4|x");
}

fn money() -> TableChange {
    let old = [("id", "INTEGER", false), ("total", "TEXT", true)];
    Build::new("orders", &old, &["id"])
        .convert(
            "total",
            "INTEGER",
            true,
            sql("CASE WHEN total GLOB '*.*' THEN round(CAST(total AS REAL) * 100) ELSE total END"),
            sql("CAST(total AS TEXT)"),
        )
        .done()
}

#[test]
fn a_conversion_that_loses_keeps_what_each_side_wrote() {
    let db = Db::new("CREATE TABLE orders (id INTEGER PRIMARY KEY, total TEXT); INSERT INTO orders (total) VALUES ('1.25'), ('7'), (NULL)");
    db.expand(&money());
    assert_eq!(db.backfill(&money(), 2), (3, 0));
    let both = "SELECT total, total__mig_7, typeof(total__mig_7) FROM orders ORDER BY id";
    assert_eq!(db.rows(both), "1.25|125|integer;7|7|integer;NULL|NULL|null");
    db.run("UPDATE orders SET total__mig_7 = 9 WHERE id = 2; UPDATE orders SET total = '0.5' WHERE id = 3");
    assert_eq!(db.rows(both), "1.25|125|integer;9|9|integer;0.5|50|integer");
    assert_eq!(db.compare(&money()), (3, 0, 0));
}

#[test]
fn what_does_not_fit_is_kept_aside_then_refused() {
    let db =
        Db::new("CREATE TABLE orders (id INTEGER PRIMARY KEY, total TEXT); INSERT INTO orders (total) VALUES ('5'), ('five'), ('12abc')");
    db.expand(&money());
    assert_eq!(db.backfill(&money(), 10), (1, 2));
    db.run("INSERT INTO orders (total) VALUES ('six'); UPDATE orders SET total = 'V' WHERE id = 1; UPDATE orders SET total = 'fiver' WHERE id = 2");
    assert_eq!(db.rows("SELECT total FROM orders ORDER BY id"), "V;fiver;12abc;six", "old clients' statements succeed");
    let rejected = crate::support::wait(segue_engine::Reshape::rejected(&db.engine, &money())).expect("reads");
    assert_eq!(rejected.count, 4);
    assert_eq!(rejected.examples[0], ("id=1".to_owned(), "the value does not fit INTEGER of column total".to_owned()));
    let error = db.make(segue_engine::Piece::Shift(&money())).expect_err("rows are kept aside");
    assert_eq!((error.code, error.kind), ("SG-SQ-013", segue_engine::ErrorKind::Constraint));
    db.run("UPDATE orders SET total = '1' WHERE id IN (1, 2); UPDATE orders SET total__mig_7 = 3 WHERE id IN (3, 4)");
    assert_eq!(db.rows("SELECT total, total__mig_7 FROM orders ORDER BY id"), "1|1;1|1;3|3;3|3");
    db.shift(&money());
    assert!(db.refused("UPDATE orders SET total = 'x' WHERE id = 1").contains("cannot hold"));
    assert!(db.refused("INSERT INTO orders (total) VALUES ('x')").contains("cannot hold"));
    db.unmake(segue_engine::Piece::Shift(&money())).expect("lenient again");
    db.run("UPDATE orders SET total = 'x' WHERE id = 1");
}

#[test]
fn an_added_column_follows_until_the_new_side_writes() {
    let db = Db::new("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO users (name) VALUES ('ab'), ('c')");
    let change = Build::new("users", &[("id", "INTEGER", false), ("name", "TEXT", false)], &["id"])
        .add(column("size", "INTEGER", false), sql("length(users.name)"), &["name"])
        .done();
    db.expand(&change);
    db.run("INSERT INTO users (name) VALUES ('old'); INSERT INTO users (name, size) VALUES ('new', 99)");
    db.backfill(&change, 1);
    db.run("UPDATE users SET size = 50 WHERE id = 1; UPDATE users SET name = 'long one' WHERE id = 2; UPDATE users SET name = 'both', size = 7 WHERE id = 3");
    assert_eq!(db.rows("SELECT name, size FROM users ORDER BY id"), "ab|50;long one|8;both|7;new|99");
    assert!(db.refused("UPDATE users SET size = NULL WHERE id = 1").contains("segue"));
    let loss =
        crate::support::wait(segue_engine::Reshape::loss(&db.engine, &db.guard, std::slice::from_ref(&change), &[])).expect("counts");
    assert_eq!(loss.values, 3);
}

#[test]
fn a_dropped_column_is_filled_for_new_writers() {
    let db = Db::new("CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT NOT NULL); INSERT INTO p (a, b) VALUES ('1', '2')");
    let change = Build::new("p", &[("id", "INTEGER", false), ("a", "TEXT", false), ("b", "TEXT", false)], &["id"])
        .drop("b", sql("upper(a)"), &["a"])
        .no_backfill()
        .done();
    db.expand(&change);
    db.run("INSERT INTO p (a) VALUES ('n'); INSERT INTO p (a, b) VALUES ('o', 'own')");
    assert_eq!(db.rows("SELECT a, b FROM p ORDER BY id"), "1|2;n|N;o|own");
    assert_eq!(db.compare(&change), (3, 0, 0));
    db.shift(&change);
    db.contract(&change);
    assert_eq!(db.table_sql("p"), "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT NOT NULL)");
}

#[test]
fn strict_tables_and_tables_without_row_ids() {
    let db = Db::new(
        "CREATE TABLE s (k TEXT, n INT, v TEXT, PRIMARY KEY (k, n)) STRICT, WITHOUT ROWID; INSERT INTO s VALUES ('a', -1, 'x'), ('a', 2, 'y'), ('b', 0, '3')",
    );
    let change = Build::new("s", &[("k", "TEXT", false), ("n", "INT", false), ("v", "TEXT", true)], &["k", "n"])
        .convert(
            "v",
            "INTEGER",
            true,
            Value::Cast { column: "v".into(), to: "INTEGER".into() },
            Value::Cast { column: "v".into(), to: "TEXT".into() },
        )
        .done();
    db.expand(&change);
    assert_eq!(db.backfill(&change, 1), (1, 2));
    db.run("UPDATE s SET v = '12' WHERE k = 'a'; INSERT INTO s (k, n, v__mig_7) VALUES ('c', 1, 5); INSERT INTO s (k, n, v) VALUES ('d', 1, '6'), ('e', 1, 'e')");
    db.run("UPDATE s SET v__mig_7 = NULL WHERE k = 'b'");
    assert_eq!(db.rows("SELECT k, n, v, v__mig_7 FROM s ORDER BY k, n"), "a|-1|12|12;a|2|12|12;b|0|NULL|NULL;c|1|5|5;d|1|6|6;e|1|e|NULL");
    db.run("UPDATE s SET v = '1' WHERE k = 'e'");
    db.shift(&change);
    db.contract(&change);
    assert_eq!(db.table_sql("s"), "CREATE TABLE s (k TEXT, n INT, v INTEGER, PRIMARY KEY (k, n)) STRICT, WITHOUT ROWID");
    assert_eq!(db.rows("SELECT typeof(v), sum(v) FROM s WHERE v IS NOT NULL GROUP BY 1"), "integer|36");
}

#[test]
fn null_over_an_unconverted_row_of_a_strict_table() {
    let db = Db::new("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT) STRICT; INSERT INTO users (name) VALUES ('a'), ('b')");
    db.expand(&rename_nullable());
    assert!(db.refused("UPDATE users SET full_name = NULL WHERE id = 1").contains("SG-SQ-019"));
    db.run("UPDATE users_mig_7_new SET full_name = NULL WHERE id = 1");
    db.backfill(&rename_nullable(), 10);
    assert_eq!(db.rows(BOTH), "NULL|NULL;b|b");
    db.run("UPDATE users SET full_name = NULL WHERE id = 2");
    assert_eq!(db.rows(BOTH), "NULL|NULL;NULL|NULL");
}

#[test]
fn triggers_of_the_user_that_write_the_row_again() {
    let db = Db::new(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, stamp INTEGER NOT NULL DEFAULT 0);
         INSERT INTO users (name) VALUES ('seed');
         CREATE TRIGGER tidy AFTER INSERT ON users BEGIN UPDATE users SET name = trim(NEW.name) WHERE id = NEW.id; END;
         CREATE TRIGGER stamp AFTER UPDATE OF name ON users BEGIN UPDATE users SET stamp = stamp + 1 WHERE id = NEW.id; END;",
    );
    let change = Build::new("users", &[("id", "INTEGER", false), ("name", "TEXT", true), ("stamp", "INTEGER", false)], &["id"])
        .rename("name", "full_name")
        .done();
    db.expand(&change);
    db.backfill(&change, 10);
    assert_eq!(db.rows("SELECT name, full_name, stamp FROM users"), "seed|seed|0", "the backfill fires no trigger of the user");
    db.run("INSERT INTO users (name) VALUES ('  o  ')");
    assert_eq!(db.rows("SELECT name, full_name FROM users WHERE id = 2"), "o|o");
    db.run("PRAGMA recursive_triggers=ON; UPDATE users SET full_name = 'n' WHERE id = 2");
    assert_eq!(db.rows("SELECT name, full_name FROM users WHERE id = 2"), "n|n");
    assert_eq!(db.compare(&change), (2, 0, 0));
}

#[test]
fn several_changes_on_one_table() {
    let db = Db::new(
        "CREATE TABLE o (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cents TEXT NOT NULL, gone TEXT NOT NULL); INSERT INTO o VALUES (1, 'a', '10', 'g')",
    );
    let old = [("id", "INTEGER", false), ("name", "TEXT", false), ("cents", "TEXT", false), ("gone", "TEXT", false)];
    let change = Build::new("o", &old, &["id"])
        .rename("name", "title")
        .convert("cents", "INTEGER", false, sql("CAST(cents AS INTEGER) * 2"), sql("CAST(cents / 2 AS TEXT)"))
        .drop("gone", sql("title || '!'"), &["title"])
        .add(column("size", "INTEGER", false), sql("length(title)"), &["name"])
        .done();
    db.expand(&change);
    db.run("INSERT INTO o (name, cents, gone) VALUES ('bb', '1', 'x'); INSERT INTO o (title, cents__mig_7, size) VALUES ('ccc', 8, 33)");
    db.backfill(&change, 1);
    db.run("UPDATE o SET title = 'zz' WHERE id = 1; UPDATE o SET cents = '50' WHERE id = 3");
    let all = "SELECT name, title, cents, cents__mig_7, gone, size FROM o ORDER BY id";
    assert_eq!(db.rows(all), "zz|zz|10|20|zz!|1;bb|bb|1|2|x|2;ccc|ccc|50|100|ccc!|33");
    assert_eq!(db.compare(&change), (3, 0, 0));
    db.shift(&change);
    db.contract(&change);
    assert_eq!(
        db.table_sql("o"),
        "CREATE TABLE o (id INTEGER PRIMARY KEY, \"title\" TEXT NOT NULL, cents INTEGER NOT NULL, \"size\" INTEGER NOT NULL)"
    );
    assert_eq!(db.rows("SELECT * FROM o_mig_7_new ORDER BY id"), "1|zz|20|1;2|bb|2|2;3|ccc|100|33");
}

/// OR IGNORE of the client's statement holds inside our triggers too: it must not leave half a row.
#[test]
fn or_ignore_never_leaves_half_a_row() {
    for strict in ["", " STRICT"] {
        let db =
            Db::new(&format!("CREATE TABLE t (id INTEGER PRIMARY KEY, e TEXT UNIQUE){strict}; INSERT INTO t VALUES (1, 'a'), (2, 'b')"));
        let columns = [("id", "INTEGER", true), ("e", "TEXT", true)];
        let change = Build::new("t", &columns, &["id"]).convert("e", "TEXT", true, sql("'m:' || e"), sql("substr(e, 3)")).done();
        db.expand(&change);
        db.backfill(&change, 10);
        let client = db.client();
        for statement in ["INSERT OR IGNORE INTO t (e__mig_7) VALUES ('m:a')", "UPDATE OR IGNORE t SET e__mig_7 = 'm:a' WHERE e = 'b'"] {
            let error = client.execute_batch(statement).expect_err("the other form's key").to_string();
            assert!(error.contains("UNIQUE of the other form"), "{error}");
        }
        client
            .execute_batch("INSERT OR IGNORE INTO t (e) VALUES ('a'); INSERT OR IGNORE INTO t (e__mig_7) VALUES ('m:c')")
            .expect("writes");
        assert_eq!(db.rows("SELECT id, e, e__mig_7 FROM t ORDER BY id"), "1|a|m:a;2|b|m:b;3|c|m:c", "{strict}");
        assert_eq!(db.compare(&change), (3, 0, 0));
    }
}
