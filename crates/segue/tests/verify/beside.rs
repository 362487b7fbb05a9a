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
    room.write("broken.json", "{}");
    let said = room.segue(&["verify", "--source", "a.db", "--against-fingerprint", "broken.json"]);
    assert!(![0, 4].contains(&said.code), "{said:?}");
    room.segue(&["verify", "--source", "a.db"]).expect(64);
}

#[test]
fn validation_scripts_run_without_segue() {
    let room = Room::shop();
    room.verify(&["--emit", "sql"]).expect(0);
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
