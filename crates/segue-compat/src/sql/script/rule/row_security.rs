//! Row security hides rows from those who see them now.
//!
//! # What it checks
//! `ENABLE ROW LEVEL SECURITY`, `DISABLE ROW LEVEL SECURITY`.
//!
//! # Why it breaks
//! With it on and no policy, everybody but the owner sees no row; switched off, everybody sees all of them.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/ddl-rowsecurity.html>.
//!
//! # Safe path
//! Create the policies first, in the same transaction; test with the application's own role.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ENABLE ROW LEVEL SECURITY;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-row-security",
    title: "row security hides rows from those who see them now",
    why: "With it on and no policy, everybody but the owner sees no row; switched off, everybody sees all of them.",
    fix: "Create the policies first and test with the application's role.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, around| {
        let Action::RowSecurity { enable } = action else { return };
        if step.session.is_new(table) {
            return;
        }
        let policies = around.world.tables.get(table).is_some_and(|table| !table.policies.is_empty());
        if *enable && policies {
            return;
        }
        let message = if *enable {
            format!("row security of {} is on without a policy: everybody but its owner sees no row", step.shown(table))
        } else {
            format!("row security of {} is off: everybody with a grant sees every row", step.shown(table))
        };
        let finding = Finding { object: on(step, table, None), change: format!("row security {enable}"), message, ..Finding::default() };
        if *enable { found.danger(step, &RULE, finding) } else { found.loss(step, &RULE, finding) }
    });
}
