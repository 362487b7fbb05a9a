//! A union has a branch that the reader does not know.
//!
//! # What it checks
//!
//! A branch of the writer's union (or its only type) matches none of the reader's.
//!
//! # Why it breaks
//!
//! A value of that branch is refused. `null` that goes is the usual case: a field that could be empty no longer can.
//!
//! # Safe path
//!
//! Add branches to the readers first; remove a branch when no stored value has it.
//!
//! # Example
//!
//! ```json
//! - {"name": "note", "type": ["null", "string"]}
//! + {"name": "note", "type": "string"}
//! ```

use crate::avro::context::{Context, Sides};
use crate::avro::resolve::Problem;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-union-branch-unknown",
    title: "A union has a branch that the reader does not know",
    why: "A value of that branch is refused. `null` that goes is the usual case: a field that could be empty no longer can.",
    fix: "Add branches to the readers first; remove a branch when no stored value has it.",
    answers: &["avro:MISSING_UNION_BRANCH"],
};

pub(in crate::avro) fn say(context: &mut Context<'_>, sides: Sides, problem: &Problem) {
    let crate::avro::resolve::Why::Branch(branch) = &problem.why else { return };
    let branch = context.branch(sides, problem, *branch);
    let text = format!("{} can be {branch}, which {} does not take", context.at(sides, problem), sides.reader());
    context.problem(&RULE, sides, problem, format!("branch {branch}"), text);
}
