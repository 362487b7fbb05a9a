//! A constraint goes on which others rely.
//!
//! # What it checks
//! `DROP CONSTRAINT`.
//!
//! # Why it breaks
//! Writers may store what the old version of the application, or a rollback, takes for impossible; dropping a foreign key locks the other table too.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html>.
//!
//! # Safe path
//! Make sure that no version at work relies on it; it is quick, but give it a lock_timeout.
//!
//! # Example
//! ```sql
//! ALTER TABLE users DROP CONSTRAINT adult;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-drop-constraint",
    title: "a constraint goes on which others rely",
    why: "Writers may store what the old version of the application, or a rollback, takes for impossible; dropping a foreign key locks the other table too.",
    fix: "Make sure that nothing relies on it.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, around| {
        let Action::DropConstraint { name, .. } = action else { return };
        let helper = around.session.not_valid.contains_key(&(table.clone(), name.clone()));
        if helper || step.session.is_new(table) {
            return;
        }
        let found_key =
            around.world.tables.get(table).and_then(|found| found.constraints.iter().find(|constraint| constraint.name == *name));
        let other = found_key.and_then(|constraint| constraint.references.as_ref());
        let also = other.map(|other| format!(" and locks {} too", step.shown(other))).unwrap_or_default();
        found.push_rollback(
            step,
            &RULE,
            Finding {
                object: on(step, table, Some(name)),
                change: "drop constraint".to_owned(),
                message: format!("constraint {name} of {} goes{also}: the old version may rely on it", step.shown(table)),
                ..Finding::default()
            },
        );
    });
}
