//! The mail to users (document 003): what changes, what to do, dates, help.
//!
//! Tests: `tests/it/message_drafts.rs`.

use segue_model::plan::program::Communication;

use super::facts::{Facts, sentence};
use super::letter::Letter;
use crate::plan::{dates, say};

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let mut letter = Letter::new(format!("Planned change: {}", facts.name()));
    letter.para("Hello,");
    letter.para(format!("we are changing {}. {}", facts.name(), sentence(&facts.plan.program.why)));
    letter.heading("What changes");
    let changes: Vec<String> = facts
        .plan
        .program
        .overview
        .iter()
        .filter(|aspect| aspect.current != aspect.target)
        .map(|aspect| format!("{}: from {} to {}", aspect.aspect, aspect.current, aspect.target))
        .collect();
    if changes.is_empty() {
        letter.para("Only what is inside: what you work with stays as it is.");
    }
    letter.items(changes);
    letter.heading("What you will notice");
    letter.para(facts.impact_words());
    letter.para(facts.not_affected());
    letter.heading("When");
    letter.para(format!("The change takes place {}. {}", facts.cutover_day(), facts.downtime()));
    let windows = facts.plan.cutover().map_or(&[][..], |phase| &phase.project.windows);
    letter.items(windows.iter().map(say::window).collect());
    letter.heading("What you need to do");
    letter.para(todo(facts));
    let timeline = timeline(facts);
    if !timeline.is_empty() {
        letter.heading("Timeline");
        letter.items(timeline);
    }
    letter.para(format!("Questions? {} answers them.", facts.contact(&["support", "lead"])));
    letter.para("Thank you for your patience.");
    letter
}

fn todo(facts: &Facts<'_>) -> &'static str {
    let kind = |name: &str| facts.plan.kinds.iter().any(|kind| kind.starts_with(name));
    match () {
        () if kind("auth") => "Log in as usual. After the change you may be asked once to log in again or to confirm your second factor.",
        () if kind("api") => "If you call our API, move to the new version before the old one goes: the migration guide has the steps.",
        () if facts.impact().is_some() => {
            "Save your work before the change begins. If something does not answer, try again after a minute."
        }
        () => "Nothing.",
    }
}

/// The days on which users are told, and those of the phases that they notice.
fn timeline(facts: &Facts<'_>) -> Vec<String> {
    let starts = |name: &str| facts.plan.phases.iter().find(|phase| phase.name == name).and_then(|phase| phase.project.starts);
    let mut out: Vec<(i64, String)> = Vec::new();
    for told in facts.plan.program.comms.iter().filter(|told| told.audience == "users") {
        if let Some(starts) = starts(&told.phase) {
            let at = i64::try_from(starts.p50_s).unwrap_or(i64::MAX).saturating_add(told.offset_s);
            out.push((at, format!("{}: {}", dates::due(facts.plan, starts.p50_s, told.offset_s), told_words(facts, told))));
        }
    }
    for phase in facts.plan.phases.iter().filter(|phase| phase.is_noticed()) {
        if let Some(starts) = phase.project.starts {
            let at = i64::try_from(starts.p50_s).unwrap_or(i64::MAX);
            out.push((at, format!("{}: {}", dates::starts(facts.plan, starts.p50_s), phase.user_impact)));
        }
    }
    out.sort();
    out.dedup();
    out.into_iter().map(|(_, text)| text).collect()
}

/// What a communication is, as its reader meets it.
fn told_words(facts: &Facts<'_>, told: &Communication) -> &'static str {
    let cutover = facts.plan.cutover().is_some_and(|phase| phase.name == told.phase);
    match (told.offset_s, cutover) {
        (..0, _) => "we write to you about it",
        (_, true) => "it begins, and we tell you how far it is",
        (_, false) => "we tell you how it went",
    }
}
