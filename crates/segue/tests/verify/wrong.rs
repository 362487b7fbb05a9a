//! What cannot be done is refused with a code before anything is read, and what could not be read is never equal.

use serde_json::json;

use crate::room::{Room, table};

#[test]
fn wrong_words_are_refused() {
    let room = Room::shop();
    for (words, code) in [
        (&["--format", "sarif"][..], "SG-CLI-070"),
        (&["--ignore-columns", "nothing"], "SG-VER-002"),
        (&["--rename", "users"], "SG-VER-001"),
        (&["--report", "pdf=x"], "SG-VER-001"),
        (&["--table", "nobody"], "SG-VER-002"),
        (&["--key", "name", "--table", "users", "--repair", "sql"], "SG-VER-001"),
        (&["--key", "nothing", "--table", "users"], "SG-VER-002"),
        (&["--engine", "merge", "--table", "log"], "SG-VER-002"),
    ] {
        let said = room.verify(words);
        let undecided = said.code == 1 && said.out.contains("undecided");
        assert!((said.code == 64 && said.err.contains(code)) || undecided, "{words:?}: {said:?}");
    }
    let said = room.segue(&["verify", "--source", "a.db"]).expect(64);
    assert!(said.err.contains("--target"), "{}", said.err);
    let said = room.segue(&["verify", "--source", "a.db", "--target", "a.db"]).expect(64);
    assert!(said.err.contains("the same tables"), "a table compared with itself would always be equal: {}", said.err);
    let said = room.segue(&["verify", "--table", "users"]).expect(64);
    assert!(said.err.contains("SG-VER-001"), "{}", said.err);
}

#[test]
fn what_would_compare_nothing_is_refused() {
    let room = Room::shop();
    for file in ["a.db", "b.db"] {
        room.run(file, "create view seen as select * from users");
    }
    for (words, said) in [
        (&["--sample", "0"][..], "--sample"),
        (&["--table", "see*"], "a view is compared by its whole name"),
        (&["--table", "users,see*"], "a view is compared by its whole name"),
        (&["--table", "users,seen", "--repair", "sql"], "never put right"),
        (&["--columns", "nope"], "no table has a column `nope`"),
        (&["--columns", "id,nope"], "no table has a column `nope`"),
    ] {
        let told = room.verify(words).expect(64);
        assert!(told.err.contains(said), "{words:?}: {}", told.err);
    }
    for url in ["postgres://x:canary@127.0.0.1:99999/a", "mysql://x:canary@127.0.0.1:port/a"] {
        let told = room.segue(&["verify", "--source", url, "--target", "b.db"]).expect(64);
        assert!(told.err.contains("port") && !told.err.contains("canary"), "{}", told.err);
    }
}

#[test]
fn figures_of_two_files_need_no_database() {
    let room = Room::shop();
    room.write("before.json", r#"[{"name": "throughput", "value": 1000}]"#);
    room.write("after.json", r#"[{"name": "throughput", "value": 100}]"#);
    let said = room.segue(&["verify", "--metrics", "before.json", "after.json"]).expect(4);
    assert!(said.out.contains("throughput"), "{}", said.out);
    room.segue(&["verify", "--metrics", "before.json", "before.json"]).expect(0);
    let both = room.segue(&["verify", "--metrics", "before.json", "after.json", "--check", "n=select 1"]).expect(64);
    assert!(both.err.contains("two databases"), "{}", both.err);
}

#[test]
fn a_side_that_is_not_there_is_no_difference() {
    let room = Room::shop();
    room.segue(&["verify", "--source", "a.db", "--target", "missing.db"]).expect(10);
    assert!(!room.file("missing.db").exists(), "nothing was made");
    room.segue(&["verify", "--source", "a.db", "--target", "postgres://nobody@127.0.0.1:1/x"]).expect(10);
    room.segue(&["verify", "--source", "env:NO_SUCH_URL", "--target", "b.db"]).expect(10);
}

#[test]
fn a_condition_that_the_server_refuses_leaves_the_table_undecided() {
    let room = Room::shop();
    let said = room.verify(&["--table", "users", "--where", "no_such_column = 1", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!((said.code, &document["verdict"]), (1, &json!("undecided")), "{document:#}");
    assert!(table(&document, "users")["undecided"].as_str().is_some_and(|why| why.contains("SG-")), "{document:#}");
}

#[test]
fn a_file_that_is_no_database_is_no_difference() {
    let room = Room::shop();
    room.write("c.db", "this is not a database, it is a text that is long enough to be read as one page or more of something else");
    let said = room.segue(&["verify", "--source", "a.db", "--target", "c.db"]);
    assert!(![0, 4].contains(&said.code), "{said:?}");
}

#[test]
fn hostile_names_are_compared_and_shown_harmlessly() {
    let evil = "t\"'; drop table users;--\u{1b}[31m\u{202e}😀";
    let quoted = evil.replace('"', "\"\"");
    let room = Room::twins(&format!(
        "create table \"{quoted}\" (\"{quoted}\" integer primary key, \"select\" text); insert into \"{quoted}\" values (1, 'a'), (2, 'b');"
    ));
    let (code, _) = room.document(&[]);
    assert_eq!(code, 0);
    room.run("b.db", &format!("update \"{quoted}\" set \"select\" = 'c' where \"{quoted}\" = 2"));
    let said = room.verify(&[]).expect(4);
    assert!(!said.out.contains('\u{1b}') && !said.out.contains('\u{202e}'), "{}", said.out);
}
