//! `--repair`: a script, a run, the way back, and the refusals.

use serde_json::json;

use crate::room::{Room, table};

const EDITS: &str = "
    update orders set total = total + 1 where id in (7, 1999);
    update orders set note = 'it''s \"other\"; drop table users;--' where id = 14;
    delete from orders where id = 55;
    insert into orders values (3000, 1, 1, 'new');
    insert into log values ('m1');
    insert into users values (301, 'one more', null);";

fn room() -> Room {
    let room = Room::shop();
    room.run("b.db", EDITS);
    room
}

#[test]
fn a_dry_run_changes_nothing() {
    let room = room();
    let said = room.verify(&["--repair", "apply", "--dry-run"]).expect(4);
    assert!(said.err.contains("orders: 1 rows come, 3 change, 1 go"), "{}", said.err);
    room.verify(&[]).expect(4);
    assert!(!room.file(".segue").join("repairs").exists());
}

#[test]
fn a_script_puts_it_right_and_its_twin_takes_it_back() {
    let room = room();
    room.verify(&["--repair", "sql"]).expect(4);
    room.verify(&[]).expect(4);
    room.run("b.db", &room.read("repair.sql"));
    room.verify(&[]).expect(0);
    room.run("b.db", &room.read("repair.sql"));
    room.verify(&[]).expect(0);
    room.run("b.db", &room.read("undo.sql"));
    let (_, document) = room.document(&["--table", "orders"]);
    assert_eq!(table(&document, "orders")["changed"], json!(3));
    for name in ["repair.sql", "undo.sql"] {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(room.file(name)).expect("there").permissions());
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let again = room.verify(&["--repair", "sql"]).expect(1);
    assert!(again.err.contains("there already"), "no file is replaced: {}", again.err);
}

#[test]
fn a_run_puts_it_right_and_can_be_taken_back() {
    let room = room();
    let refused = room.verify(&["--repair", "apply"]).expect(5);
    assert!(refused.err.contains("--yes"), "{}", refused.err);
    let said = room.verify(&["--repair", "apply", "--yes"]).expect(0);
    let run = said.err.lines().find_map(|line| line.split("--undo-repair ").nth(1)?.split(';').next()).expect("how to go back").to_owned();
    room.verify(&[]).expect(0);
    let state = room.segue(&["status", "--format", "json", "--run", &run]).expect(0);
    let state: serde_json::Value = serde_json::from_str(&state.out).expect("JSON");
    assert_eq!(state["state"], "done");
    assert_eq!(
        (&state["back"]["possible"], &state["back"]["command"]),
        (&json!(true), &json!(format!("segue verify --undo-repair {run}")))
    );
    assert!(room.segue(&["status"]).out.contains("--undo-repair"), "who can go back is told how");
    let refused = room.segue(&["rollback", "--yes"]).expect(7);
    assert!(refused.err.contains(&format!("segue verify --undo-repair {run}")), "{}", refused.err);
    room.segue(&["verify", "--undo-repair", &run, "--yes"]).expect(0);
    let (code, document) = room.document(&[]);
    assert_eq!((code, &table(&document, "orders")["changed"]), (4, &json!(3)));
    assert_eq!(table(&document, "users")["extra_in_target"], 1);
}

#[test]
fn the_other_direction_changes_the_source() {
    let room = room();
    room.verify(&["--repair", "apply", "--yes", "--direction", "target-to-source"]).expect(0);
    room.verify(&[]).expect(0);
    let (code, _) = room.document(&["--table", "users"]);
    assert_eq!(code, 0);
}

#[test]
fn more_rows_than_allowed_are_refused() {
    let room = room();
    room.run("b.db", "update orders set note = 'lost'");
    let said = room.verify(&["--repair", "apply", "--yes", "--max-rows", "100"]).expect(64);
    assert!(said.err.contains("SG-FIX-001") && said.err.contains("--max-rows"), "{}", said.err);
    room.verify(&["--repair", "apply", "--yes", "--max-rows", "3000"]).expect(0);
    room.verify(&[]).expect(0);
}

