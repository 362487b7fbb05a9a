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

#[test]
fn nobody_looks_for_an_equivalent_where_no_target_was_named() {
    let mut seen = sample::assessment();
    assert!(assessment_text(&seen, 200, false).contains("aws_sns_topic.x × 2 no equivalent: topics with filters must be built"));
    for resource in &mut seen.resources {
        (resource.equivalent, resource.note) = (None, String::new());
    }
    for text in [assessment_text(&seen, 200, false), assessment_markdown(&seen)] {
        assert!(!text.contains("no equivalent"), "{text}");
        assert!(text.contains("aws_sns_topic.x × 2 (main.tf:30)"), "{text}");
    }
}

#[test]
fn unlike_resources_stand_under_what_is_true_of_them() {
    let mut seen = sample::assessment();
    let first = seen.objects.first().cloned().expect("an object");
    seen.objects = [("queue", "aws_sqs_queue.jobs"), ("database", "aws_db_instance.main")]
        .map(|(reason, name)| segue_model::assessment::Object {
            name: name.to_owned(),
            rule: "cloud.equivalent".to_owned(),
            reason: reason.to_owned(),
            ..first.clone()
        })
        .to_vec();
    let text = assessment_text(&seen, 200, false);
    let under = |reason: &str| text.lines().find(|line| line.contains("cloud.equivalent") && line.contains(reason)).map(str::to_owned);
    let (queue, database) = (under("queue").expect("a line"), under("database").expect("a line"));
    assert!(queue.contains("aws_sqs_queue.jobs") && !queue.contains("aws_db_instance.main"), "{text}");
    assert!(database.contains("aws_db_instance.main"), "{text}");
}
