//! The notice to those who call an API (document 003): what breaks, by when, with which steps.
//!
//! Tests: `tests/it/message_drafts.rs`.

use super::facts::{Facts, sentence};
use super::letter::Letter;

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let mut letter = Letter::new(format!(
        "Action needed: {}, {}",
        facts.name(),
        removal(facts).map_or_else(|| "the date of removal is not set yet".to_owned(), |day| format!("the {} goes {day}", facts.sides().0))
    ));
    letter.para("Hello,");
    letter.para(format!(
        "you receive this because you call an interface that changes with {}. {}",
        facts.name(),
        sentence(&facts.plan.program.why)
    ));
    letter.heading("What changes");
    letter.items(changes(facts));
    letter.heading("By when");
    letter.items(phases(facts));
    letter.heading("What you need to do");
    letter.numbered(steps(facts));
    letter.heading("If something breaks");
    letter.para(format!(
        "Write to {} with the time, the request's id and the version that you call. {}",
        facts.contact(&["api", "support", "lead"]),
        back(facts)
    ));
    letter
}

/// What is different, as far as the plan says.
pub(super) fn changes(facts: &Facts<'_>) -> Vec<String> {
    let mut out: Vec<String> = facts
        .plan
        .program
        .overview
        .iter()
        .filter(|aspect| aspect.current != aspect.target)
        .map(|aspect| format!("{}: {} becomes {}. {}", aspect.aspect, aspect.current, aspect.target, sentence(&aspect.change)))
        .collect();
    let contract = facts.plan.findings.iter().filter(|finding| finding.code.starts_with("SG-API") || finding.code.starts_with("SG-COMPAT"));
    out.extend(contract.map(|finding| format!("{}: {}. {}", finding.object, finding.message.trim_end_matches('.'), finding.fix)));
    if out.is_empty() {
        out.push("The plan names no difference yet: compare both contracts with `segue check OLD NEW`.".to_owned());
    }
    out
}

/// Each phase with its day and goal.
pub(super) fn phases(facts: &Facts<'_>) -> Vec<String> {
    facts
        .plan
        .phases
        .iter()
        .map(|phase| format!("{}, {}: {}", facts.day(phase).unwrap_or_else(|| "day not set yet".to_owned()), phase.name, phase.goal))
        .collect()
}

/// The day after which the old side does not answer.
pub(super) fn removal(facts: &Facts<'_>) -> Option<String> {
    facts.gone()
}

/// Until when a client can go back.
fn back(facts: &Facts<'_>) -> String {
    let (old, _) = facts.sides();
    match (removal(facts), facts.plan.point_of_no_return()) {
        (Some(day), _) => format!("You can call the {old} until it goes, {day}."),
        (None, Some(_)) => format!("You can call the {old} until it goes; we tell you the day."),
        (None, None) => format!("You can call the {old} at any time."),
    }
}

pub(super) fn steps(facts: &Facts<'_>) -> Vec<String> {
    let (old, new) = facts.sides();
    vec![
        format!("Look up your calls of the {old}: in your logs, or ask us for the list of your calls."),
        format!("Move one call to the {new} in a test system, and compare the answers."),
        "Move the rest, and deploy.".to_owned(),
        format!("Watch that no call of yours reaches the {old} any more."),
    ]
}
