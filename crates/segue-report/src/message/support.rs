//! The brief for support (document 003): what users may see and ask, what to answer, when to call whom.
//!
//! Tests: `tests/it/message_drafts.rs`.

use super::facts::{Facts, Stage, sentence};
use super::letter::Letter;

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let mut letter = Letter::new(format!("Support brief: {} ({})", facts.name(), facts.stage().word()));
    letter.heading("In one paragraph");
    letter.para(format!(
        "{} {} It takes place {}. {}",
        sentence(&format!("{} changes", facts.name())),
        sentence(&facts.plan.program.why),
        facts.cutover_day(),
        facts.downtime()
    ));
    letter.heading("What users may see");
    let seen: Vec<String> = facts
        .plan
        .phases
        .iter()
        .filter(|phase| phase.is_noticed())
        .map(|phase| {
            format!("{} ({}): {}", phase.name, facts.starts(phase).unwrap_or_else(|| "day not set yet".to_owned()), phase.user_impact)
        })
        .collect();
    if seen.is_empty() {
        letter.para("Nothing is expected. A report of something unusual on that day is worth a call.");
    }
    letter.items(seen);
    letter.heading("Questions and answers");
    letter.items(questions(facts));
    letter.heading("When to call somebody at once");
    let mut calls: Vec<String> = facts
        .plan
        .program
        .triggers
        .iter()
        .filter(|trigger| trigger.action == "rollback")
        .map(|trigger| format!("users report what looks like this: {}", trigger.when))
        .collect();
    calls.push("a user says that something they saved is missing or wrong".to_owned());
    calls.push("three users report the same new error within ten minutes".to_owned());
    letter.items(calls);
    letter.rows(vec![("Call", facts.contact(&["oncall", "lead", "dba"])), ("Then", facts.contact(&["lead"]))]);
    letter.heading("Training");
    let told = facts.plan.program.comms.iter().find(|told| told.audience == "support");
    letter.para(told.map_or_else(
        || "No session is planned; this page is meant to be enough.".to_owned(),
        |told| format!("{}: {}.", sentence(&told.channel).trim_end_matches('.'), told.what),
    ));
    letter
}

fn questions(facts: &Facts<'_>) -> Vec<String> {
    let now = match facts.stage() {
        Stage::Scheduled => format!("not yet: it takes place {}", facts.cutover_day()),
        Stage::InProgress => "it has begun and goes on".to_owned(),
        Stage::Monitoring => "the change is made, and we watch it".to_owned(),
        Stage::Complete => "yes".to_owned(),
        Stage::RolledBack => "we went back to the way it was, and will tell you of a new date".to_owned(),
    };
    vec![
        format!("\"Is it done?\" Answer: {now}."),
        format!("\"Will I notice anything?\" Answer: {}", facts.impact_words()),
        "\"Is my data safe?\" Answer: each step is checked before the next one, and we can go back as long as the plan says so.".to_owned(),
        "\"Do I have to do something?\" Answer: only what the mail to users says.".to_owned(),
        "\"It does not work for me.\" Answer: ask for the time, what they did and what they saw; try again after a minute; then call."
            .to_owned(),
    ]
}
