//! The journey on SQLite: forward, back, forward again, and what both versions see on the way.

use rusqlite::Connection;

use crate::fixture::Folder;

fn one(db: &Connection, sql: &str) -> String {
    db.query_row(sql, [], |row| row.get::<_, rusqlite::types::Value>(0))
        .map_or_else(|error| error.to_string(), |value| format!("{value:?}"))
}

fn schema(db: &Connection) -> Vec<String> {
    db.prepare("select coalesce(sql, name) from sqlite_schema where name not like 'segue%' and name not like 'sqlite_%' order by name")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .expect("schema")
}

#[test]
fn forward_back_forward() {
    let folder = Folder::shop(500);
    let before = schema(&folder.db());
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]).expect(0);

    let db = folder.db();
    assert_eq!(one(&db, "select count(*) from users where full_name is name and status = 'old'"), "Integer(500)");
    db.execute("insert into users (id, name, age) values (1001, 'from old', 1)", []).expect("old insert");
    db.execute("insert into users (id, full_name, status, age) values (1002, 'from new', 'vip', 1)", []).expect("new insert");
    db.execute("update users set full_name = 'changed by new' where id = 1", []).expect("new update");
    db.execute("update users set name = 'changed by old' where id = 2", []).expect("old update");
    assert_eq!(one(&db, "select full_name || '/' || status from users where id = 1001"), "Text(\"from old/old\")");
    assert_eq!(one(&db, "select name from users where id = 1002"), "Text(\"from new\")");
    assert_eq!(one(&db, "select name from users where id = 1"), "Text(\"changed by new\")");
    assert_eq!(one(&db, "select full_name from users where id = 2"), "Text(\"changed by old\")");
    folder.segue(&["verify"]).expect(0);

    folder.segue(&["rollback", "--yes"]).expect(0).says("going back loses");
    let db = folder.db();
    assert_eq!(schema(&db), before, "going back leaves the schema exactly as it was");
    assert_eq!(one(&db, "select count(*) from users"), "Integer(502)");
    assert_eq!(one(&db, "select name from users where id = 1002"), "Text(\"from new\")");

    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
    let db = folder.db();
    assert_eq!(one(&db, "select full_name from users where id = 1"), "Text(\"changed by new\")");
    assert!(one(&db, "select name from users").contains("no such column"));
    assert!(folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0).out.contains("already applied"));

    // The same catalog as one straight apply.
    let straight = Folder::shop(500);
    straight.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
    assert_eq!(schema(&db), schema(&straight.db()));
}

#[test]
fn already_applied_is_known_without_the_journal() {
    let folder = Folder::shop(20);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
    std::fs::remove_dir_all(folder.file(".segue")).expect("removed");
    assert!(folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0).out.contains("already applied"));
    assert!(folder.segue(&["plan", "--detailed-exitcode"]).expect(0).out.contains("already applied"));
}

#[test]
fn a_run_whose_journal_is_lost_is_refused() {
    let folder = Folder::shop(20);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "backfill"]).expect(0);
    std::fs::remove_dir_all(folder.file(".segue")).expect("removed");
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(9).says("mig-007-1");
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = Folder::shop(20);
    let before = std::fs::read(folder.file("shop.db")).expect("read");
    folder.segue(&["apply", "-f", "segue.yaml", "--dry-run"]).expect(0);
    assert_eq!(std::fs::read(folder.file("shop.db")).expect("read"), before);
    assert!(!folder.file(".segue").exists());
}

#[test]
fn phase_by_phase_forward_and_back() {
    let folder = Folder::shop(50);
    for phase in ["prepare", "expand", "backfill", "verify", "shift"] {
        folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", phase]).expect(0);
    }
    for phase in ["verify", "backfill", "expand", "prepare"] {
        folder.segue(&["rollback", "--to", phase, "--yes"]).expect(0);
    }
    folder.segue(&["apply", "--yes"]).expect(0);
    assert_eq!(one(&folder.db(), "select count(*) from users where full_name like 'user %'"), "Integer(50)");
}

#[test]
fn abort_ends_the_run_and_a_new_one_may_begin() {
    let folder = Folder::shop(50);
    let before = schema(&folder.db());
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "backfill"]).expect(0);
    folder.segue(&["abort", "--yes"]).expect(0);
    assert_eq!(schema(&folder.db()), before);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
}

#[test]
fn keep_old_closes_a_gate_that_a_yes_cannot_open() {
    let folder = Folder::shop(20);
    folder.write("segue.yaml", &crate::fixture::SPEC.replace("limits:", "keep_old: 30d\nlimits:"));
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(5).says("contract/");
    folder.segue(&["rollback", "--yes"]).expect(0);
}
