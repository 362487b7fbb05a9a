//! Two files: what is equal, what differs, in every form and by every engine of comparison.

use serde_json::json;

use crate::room::{Room, table};

const EDITS: &str = "
    update orders set total = total + 1 where id in (7, 1999);
    update orders set note = 'x' where id = 14;
    delete from orders where id = 55;
    insert into orders values (3000, 1, 1, 'new');
    insert into log values ('m1');
    delete from users where id = 300;";

#[test]
fn equal_files_are_equal_by_every_engine() {
    let room = Room::shop();
    // Other page layout, other order of insertion, another order of columns.
    room.run(
        "b.db",
        "create table o2 (note text, id integer primary key, total numeric, user_id integer);
        insert into o2 select note, id, total, user_id from orders order by random(); drop table orders; alter table o2 rename to orders;",
    );
    for engine in ["auto", "sketch", "merge"] {
        let (code, document) = room.document(&["--engine", engine, "--table", "users,orders"]);
        assert_eq!((code, &document["verdict"]), (0, &json!("equal")), "{engine}: {document:#}");
        assert_eq!(table(&document, "orders")["rows"], json!({"source": 2000, "target": 2000}));
    }
    let (code, document) = room.document(&[]);
    assert_eq!((code, &table(&document, "log")["verdict"]), (0, &json!("equal")));
}

#[test]
fn every_planted_difference_is_found_and_no_other() {
    let room = Room::shop();
    room.run("b.db", EDITS);
    for engine in ["sketch", "merge"] {
        let (code, document) = room.document(&["--engine", engine, "--table", "users,orders"]);
        assert_eq!(code, 4, "{document:#}");
        let orders = table(&document, "orders");
        let counts = (&orders["missing_in_target"], &orders["extra_in_target"], &orders["changed"]);
        assert_eq!(counts, (&json!(1), &json!(1), &json!(3)), "{engine}");
        let mut keys: Vec<i64> = orders["examples"].as_array().expect("rows").iter().filter_map(|row| row["key"]["id"].as_i64()).collect();
        keys.sort_unstable();
        assert_eq!(keys, [7, 14, 55, 1999, 3000]);
        let seven = orders["examples"].as_array().expect("rows").iter().find(|row| row["key"]["id"] == 7).expect("found");
        assert_eq!(seven["columns"], json!(["total"]));
        assert_eq!(table(&document, "users")["missing_in_target"], 1);
    }
    let (_, document) = room.document(&["--table", "log"]);
    assert_eq!(table(&document, "log")["extra_in_target"], 1);
}

#[test]
fn values_swapped_between_two_rows_are_found() {
    let room = Room::shop();
    room.run("b.db", "update orders set total = case id when 2 then 4.5 else 3.0 end where id in (2, 3)");
    for engine in ["sketch", "merge"] {
        let (code, document) = room.document(&["--engine", engine, "--table", "orders"]);
        assert_eq!((code, &table(&document, "orders")["changed"]), (4, &json!(2)), "{engine}");
    }
}

#[test]
fn a_table_or_a_column_of_one_side_alone_is_a_difference() {
    let room = Room::shop();
    room.run("a.db", "create table only_here (id integer primary key); alter table users add column phone text");
    let (code, document) = room.document(&[]);
    assert_eq!((code, &table(&document, "only_here")["verdict"]), (4, &json!("different")));
    let users = table(&document, "users");
    assert_eq!(users["verdict"], "different");
    assert_eq!(users["not_compared"][0]["column"], "phone");
    let (code, _) = room.document(&["--exclude", "only_here", "--ignore-columns", "phone"]);
    assert_eq!(code, 0, "what was left out by name does not count");
}

#[test]
fn other_names_are_mapped() {
    let room = Room::shop();
    room.run("b.db", "alter table users rename to people; alter table people rename column name to full_name");
    let (code, document) = room.document(&["--rename", "users=people,users.name=full_name", "--table", "users"]);
    assert_eq!(code, 0, "{document:#}");
    assert_eq!(table(&document, "users")["target"], "people");
    room.verify(&["--table", "users"]).expect(4);
}

