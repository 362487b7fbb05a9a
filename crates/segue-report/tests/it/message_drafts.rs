//! Drafts: golden ones before the start, in the middle, at the end and after going back; zones and audiences.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use segue_model::event::{Entry, Event, Outcome};
use segue_model::plan::Plan;
use segue_report::message::{Kind, Message, RunView, draft};
use segue_report::runbook::placeholders;
use segue_report::{BackView, PhaseState, PhaseView, RunState, StatusView, WaitingView};
use serde_json::json;

use crate::runbook_fixture::{api, schema, shop};

/// Fri 8 Jan 2027, 09:00 UTC.
pub(crate) fn when() -> Timestamp {
    "2027-01-08T09:00:00Z".parse().expect("a moment")
}

/// New York, without a zone database.
pub(crate) fn new_york() -> TimeZone {
    TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").expect("a zone")
}

fn status(plan: &Plan, state: RunState, phase: &str) -> StatusView {
    let at = plan.phases.iter().position(|other| other.name == phase).expect("a phase");
    let view = |(number, phase): (usize, &segue_model::plan::Phase)| {
        let (state, steps_done) = match (state, number.cmp(&at)) {
            (RunState::Done, _) | (_, std::cmp::Ordering::Less) => (PhaseState::Done, phase.steps.len()),
            (RunState::RolledBack, _) => (PhaseState::Undone, 0),
            (_, std::cmp::Ordering::Equal) => (PhaseState::Running, 1),
            _ => (PhaseState::Pending, 0),
        };
        PhaseView { name: phase.name.clone(), state, steps_done, steps: phase.steps.len() }
    };
    StatusView {
        run: "run-1".to_owned(),
        plan: plan.digest.clone(),
        phase: phase.to_owned(),
        state,
        waiting_for: Vec::new(),
        phases: plan.phases.iter().enumerate().map(view).collect(),
        back: BackView { possible: true, rows_lost: Some(0), seconds: Some(4), command: None },
        lease: None,
        versions: None,
        left_aside: 0,
    }
}

/// A journal's entries, ten seconds apart, from 2027-01-11 08:00 UTC.
pub(crate) fn entries(events: Vec<Event>) -> Vec<Entry> {
    let begun = 1_799_654_400_000;
    events
        .into_iter()
        .enumerate()
        .map(|(at, event)| Entry { seq: at as u64 + 1, at_ms: begun + at as i64 * 10_000, epoch: 1, event })
        .collect()
}

pub(crate) fn begun(plan: &Plan) -> Vec<Event> {
    let started = |step: &str| Event::StepStarted { step: step.to_owned(), version: 1, attempt: 1 };
    let verified = |step: &str| Event::StepVerified { step: step.to_owned(), evidence: json!({"columns": 3}) };
    vec![
        Event::RunStarted {
            journal_version: 1,
            segue: "0.1.0".to_owned(),
            plan: Box::new(plan.clone()),
            step_kinds: std::collections::BTreeMap::new(),
        },
        Event::PhaseStarted { phase: "prepare".to_owned() },
        started("prepare/control"),
        verified("prepare/control"),
        Event::PhaseEnded { phase: "prepare".to_owned() },
        Event::PhaseStarted { phase: "expand".to_owned() },
        started("expand/users"),
        Event::StepFailed {
            step: "expand/users".to_owned(),
            code: "SG-PG-007".to_owned(),
            message: "a lock was not to be had within 1 s".to_owned(),
        },
        started("expand/users"),
        verified("expand/users"),
        started("expand/orders"),
    ]
}

/// The change of form, in the middle.
pub(crate) fn running() -> (Plan, RunView) {
    let plan = schema();
    let mut status = status(&plan, RunState::Running, "expand");
    status.waiting_for.push(WaitingView {
        gate: "expand/approval".to_owned(),
        value: "nobody".to_owned(),
        threshold: "1 approval".to_owned(),
        command: Some("segue approve expand/approval".to_owned()),
    });
    let entries = entries(begun(&plan));
    (plan, RunView::of(status, &entries))
}

