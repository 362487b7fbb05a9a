//! What was observed, as text, Markdown and JSON.

use segue_model::assessment::Assessment;
use segue_report::document::{assessment_json, assessment_markdown, assessment_text};

use crate::sample;

#[test]
fn golden_texts() {
    for width in [80, 120] {
        insta::assert_snapshot!(format!("assessment_text_{width}"), assessment_text(&sample::assessment(), width, false));
    }
    insta::assert_snapshot!(assessment_markdown(&sample::assessment()));
}

#[test]
fn the_document_only_adds() {
    let seen = sample::assessment();
    let json = assessment_json(&seen);
    let read: Assessment = serde_json::from_value(json.clone()).expect("reads back");
    assert_eq!(read, seen);
    assert_eq!(json["verdicts"]["auto-with-warning"], 2);
    assert_eq!((json["effort_min"].as_u64(), json["incident_points"].as_u64()), (Some(180), Some(6)));
    assert_eq!(json["blocking_dependencies"][0], "api needs payments-service (service): it writes payments (compose.yaml:14)");
    assert_eq!(json["optional_dependencies"].as_array().map(Vec::len), Some(1));
}

#[test]
fn confidence_falls_with_what_was_not_seen() {
    let level = |seen: &Assessment| assessment_json(seen)["confidence"]["level"].as_str().map(str::to_owned);
    let mut seen = sample::assessment();
    seen.not_checked.clear();
    assert_eq!(level(&seen).as_deref(), Some("high"));
    seen.rates.clear();
    assert_eq!(level(&seen).as_deref(), Some("medium"));
    seen.systems.values_mut().for_each(|system| system.how = "dump".to_owned());
    assert_eq!(level(&seen).as_deref(), Some("low"));
    assert_eq!(level(&Assessment::default()).as_deref(), Some("low"), "nothing seen is nothing known");
}

#[test]
fn it_always_says_what_was_not_checked() {
    for text in [assessment_text(&Assessment::default(), 80, false), assessment_markdown(&Assessment::default())] {
        assert!(text.contains("Not checked") && text.contains("nothing that Segue knows of"), "{text}");
    }
}
