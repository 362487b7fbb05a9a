//! R11: no row's value and no password in any output, but where values were asked for.

use crate::room::Room;

const CELL: &str = "canary-cell-77ab";
const KEY: &str = "canary-key-31cd";

fn room() -> Room {
    let room = Room::twins("create table t (k text primary key, v text, w integer); create table bag (v text);");
    for (file, value) in [("a.db", CELL), ("b.db", "canary-cell-other")] {
        room.run(file, &format!("insert into t values ('{KEY}', '{value}', 1), ('b', 'b', 2); insert into bag values ('{value}')"));
    }
    room
}

#[test]
fn no_value_is_shown_unless_it_was_asked_for() {
    let room = room();
    let mut seen = String::new();
    for words in [&[][..], &["--format", "json"], &["--format", "markdown"], &["--format", "html"], &["--format", "junit"], &["-v"]] {
        for engine in ["sketch", "auto"] {
            let said = room.verify(&[words, &["--engine", engine, "--diff-rows", "rows.ndjson"]].concat()).expect(4);
            seen.push_str(&said.out);
            seen.push_str(&said.err);
            seen.push_str(&room.read("rows.ndjson"));
        }
    }
    assert!(!seen.contains("canary-cell"), "a value left the database: {seen}");
    assert!(seen.contains(KEY), "keys may be shown");
    let hidden = room.verify(&["--hide-keys", "--format", "json", "--diff-rows", "rows.ndjson"]).expect(4);
    assert!(!hidden.out.contains("canary") && !room.read("rows.ndjson").contains("canary"), "{}", hidden.out);
    let shown = room.verify(&["--show-values"]).expect(4);
    assert!(shown.out.contains(CELL) && shown.out.contains("canary-cell-other"), "{}", shown.out);
}

/// SQLite keeps 1 and '1' in one column: where values were asked for, what differs looks different in every form.
#[test]
fn values_that_differ_look_different() {
    let room = Room::twins("create table t (k integer primary key, v)");
    room.run("a.db", "insert into t values (1, 1), (2, null), (3, null), (4, 'a b'), (5, 2)");
    room.run("b.db", "insert into t values (1, '1'), (2, ''), (3, 'NULL'), (4, 'a  b'), (5, x'32')");
    let said = room.verify(&["--show-values"]).expect(4).out;
    for words in ["v: 1 → '1'", "v: NULL → ''", "v: NULL → 'NULL'", "v: 'a b' → 'a \\u{20}b'", "v: 2 → 0x32"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    room.verify(&["--show-values", "--format", "json", "--diff-rows", "rows.ndjson"]).expect(4);
    for line in room.read("rows.ndjson").lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let side = |name: &str| (row["values"][name]["v"].clone(), row["kinds"][name]["v"].clone());
        assert_ne!(side("source"), side("target"), "{row}");
    }
}

#[test]
fn no_password_is_shown() {
    let room = room();
    let url = "postgres://user:canary-pass-8c1f@127.0.0.1:1/db";
    for words in
        [&["verify", "--source", url, "--target", "b.db"][..], &["verify", "--source", "a.db", "--target", url, "-v", "--format", "json"]]
    {
        let said = room.segue(words).expect(10);
        assert!(!said.out.contains("canary-pass") && !said.err.contains("canary-pass"), "{said:?}");
    }
}
