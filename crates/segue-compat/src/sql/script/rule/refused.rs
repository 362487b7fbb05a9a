//! The server refuses the statement.
//!
//! # What it checks
//! A statement of which the schema says that it fails: a type changed under a view or a generated column, a column dropped that a view reads, a table truncated to which a foreign key refers, a column added twice.
//!
//! # Why it breaks
//! The migration stops half-way, with what ran before it committed or rolled back depending on the tool.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/ddl-depend.html>.
//!
//! # Safe path
//! Take the dependent object out of the way first, and make it again afterwards.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ALTER COLUMN name TYPE text;  -- while a view reads name
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-refused",
    title: "the server refuses the statement",
    why: "The migration stops half-way, with what ran before it committed or rolled back depending on the tool.",
    fix: "Drop the dependent object before it and make it again after it.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if let Some(why) = &step.effect.fails {
        let table = step.effect.locks.keys().next();
        found.danger(
            step,
            &RULE,
            Finding {
                object: table.map_or_else(|| format!("statement {}", step.index + 1), |table| on(step, table, None)),
                change: why.clone(),
                message: format!("the server refuses this: {why}"),
                ..Finding::default()
            },
        );
    }
}
