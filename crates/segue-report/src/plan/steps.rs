//! Steps and tasks as a terminal shows them: what, why, who, how to tell, how it is undone.
//!
//! Tests: `tests/it/plan.rs`, `tests/it/plan_kinds.rs`.

use segue_model::plan::{Command, Phase, Step};

use super::say;
use crate::text::{Page, Style, cell};

/// What people do beside the steps.
pub(super) fn tasks(page: &mut Page, phase: &Phase) {
    for task in &phase.project.tasks {
        let hours = if task.minutes == 0 { "not estimated".to_owned() } else { say::work(task.minutes) };
        let who = if task.owner.is_empty() { hours } else { format!("{}, {hours}", task.owner) };
        page.line(6, 8, &[cell(format!("task: {}", task.what)), cell(format!("({who})")).style(Style::Dim)]);
    }
    for made in &phase.project.deliverables {
        page.line(6, 8, &[cell(format!("delivers: {made}"))]);
    }
}

/// A step.
pub(super) fn lines(page: &mut Page, step: &Step) {
    page.line(6, 8, &[cell(&step.id).style(Style::Bold), cell(&step.what)]);
    let back = if step.reversible == "no" { "final" } else { "undo" };
    page.line(8, 10, &[cell(format!("why: {}", step.why)).style(Style::Dim)]);
    if step.by == "run" {
        page.line(8, 10, &[cell(format!("lock: {}", step.lock))]);
    } else {
        outside(page, step);
    }
    page.line(8, 10, &[cell(format!("{back}: {} (loses {})", step.undo.what, step.undo.loses))]);
    if let Some(undo) = &step.undo.command {
        command(page, "undo by", undo);
    }
    let time = step.undo.time.as_ref().map(|time| format!("undo takes {} ({})", say::time(time.seconds), time.from));
    let verify = (!step.undo.verify.is_empty()).then(|| format!("undone when: {}", step.undo.verify));
    for line in [time, verify].into_iter().flatten() {
        page.line(8, 10, &[cell(line)]);
    }
}

/// Who does a step that Segue does not, by which command, and how to tell that it is done.
fn outside(page: &mut Page, step: &Step) {
    let owner = if step.outside.owner.is_empty() { String::new() } else { format!(" ({})", step.outside.owner) };
    let because = if step.outside.because.is_empty() { String::new() } else { format!("; {}", step.outside.because) };
    page.line(8, 10, &[cell(format!("by: {}{owner}{because}", say::done_by(step)))]);
    if let Some(text) = &step.outside.command {
        command(page, "run", text);
    }
    if !step.outside.how_to_tell.is_empty() {
        page.line(8, 10, &[cell(format!("done when: {}", step.outside.how_to_tell))]);
    }
    for draft in &step.outside.drafts {
        page.line(8, 10, &[cell(format!("draft for {} (shown, never applied):", draft.at))]);
        draft.before.lines().for_each(|line| page.code(10, "- ", line));
        draft.after.lines().for_each(|line| page.code(10, "+ ", line));
    }
}

/// A command with each of its lines on a line, so that it can be read; it is taken from a runbook, not from here.
fn command(page: &mut Page, word: &str, command: &Command) {
    if !command.precondition.is_empty() {
        page.line(8, 10, &[cell(format!("before: {}", command.precondition))]);
    }
    page.line(8, 10, &[cell(format!("{word} ({}):", say::language(command)))]);
    for line in command.text.lines() {
        page.code(10, "", line);
    }
    if !command.expected.is_empty() {
        page.line(8, 10, &[cell(format!("expect: {}", command.expected))]);
    }
}
