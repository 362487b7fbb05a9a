//! The migration guide: what changes, in which steps one moves, by when, and what to do when it does not work.
//!
//! Tests: `tests/it/message_drafts.rs`.

use super::api::{changes, phases, removal, steps};
use super::facts::{Facts, sentence};
use super::letter::Letter;

/// Where the guide of this migration stands: `docs/migrations/MIG-042.md` (document 003).
pub(super) fn path(facts: &Facts<'_>) -> String {
    let id: String = facts.plan.id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    format!("docs/migrations/{id}.md")
}

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let mut letter = Letter::new(format!("Migration guide: {}", facts.name()));
    letter.para(format!("File: {}", path(facts)));
    letter.heading("Why");
    letter.para(if facts.plan.program.why.is_empty() { "The plan gives no reason.".to_owned() } else { sentence(&facts.plan.program.why) });
    letter.heading("What changes");
    letter.items(changes(facts));
    letter.heading("Steps");
    letter.numbered(steps(facts));
    letter.heading("Timeline");
    letter.items(phases(facts));
    let (old, _) = facts.sides();
    letter.para(format!("The {old} goes {}.", removal(facts).unwrap_or_else(|| "on a day that is not set yet".to_owned())));
    letter.heading("Can I go back?");
    letter.para(facts.plan.point_of_no_return().map_or_else(
        || "Yes, at any time.".to_owned(),
        |_| {
            format!(
                "Yes, until the {old} goes{}: up to then it answers.",
                removal(facts).map_or_else(String::new, |day| format!(", {day}"))
            )
        },
    ));
    letter.heading("When it does not work");
    letter.para(format!("Write to {} with the time, what you called and what came back.", facts.contact(&["api", "support", "lead"])));
    letter
}
