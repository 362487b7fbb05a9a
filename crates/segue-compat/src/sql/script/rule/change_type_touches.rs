//! A change of type rebuilds indexes or tries checks again.
//!
//! # What it checks
//! `ALTER COLUMN … TYPE` that keeps the rows, on a column with an index of another operator class (`text` to `citext`), an index with an expression or predicate on it, or a check.
//!
//! # Why it breaks
//! The indexes are built and the checks tried again, for the whole table, under an ACCESS EXCLUSIVE lock.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>.
//!
//! # Safe path
//! Checks: drop and add them NOT VALID in the same statement, then validate. Indexes: build the new one beside the old one over a second column.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ALTER COLUMN email TYPE citext;
//! ```

use super::super::journey;
use super::super::lock::Mode;
use super::super::sequence;
use super::super::type_change::{self, Change, Cost};
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-change-type-touches",
    title: "a change of type rebuilds indexes or tries checks again",
    why: "The indexes are built and the checks tried again, for the whole table, under an ACCESS EXCLUSIVE lock.",
    fix: "Take the checks out and validate them afterwards; change the column by way of a second one where indexes are rebuilt.",
    answers: &["strong_migrations:change_column_constraint", "squawk:changing-column-type"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|at, table, action, around| {
        let Some(change) = Change::of(action, around.session.utc, around.version) else { return };
        let Change { column, data_type, .. } = change;
        let Cost::Touches { indexes, checks } = type_change::cost(around.world, around.world.tables.get(table), &change) else { return };
        let work = if indexes.is_empty() { Work::Scan } else { Work::Build };
        let Some(weight) = step.weigh(table, work, Mode::AccessExclusive) else { return };
        let what: Vec<String> = indexes
            .iter()
            .map(|name| format!("index {name} is built again"))
            .chain(checks.iter().map(|name| format!("check {name} is tried again")))
            .collect();
        let finding = Finding {
            object: on(step, table, Some(column)),
            change: format!("type {data_type}"),
            message: format!("changing {column} of {} to {data_type} keeps its rows, but {}", step.shown(table), what.join(", ")),
            safe_sql: if indexes.is_empty() { sequence::recheck(step, at, table, &checks) } else { Vec::new() },
            segue: journey::shown(journey::of_action(step, around, table, action), journey::ONE).filter(|_| !indexes.is_empty()),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
