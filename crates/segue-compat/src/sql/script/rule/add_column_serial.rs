//! A serial or identity column numbers every row.
//!
//! # What it checks
//! `ADD COLUMN … serial`, `bigserial`, or `GENERATED … AS IDENTITY`.
//!
//! # Why it breaks
//! Every row gets its number at once: the table is written anew under an ACCESS EXCLUSIVE lock.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL>.
//!
//! # Safe path
//! Add an empty column, a sequence that it owns, and the sequence's next value as default; fill the old rows in batches.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD number bigserial;
//! ```

use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-add-column-serial",
    title: "a serial or identity column numbers every row",
    why: "Every row gets its number at once: the table is written anew under an ACCESS EXCLUSIVE lock.",
    fix: "Add the column empty with a sequence of its own, and fill the rows in batches.",
    answers: &["squawk:adding-serial-primary-key-field", "strong_migrations:add_column_auto_incrementing"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|at, table, action, _| {
        let Action::AddColumn { definition, .. } = action else { return };
        if !definition.serial && definition.identity.is_none() {
            return;
        }
        let Some(weight) = step.weigh(table, Work::Rewrite, Mode::AccessExclusive) else { return };
        let finding = Finding {
            object: on(step, table, Some(&definition.name)),
            change: "add numbered column".to_owned(),
            message: format!("adding {} to {} numbers every row", definition.name, step.shown(table)),
            safe_sql: if definition.serial { sequence::serial(step, at, table, definition) } else { Vec::new() },
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