#[test]
fn no_value_is_in_the_journal_or_the_output_of_a_repair() {
    let room = Room::twins("create table t (id integer primary key, v text); insert into t values (1, 'canary-old-11'), (2, 'same')");
    room.run("b.db", "update t set v = 'canary-new-22' where id = 1");
    let mut seen = String::new();
    for words in [&["--repair", "apply", "--yes", "--events", "events.ndjson", "-v"][..], &[]] {
        let said = room.verify(words).expect(0);
        seen.push_str(&said.out);
        seen.push_str(&said.err);
    }
    seen.push_str(&room.segue(&["log", "--format", "json"]).expect(0).out);
    seen.push_str(&room.read("events.ndjson"));
    for entry in std::fs::read_dir(room.file(".segue")).expect("state") {
        let path = entry.expect("entry").path();
        if path.is_file() {
            seen.push_str(&String::from_utf8_lossy(&std::fs::read(path).expect("read")));
        }
    }
    assert!(!seen.contains("canary"), "a value left the database");
}

#[test]
fn a_password_is_not_kept_in_a_run() {
    let room = room();
    let said = room.segue(&["verify", "--undo-repair", "nothing", "--yes"]);
    assert_ne!(said.code, 0);
    assert!(said.err.contains("SG-"), "{said:?}");
}

#[test]
fn what_the_database_does_not_take_is_left_aside_and_told() {
    let room = room();
    // The source's rows refer to a user whom the target does not have: it cannot go from the source.
    room.run("b.db", "delete from users where id = 300");
    let said = room.verify(&["--repair", "apply", "--yes", "--direction", "target-to-source", "--table", "users"]).expect(4);
    assert!(said.err.contains("left as it is"), "{}", said.err);
    assert!(said.out.contains("1 row was left as it is") && !said.out.contains("is done"), "{}", said.out);
    let status = room.segue(&["status"]).expect(0);
    assert!(status.out.contains("1 row was left as it is") && !status.out.contains("everything was applied"), "{}", status.out);
    let (code, document) = room.document(&["--table", "users"]);
    assert_eq!((code, &table(&document, "users")["missing_in_target"]), (4, &json!(1)), "the other row was put right");
    assert_eq!(table(&document, "users")["extra_in_target"], 0);
}

#[test]
fn a_script_never_lets_rows_go_that_nobody_compared() {
    let room = Room::twins(
        "create table p (id integer primary key, code text unique, v text);
         create table c (id integer primary key, p integer references p (id) on delete cascade, x text);
         create table u (id integer primary key, code text references p (code) on update cascade on delete set null);
         insert into p values (1, 'A', 'a'), (4, 'D', 'd');",
    );
    room.run("b.db", "insert into p values (2, 'B', 'b'), (3, 'C', 'c'); update p set code = 'X', v = 'z' where id = 1; update p set v = 'y' where id = 4");
    room.run("b.db", "insert into c values (10, 2, 'precious'); insert into u values (20, 'X'), (21, 'D')");
    room.verify(&["--table", "p", "--repair", "sql"]).expect(4);
    room.run("b.db", &room.read("repair.sql"));
    let db = rusqlite::Connection::open(room.file("b.db")).expect("opens");
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).expect(sql);
    assert_eq!(count("select count(*) from c"), 1, "a row of a table that was not compared is there still");
    assert_eq!(count("select count(*) from u where code in ('X', 'D')"), 2);
    assert_eq!(count("select count(*) from p where id = 3"), 0, "a row that nobody refers to went");
    assert_eq!(count("select count(*) from p where id = 2"), 1);
    assert_eq!(count("select count(*) from p where id = 4 and v = 'd'"), 1, "a column that nobody refers to was put right");
    assert_eq!(count("select count(*) from p where id = 1 and code = 'X'"), 1);
}

#[test]
fn a_table_whose_rows_cannot_be_told_apart_is_left_alone_and_blocks_nothing() {
    let room = Room::twins(
        "create table r (rowid text, oid text, _rowid_ text); insert into r values ('a', 'b', 'c'); create table t (id integer primary key, v text); insert into t values (1, 'a')",
    );
    room.run("b.db", "update r set oid = 'x'; update t set v = 'x'");
    room.verify(&["--repair", "apply", "--yes"]).expect(4);
    let (_, document) = room.document(&[]);
    assert_eq!(table(&document, "t")["verdict"], "equal", "the other table was put right: {document:#}");
    assert_eq!(table(&document, "r")["verdict"], "different");
}

#[test]
fn a_key_tells_rows_apart_whatever_their_columns_are_called() {
    let room = Room::twins(
        "create table r (rowid text primary key, oid text, _rowid_ text); insert into r values ('a', 'b', 'c'), ('d', 'b', 'c')",
    );
    room.run("b.db", "update r set oid = 'x' where rowid = 'a'; insert into r values ('e', 'f', 'g')");
    room.verify(&["--repair", "apply", "--yes"]).expect(0);
    room.verify(&[]).expect(0);
}

