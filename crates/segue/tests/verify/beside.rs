//! What is compared beside the rows: checks, catalogs, fingerprints, scripts, figures, answers of an API.

use serde_json::{Value, json};

use crate::room::Room;

#[track_caller]
fn check<'a>(document: &'a Value, name: &str) -> &'a Value {
    let checks = document["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name} in {document:#}"))
}

#[test]
fn counts_and_aggregates_catalogs_and_counters() {
    let room = Room::shop();
    let all = ["--with", "counts,aggregates,catalog,counters,security"];
    let (code, document) = room.document(&all);
    assert_eq!(code, 0, "{document:#}");
    room.run(
        "b.db",
        "delete from log where rowid = 1; create index extra on orders (user_id); update orders set total = total + 1 where id = 3",
    );
    let (code, document) = room.document(&[&all[..], &["--no-rows"]].concat());
    assert_eq!(code, 4);
    for name in ["counts", "aggregates"] {
        assert_eq!(check(&document, name)["verdict"], "different", "{document:#}");
    }
    assert!(document["tables"].as_array().expect("tables").is_empty());
    // A table of one side alone is a difference of forms; where only a query was asked for it is named.
    room.run("b.db", "create table only_here (id integer primary key)");
    let (code, document) = room.document(&["--no-rows", "--with", "catalog", "--table", "users,only_here"]);
    assert_eq!((code, &document["tables"][0]["source"]), (4, &json!("only_here")), "{document:#}");
    let (code, document) = room.document(&["--no-rows", "--check", "people=select count(*) from users"]);
    assert_eq!((code, &document["not_compared"]), (0, &json!(["only_here: only the target has it"])), "{document:#}");
}

#[test]
fn a_threshold_allows_counts_to_be_apart() {
    let room = Room::shop();
    room.run("b.db", "delete from orders where id = 9");
    room.verify(&["--no-rows", "--with", "counts"]).expect(4);
    room.verify(&["--no-rows", "--with", "counts", "--tolerance", "1%"]).expect(0);
}

#[test]
fn a_lost_duplicate_and_a_row_too_many_are_not_equal() {
    // Trap T3: one-way and set-based checks call this equal.
    let room = Room::twins("create table t (v text); insert into t values ('a'), ('a'), ('b')");
    room.run("b.db", "delete from t; insert into t values ('a'), ('b'), ('c')");
    room.verify(&["--no-rows", "--with", "counts"]).expect(0);
    room.verify(&[]).expect(4);
}

#[test]
fn business_queries_are_asked_on_both_sides() {
    let room = Room::shop();
    let revenue = "revenue=select user_id, sum(total) t from orders group by 1";
    room.verify(&["--table", "users", "--check", revenue]).expect(0);
    room.run("b.db", "update orders set total = total * 1.001");
    let (code, document) = room.document(&["--table", "users", "--check", revenue]);
    assert_eq!((code, &check(&document, "revenue")["verdict"]), (4, &json!("different")), "{document:#}");
    room.verify(&["--table", "users", "--check", revenue, "--tolerance", "1%"]).expect(0);
    let (code, document) = room.document(&["--table", "users", "--check", "wrong=select nothing from nowhere"]);
    assert_eq!((code, &check(&document, "wrong")["verdict"]), (1, &json!("undecided")));
    let (code, document) = room.document(&["--table", "users", "--check", "writes=delete from orders returning id"]);
    assert_eq!((code, &check(&document, "writes")["verdict"]), (1, &json!("undecided")), "a query that writes is refused");
    let said = room.verify(&["--table", "orders", "--with", "counts", "--no-rows"]).expect(0);
    assert!(said.out.contains("PASS"), "{}", said.out);
}

#[test]
fn a_fingerprint_tells_drift() {
    let room = Room::shop();
    room.segue(&["verify", "--source", "a.db", "--save-fingerprint", "a.json"]).expect(0);
    room.segue(&["verify", "--source", "a.db", "--against-fingerprint", "a.json"]).expect(0);
    // The twin holds the same, so the fingerprint of one is that of the other.
    room.segue(&["verify", "--source", "b.db", "--against-fingerprint", "a.json"]).expect(0);
    room.run("a.db", "update orders set note = 'drifted' where id = 77");
    let said = room.segue(&["verify", "--source", "a.db", "--against-fingerprint", "a.json"]).expect(4);
    assert!(said.out.contains("orders"), "{}", said.out);
    room.run("a.db", "update orders set note = case when 77 % 7 = 0 then null else 'note 77' end where id = 77");
    room.segue(&["verify", "--source", "a.db", "--against-fingerprint", "a.json"]).expect(0);
    assert!(!room.read("a.json").contains("note 7") && !room.read("a.json").contains("user 1"), "no value but bounds of keys");
    room.segue(&["verify", "--source", "a.db"]).expect(64);
}

fn against(room: &Room, words: &[&str]) -> (i32, Value) {
    let said = room.segue(&[&["verify", "--source", "a.db", "--against-fingerprint", "a.json", "--format", "json"], words].concat());
    (said.code, serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}")))
}

