//! `--spec`: what it holds is what `segue plan` takes, and the rest is told by its name.

use crate::room::Room;

const OLD: &str = "create table users (id bigint primary key, name varchar(20) not null, email text);\n";

fn told(said: &crate::said::Said) -> String {
    format!("{} {}", said.out, said.err).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_default_that_is_another_one_each_time_is_left_out_by_name() {
    let new = "create table users (id bigint primary key, name varchar(20) not null, email text, token uuid default gen_random_uuid(), \
               seen timestamptz default now(), mine int default my_own());\n";
    let room = Room::with(&[("old.sql", OLD), ("new.sql", new)]);
    let said = room.check(&["old.sql", "new.sql", "--spec", "segue.yaml", "--format", "json"]);
    let text = room.read("segue.yaml");
    let runs = |column: &str| text.lines().any(|line| line.trim_start().starts_with("- add_column") && line.contains(column));
    assert!(runs("seen") && !runs("token") && !runs("mine"), "{text}");
    let told = told(&said);
    assert!(told.contains("gen_random_uuid(), which is volatile") && told.contains("my_own(), which is not known"), "{told}");
    // The report says no more than the spec.
    let report: serde_json::Value = serde_json::from_str(&said.out).expect("a report");
    let step = report["steps"].as_array().expect("steps").iter().find(|step| step["id"].as_str().is_some_and(|id| id.contains("token")));
    assert_eq!(step.expect("a step")["by"], "manual");
}

#[test]
fn what_the_planner_refuses_is_not_written() {
    // The key, the last column but the key, and a column that something new stands on.
    let script = "alter table users drop column id;\nalter table users add column n int;\nalter table users add column n int;\n\
                  alter table users rename column nobody to somebody;\nalter table users add constraint once unique (email);\n\
                  alter table users drop column email;\n";
    let room = Room::with(&[("old.sql", OLD), ("s.sql", script)]);
    let told = told(&room.check(&["s.sql", "--against", "old.sql", "--spec", "segue.yaml", "--format", "json"]));
    for (words, code) in [
        ("statement 1 (ALTER TABLE, line 1) is not in it", "SG-PLAN-008"),
        ("statement 3 (ALTER TABLE, line 3) is not in it", "SG-PLAN-004"),
        ("statement 4 (ALTER TABLE, line 4) is not in it", "SG-PLAN-002"),
        ("statement 6 (ALTER TABLE, line 6) is not in it", "SG-PLAN-013"),
    ] {
        assert!(told.contains(words) && told.contains(code), "{words} {code}: {told}");
    }
    assert!(!told.contains("statement 2 (") && !told.contains("statement 5 ("), "{told}");
    let text = room.read("segue.yaml");
    assert_eq!(text.matches("add_column:").count(), 1, "{text}");
}

#[test]
fn an_action_beside_one_that_runs_is_not_lost_in_silence() {
    let script = "alter table users add column nick text, alter column name set default 'x';\nalter table users add column plain text;\n";
    let room = Room::with(&[("old.sql", OLD), ("s.sql", script)]);
    let told = told(&room.check(&["s.sql", "--against", "old.sql", "--spec", "segue.yaml", "--format", "json"]));
    assert!(told.contains("statement 1 (ALTER TABLE, line 1), action 2 is not in it"), "{told}");
    assert!(told.contains("1 part of the change"), "{told}");
    let text = room.read("segue.yaml");
    // A statement without a finding is a change like any other.
    assert!(text.contains("\"nick\"") && text.contains("\"plain\""), "{text}");
    // Without the tables nobody was asked, and that is said.
    let said = room.check(&["s.sql", "--spec", "other.yaml", "--format", "json"]);
    assert!(said.out.contains("no schema was given (--against)"), "{}", said.out);
}

#[test]
fn the_new_side_is_not_the_database_that_is_changed() {
    let room = Room::with(&[("old.sql", "create table users (id integer primary key);\n")]);
    rusqlite::Connection::open(room.file("shop.db"))
        .expect("opens")
        .execute_batch("create table users (id integer primary key, name text)")
        .expect("made");
    room.check(&["old.sql", "shop.db", "--spec", "segue.yaml"]).says("saved");
    let text = room.read("segue.yaml");
    assert!(text.contains("database.db") && !text.contains("shop.db"), "{text}");
}