/// The change of form, all of it.
pub(crate) fn done() -> (Plan, RunView) {
    let plan = schema();
    let mut events = begun(&plan);
    let known: Vec<String> = ["prepare/control", "expand/users"].map(str::to_owned).to_vec();
    for phase in &plan.phases {
        for step in phase.steps.iter().filter(|step| !known.contains(&step.id)) {
            if step.id != "expand/orders" {
                events.push(Event::StepStarted { step: step.id.clone(), version: 1, attempt: 1 });
            }
            events.push(Event::StepPerformed {
                step: step.id.clone(),
                output: json!({"pause_ms": 20, "converted": 1_000, "mismatches": 0, "name": "secret words"}),
            });
            events.push(Event::StepVerified { step: step.id.clone(), evidence: json!({}) });
        }
        for gate in phase.entry.iter().chain(&phase.gates) {
            events.push(Event::GatePassed { gate: gate.id.clone(), value: "0".to_owned(), threshold: "0".to_owned(), by: None });
        }
        if phase.name != "prepare" {
            events.push(Event::PhaseEnded { phase: phase.name.clone() });
        }
        if let Some(next) = plan.phases.iter().skip_while(|other| other.name != phase.name).nth(1)
            && next.name != "expand"
        {
            events.push(Event::PhaseStarted { phase: next.name.clone() });
        }
    }
    events.push(Event::RunEnded { outcome: Outcome::Done });
    let view = RunView::of(status(&plan, RunState::Done, "contract"), &entries(events));
    (plan, view)
}

/// The change of form, gone back.
pub(crate) fn gone_back() -> (Plan, RunView) {
    let plan = schema();
    let mut events = begun(&plan);
    events.extend([
        Event::StepFailed { step: "expand/orders".to_owned(), code: "SG-PG-012".to_owned(), message: "the server went away".to_owned() },
        Event::RollbackStarted { to: String::new(), ends: true, loses: "0 rows".to_owned() },
        Event::Undone { step: "expand/orders".to_owned() },
        Event::Undone { step: "expand/users".to_owned() },
        Event::Undone { step: "prepare/control".to_owned() },
        Event::RolledBack { to: String::new() },
        Event::RunEnded { outcome: Outcome::RolledBack },
    ]);
    let view = RunView::of(status(&plan, RunState::RolledBack, "prepare"), &entries(events));
    (plan, view)
}

fn shown(messages: impl IntoIterator<Item = Message>) -> String {
    let page = |message: Message| {
        format!(
            "=== {} for {} ===\nTo: {}\nSubject: {}\n\n{}\n",
            message.kind.name(),
            message.audience,
            message.to.join(", "),
            message.subject,
            message.text
        )
    };
    messages.into_iter().map(page).collect()
}

#[test]
fn golden_drafts_before_the_start() {
    let plan = shop();
    let kinds = [
        Kind::ExecutiveSummary,
        Kind::TechnicalUpdate,
        Kind::UserNotice,
        Kind::SupportBrief,
        Kind::Announcement,
        Kind::StatusPage,
        Kind::RollbackNotice,
    ];
    insta::assert_snapshot!(shown(kinds.map(|kind| draft(kind, &plan, None, when(), &new_york()))));
}

#[test]
fn golden_drafts_of_an_api() {
    let plan = api();
    let kinds = [Kind::ApiNotice, Kind::Deprecation, Kind::MigrationGuide];
    insta::assert_snapshot!(shown(kinds.map(|kind| draft(kind, &plan, None, when(), &TimeZone::UTC))));
}

#[test]
fn golden_drafts_of_a_run() {
    let (plan, view) = running();
    let kinds = [Kind::ExecutiveSummary, Kind::TechnicalUpdate, Kind::StatusPage];
    insta::assert_snapshot!(shown(kinds.map(|kind| draft(kind, &plan, Some(&view), when(), &new_york()))));
}

#[test]
fn golden_drafts_when_it_is_over() {
    let (plan, view) = done();
    let (back_plan, back) = gone_back();
    let over = [Kind::ExecutiveSummary, Kind::Announcement, Kind::Retrospective]
        .map(|kind| draft(kind, &plan, Some(&view), when(), &TimeZone::UTC));
    let gone = [Kind::RollbackNotice, Kind::StatusPage].map(|kind| draft(kind, &back_plan, Some(&back), when(), &TimeZone::UTC));
    insta::assert_snapshot!(shown(over.into_iter().chain(gone)));
}

