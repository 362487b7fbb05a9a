//! The check's document is what its schema says, and says nothing that the schema does not.

use segue_report::check::{json as document, schema};
use serde_json::{Value, json};

use crate::check_sample as sample;

fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            if map.contains_key("properties") {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
            map.values_mut().for_each(|value| *value = closed(value.take()));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| *value = closed(value.take())),
        _ => {}
    }
    schema
}

#[test]
fn checks_are_what_their_schema_says() {
    let validator = jsonschema::validator_for(&closed(schema())).expect("a schema");
    for (name, report) in sample::all().into_iter().chain([("hostile", sample::hostile())]) {
        let read: Value = serde_json::from_str(&document(&report)).expect("it is JSON");
        let wrong: Vec<String> = validator.iter_errors(&read).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(wrong, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_wrong_document_is_seen() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let mut read: Value = serde_json::from_str(&document(&sample::openapi())).expect("it is JSON");
    read["verdict"] = json!("fine");
    read["findings"][0]["severity"] = json!("bad");
    read["findings"][0]["at"]["line"] = json!("10");
    read.as_object_mut().expect("a map").remove("not_checked");
    assert_eq!(validator.iter_errors(&read).count(), 4);
}