#[test]
fn a_fingerprint_alone_compares_nothing_and_says_so() {
    let room = Room::shop();
    let said = room.segue(&["verify", "--source", "a.db", "--save-fingerprint", "a.json"]).expect(0);
    assert!(said.out.contains("WRITTEN") && !said.out.contains("EQUAL"), "{}", said.out);
    assert!(said.out.contains("fingerprint of 3 tables with 2,350 rows"), "{}", said.out);
    let said = room.segue(&["verify", "--source", "a.db", "--save-fingerprint", "a.json", "--format", "json"]).expect(0);
    let document: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(document["verdict"], "undecided", "nothing compared is never equal: {document:#}");
    room.verify(&["--save-fingerprint", "a.json", "--no-rows"]).expect(0);
}

#[test]
fn a_fingerprint_of_more_or_fewer_tables_is_held_against_what_both_have() {
    let room = Room::shop();
    room.segue(&["verify", "--source", "a.db", "--save-fingerprint", "a.json"]).expect(0);
    // What was left out by name is no drift; what is gone is.
    let (code, document) = against(&room, &["--table", "users"]);
    assert_eq!((code, &check(&document, "drift")["not_compared"]), (0, &json!(["what of the fingerprint was left out by name: 2 tables"])));
    room.run("a.db", "create table later (id integer primary key)");
    let (code, document) = against(&room, &[]);
    assert_eq!((code, &check(&document, "drift")["not_compared"]), (0, &json!(["later: the fingerprint does not have it"])));
    room.run("a.db", "drop table log");
    let (code, document) = against(&room, &[]);
    assert_eq!((code, &check(&document, "drift")["evidence"][0]), (4, &json!("log: it is not there any more")), "{document:#}");
    room.run("a.db", "create table log (message text); alter table users add column phone text");
    let (code, document) = against(&room, &["--exclude", "log"]);
    let said = check(&document, "drift")["evidence"][0].as_str().expect("a sentence");
    assert!(code == 4 && said.starts_with("users: column phone was not there"), "another form is drift: {document:#}");
}

#[test]
fn a_fingerprint_keeps_which_rows_and_columns_it_is_of() {
    let room = Room::shop();
    let save = |words: &[&str]| room.segue(&[&["verify", "--source", "a.db", "--save-fingerprint", "a.json"], words].concat());
    let held = |words: &[&str]| room.segue(&[&["verify", "--source", "a.db", "--against-fingerprint", "a.json"], words].concat());
    let few = ["--table", "orders", "--where", "id <= 100", "--columns", "id,total"];
    let said = save(&few).expect(0);
    assert!(said.out.contains("1 table with 100 rows"), "{}", said.out);
    assert!(!room.read("a.json").contains("<= 100"), "the text of a condition may hold values");
    held(&few).expect(0);
    // Beyond the condition, and in another column, nothing counts; within them everything does.
    room.run("a.db", "update orders set total = 0 where id = 101; update orders set note = 'x' where id = 5");
    held(&few).expect(0);
    room.run("a.db", "update orders set total = 0 where id = 99");
    held(&few).expect(4);
    for (words, told) in [
        (&["--table", "orders"][..], "with --where"),
        (&["--where", "id <= 101", "--columns", "id,total"], "with another --where"),
        (&["--where", "id <= 100"], "with --columns id,total"),
        (&["--where", "id <= 100", "--ignore-columns", "note"], "with --columns id,total"),
    ] {
        let said = held(words).expect(64);
        assert!(said.err.contains("SG-VER-001") && said.err.contains(told), "{words:?}: {}", said.err);
        let said = room.verify(&[&["--against-fingerprint", "a.json"], words].concat()).expect(64);
        assert!(said.err.contains(told), "{words:?}: {}", said.err);
    }
    save(&["--table", "orders", "--ignore-columns", "total"]).expect(0);
    room.run("a.db", "update orders set total = -1");
    held(&["--table", "orders", "--ignore-columns", "total"]).expect(0);
    let said = held(&["--table", "orders"]).expect(64);
    assert!(said.err.contains("with --ignore-columns total"), "{}", said.err);
    // What does not fit one side is refused, not forgotten; so is a name that nobody has.
    for words in [&["--key", "id"][..], &["--sample", "5"], &["--with", "counts"], &["--show-values"], &["--rename", "orders=x"]] {
        let said = save(words).expect(64);
        assert!(said.err.contains("SG-VER-001") && said.err.contains("two sides"), "{words:?}: {}", said.err);
    }
    assert!(save(&["--columns", "nobody", "--table", "orders"]).expect(64).err.contains("nobody"));
    assert!(save(&["--columns", "total"]).expect(64).err.contains("log has none of the columns"));
}

