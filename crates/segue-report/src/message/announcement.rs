//! The release announcement (document 003): that it is there, what is better, what to do.
//!
//! Says that something is done only when the run says so. Tests: `tests/it/message_drafts.rs`.

use super::facts::{Facts, Stage, sentence};
use super::letter::Letter;

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let done = matches!(facts.stage(), Stage::Complete | Stage::Monitoring);
    let mut letter = Letter::new(if done { format!("{} is done", facts.name()) } else { format!("Coming: {}", facts.name()) });
    if done {
        let ended = facts.run.and_then(|run| run.ended_ms.or(run.last_ms));
        letter
            .para(format!("The change that we announced is made{}.", ended.map_or_else(String::new, |ms| format!(" ({})", facts.at(ms)))));
    } else {
        letter.para(format!("The change takes place {}. Send this once it is done.", facts.cutover_day()));
    }
    letter.para(sentence(&facts.plan.program.why));
    letter.heading("What is new");
    let new: Vec<String> = facts
        .plan
        .program
        .overview
        .iter()
        .filter(|aspect| aspect.current != aspect.target)
        .map(|aspect| format!("{}: {} (before: {})", aspect.aspect, aspect.target, aspect.current))
        .collect();
    if new.is_empty() {
        letter.para("Nothing that you work with looks different.");
    }
    letter.items(new);
    letter.heading("What happens to the old one");
    letter.para(match facts.plan.point_of_no_return() {
        None => "It stays.".to_owned(),
        Some(phase) if facts.stage() == Stage::Complete => sentence(&phase.goal),
        Some(phase) => {
            let day = facts.gone().unwrap_or_else(|| "on a day that is not set yet".to_owned());
            format!("It stays until it goes, {day}. After that: {}", phase.goal)
        }
    });
    letter.para(format!("Something is not as it should be? Tell {}.", facts.contact(&["support", "lead"])));
    letter
}