#[test]
fn two_tables_of_one_database_are_compared_and_no_other() {
    let room = Room::shop();
    room.run("a.db", "create table people (id integer primary key, name text not null, born date); insert into people select * from users");
    let one =
        |words: &[&str]| room.segue(&[&["verify", "--source", "a.db", "--target", "a.db", "--rename", "users=people"], words].concat());
    let said = one(&[]).expect(0);
    assert!(said.out.contains("users → people") && said.out.contains("EQUAL   1 table\n"), "{}", said.out);
    room.run("a.db", "update people set name = 'x' where id = 9");
    assert!(one(&["--table", "users"]).expect(4).out.contains("id=9"));
    one(&["--table", "orders"]).expect(1);
}

#[test]
fn conditions_and_columns_narrow_what_is_compared() {
    let room = Room::shop();
    room.run("b.db", EDITS);
    room.verify(&["--table", "orders", "--where", "id between 100 and 1900"]).expect(0);
    room.verify(&["--table", "orders", "--where", "id < 50", "--columns", "id,user_id"]).expect(0);
    room.verify(&["--table", "orders", "--where", "id < 50", "--ignore-columns", "total,note"]).expect(0);
    room.verify(&["--table", "orders", "--where", "id < 50"]).expect(4);
}

#[test]
fn a_key_that_is_named_is_used() {
    let room = Room::twins("create table t (code text, v integer); insert into t values ('a', 1), ('b', 2), ('c', 3)");
    room.run("b.db", "update t set v = 9 where code = 'b'");
    let (code, document) = room.document(&["--key", "code"]);
    assert_eq!((code, &table(&document, "t")["changed"]), (4, &json!(1)));
    assert_eq!(table(&document, "t")["examples"][0]["key"], json!({"code": "b"}));
    let (_, document) = room.document(&[]);
    let without = table(&document, "t");
    assert_eq!((&without["missing_in_target"], &without["extra_in_target"]), (&json!(1), &json!(1)), "a multiset knows no change");
}

#[test]
fn a_sample_says_what_it_says() {
    let room = Room::shop();
    let said = room.verify(&["--table", "orders", "--sample", "200"]).expect(0);
    assert!(said.out.contains("EQUAL in a sample") && said.out.contains("confidence of 95%"), "{}", said.out);
    room.run("b.db", "update orders set total = 0");
    room.verify(&["--table", "orders", "--sample", "200"]).expect(4);
}

#[test]
fn every_differing_row_is_a_line() {
    let room = Room::shop();
    room.run("b.db", "update orders set total = 0 where id <= 1000");
    room.verify(&["--table", "orders", "--diff-rows", "rows.ndjson"]).expect(4);
    let text = room.read("rows.ndjson");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 1000);
    assert!(lines.iter().all(|line| line["kind"] == "changed" && line["columns"] == json!(["total"]) && line["table"] == "orders"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(room.file("rows.ndjson")).expect("there").permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn every_form_is_written() {
    let room = Room::shop();
    room.run("b.db", EDITS);
    room.verify(&["--report", "html=v.html", "--report", "junit=v.xml", "--report", "markdown=v.md", "--report", "json=v.json"]).expect(4);
    assert!(room.read("v.html").contains("<!doctype html>") && room.read("v.xml").contains("failures=\"3\""));
    assert!(room.read("v.md").contains("## ! segue verify: different"));
    let document: serde_json::Value = serde_json::from_str(&room.read("v.json")).expect("JSON");
    assert_eq!(document["format_version"], 1);
}

#[test]
fn the_same_command_says_the_same() {
    let room = Room::shop();
    room.run("b.db", EDITS);
    let timeless = |text: String| -> Vec<String> { text.lines().filter(|line| !line.contains("_ms\"")).map(ToOwned::to_owned).collect() };
    let first = timeless(room.verify(&["--format", "json"]).expect(4).out);
    assert_eq!(first, timeless(room.verify(&["--format", "json"]).expect(4).out));
}
