//! The documents are what their JSON Schemas say, and say nothing that the schemas do not.

use segue_report::document::{assess_schema, assessment_json, plan_schema};
use segue_report::plan_json;
use serde_json::{Value, json};

use crate::sample;

/// The schema with every object closed that is not open on purpose.
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

fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn plans_are_what_their_schema_says() {
    for (name, plan) in sample::all() {
        assert_eq!(problems(&closed(plan_schema()), &plan_json(&plan)), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn an_assessment_is_what_its_schema_says() {
    assert_eq!(problems(&closed(assess_schema()), &assessment_json(&sample::assessment())), Vec::<String>::new());
}

#[test]
fn a_wrong_document_is_seen() {
    let mut json = plan_json(&sample::shop());
    json["risk"] = json!("some");
    json["phases"][0]["steps"][0]["by"] = json!("nobody");
    json["phases"][1].as_object_mut().expect("a phase").remove("goal");
    assert_eq!(problems(&plan_schema(), &json).len(), 3);
}