#[test]
fn a_script_takes_copies_and_not_rows_that_look_alike() {
    // A column that is called as SQLite calls its row id: by it other rows would go.
    let room = Room::twins("create table r (rowid integer, v text); insert into r values (1, 'a'), (1, 'b'), (1, 'c')");
    room.run("b.db", "insert into r values (1, 'a'), (1, 'a')");
    room.verify(&["--repair", "sql"]).expect(4);
    room.run("b.db", &room.read("repair.sql"));
    room.verify(&[]).expect(0);
}

/// `--where` is true of a row on one side alone: the row is on both, and neither goes nor comes.
#[test]
fn a_row_that_the_condition_leaves_out_on_one_side_does_not_go() {
    let room = Room::twins(
        "create table t (id integer primary key, state text, v text); insert into t values (1, 'on', 'a'), (2, 'on', 'b'), (3, 'off', 'c'), (4, 'on', 'd')",
    );
    room.run(
        "b.db",
        "update t set state = 'off' where id = 2; update t set state = 'on', v = 'precious' where id = 3; delete from t where id = 4",
    );
    room.run("b.db", "insert into t values (9, 'on', 'more')");
    let said = room.verify(&["--where", "state = 'on'", "--repair", "apply", "--yes"]).expect(4);
    assert!(said.err.contains("2 rows are left alone") && said.err.contains("both sides have the row"), "{}", said.err);
    let db = rusqlite::Connection::open(room.file("b.db")).expect("opens");
    let all: String =
        db.query_row("select group_concat(id || state || v, ' ') from (select * from t order by id)", [], |row| row.get(0)).expect("rows");
    assert_eq!(all, "1ona 2offb 3onprecious 4ond");
}

/// With `--columns` a row that comes would be half of one; a row that is there keeps what was not compared.
#[test]
fn columns_that_were_not_compared_are_neither_written_nor_left_empty() {
    let room = Room::twins(
        "create table t (id integer primary key, v text, w text default 'none'); insert into t values (1, 'a', 'x'), (2, 'b', 'y')",
    );
    room.run("b.db", "update t set v = 'z', w = 'mine' where id = 1; delete from t where id = 2; insert into t values (3, 'gone', 'hers')");
    for columns in [["--columns", "v"], ["--ignore-columns", "w"]] {
        let said = room.verify(&[columns[0], columns[1], "--repair", "apply", "--yes"]).expect(4);
        assert!(said.err.contains("not compared: w"), "{}", said.err);
        let db = rusqlite::Connection::open(room.file("b.db")).expect("opens");
        let all: String = db.query_row("select group_concat(id || v || w, ' ') from t", [], |row| row.get(0)).expect("rows");
        assert_eq!(all, "1amine", "{columns:?}");
    }
    room.verify(&["--repair", "apply", "--yes"]).expect(0);
    room.verify(&[]).expect(0);
}

/// As many rows as `--max-rows` says are not too many.
#[test]
fn the_limit_itself_is_allowed() {
    let room = Room::twins("create table t (id integer primary key, v text); insert into t values (1, 'a'), (2, 'b'), (3, 'c')");
    room.run("b.db", "update t set v = 'x'");
    room.verify(&["--repair", "apply", "--yes", "--max-rows", "2"]).expect(64);
    room.verify(&["--repair", "apply", "--yes", "--max-rows", "3"]).expect(0);
}

/// What the application wrote after the repair is hers: the way back leaves it, and says so.
#[test]
fn the_way_back_keeps_what_was_written_since() {
    let room = Room::twins("create table t (id integer primary key, v text); insert into t values (1, 'a'), (2, 'b'), (3, 'c')");
    room.run("b.db", "update t set v = 'x'; delete from t where id = 3");
    let said = room.verify(&["--repair", "apply", "--yes"]).expect(0);
    let run = said.err.lines().find_map(|line| line.split("--undo-repair ").nth(1)?.split(';').next()).expect("how to go back").to_owned();
    room.run("b.db", "update t set v = 'hers' where id in (1, 3)");
    let said = room.segue(&["verify", "--undo-repair", &run, "--yes"]).expect(4);
    assert!(said.err.contains("2 rows were changed since"), "{}", said.err);
    let db = rusqlite::Connection::open(room.file("b.db")).expect("opens");
    let all: String = db.query_row("select group_concat(id || v, ' ') from t", [], |row| row.get(0)).expect("rows");
    assert_eq!(all, "1hers 2x 3hers");
}
