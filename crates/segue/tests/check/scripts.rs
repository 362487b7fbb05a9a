//! `segue check FILE.sql`: with and without the tables, mended, and as a journey.

use crate::room::Room;

const SCHEMA: &str = "create table users (id bigserial primary key, name varchar(20) not null, email text);\n";

#[test]
fn a_script_is_judged_by_the_schema_that_it_runs_on() {
    let room = Room::with(&[
        ("schema.sql", SCHEMA),
        ("wide.sql", "alter table users alter column name type varchar(40);\n"),
        ("narrow.sql", "alter table users alter column name type varchar(10);\n"),
    ]);
    let wide = room.report(&["wide.sql", "--against", "schema.sql"]);
    let rewrites = |report: &serde_json::Value| report["findings"].as_array().expect("findings").iter().any(|f| f["rewrites"] == true);
    assert!(!rewrites(&wide), "{wide}");
    assert!(rewrites(&room.report(&["narrow.sql", "--against", "schema.sql"])));
    // Without the tables the worst is assumed, and that is said.
    let alone = room.report(&["wide.sql"]);
    assert!(
        alone["not_checked"].as_array().expect("a list").iter().any(|s| s.as_str().is_some_and(|s| s.contains("--against"))),
        "{alone}"
    );
}

#[test]
fn a_finding_of_a_script_has_its_locks_and_a_safe_sequence() {
    let room = Room::with(&[("schema.sql", SCHEMA), ("index.sql", "create index users_email on users (email);\n")]);
    let report = room.report(&["index.sql", "--against", "schema.sql"]);
    let finding = report["findings"].as_array().expect("findings").iter().find(|f| f["safe_sql"].is_array()).expect("one with a way out");
    assert_eq!(finding["statement"], 0);
    assert!(finding["locks"].as_array().expect("locks").iter().any(|lock| lock["mode"] == "ShareLock"), "{finding}");
    assert!(finding["safe_sql"].to_string().to_lowercase().contains("concurrently"), "{finding}");
    room.check(&["index.sql", "--against", "schema.sql"]).expect(3);
}

#[test]
fn fix_writes_the_safe_sequence_and_removes_the_finding() {
    let room = Room::with(&[("schema.sql", SCHEMA), ("index.sql", "-- by hand\ncreate index users_email on users (email);\n")]);
    room.check(&["index.sql", "--against", "schema.sql", "--fix"]).says("was written anew");
    let text = room.read("index.sql").to_lowercase();
    assert!(text.contains("-- by hand") && text.contains("concurrently"), "{text}");
    room.check(&["index.sql", "--against", "schema.sql"]).expect(0);
    room.check(&["index.sql", "--against", "schema.sql", "--fix"]).expect(0).says("nothing");
    assert_eq!(room.read("index.sql").to_lowercase(), text);
}

#[test]
fn a_difference_becomes_a_journey_that_plan_takes() {
    let room = Room::with(&[("new.sql", "create table users (id integer primary key, name text, age integer);\n")]);
    rusqlite::Connection::open(room.file("shop.db"))
        .expect("opens")
        .execute_batch("create table users (id integer primary key, name text)")
        .expect("made");
    room.check(&["shop.db", "new.sql", "--spec", "segue.yaml"]).says("segue plan -f");
    let text = room.read("segue.yaml");
    assert!(text.contains("add_column"), "{text}");
    // The address is a reference, never what was given.
    let said = room.segue(&["plan", "-f", "segue.yaml"]);
    assert!(said.code == 64 || said.code == 0, "{}", said.err);
    assert!(!said.err.contains("SG-SPEC"), "{}", said.err);
}

#[test]
fn what_is_no_script_is_refused() {
    let room = Room::with(&[("a.yaml", "openapi: 3.0.0\n"), ("a.sql", "select 1;\n")]);
    room.check(&["a.yaml"]).expect(64).says("SG-CHK-008");
    room.check(&[]).expect(64).says("SG-CHK-008");
    room.check(&["a.sql", "a.sql", "--fix"]).expect(64).says("SG-CHK-008");
    room.check(&["a.sql", "a.sql", "a.sql"]).expect(64);
    room.check(&["a.sql", "--policy", "lenient"]).expect(64).says("SG-CHK-009");
    room.check(&["a.sql", "--report", "pdf=x"]).expect(64).says("SG-CHK-008");
}

#[test]
fn a_spec_says_what_it_leaves_out() {
    let room = Room::with(&[
        ("schema.sql", SCHEMA),
        (
            "change.sql",
            "SET lock_timeout = '2s';\ncreate index users_email on users (email);\nupdate users set email = lower(email);\ntruncate users;\n",
        ),
    ]);
    let said = room.check(&["change.sql", "--against", "schema.sql", "--spec", "segue.yaml"]);
    assert!(room.read("segue.yaml").contains("create_index"));
    for words in ["statement 3 (UPDATE USERS, line 3)", "statement 4 (TRUNCATE USERS, line 4)", "2 parts of the change"] {
        let told = said.out.split_whitespace().collect::<Vec<_>>().join(" ") + &said.err;
        assert!(told.contains(words), "{words}: {}{}", said.out, said.err);
    }
    assert!(!said.out.contains("statement 1 (") && !said.out.contains("statement 2 ("), "{}", said.out);
}
