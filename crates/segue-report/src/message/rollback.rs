//! The notice that it went back (documents 000 and 003): why, what it means, what was lost, what comes next.
//!
//! Before anything went back it is the notice to have ready, and says so. Tests: `tests/it/message_drafts.rs`.

use super::facts::Facts;
use super::letter::Letter;

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let back = facts.run.and_then(|run| run.back.as_ref());
    let over = back.is_some_and(|back| back.over_ms.is_some());
    let word = match (back, over) {
        (None, _) => "rollback notice, to have ready",
        (Some(_), false) => "going back now",
        (Some(_), true) => "rolled back",
    };
    let mut letter = Letter::new(format!("{}: {word}", facts.title()));
    let Some((run, back)) = facts.run.zip(back) else {
        letter.para("Nothing went back. Send this only if it does, with the cause added.");
        letter.heading("When it would be sent");
        letter.items(
            facts
                .plan
                .program
                .triggers
                .iter()
                .filter(|trigger| trigger.action == "rollback")
                .map(|trigger| format!("{}, measured by {}: {}", trigger.when, trigger.measured_by, trigger.order.join(", then ")))
                .collect(),
        );
        letter.heading("What it would mean");
        let points = crate::runbook::curve(facts.plan);
        letter.items(points.iter().map(|point| point_words(&point.phase, &point.possible, point.seconds, &point.loses)).collect());
        return letter;
    };
    letter.heading("What happened");
    letter.rows(vec![
        ("Began", facts.at(back.at_ms)),
        ("Over", back.over_ms.map_or_else(|| "not yet".to_owned(), |at| facts.at(at))),
        ("Back to", if back.to.is_empty() { "the state before the migration".to_owned() } else { format!("the end of phase {}", back.to) }),
        ("Lost", back.loses.clone()),
    ]);
    letter.heading("Why");
    let before: Vec<String> = run
        .troubles
        .iter()
        .filter(|trouble| trouble.at_ms <= back.at_ms)
        .map(|trouble| format!("{}: {} ({})", trouble.step, trouble.message, trouble.code))
        .collect();
    if before.is_empty() {
        letter.para("No step had failed: a person or a trigger asked for it. Add the reason before you send this.");
    }
    letter.items(before);
    letter.heading("What it means for you");
    letter.para(if over {
        "The old side answers as before. What was done since then is kept as far as the line above says."
    } else {
        "The old side comes back; until then what was said for the migration holds."
    });
    letter.heading("What comes next");
    letter.items(vec![
        "An incident of high severity is open until the cause is known.".to_owned(),
        "Plan, journal and evidence are kept.".to_owned(),
        "A new date is told as the first one was.".to_owned(),
    ]);
    letter.para(format!("Questions go to {}.", facts.contact(&["oncall", "lead"])));
    letter
}

fn point_words(phase: &str, possible: &str, seconds: Option<u64>, loses: &[String]) -> String {
    match possible {
        "no" => format!("after {phase}: there is no way back"),
        _ => format!(
            "after {phase}: {}, loses {}",
            seconds.map_or_else(
                || "how long it takes is not known".to_owned(),
                |seconds| format!("about {}", crate::plan::say::time(seconds))
            ),
            loses.join("; ")
        ),
    }
}
