//! The status in words and as a document.

use segue_report::{
    BackView, LeaseView, PhaseState, PhaseView, RunState, StatusView, VersionView, VersionsView, WaitingView, status_json, status_text,
};
use serde_json::json;

fn view() -> StatusView {
    let phase = |name: &str, state, steps_done, steps| PhaseView { name: name.to_owned(), state, steps_done, steps };
    StatusView {
        run: "MIG-7-1".to_owned(),
        plan: "7f3a00112233445566c1".to_owned(),
        phase: "shift".to_owned(),
        state: RunState::Waiting,
        waiting_for: vec![WaitingView {
            gate: "shift/approval".to_owned(),
            value: "nobody's yes".to_owned(),
            threshold: "a person's yes".to_owned(),
            command: Some("segue approve shift/approval".to_owned()),
        }],
        phases: vec![
            phase("prepare", PhaseState::Done, 1, 1),
            phase("backfill", PhaseState::Done, 2, 2),
            phase("shift", PhaseState::Waiting, 0, 2),
            phase("contract", PhaseState::Pending, 0, 3),
        ],
        back: BackView { possible: true, rows_lost: Some(0), seconds: Some(2), command: None },
        lease: Some(LeaseView { holder: "host:12".to_owned(), epoch: 3, expires_at_ms: 1_799_659_800_250 }),
        versions: Some(VersionsView {
            old: VersionView { search_path: "public_mig_7_old, public".to_owned(), ready: true },
            new: VersionView { search_path: "public_mig_7_new, public".to_owned(), ready: false },
        }),
        left_aside: 0,
    }
}

#[test]
fn golden_status_at_80_columns() {
    insta::assert_snapshot!(status_text(&view(), 80, false));
}

#[test]
fn every_state_says_what_it_is() {
    for (state, word) in [
        (RunState::Running, "Running in `shift`"),
        (RunState::Waiting, "nothing is wrong"),
        (RunState::Paused, "segue resume"),
        (RunState::Done, "Done"),
        (RunState::RolledBack, "Rolled back"),
        (RunState::Stuck, "a person is needed"),
        (RunState::Failed, "safe to run again"),
    ] {
        let text = status_text(&StatusView { state, ..view() }, 80, false);
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn a_repair_that_left_rows_aside_is_not_plainly_done() {
    let back = BackView { possible: true, rows_lost: Some(0), seconds: None, command: Some("segue verify --undo-repair r-1".to_owned()) };
    let over = StatusView { state: RunState::Done, left_aside: 2, back, ..view() };
    let text = status_text(&over, 80, false);
    assert!(text.contains("Over, and 2 rows were left as they are.") && !text.contains("everything was applied"), "{text}");
    assert!(text.contains("Next: segue verify --undo-repair r-1"), "{text}");
    let document = status_json(&over, "0.1.0");
    assert_eq!((&document["left_aside"], &document["back"]["command"]), (&json!(2), &json!("segue verify --undo-repair r-1")));
}

#[test]
fn the_way_back_is_said_plainly() {
    let back = |possible, rows_lost| {
        status_text(&StatusView { back: BackView { possible, rows_lost, seconds: None, command: None }, ..view() }, 80, false)
    };
    assert!(back(true, Some(0)).contains("Can we go back?   yes, 0 rows lost"));
    assert!(back(true, Some(12)).contains("yes, with 12 rows lost"));
    assert!(back(true, None).contains("was not looked at"));
    assert!(back(false, None).contains("Can we go back?   no"));
}

#[test]
fn the_document_is_that_of_the_format() {
    let json = status_json(&view(), "0.1.0");
    assert_eq!(json["state"], "waiting");
    assert_eq!(json["phases"][3], json!({"name": "contract", "state": "pending", "steps_done": 0, "steps": 3}));
    assert_eq!(json["back"], json!({"possible": true, "rows_lost": 0, "seconds": 2}));
    assert_eq!(json["lease"], json!({"holder": "host:12", "epoch": 3, "expires_at": "2027-01-11T09:30:00.250Z"}));
    assert_eq!(json["versions"]["new"], json!({"search_path": "public_mig_7_new, public", "ready": false}));
    assert_eq!(json["waiting_for"][0]["command"], "segue approve shift/approval");
    let none = status_json(&StatusView { lease: None, versions: None, ..view() }, "0.1.0");
    assert!(none["lease"].is_null() && none["versions"].is_null());
}
