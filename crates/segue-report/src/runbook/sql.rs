//! The SQL of a runbook: by dialect and step, with what must be so before and what is expected.
//!
//! Ways back stand as comments at the end of each dialect, so that running the whole of a section never undoes it.
//! Composes no SQL of its own. Tests: `tests/it/runbook_sql.rs`.

use std::collections::BTreeSet;

use segue_model::plan::Plan;

use super::block::{Block, blocks};
use super::quote::comment;
use super::readiness::readiness;
use super::sheet::sheets;

/// The statements.
pub fn sql(plan: &Plan) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(&format!("-- SQL of {}. Plan {}, made by segue {}.", comment(&plan.id), comment(&plan.digest), comment(&plan.segue)));
    line(&format!("-- Readiness of the way back: {}", readiness(plan).word()));
    for needed in &plan.program.needed {
        line(&format!("-- Needed before start: {} (spec key {})", comment(&needed.what), comment(&needed.spec_key)));
    }
    let blocks: Vec<Block> = blocks(plan).into_iter().filter(|block| block.language == "sql").collect();
    if blocks.is_empty() {
        line("-- No step of this plan is SQL that a person runs.");
    }
    let dialects: BTreeSet<&str> = blocks.iter().map(|block| block.dialect.as_str()).collect();
    for dialect in dialects {
        line(&format!("\n-- Dialect: {}", comment(if dialect.is_empty() { "not stated" } else { dialect })));
        let here = || blocks.iter().filter(|block| block.dialect == dialect);
        for block in here().filter(|block| !block.undo) {
            line(&format!("\n-- Step {}", comment(&block.step)));
            line(&format!("-- Before: {}", comment(&block.precondition)));
            line(&format!("-- Expected: {}", comment(&block.expected)));
            line(&terminated(&block.text));
        }
        for block in here().filter(|block| block.undo).collect::<Vec<_>>().into_iter().rev() {
            line(&format!("\n-- Going back from step {}: take the two dashes away to run it", comment(&block.step)));
            line(&format!("-- Expected: {}", comment(&block.expected)));
            terminated(&block.text).lines().for_each(|text| line(&format!("-- {text}")));
        }
    }
    by_segue(plan, &mut line);
    out
}

/// Steps whose statements Segue composes itself when it runs them.
fn by_segue(plan: &Plan, line: &mut impl FnMut(&str)) {
    let steps: Vec<_> = sheets(plan).into_iter().flat_map(|phase| phase.steps).filter(|step| step.by == "run").collect();
    if steps.is_empty() {
        return;
    }
    line("\n-- Done by Segue, which composes and guards its own statements:");
    for step in steps {
        let command = step.command.map_or_else(String::new, |command| command.text);
        line(&format!("--   {}: {}", comment(&step.id), comment(&command)));
    }
}

/// A statement that ends before the next comment.
fn terminated(text: &str) -> String {
    let text = text.trim_end();
    let last = text.lines().last().unwrap_or_default();
    // Behind a comment a semicolon would be part of it.
    if text.ends_with(';') || last.trim_start().starts_with("--") {
        text.to_owned()
    } else if last.contains("--") {
        format!("{text}\n;")
    } else {
        format!("{text};")
    }
}
