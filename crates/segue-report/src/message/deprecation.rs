//! The deprecation set (document 003): notices for documentation, README, site and changelog, announcements, and what
//! must be true at the end of the first two phases; with days from the plan.
//!
//! Tests: `tests/it/message_drafts.rs`.

use super::api::{changes, removal};
use super::facts::{Facts, sentence};
use super::guide;
use super::letter::Letter;

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let name = facts.name();
    let gone = removal(facts).unwrap_or_else(|| "on a day that is not set yet".to_owned());
    let first =
        facts.plan.phases.first().and_then(|phase| facts.starts(phase)).unwrap_or_else(|| "on a day that is not set yet".to_owned());
    let guide = guide::path(facts);
    let (old, new) = facts.sides();
    let mut letter = Letter::new(format!("Deprecation set: {name}"));
    letter.para(sentence(&facts.plan.program.why));
    letter.heading("Notice for the API's documentation");
    letter.para(format!("Deprecated. The {old} goes away {gone}. Use the {new} instead; {guide} has the steps."));
    letter.heading("Timeline for the README");
    letter.items(
        facts
            .plan
            .phases
            .iter()
            .map(|phase| format!("{}: {} ({})", facts.day(phase).unwrap_or_else(|| "day not set yet".to_owned()), phase.goal, phase.name))
            .collect(),
    );
    letter.heading("Banner for the site");
    letter.para(format!("{name}: the {old} goes away {gone}. See the migration guide."));
    letter.heading("Entry for the changelog");
    letter.para(format!("Deprecated: the {old} of {name}, from {first} on; removal {gone}. Migration guide: {guide}."));
    letter.heading("Announcement by mail, in the forum or chat, and on the blog");
    letter.para(format!("We deprecate the {old} of {name}. What changes:"));
    letter.items(changes(facts));
    letter.para(format!(
        "Nothing breaks today. The {old} answers until its removal {gone}. Ask {} for help.",
        facts.contact(&["api", "support", "lead"])
    ));
    letter.heading("The first phase is over when");
    letter.items(
        [
            "each deprecated function logs its use",
            "the migration guide is published",
            "everybody whom it concerns was told",
            "a dashboard shows how much is still used, and by whom",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
    letter.heading("The phase in which both answer is over when");
    letter.items(
        [
            "the error rate of the new one is less than 0.1% higher",
            "its performance is within 10% of the baseline",
            "no critical bug is open",
            "at least 75% of the users have moved",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
    letter
}
