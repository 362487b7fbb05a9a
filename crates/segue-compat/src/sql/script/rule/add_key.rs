//! A key builds its index under lock.
//!
//! # What it checks
//! `ADD PRIMARY KEY`, `ADD UNIQUE`, without `USING INDEX`; a primary key over columns that may be NULL.
//!
//! # Why it breaks
//! The index is built for the whole table under an ACCESS EXCLUSIVE lock: reads and writes wait.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX>.
//!
//! # Safe path
//! Build the unique index CONCURRENTLY, make the columns NOT NULL by way of a check, and add the constraint USING INDEX.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);
//! ```

use super::super::effect::{index_columns, not_null_is_known};
use super::super::journey;
use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, ConstraintBody};

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-add-key",
    title: "a key builds its index under lock",
    why: "The index is built for the whole table under an ACCESS EXCLUSIVE lock: reads and writes wait.",
    fix: "Build the index CONCURRENTLY and add the constraint USING INDEX.",
    answers: &["squawk:disallowed-unique-constraint", "squawk:adding-serial-primary-key-field", "strong_migrations:add_unique_constraint"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|at, table, action, around| {
        let Action::AddConstraint(constraint) = action else { return };
        let (columns, using_index, primary) = match &constraint.what {
            ConstraintBody::PrimaryKey { columns, using_index, .. } => (columns, using_index, true),
            ConstraintBody::Unique { columns, using_index, .. } => (columns, using_index, false),
            _ => return,
        };
        let keys = index_columns(around, table, columns, using_index.as_deref());
        let nullable = primary && !keys.iter().all(|column| not_null_is_known(around.world.tables.get(table), column, around.version));
        if using_index.is_some() && !nullable {
            return;
        }
        let work = if using_index.is_some() { Work::Scan } else { Work::Build };
        let Some(weight) = step.weigh(table, work, Mode::AccessExclusive) else { return };
        let name = around.world.constraint_name(table, constraint);
        let what = if using_index.is_some() { "looks for NULL in every row" } else { "builds its index" };
        let finding = Finding {
            object: on(step, table, Some(&name)),
            change: if primary { "add primary key" } else { "add unique" }.to_owned(),
            message: format!("{name} of {} {what} while everybody waits", step.shown(table)),
            safe_sql: sequence::key(step, around.world, at, table, constraint),
            segue: journey::shown(journey::of_action(step, around, table, action), journey::ONE),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
