//! Each kind of contract is known by what it holds, compared, and judged in both directions.

use serde_json::Value;

use crate::room::Room;

/// Old, new, kind, `deploy`, `rollback`.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const OPENAPI_OLD: &str = r"openapi: 3.0.3
info: {title: Shop, version: 1.0.0}
paths:
  /orders:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'200': {description: ok}}
components:
  schemas:
    Order: {type: object, required: [id], properties: {id: {type: integer}, currency: {type: string}}}
";

fn cases() -> Vec<Case> {
    vec![
        (
            "a.proto",
            "proto",
            "syntax = \"proto3\";\npackage s;\nmessage A { string x = 1; int64 y = 2; }\n",
            "syntax = \"proto3\";\npackage s;\nmessage A { int32 x = 1; int64 y = 2; }\n",
            "breaking",
            "breaking",
        ),
        ("a.graphql", "graphql", "type Query { a: String b: Int }\n", "type Query { a: String }\n", "breaking", "compatible"),
        (
            "a.avsc",
            "avro",
            r#"{"type":"record","name":"A","fields":[{"name":"x","type":"int"}]}"#,
            r#"{"type":"record","name":"A","fields":[{"name":"x","type":"int"},{"name":"y","type":"int"}]}"#,
            "breaking",
            "compatible",
        ),
        (
            "a.json",
            "json-schema",
            r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"n":{"type":"integer","maximum":10}}}"#,
            r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"n":{"type":"integer","maximum":5}}}"#,
            "breaking",
            "compatible",
        ),
        ("a.py", "python", "def f(a, b=1):\n    return a\n", "def f(a, b=1, *, c):\n    return a\n", "breaking", "breaking"),
        (
            "a.ts",
            "typescript",
            "export function f(a: string): string { return a }\n",
            "export function f(a: string, b: number): string { return a }\n",
            "breaking",
            "breaking",
        ),
        ("a.env", "config", "HOST=a\nPORT=1\n", "HOST=a\n", "breaking", "compatible"),
        (
            "a.sql",
            "sql",
            "create table users (id bigint primary key, email text);\n",
            "create table users (id bigint primary key);\n",
            "breaking",
            "compatible",
        ),
        (
            "a.yaml",
            "asyncapi",
            "asyncapi: 2.6.0\ninfo: {title: T, version: 1.0.0}\nchannels:\n  orders:\n    subscribe: {message: {payload: {type: object, required: [id], properties: {id: {type: integer}}}}}\n",
            "asyncapi: 2.6.0\ninfo: {title: T, version: 1.0.0}\nchannels: {}\n",
            "breaking",
            "compatible",
        ),
    ]
}

#[test]
fn each_kind_is_known_and_judged_in_both_directions() {
    let mut wrong = Vec::new();
    for (name, kind, old, new, deploy, rollback) in cases() {
        let room = Room::with(&[(&format!("old/{name}"), old), (&format!("new/{name}"), new)]);
        let report = room.report(&[&format!("old/{name}"), &format!("new/{name}")]);
        let is = |key: &str| report[key].as_str().unwrap_or("?").to_owned();
        if (is("kind").as_str(), is("deploy").as_str(), is("rollback").as_str()) != (kind, deploy, rollback) {
            wrong.push(format!("{name}: {} {} {}, not {kind} {deploy} {rollback}", is("kind"), is("deploy"), is("rollback")));
        }
        // The exit code is the severity's.
        let high =
            report["findings"].as_array().expect("findings").iter().any(|f| matches!(f["severity"].as_str(), Some("critical" | "high")));
        room.check(&[&format!("old/{name}"), &format!("new/{name}")]).expect(if high { 3 } else { 0 });
        // Against itself there is nothing.
        let same = room.report(&[&format!("old/{name}"), &format!("old/{name}")]);
        if same["verdict"] != "compatible" || same["findings"] != Value::Array(Vec::new()) {
            wrong.push(format!("{name}: against itself {}: {}", same["verdict"], same["findings"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_api_is_refused_where_a_new_property_is_required() {
    let new = OPENAPI_OLD.replace("required: [id]", "required: [id, currency]");
    let room = Room::with(&[("old.yaml", OPENAPI_OLD), ("new.yaml", &new)]);
    room.check(&["old.yaml", "new.yaml"]).expect(3);
    let report = room.report(&["old.yaml", "new.yaml"]);
    assert_eq!(
        (report["kind"].as_str(), report["deploy"].as_str(), report["rollback"].as_str()),
        (Some("openapi"), Some("breaking"), Some("compatible"))
    );
    let finding = &report["findings"][0];
    assert_eq!(finding["breaks"], serde_json::json!(["deploy", "rolling"]));
    assert_eq!(finding["witness"]["accepted_by"], "old");
    assert!(finding["object"].as_str().expect("object").starts_with("components/schemas/Order"), "{finding}");
    assert_eq!(finding["reach"]["examples"], serde_json::json!(["POST /orders"]));
    assert!(finding["at"]["line"].as_u64().expect("a line") > 8, "{finding}");
    // The way back of that change.
    let back = room.report(&["new.yaml", "old.yaml"]);
    assert_eq!((back["deploy"].as_str(), back["rollback"].as_str()), (Some("compatible"), Some("breaking")));
}

#[test]
fn two_kinds_cannot_be_compared() {
    let room = Room::with(&[("a.proto", "syntax = \"proto3\";\nmessage A {}\n"), ("a.graphql", "type Query { a: Int }\n")]);
    room.check(&["a.proto", "a.graphql"]).expect(64).says("old is proto, new is graphql");
    room.check(&["a.proto", "a.proto", "--type", "soap"]).expect(64);
}

#[test]
fn what_is_malformed_is_an_input_error_and_never_compatible() {
    let good = OPENAPI_OLD;
    for (name, text) in [
        ("empty.yaml", ""),
        ("braces.yaml", "{}"),
        ("list.yaml", "[]"),
        ("cut.json", "{\"openapi\": \"3.0.0\", \"paths\": {"),
        ("other.yaml", "hello: world\n"),
        ("paths.yaml", "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths: [a]\n"),
    ] {
        let room = Room::with(&[("good.yaml", good), (name, text)]);
        for words in [["good.yaml", name], [name, "good.yaml"]] {
            let said = room.check(&[&words[..], &["--type", "openapi"]].concat()).expect(64);
            assert!(said.err.contains("SG-CHK-"), "{name}: {}", said.err);
        }
    }
    let room = Room::with(&[("a.json", r#"{"tables": []}"#), ("b.json", r#"{"tables": {"t": {"columns": {"id": {"type": "int"}}}}}"#)]);
    room.check(&["a.json", "b.json", "--type", "database"]).expect(64).says("SG-CHK-");
    room.check(&["nowhere.yaml", "b.json"]).expect(64).says("SG-CHK-001");
}

#[test]
fn a_rule_is_explained() {
    let room = Room::with(&[("old.yaml", OPENAPI_OLD), ("new.yaml", &OPENAPI_OLD.replace("required: [id]", "required: [id, currency]"))]);
    let report = room.report(&["old.yaml", "new.yaml"]);
    let rule = report["findings"][0]["rule"].as_str().expect("a rule").to_owned();
    let said = room.segue(&["explain", &rule]).expect(0);
    assert!(said.out.contains("What it checks") && said.out.contains("Safe path"), "{}", said.out);
}