#[test]
fn golden_html() {
    insta::assert_snapshot!(draft(Kind::UserNotice, &shop(), None, when(), &TimeZone::UTC).html);
}

#[test]
fn every_kind_is_a_draft_without_a_hole() {
    let (run_plan, run) = running();
    let (done_plan, over) = done();
    let (back_plan, back) = gone_back();
    for kind in Kind::ALL {
        assert_eq!(Kind::named(kind.name()), Some(kind));
        for (plan, run) in [
            (shop(), None),
            (api(), None),
            (schema(), None),
            (run_plan.clone(), Some(&run)),
            (done_plan.clone(), Some(&over)),
            (back_plan.clone(), Some(&back)),
        ] {
            let message = draft(kind, &plan, run, when(), &TimeZone::UTC);
            assert!(message.draft && message.text.starts_with("Draft, made by Segue on Fri 8 Jan 2027, 09:00 UTC"), "{}", message.text);
            assert!(!message.subject.is_empty() && message.text.lines().count() > 2, "{kind:?}");
            assert_eq!(placeholders(&message.text), [], "{kind:?}\n{}", message.text);
            assert_eq!(placeholders(&message.subject), []);
            assert_eq!(draft(kind, &plan, run, when(), &TimeZone::UTC), message, "same input, same words");
        }
    }
}

#[test]
fn moments_are_in_the_readers_zone() {
    let (plan, view) = running();
    let there = draft(Kind::ExecutiveSummary, &plan, Some(&view), when(), &new_york()).text;
    let here = draft(Kind::ExecutiveSummary, &plan, Some(&view), when(), &TimeZone::UTC).text;
    assert!(there.contains("Start: Mon 11 Jan 2027, 03:00 EST"), "{there}");
    assert!(here.contains("Start: Mon 11 Jan 2027, 08:00 UTC"), "{here}");
}

#[test]
fn the_audience_gets_what_fits_the_state() {
    let (_, running) = running();
    let (_, over) = done();
    let (_, back) = gone_back();
    let kind = |audience: &str, run: Option<&RunView>| Kind::for_audience(audience, run);
    assert_eq!(kind("users", None), Some(Kind::UserNotice));
    assert_eq!(kind("users", Some(&over)), Some(Kind::Announcement));
    assert_eq!(kind("users", Some(&back)), Some(Kind::RollbackNotice));
    assert_eq!(kind("engineering", Some(&running)), Some(Kind::TechnicalUpdate));
    assert_eq!(kind("engineering", Some(&over)), Some(Kind::Retrospective));
    assert_eq!(kind("exec", Some(&back)), Some(Kind::ExecutiveSummary));
    for audience in ["exec", "engineering", "support", "users", "api_consumers", "partners"] {
        for run in [None, Some(&running), Some(&over), Some(&back)] {
            assert!(kind(audience, run).is_some());
        }
    }
    assert_eq!(kind("nobody", None), None);
}

#[test]
fn nothing_is_said_to_be_done_that_is_not() {
    let text = draft(Kind::Announcement, &shop(), None, when(), &TimeZone::UTC);
    assert!(text.subject.starts_with("Coming:") && text.text.contains("Send this once it is done."));
    let text = draft(Kind::RollbackNotice, &shop(), None, when(), &TimeZone::UTC).text;
    assert!(text.contains("Nothing went back."));
    let mut undated = shop();
    undated.program.start = None;
    let text = draft(Kind::UserNotice, &undated, None, when(), &TimeZone::UTC).text;
    assert!(text.contains("whose date is not set yet"), "{text}");
}

#[test]
fn the_document_for_scripts_has_all_of_it() {
    let json = segue_report::message::json(&draft(Kind::UserNotice, &shop(), None, when(), &TimeZone::UTC), "0.1.0");
    assert_eq!((json["format_version"].as_u64(), json["segue"].as_str(), json["draft"].as_bool()), (Some(1), Some("0.1.0"), Some(true)));
    assert_eq!((json["kind"].as_str(), json["audience"].as_str()), (Some("user-notice"), Some("users")));
    for key in ["subject", "text", "html"] {
        assert!(json[key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
    }
}
