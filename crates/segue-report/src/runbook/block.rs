//! One command of a runbook by the id of its step, for `segue runbook run STEP`.
//!
//! Gives only what may be printed too: nothing with a hole or with hidden characters. Never runs anything. Tests:
//! `tests/it/runbook_block.rs`.

use segue_model::plan::Plan;
use serde::Serialize;

use super::sheet::{Code, StepSheet, sheets};

/// A command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// The step.
    pub step: String,
    /// Whether it goes back.
    pub undo: bool,
    /// `shell`, `sql` or `config`.
    pub language: String,
    /// For `sql`: `postgres`, `mysql`, `sqlite`.
    pub dialect: String,
    /// The text.
    pub text: String,
    /// What must be so before; parts are joined by `; `.
    pub precondition: String,
    /// What it gives when it worked.
    pub expected: String,
}

/// The command that does the step; `None` for an unknown step and for one that a person does.
pub fn block(plan: &Plan, step: &str) -> Option<Block> {
    find(plan, step).and_then(forward)
}

/// The command that undoes the step; `None` where there is none.
pub fn undo_block(plan: &Plan, step: &str) -> Option<Block> {
    find(plan, step).and_then(back)
}

/// Every command, forward in order, each with the one that undoes it behind it.
pub fn blocks(plan: &Plan) -> Vec<Block> {
    let steps = sheets(plan).into_iter().flat_map(|phase| phase.steps);
    steps.flat_map(|step| forward(step.clone()).into_iter().chain(back(step))).collect()
}

fn find(plan: &Plan, id: &str) -> Option<StepSheet> {
    sheets(plan).into_iter().flat_map(|phase| phase.steps).find(|step| step.id == id)
}

fn forward(step: StepSheet) -> Option<Block> {
    Some(made(step.command?, step.id, step.before, false))
}

fn back(step: StepSheet) -> Option<Block> {
    let code = step.back.command?;
    let before = vec![code.precondition.clone()];
    Some(made(code, step.id, before, true))
}

fn made(code: Code, step: String, precondition: Vec<String>, undo: bool) -> Block {
    let precondition = precondition.join("; ");
    Block { step, undo, language: code.language, dialect: code.dialect, text: code.text, precondition, expected: code.expected }
}
