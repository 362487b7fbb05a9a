//! Entries of the status page: state, impact in users' words, what is not affected, what is done, the next update.
//!
//! The first is the one of now; the others are to be had ready. Tests: `tests/it/message_drafts.rs`.

use super::facts::{Facts, Stage, sentence};
use super::letter::Letter;

/// Minutes to the next update while it runs, and while it is only watched (planning.md: 15–60 in an event).
const SOON: i64 = 30;
const LATER: i64 = 60;

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let now = facts.stage();
    let mut letter = Letter::new(format!("{}: {}", facts.name(), now.word()));
    entry(&mut letter, facts, now, true);
    let order = [Stage::Scheduled, Stage::InProgress, Stage::Monitoring, Stage::Complete, Stage::RolledBack];
    let over = matches!(now, Stage::Complete | Stage::RolledBack);
    let at = order.iter().position(|stage| *stage == now).unwrap_or(0);
    for stage in order.into_iter().skip(at + 1).filter(|_| !over) {
        entry(&mut letter, facts, stage, false);
    }
    letter
}

fn entry(letter: &mut Letter, facts: &Facts<'_>, stage: Stage, now: bool) {
    letter.heading(if now { format!("Now: {}", stage.word()) } else { format!("To have ready: {}", stage.word()) });
    let (impact, doing, next) = match stage {
        Stage::Scheduled => {
            (facts.impact_words(), format!("We will change {} {}.", facts.name(), facts.cutover_day()), "when it begins".to_owned())
        }
        Stage::InProgress => (
            impact_now(facts, now),
            format!("We are changing {}. {}", facts.name(), phase(facts, now)).trim_end().to_owned(),
            soon(facts, now, SOON),
        ),
        Stage::Monitoring => (
            "None that we know of.".to_owned(),
            "The change is made. We watch errors and response times.".to_owned(),
            soon(facts, now, LATER),
        ),
        Stage::Complete => ("None.".to_owned(), "The change is complete.".to_owned(), "this is the last one".to_owned()),
        Stage::RolledBack => (
            "None that we know of: everything is as it was before.".to_owned(),
            "We went back, and look for the cause.".to_owned(),
            "when there is a new date".to_owned(),
        ),
    };
    letter.rows(vec![
        ("State", stage.word().to_owned()),
        ("Impact", impact),
        ("Not affected", not_affected(facts, stage)),
        ("What we do", doing),
        ("Next update", next),
    ]);
}

/// What users notice right now; of an entry for later, what they may notice at all.
fn impact_now(facts: &Facts<'_>, now: bool) -> String {
    match facts.position().filter(|_| now) {
        Some((_, _, phase)) if phase.is_noticed() => sentence(&phase.user_impact),
        Some(_) => "None right now.".to_owned(),
        None => facts.impact_words(),
    }
}

fn not_affected(facts: &Facts<'_>, stage: Stage) -> String {
    match stage {
        Stage::Scheduled | Stage::InProgress => facts.not_affected(),
        _ => "All functions are available.".to_owned(),
    }
}

fn phase(facts: &Facts<'_>, now: bool) -> String {
    let place = facts.position().filter(|_| now);
    place.map_or_else(String::new, |(at, all, _)| format!("Part {at} of {all} is under way."))
}

fn soon(facts: &Facts<'_>, now: bool, minutes: i64) -> String {
    if now { facts.in_minutes(minutes) } else { format!("{minutes} minutes after this one") }
}
