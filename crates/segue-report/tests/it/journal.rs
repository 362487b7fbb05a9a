//! The journal in words and as a document.

use segue_model::event::{Entry, Event, Outcome};
use segue_report::{log_json, log_text};
use serde_json::json;

fn entries() -> Vec<Entry> {
    let step = || "backfill/users".to_owned();
    let plan = Box::new(crate::plan::plan());
    let events = vec![
        Event::RunStarted { journal_version: 1, segue: "0.1.0".to_owned(), plan, step_kinds: std::collections::BTreeMap::new() },
        Event::LeaseTaken { holder: "host:12".to_owned(), epoch: 1 },
        Event::PhaseStarted { phase: "backfill".to_owned() },
        Event::StepStarted { step: step(), version: 1, attempt: 2 },
        Event::Checkpoint { step: step(), data: json!({"key": ["secret-cell"]}) },
        Event::StepPerformed { step: step(), output: json!({"walked": 90_000, "sample": "secret-cell"}) },
        Event::StepVerified { step: step(), evidence: json!({"unconverted": 0}) },
        Event::GateWaiting { gate: "shift/approval".to_owned(), value: "no".to_owned(), threshold: "yes".to_owned() },
        Event::Approved { what: "shift/approval".to_owned(), by: "ana".to_owned(), digest: "7f3a00112233445566c1".to_owned() },
        Event::GatePassed {
            gate: "shift/approval".to_owned(),
            value: "yes".to_owned(),
            threshold: "yes".to_owned(),
            by: Some("ana".to_owned()),
        },
        Event::RollbackStarted { to: String::new(), ends: true, loses: "0 rows".to_owned() },
        Event::Undone { step: step() },
        Event::RolledBack { to: String::new() },
        Event::RunEnded { outcome: Outcome::RolledBack },
    ];
    events.into_iter().zip(1..).map(|(event, seq)| Entry { seq, at_ms: 1_799_659_800_250, epoch: 1, event }).collect()
}

#[test]
fn golden_log_at_80_columns() {
    insta::assert_snapshot!(log_text(&entries(), 80, false));
}

#[test]
fn no_key_of_a_checkpoint_is_shown() {
    assert!(!log_text(&entries(), 80, false).contains("secret-cell"));
    let json = log_json(&entries(), "0.1.0");
    assert!(json["events"][4].get("data").is_none());
    assert!(!json["events"][4].to_string().contains("secret-cell"));
}

#[test]
fn events_are_those_of_the_format() {
    let json = log_json(&entries(), "0.1.0");
    let event = &json["events"][5];
    assert_eq!((&event["seq"], &event["type"], &event["phase"]), (&json!(6), &json!("step_performed"), &json!("backfill")));
    assert_eq!(event["at"], "2027-01-11T09:30:00.250Z");
    assert_eq!(json["events"][0]["plan"], crate::plan::plan().digest);
}
