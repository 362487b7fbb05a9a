//! A default that differs from row to row rewrites the table.
//!
//! # What it checks
//! `ADD COLUMN` with a default that calls a volatile function (or one that nobody knows), and with any default before version 11.
//!
//! # Why it breaks
//! The server computes the default for every row and writes the table anew under an ACCESS EXCLUSIVE lock. A constant or stable default (`now()`) costs nothing from version 11 on.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>.
//!
//! # Safe path
//! Add the column without a default, set the default for new rows, fill the old ones in batches, then set NOT NULL by way of a check.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD token uuid DEFAULT gen_random_uuid();
//! ```

use super::super::effect::rewrites_for;
use super::super::journey;
use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-add-column-default",
    title: "a default that differs from row to row rewrites the table",
    why: "The server computes the default for every row and writes the table anew under an ACCESS EXCLUSIVE lock. A constant or stable default (`now()`) costs nothing from version 11 on.",
    fix: "Add the column empty, set the default, fill the rows in batches.",
    answers: &["squawk:adding-field-with-default", "strong_migrations:add_column_default", "strong_migrations:add_column_default_callable"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|at, table, action, around| {
        let Action::AddColumn { definition, .. } = action else { return };
        if definition.serial || definition.identity.is_some() || definition.generated.is_some() || definition.default.is_none() {
            return;
        }
        let Some(why) = rewrites_for(around, definition) else { return };
        let Some(weight) = step.weigh(table, Work::Rewrite, Mode::AccessExclusive) else { return };
        let finding = Finding {
            object: on(step, table, Some(&definition.name)),
            change: "add column with a volatile default".to_owned(),
            message: format!("adding {} to {} writes every row: {why}", definition.name, step.shown(table)),
            safe_sql: sequence::volatile_default(step, at, table, definition),
            segue: journey::shown(journey::of_action(step, around, table, action), journey::ONE),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
