//! A side is a file, a folder, a revision of git, stdin or a live database.

use crate::room::Room;

const OLD: &str = "syntax = \"proto3\";\npackage s;\nmessage A { string x = 1; }\n";
const NEW: &str = "syntax = \"proto3\";\npackage s;\nmessage A { reserved 1; }\n";

#[test]
fn a_revision_of_git_is_a_side() {
    let room = Room::with(&[("api/a.proto", OLD)]);
    room.commit("v1.0.0");
    room.write("api/a.proto", NEW);
    room.commit("v2.0.0");
    for (old, new) in [("git:v1.0.0:api/a.proto", "api/a.proto"), ("git:v1.0.0:api", "api"), ("git:v1.0.0:api", "git:v2.0.0:api/")] {
        let report = room.report(&[old, new]);
        assert_eq!(report["deploy"], "breaking", "{old} {new}: {report}");
    }
    room.check(&["git:v9:api/a.proto", "api/a.proto"]).expect(64).says("SG-CHK-005");
    room.check(&["git:v1.0.0:nothing.proto", "api/a.proto"]).expect(64).says("SG-CHK-005");
    room.check(&["git:v1.0.0", "api/a.proto"]).expect(64).says("SG-CHK-004");
    room.check(&["git:--output=x:api/a.proto", "api/a.proto"]).expect(64).says("SG-CHK-004");
}

#[test]
fn stdin_is_a_side_but_not_both() {
    let room = Room::with(&[("old.proto", OLD)]);
    room.check_with(NEW, &["old.proto", "-", "--type", "proto"]).expect(3);
    room.check_with(OLD, &["old.proto", "-", "--type", "proto"]).expect(0);
    room.check_with(NEW, &["-", "-"]).expect(64).says("both sides");
}

#[test]
fn a_folder_is_of_one_kind() {
    let room = Room::with(&[("a/x.proto", OLD), ("a/y.graphql", "type Query { a: Int }\n"), ("b/x.proto", NEW), ("c/readme.md", "")]);
    room.check(&["a", "b"]).expect(64).says("several kinds");
    room.check(&["a", "b", "--type", "proto"]).expect(3);
    room.check(&["c", "b"]).expect(64).says("nothing that can be compared");
}

#[test]
fn files_that_are_referred_to_are_read() {
    const MAIN: &str = "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths:\n  /a:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: 'parts/order.yaml#/Order'}}}}\n      responses: {'200': {description: ok}}\n";
    let room = Room::with(&[
        ("old/api.yaml", MAIN),
        ("old/parts/order.yaml", "Order: {type: object, properties: {n: {type: integer, maximum: 10}}}\n"),
        ("new/api.yaml", MAIN),
        ("new/parts/order.yaml", "Order: {type: object, properties: {n: {type: integer, maximum: 5}}}\n"),
    ]);
    let report = room.report(&["old/api.yaml", "new/api.yaml"]);
    assert_eq!(report["deploy"], "breaking", "{report}");
    assert_eq!(report["findings"][0]["at"]["file"], "new/parts/order.yaml");
    // In a repository as well.
    room.commit("v1");
    let report = room.report(&["git:v1:old/api.yaml", "git:v1:new/api.yaml"]);
    assert_eq!(report["deploy"], "breaking", "{report}");
    // What is not there cannot be called the same.
    std::fs::remove_file(room.file("new/parts/order.yaml")).expect("removed");
    let report = room.report(&["old/api.yaml", "new/api.yaml"]);
    assert_ne!(report["verdict"], "compatible", "{report}");
}

#[test]
fn live_databases_are_compared_with_each_other_and_with_schemas() {
    let room = Room::with(&[("new.sql", "create table users (id integer primary key, email text not null);\n")]);
    for (name, sql) in [
        ("old.db", "create table users (id integer primary key, email text, age integer)"),
        ("same.db", "create table users (id integer primary key, email text, age integer)"),
    ] {
        rusqlite::Connection::open(room.file(name)).expect("opens").execute_batch(sql).expect("made");
    }
    let report = room.report(&["old.db", "new.sql"]);
    assert_eq!((report["kind"].as_str(), report["deploy"].as_str()), (Some("database"), Some("breaking")), "{report}");
    let report = room.report(&["sqlite:old.db", "same.db"]);
    assert_eq!((report["verdict"].as_str(), report["findings"].as_array().map(Vec::len)), (Some("compatible"), Some(0)), "{report}");
    room.check(&["missing.db", "new.sql"]).expect(10).says("SG-CLI-013");
    room.check(&["postgres://someone@127.0.0.1:1/x", "new.sql"]).expect(10);
    room.check(&["env:NOT_SET_ANYWHERE", "new.sql"]).expect(10).says("NOT_SET_ANYWHERE");
}

#[test]
fn configurations_are_held_against_a_schema() {
    let schema = |most: u32| format!(r#"{{"type": "object", "properties": {{"pool": {{"type": "integer", "maximum": {most}}}}}}}"#);
    let (wide, narrow) = (schema(100), schema(10));
    let room = Room::with(&[("old.yaml", "pool: 50\n"), ("new.yaml", "pool: 5\n"), ("wide.json", &wide), ("narrow.json", &narrow)]);
    let sides = ["old.yaml", "new.yaml", "--type", "config"];
    room.check(&sides).expect(0);
    let said = room.check(&[&sides[..], &["--old-schema", "wide.json", "--schema", "narrow.json"]].concat()).expect(3);
    assert!(said.out.contains("config-schema-refuses"), "{}", said.out);
    room.check(&[&sides[..], &["--schema", "wide.json"]].concat()).expect(0);
    // Swapped, going back is what breaks.
    let back = room.report(&["new.yaml", "old.yaml", "--type", "config", "--old-schema", "narrow.json", "--schema", "wide.json"]);
    assert_eq!((back["deploy"].as_str(), back["rollback"].as_str()), (Some("compatible"), Some("breaking")), "{back}");
    room.check(&["wide.json", "narrow.json", "--schema", "wide.json"]).expect(64).says("SG-CHK-008");
}
