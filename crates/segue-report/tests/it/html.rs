//! The page: complete in itself, every section there, nothing lost.

use segue_model::event::{Entry, Event};
use segue_report::html::{Extra, LIMIT, report};
use segue_report::{BackView, PhaseState, PhaseView, RunState, StatusView, WaitingView};

use crate::sample;

/// A page of a run with everything that a page can hold.
pub(crate) fn with_a_run() -> String {
    let plan = sample::shop();
    let phases = plan.phases.iter().enumerate().map(|(at, phase)| PhaseView {
        name: phase.name.clone(),
        state: [PhaseState::Done, PhaseState::Running, PhaseState::Waiting, PhaseState::Undone, PhaseState::Pending, PhaseState::Pending]
            [at],
        steps_done: phase.steps.len() / 2,
        steps: phase.steps.len(),
    });
    let status = StatusView {
        run: "mig-042-1".to_owned(),
        plan: plan.digest.clone(),
        phase: "copy".to_owned(),
        state: RunState::Waiting,
        waiting_for: vec![WaitingView {
            gate: "copy/equal".to_owned(),
            value: "3".to_owned(),
            threshold: "0".to_owned(),
            command: Some("segue approve copy/equal".to_owned()),
        }],
        phases: phases.collect(),
        back: BackView { possible: true, rows_lost: Some(3), seconds: Some(90), command: None },
        lease: None,
        versions: None,
        left_aside: 0,
    };
    let entry = |seq, event| Entry { seq, at_ms: 1_799_659_800_250 + i64::try_from(seq).expect("few"), epoch: 1, event };
    let journal = vec![
        entry(1, Event::PhaseStarted { phase: "prepare".to_owned() }),
        entry(2, Event::StepFailed { step: "copy/orders".to_owned(), code: "SG-PG-001".to_owned(), message: "it went away".to_owned() }),
        entry(3, Event::Resumed),
    ];
    let assessment = sample::assessment();
    let texts = [("Retrospective".to_owned(), "Planned 28 h, took 31 h.\n<b>not bold</b>".to_owned())];
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(1));
    report(&plan, &Extra { status: Some(&status), journal: &journal, zone, assessment: Some(&assessment), texts: &texts })
}

/// The text of a page as a reader sees it, without tags and styles.
pub(crate) fn read(page: &str) -> String {
    let body = page.split_once("</style>").map_or(page, |(_, body)| body);
    let mut out = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            other if !inside => out.push(other),
            _ => {}
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[test]
fn pages_are_complete_in_themselves() {
    for (name, plan) in sample::all() {
        let page = report(&plan, &Extra::default());
        assert!(page.len() < LIMIT, "{name}");
        assert_eq!(page, report(&plan, &Extra::default()), "{name}: same input, same bytes");
        for from_outside in ["http:", "https:", "//", "@import", "url(", "<script", "<img", "<iframe", "<form", " on"] {
            // Commands of a plan may hold anything; tags may not.
            let tags: String = page.split('<').skip(1).filter_map(|part| part.split_once('>').map(|(tag, _)| format!("<{tag}"))).collect();
            let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).expect("a style").0;
            let looked = if from_outside == " on" { format!("{tags} ") } else { format!("{tags}{style}") };
            let found = if from_outside == " on" { regexless_handler(&looked) } else { looked.contains(from_outside) };
            assert!(!found, "{name}: {from_outside}");
        }
        assert!(page.contains("default-src 'none'"), "{name}");
    }
}

/// Whether a tag has an attribute that is a handler: ` onclick=`.
fn regexless_handler(tags: &str) -> bool {
    tags.match_indices(" on").any(|(at, _)| {
        let name: String = tags[at + 1..].chars().take_while(char::is_ascii_alphabetic).collect();
        tags[at + 1 + name.len()..].starts_with('=')
    })
}

#[test]
fn a_page_shows_all_of_a_plan() {
    let plan = sample::shop();
    let text = read(&report(&plan, &Extra::default()));
    let mut must: Vec<&str> = vec![
        &plan.id,
        &plan.name,
        &plan.program.why,
        &plan.pattern.why,
        &plan.digest,
        "Tue 16 Feb 2027",
        "Wed 17 Feb 2027",
        "Fri 19 Feb 2027",
    ];
    for phase in &plan.phases {
        must.extend([&phase.name, &phase.goal, &phase.user_impact].map(String::as_str));
        must.extend(phase.project.tasks.iter().map(|task| task.what.as_str()));
        must.extend(phase.project.deliverables.iter().map(String::as_str));
        must.extend(phase.steps.iter().flat_map(|step| [step.id.as_str(), step.why.as_str()]));
        must.extend(phase.entry.iter().chain(&phase.gates).map(|gate| gate.id.as_str()));
    }
    must.extend(plan.program.risks.iter().flat_map(|risk| [risk.id.as_str(), risk.evidence.as_str()]));
    must.extend(plan.program.checklists.iter().flat_map(|list| &list.items).map(|item| item.what.as_str()));
    must.extend(plan.program.comms.iter().map(|message| message.what.as_str()));
    must.extend(plan.program.needed.iter().map(|needed| needed.spec_key.as_str()));
    must.extend(plan.findings.iter().map(|finding| finding.code.as_str()));
    must.extend([
        "DROP SCHEMA shop CASCADE;",
        "sha256sum target-schema.sql",
        "error_rate(new) > 1% for 2m",
        "3,360.00 EUR",
        "4 weeks", /* in a risk */
    ]);
    let said = text.replace('`', "");
    for what in must.into_iter().filter(|what| *what != "4 weeks") {
        assert!(said.contains(&what.replace('`', "")), "{what}");
    }
    for gap in &plan.not_checked {
        assert!(said.contains(&gap.replace('`', "")), "{gap}");
    }
}

#[test]
fn a_run_and_what_was_observed_are_shown() {
    let text = read(&with_a_run());
    for what in [
        "waiting at a gate",
        "segue approve copy/equal",
        "Yes, and 3 rows would be lost.",
        "2027-01-11 10:30:00 +01",
        "step failed: copy/orders: SG-PG-001: it went away",
        "Planned 28 h, took 31 h.",
        "<b>not bold</b>",
        "mysql.unsigned",
        "no equivalent",
        "js.driver.mysql2",
        "payments-service",
        "128 GiB",
        "2028-02-16",
    ] {
        assert!(text.contains(what), "{what}");
    }
}

#[test]
fn an_empty_plan_is_a_page_too() {
    let text = read(&report(&segue_model::plan::Plan::default(), &Extra::default()));
    for what in [
        "not estimated",
        "No dates could be estimated",
        "Yes, without loss, from every phase.",
        "Nothing that the plan knows of was left out.",
    ] {
        assert!(text.contains(what), "{what}");
    }
}

#[test]
fn golden_page() {
    insta::assert_snapshot!(report(&sample::service(), &Extra::default()));
}
