//! A change of type rewrites the table.
//!
//! # What it checks
//! `ALTER COLUMN … TYPE` where the new type is stored differently, or shorter, or computed by USING.
//!
//! # Why it breaks
//! Every row is written anew under an ACCESS EXCLUSIVE lock, with all indexes: reads and writes wait. Widening `varchar`, `varchar` to `text`, `numeric` with more digits at the same scale, `cidr` to `inet` and a few more cost nothing.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>.
//!
//! # Safe path
//! Add a column of the new type, keep both true by a trigger, fill it in batches, and switch. Segue does that as `change_type`.
//!
//! # Example
//! ```sql
//! ALTER TABLE orders ALTER COLUMN id TYPE bigint;
//! ```

use super::super::journey;
use super::super::lock::Mode;
use super::super::type_change::{self, Change, Cost};
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-change-type",
    title: "a change of type rewrites the table",
    why: "Every row is written anew under an ACCESS EXCLUSIVE lock, with all indexes: reads and writes wait. Widening `varchar`, `varchar` to `text`, `numeric` with more digits at the same scale, `cidr` to `inet` and a few more cost nothing.",
    fix: "Let Segue change the type (change_type), or go by way of a second column.",
    answers: &["squawk:changing-column-type", "strong_migrations:change_column"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, around| {
        let Some(change) = Change::of(action, around.session.utc, around.version) else { return };
        let Change { column, data_type, .. } = change;
        let Cost::Rewrites { why } = type_change::cost(around.world, around.world.tables.get(table), &change) else { return };
        let Some(weight) = step.weigh(table, Work::Rewrite, Mode::AccessExclusive) else { return };
        let finding = Finding {
            object: on(step, table, Some(column)),
            change: format!("type {data_type}"),
            message: format!("changing {column} of {} to {data_type} writes every row: {why}", step.shown(table)),
            segue: journey::shown(journey::of_action(step, around, table, action), journey::ONE),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
