//! SARIF: by a closed schema of what we write, with the rules that the standard has for it, and what a reader needs.

use segue_report::check::sarif;
use serde_json::{Value, json};

use crate::check_sample as sample;

/// What of SARIF 2.1.0 we write, each object closed, with the standard's own limits: required keys, values, patterns.
fn schema() -> Value {
    let text = json!({"type": "string", "minLength": 1});
    let message = json!({"type": "object", "additionalProperties": false, "required": ["text"], "properties": {"text": text}});
    let number = json!({"type": "integer", "minimum": 1});
    let artifact = json!({
        "type": "object", "additionalProperties": false, "required": ["uri"],
        "properties": {"uri": {"type": "string", "pattern": "^(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"}, "uriBaseId": {"const": "%SRCROOT%"}},
    });
    let region = json!({
        "type": "object", "additionalProperties": false, "required": ["startLine"],
        "properties": {"startLine": number, "startColumn": number, "endLine": number, "endColumn": number},
    });
    let level = json!({"enum": ["none", "note", "warning", "error"]});
    let list = |items: &Value| json!({"type": "array", "items": items});
    let rule = json!({
        "type": "object", "additionalProperties": false, "required": ["id", "shortDescription"],
        "properties": {
            "id": text, "shortDescription": message, "fullDescription": message, "help": message,
            "defaultConfiguration": {"type": "object", "additionalProperties": false, "properties": {"level": level}},
            "properties": {"type": "object", "properties": {"tags": {"type": "array", "uniqueItems": true, "items": text}}},
        },
    });
    let location = json!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "physicalLocation": {
                "type": "object", "additionalProperties": false, "required": ["artifactLocation"],
                "properties": {"artifactLocation": artifact, "region": region},
            },
            "logicalLocations": {"type": "array", "uniqueItems": true, "items": {
                "type": "object", "additionalProperties": false, "properties": {"fullyQualifiedName": {"type": "string"}},
            }},
        },
    });
    let suppression = json!({
        "type": "object", "additionalProperties": false, "required": ["kind"],
        "properties": {"kind": {"enum": ["inSource", "external"]}, "status": {"const": "accepted"}, "justification": text},
    });
    let replacement = json!({
        "type": "object", "additionalProperties": false, "required": ["deletedRegion"],
        "properties": {"deletedRegion": region, "insertedContent": {"type": "object", "additionalProperties": false, "properties": {"text": text}}},
    });
    let fix = json!({
        "type": "object", "additionalProperties": false, "required": ["artifactChanges"],
        "properties": {"description": message, "artifactChanges": {"type": "array", "minItems": 1, "items": {
            "type": "object", "additionalProperties": false, "required": ["artifactLocation", "replacements"],
            "properties": {"artifactLocation": artifact, "replacements": {"type": "array", "minItems": 1, "items": replacement}},
        }}},
    });
    let result = json!({
        "type": "object", "additionalProperties": false, "required": ["message", "ruleId", "locations", "partialFingerprints"],
        "properties": {
            "ruleId": text, "ruleIndex": {"type": "integer", "minimum": 0}, "level": level, "message": message,
            "locations": list(&location), "partialFingerprints": {"type": "object", "additionalProperties": text},
            "properties": {"type": "object"}, "suppressions": list(&suppression), "fixes": list(&fix),
        },
    });
    let notice = json!({
        "type": "object", "additionalProperties": false, "required": ["message"], "properties": {"level": level, "message": message},
    });
    let run = json!({
        "type": "object", "additionalProperties": false, "required": ["tool"],
        "properties": {
            "tool": {"type": "object", "additionalProperties": false, "required": ["driver"], "properties": {"driver": {
                "type": "object", "additionalProperties": false, "required": ["name"],
                "properties": {"name": text, "semanticVersion": text, "rules": list(&rule)},
            }}},
            "automationDetails": {"type": "object", "additionalProperties": false, "properties": {"id": text}},
            "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            "invocations": {"type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["executionSuccessful"],
                "properties": {"executionSuccessful": {"type": "boolean"}, "toolExecutionNotifications": list(&notice)},
            }},
            "results": list(&result),
            "properties": {"type": "object"},
        },
    });
    json!({
        "type": "object", "additionalProperties": false, "required": ["version", "runs"],
        "properties": {"$schema": {"type": "string", "format": "uri"}, "version": {"const": "2.1.0"}, "runs": list(&run)},
    })
}

