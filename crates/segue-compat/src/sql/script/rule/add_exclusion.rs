//! An exclusion constraint builds its index under lock.
//!
//! # What it checks
//! `ADD CONSTRAINT … EXCLUDE`.
//!
//! # Why it breaks
//! Its index is built for the whole table under an ACCESS EXCLUSIVE lock, and there is no way to build it beforehand.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE>.
//!
//! # Safe path
//! Add it to a new table and move the rows there, or enforce the rule by a trigger until a quiet hour.
//!
//! # Example
//! ```sql
//! ALTER TABLE bookings ADD EXCLUDE USING gist (room WITH =, during WITH &&);
//! ```

use super::super::lock::Mode;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, ConstraintBody};

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-add-exclusion",
    title: "an exclusion constraint builds its index under lock",
    why: "Its index is built for the whole table under an ACCESS EXCLUSIVE lock, and there is no way to build it beforehand.",
    fix: "Do it in a maintenance window with lock_timeout, or on a new table.",
    answers: &["strong_migrations:add_exclusion_constraint"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, _| {
        let Action::AddConstraint(constraint) = action else { return };
        if !matches!(constraint.what, ConstraintBody::Exclude { .. }) {
            return;
        }
        let Some(weight) = step.weigh(table, Work::Build, Mode::AccessExclusive) else { return };
        let name = step.world.constraint_name(table, constraint);
        let finding = Finding {
            object: on(step, table, Some(&name)),
            change: "add exclusion".to_owned(),
            message: format!("exclusion constraint {name} of {} builds its index while everybody waits", step.shown(table)),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