#[test]
fn a_fingerprint_without_keys_has_and_tells_none() {
    let room = Room::twins("create table t (id integer primary key, v text)");
    room.run(
        "a.db",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9000) insert into t select 7000000 + i, 'v' from n",
    );
    let run = |words: &[&str]| room.segue(&[&["verify", "--source", "a.db", "--range-rows", "500"], words].concat());
    run(&["--save-fingerprint", "a.json"]).expect(0);
    run(&["--save-fingerprint", "hidden.json", "--hide-keys"]).expect(0);
    let ranges = |name: &str| room.read(name).matches("\"sum\"").count();
    assert!(ranges("a.json") > 5, "the table was cut");
    assert_eq!(ranges("hidden.json"), 1, "a bound is a key");
    room.run("a.db", "update t set v = 'w' where id = 7000050");
    for (file, words, told) in [("a.json", &[][..], true), ("a.json", &["--hide-keys"], false), ("hidden.json", &["--hide-keys"], false)] {
        let said = run(&[&["--against-fingerprint", file], words].concat()).expect(4);
        assert_eq!(said.out.contains("below 7"), told, "{file} {words:?}: {}", said.out);
    }
}

#[test]
fn a_file_that_is_none_is_refused_before_a_database_is_asked() {
    let room = Room::shop();
    room.segue(&["verify", "--source", "a.db", "--save-fingerprint", "a.json"]).expect(0);
    room.write("torn.json", &room.read("a.json")[..200]);
    room.write("empty.json", "{}");
    room.write("next.json", &room.read("a.json").replacen("\"format_version\": 1", "\"format_version\": 2", 1));
    for file in ["torn.json", "empty.json", "next.json"] {
        // The source is not there: nobody looks for it.
        let said = room.segue(&["verify", "--source", "nowhere.db", "--against-fingerprint", file]).expect(64);
        assert!(said.err.contains("SG-VER-001") && said.err.contains("--save-fingerprint"), "{}", said.err);
    }
    for words in
        [&["--quality", "empty.json"][..], &["--metrics", "torn.json", "a.json"], &["--check", "nameless"], &["--time", "=select 1"]]
    {
        let said = room.segue(&[&["verify", "--source", "nowhere.db", "--target", "b.db"], words].concat()).expect(64);
        assert!(said.err.contains("SG-VER-001"), "{words:?}: {}", said.err);
    }
}

#[test]
fn validation_scripts_run_without_segue() {
    let room = Room::shop();
    // Only forms are read: that the rows differ is for the scripts to say.
    room.run("b.db", "delete from orders; create table only_here (id integer primary key)");
    let said = room.verify(&["--emit", "sql"]).expect(0);
    assert!(
        said.out.contains("WRITTEN") && !said.out.contains("DIFFERENT") && said.out.contains("only_here is in no script"),
        "{}",
        said.out
    );
    room.verify(&["--emit", "sql", "--with", "counts"]).expect(64);
    room.verify(&["--emit", "sql", "--repair", "sql"]).expect(64);
    let scripts: Vec<String> = std::fs::read_dir(room.file("."))
        .expect("the folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("verify_") && std::path::Path::new(name).extension().is_some_and(|ending| ending == "sql"))
        .collect();
    assert_eq!(scripts.len(), 2, "{scripts:?}");
    for name in scripts {
        room.run("a.db", &room.read(&name));
    }
}

#[test]
fn figures_have_a_direction() {
    let room = Room::shop();
    // Trap T9: less throughput is worse, and a faster answer is no degradation.
    room.write("before.json", r#"[{"name": "throughput", "value": 1000}, {"name": "response_time", "value": 100}]"#);
    room.write("worse.json", r#"[{"name": "throughput", "value": 100}, {"name": "response_time", "value": 100}]"#);
    room.write("better.json", r#"[{"name": "throughput", "value": 1500}, {"name": "response_time", "value": 50}]"#);
    let metrics = |after: &str| room.verify(&["--no-rows", "--tolerance", "10%", "--metrics", "before.json", after]);
    metrics("worse.json").expect(4);
    metrics("better.json").expect(0);
}

#[test]
fn rules_about_data_are_counted() {
    let room = Room::shop();
    room.write(
        "rules.json",
        r#"[{"table": "users", "rule": {"not_null": {"column": "name"}}}, {"table": "users", "rule": {"unique": {"columns": ["name"]}}}]"#,
    );
    room.verify(&["--no-rows", "--quality", "rules.json"]).expect(0);
    room.run("b.db", "update users set name = 'user 1' where id = 2");
    let said = room.verify(&["--no-rows", "--quality", "rules.json"]).expect(4);
    assert!(!said.out.contains("user 1"), "{}", said.out);
    // SQLite reads an unknown name between double quotes as a text: a misspelt column would never break a rule.
    room.write("misspelt.json", r#"[{"table": "users", "rule": {"not_null": {"column": "nmae"}}}]"#);
    room.verify(&["--no-rows", "--quality", "misspelt.json"]).expect(1);
    room.write("wrong.json", r#"{"rule": "?"}"#);
    room.verify(&["--no-rows", "--quality", "wrong.json"]).expect(64);
}
