//! The technical update (document 000): phase, done, under way, to come, issues, figures.
//!
//! Tests: `tests/it/message_drafts.rs`.

use super::Trouble;
use super::facts::{Facts, sentence};
use super::letter::Letter;
use crate::plan::say;
use crate::view::WaitingView;

/// How many finished or coming steps are named.
const SHOWN: usize = 10;

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let mut letter = Letter::new(format!("{}: technical update, {}", facts.title(), facts.stage().word()));
    if let Some((at, all, phase)) = facts.position() {
        let times = facts.run.and_then(|run| run.phases.get(&phase.name));
        let begun = times.map_or_else(|| "not begun".to_owned(), |(begun, _)| facts.at(*begun));
        letter.rows(vec![
            ("Phase", format!("{} ({at} of {all}), {}", phase.name, facts.stage().word())),
            ("Started", begun),
            ("Expected end", facts.ends(phase).unwrap_or_else(|| "not estimated".to_owned())),
            ("Goal", sentence(&phase.goal)),
        ]);
    } else {
        letter.rows(vec![
            ("Phase", "none: it has not begun".to_owned()),
            ("Pattern", format!("{}, because {}", facts.plan.pattern.name, facts.plan.pattern.why)),
        ]);
    }
    progress(&mut letter, facts);
    issues(&mut letter, facts);
    letter.heading("Figures");
    letter.rows(vec![
        ("Migration rate", rate(facts)),
        ("Error rate", errors(facts)),
        ("System load", "not measured by Segue".to_owned()),
        ("Way back", facts.way_back()),
    ]);
    letter
}

/// Done, under way, to come.
fn progress(letter: &mut Letter, facts: &Facts<'_>) {
    let steps: Vec<(&str, String)> = facts
        .plan
        .phases
        .iter()
        .flat_map(|phase| &phase.steps)
        .map(|step| (step.id.as_str(), format!("{}: {}", step.id, step.what)))
        .collect();
    let done = facts.run.map_or(&[][..], |run| &run.verified);
    let under_way = facts.run.and_then(|run| run.under_way.as_deref()).unwrap_or_default();
    let is_done = |id: &str| done.iter().any(|known| known == id);
    letter.heading("Done");
    let finished: Vec<String> = steps.iter().filter(|(id, _)| is_done(id)).map(|(_, words)| words.clone()).collect();
    cut(letter, &finished, true, "Nothing yet.");
    letter.heading("In progress");
    if under_way.is_empty() {
        letter.para("No step.");
    } else {
        letter.items(vec![steps.iter().find(|(id, _)| *id == under_way).map_or_else(|| under_way.to_owned(), |(_, words)| words.clone())]);
    }
    letter.heading("Upcoming");
    let coming: Vec<String> = steps.iter().filter(|(id, _)| !is_done(id) && *id != under_way).map(|(_, words)| words.clone()).collect();
    cut(letter, &coming, false, "Nothing.");
}

/// What went wrong, and what it waits for.
fn issues(letter: &mut Letter, facts: &Facts<'_>) {
    letter.heading("Issues");
    let troubles = facts.run.map_or(&[][..], |run| &run.troubles);
    if troubles.is_empty() {
        letter.para("None.");
    }
    let trouble = |trouble: &Trouble| {
        let solved = trouble.solved_ms.map_or_else(|| "open".to_owned(), |at| format!("solved {}", facts.at(at)));
        format!("{} {}: {} ({}, {solved})", trouble.step, trouble.code, trouble.message, facts.at(trouble.at_ms))
    };
    letter.items(troubles.iter().map(trouble).collect());
    let waiting = facts.run.map_or(&[][..], |run| &run.status.waiting_for);
    if !waiting.is_empty() {
        letter.heading("Waiting for");
        let asked = |gate: &WaitingView| {
            let command = gate.command.as_ref().map_or_else(String::new, |command| format!(" ({command})"));
            format!("{}: it is {}, it must be {}{command}", gate.gate, gate.value, gate.threshold)
        };
        letter.items(waiting.iter().map(asked).collect());
    }
}

/// The last or the first few, and how many more there are.
fn cut(letter: &mut Letter, items: &[String], last: bool, none: &str) {
    let more = items.len().saturating_sub(SHOWN);
    let shown = if last { &items[more..] } else { &items[..items.len() - more] };
    if shown.is_empty() {
        letter.para(none);
    }
    let mut shown = shown.to_vec();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    letter.items(shown);
}

fn rate(facts: &Facts<'_>) -> String {
    let rows = super::metrics::rows_converted(facts.plan, facts.run);
    let span = facts.run.and_then(|run| Some(run.last_ms?.saturating_sub(run.started_ms?)));
    match (rows, span.and_then(|ms| u64::try_from(ms).ok()).filter(|ms| *ms > 0)) {
        (Some(rows), Some(ms)) => format!("{} a minute over the whole run", say::many(rows.saturating_mul(60_000) / ms, "row")),
        _ => "not measured".to_owned(),
    }
}

fn errors(facts: &Facts<'_>) -> String {
    facts
        .run
        .filter(|run| run.attempts > 0)
        .map_or_else(|| "not measured".to_owned(), |run| format!("{} of {} attempts of steps failed", run.troubles.len(), run.attempts))
}
