//! The way through: what to do for each thing that would break old clients, in four phases.
//!
//! Announce, soft, hard, remove: nothing goes without an alternative and a time (F185). Dates are no matter of this file. Tests:
//! `tests/it/openapi/steps.rs`.

use std::collections::BTreeMap;

use segue_model::check::{Breaks, CheckStep};
use segue_model::finding::Severity;

use crate::draft::{Draft, fingerprint};

/// How many subjects get steps of their own.
const SUBJECTS_MAX: usize = 100;

/// The steps for what was found.
pub(super) fn steps(drafts: &[Draft]) -> Vec<CheckStep> {
    let mut subjects: BTreeMap<String, &Draft> = BTreeMap::new();
    for draft in drafts.iter().filter(|draft| draft.breaks.contains(&Breaks::Deploy) && draft.severity >= Severity::Medium) {
        let kept = subjects.entry(subject(draft)).or_insert(draft);
        if (draft.severity, &kept.object, &kept.change) > (kept.severity, &draft.object, &draft.change) {
            *kept = draft;
        }
    }
    let left = subjects.len().saturating_sub(SUBJECTS_MAX);
    let mut steps = Vec::new();
    for phase in ["announce", "soft", "hard", "remove"] {
        steps.extend(subjects.iter().take(SUBJECTS_MAX).map(|(subject, draft)| step(phase, subject, draft)));
        if left > 0 {
            let what = format!("Do the same for the {left} others that the findings name.");
            let id = format!("{phase} the others");
            steps.push(CheckStep {
                id,
                phase: phase.to_owned(),
                what,
                by: "manual".to_owned(),
                change: None,
                command: None,
                finding: None,
            });
        }
    }
    steps
}

/// The operation, when it is one; the object otherwise.
fn subject(draft: &Draft) -> String {
    match &draft.reach {
        Some(reach) if reach.count == 1 => reach.examples.first().cloned().unwrap_or_else(|| draft.object.clone()),
        _ => draft.object.clone(),
    }
}

fn step(phase: &str, subject: &str, draft: &Draft) -> CheckStep {
    let whole = draft.rule.starts_with("openapi-operation-removed") || draft.rule == "openapi-operation-moved";
    let what = match (phase, whole) {
        ("announce", true) => {
            format!(
                "Keep `{subject}`, mark it `deprecated: true` with an `x-sunset` date, name what to use in its place, and tell its users."
            )
        }
        ("announce", false) => {
            format!(
                "Keep what `{subject}` promises now beside the new form, write down both, and tell its users until when the old one stays."
            )
        }
        ("soft", _) => {
            format!("Answer old calls of `{subject}` as before, with the headers `Deprecation` and `Sunset`, and count who makes them.")
        }
        ("hard", _) => {
            format!("Refuse old calls of `{subject}` in test and staging; write to those who still make them in production.")
        }
        _ => format!("Remove the old form of `{subject}` when its date has passed and nobody was counted for a while."),
    };
    CheckStep {
        id: format!("{phase} {subject}"),
        phase: phase.to_owned(),
        what,
        by: "manual".to_owned(),
        change: None,
        command: None,
        finding: Some(fingerprint(&draft.rule, &draft.object, &draft.change)),
    }
}
