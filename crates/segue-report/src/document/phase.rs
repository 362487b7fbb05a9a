//! A phase as the documents have it: goal, tasks, steps with their commands, deliverables, gates.
//!
//! Long rows of like steps are shown once and counted. Tests: `tests/it/document.rs`.

use std::collections::BTreeMap;

use segue_model::plan::{Phase, Plan, Step};

use super::markdown::Markdown;
use super::part;
use crate::plan::say;

/// A phase of more steps than this is shown by kinds.
const MANY: usize = 12;

/// What people do and what is run, with boxes.
pub(super) fn tasks(page: &mut Markdown, phase: &Phase) {
    for task in &phase.project.tasks {
        let work = if task.minutes == 0 { String::new() } else { format!(", {}", say::work(task.minutes)) };
        let owner = if task.owner.is_empty() { String::new() } else { format!(" ({}{work})", task.owner) };
        page.check(false, &format!("{}{owner}", task.what));
    }
    for (step, more) in shown(phase) {
        let more =
            if more == 0 { String::new() } else { format!(" (and {} more of `{}` in the same way)", say::thousands(more), step.kind) };
        page.check(false, &format!("`{}` ({}): {}{more}", step.id, say::done_by(step), step.what));
    }
    if phase.project.tasks.is_empty() && phase.steps.is_empty() {
        page.para("Nothing is done in it; it waits for its gates.");
    }
}

/// The steps that are shown, each with the number of others that it stands for.
pub(super) fn shown(phase: &Phase) -> Vec<(&Step, u64)> {
    if phase.steps.len() <= MANY {
        return phase.steps.iter().map(|step| (step, 0)).collect();
    }
    let mut kinds: BTreeMap<&str, (usize, &Step, u64)> = BTreeMap::new();
    for (at, step) in phase.steps.iter().enumerate() {
        kinds.entry(&step.kind).and_modify(|(_, _, more)| *more += 1).or_insert((at, step, 0));
    }
    let mut all: Vec<(usize, &Step, u64)> = kinds.into_values().collect();
    all.sort_by_key(|(at, _, _)| *at);
    all.into_iter().map(|(_, step, more)| (step, more)).collect()
}

/// The commands of a phase's steps, with what must be so before and what is expected.
pub(super) fn commands(page: &mut Markdown, plan: &Plan, phase: &Phase) {
    if phase.steps.iter().any(|step| step.by == "run") && plan.runs() {
        page.fence("sh", &format!("segue apply plan.segue --until {}", say::shell_word(&phase.name)));
    }
    for (step, more) in shown(phase) {
        let Some(command) = &step.outside.command else { continue };
        let more = if more == 0 { String::new() } else { format!(" ({more} more in the same way: `segue runbook`)") };
        page.para(&format!("`{}`: {}{more}", step.id, step.what));
        page.fact("Before", &command.precondition);
        page.fence(say::language(command), &command.text);
        page.fact("Expect", &command.expected).fact("Done when", &step.outside.how_to_tell);
    }
}

/// Drafts of what the code becomes, step by step; nothing where the phase has none.
pub(super) fn code_changes(page: &mut Markdown, phase: &Phase, level: usize) {
    let drafted: Vec<&Step> = phase.steps.iter().filter(|step| !step.outside.drafts.is_empty()).collect();
    if drafted.is_empty() {
        return;
    }
    page.heading(level, "Code changes")
        .para("Drafts for a person who decides on each: shown, never applied. Texts of the program stand as `…`.");
    for step in drafted {
        for draft in &step.outside.drafts {
            page.para(&format!("`{}`, {}:", step.id, draft.at)).fence("diff", &say::difference(draft));
        }
    }
}

/// Deliverables, or that there are none.
pub(super) fn deliverables(page: &mut Markdown, phase: &Phase) {
    let goal = [phase.goal.clone()];
    let made = if phase.project.deliverables.is_empty() { &goal[..] } else { &phase.project.deliverables };
    part::points(page, made, "");
}