#[test]
fn every_report_fits_the_standard_s_form() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for (name, report) in sample::all().into_iter().chain([("hostile", sample::hostile())]) {
        let log: Value = serde_json::from_str(&sarif(&report)).expect("it is JSON");
        let wrong: Vec<String> = validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(wrong, Vec::<String>::new(), "{name}");
        // For a validator of somebody else.
        if let Some(folder) = std::env::var_os("SEGUE_PAGES") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.sarif")), sarif(&report)).expect("written");
        }
        let run = &log["runs"][0];
        for result in run["results"].as_array().expect("results") {
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"], "{name}");
        }
    }
}

#[test]
fn the_form_itself_can_be_broken() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let whole: Value = serde_json::from_str(&sarif(&sample::script())).expect("it is JSON");
    assert!(validator.is_valid(&whole));
    for (pointer, value) in [
        ("/version", json!("2.0.0")),
        ("/runs/0/results/0/level", json!("high")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", json!("a b")),
    ] {
        let mut broken = whole.clone();
        *broken.pointer_mut(pointer).expect("it is there") = value;
        assert!(!validator.is_valid(&broken), "{pointer}");
    }
}

#[test]
fn whole_logs_are_as_they_were() {
    insta::assert_snapshot!("check_sarif_openapi", sarif(&sample::openapi()));
    insta::assert_snapshot!("check_sarif_script", sarif(&sample::script()));
}

#[test]
fn a_fix_replaces_a_whole_statement_or_nothing() {
    let log = |report: &segue_model::check::CheckReport| -> Value { serde_json::from_str(&sarif(report)).expect("it is JSON") };
    let mut report = sample::script();
    let text = |log: &Value| log.pointer("/runs/0/results/0/fixes/0/artifactChanges/0/replacements/0/insertedContent/text").cloned();
    // A comment stands before the statement: nobody can tell by the text alone that it begins there.
    assert_eq!(text(&log(&report)), None);
    report.sources[0].text = report.sources[0].text.replace("-- no lock_timeout", "begin;").as_str().into();
    assert_eq!(
        text(&log(&report)),
        Some(json!("set lock_timeout = '1s';\nalter table orders\n  add column note text")),
        "it had no semicolon either"
    );
    report.findings[0].at.as_mut().expect("a place").column = 7;
    assert_eq!(text(&log(&report)), None, "half a statement");
}

#[test]
fn an_older_version_has_no_line_here() {
    let log: Value = serde_json::from_str(&sarif(&sample::revision())).expect("it is JSON");
    let result = &log["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place, &json!({"artifactLocation": {"uri": "api/schema.graphql", "uriBaseId": "%SRCROOT%"}}));
    assert!(result["message"]["text"].as_str().is_some_and(|text| text.contains("line 2 of the old version")));
}

#[test]
fn texts_are_neither_links_nor_placeholders() {
    let log: Value = serde_json::from_str(&sarif(&sample::hostile())).expect("it is JSON");
    let mut texts = 0;
    let mut open = vec![&log];
    while let Some(value) = open.pop() {
        open.extend(value.as_array().into_iter().flatten());
        for (key, value) in value.as_object().into_iter().flatten() {
            if let Some(text) = value.as_str().filter(|_| ["text", "fullyQualifiedName", "id"].contains(&key.as_str())) {
                texts += 1;
                assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{0}']), "{text}");
                assert!(key != "text" || !text.contains("](") && !text.contains("{0}") || text.starts_with("!["), "{text}");
            }
            open.push(value);
        }
    }
    assert!(texts > 50, "{texts}");
}
