//! A script locks a table by hand.
//!
//! # What it checks
//! `LOCK TABLE` in a mode that keeps writers out.
//!
//! # Why it breaks
//! Everybody waits until the transaction ends.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-lock.html>.
//!
//! # Safe path
//! Let the statement that needs the lock take it, with a lock_timeout.
//!
//! # Example
//! ```sql
//! LOCK TABLE users;
//! ```

use super::super::lock::Mode;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-lock-table",
    title: "a script locks a table by hand",
    why: "Everybody waits until the transaction ends.",
    fix: "Leave the lock to the statement that needs it.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::LockTable { tables, mode } = step.stmt else { return };
    let mode = Mode::named(mode).unwrap_or(Mode::AccessExclusive);
    for table in tables.iter().map(|table| step.world.resolve(table)).filter(|table| mode.blocks_writes() && !step.session.is_new(table)) {
        let message = format!("LOCK TABLE {} {} until the transaction ends", step.shown(&table), mode.blocks());
        found.danger(
            step,
            &RULE,
            Finding { object: on(step, &table, None), change: "lock table".to_owned(), message, ..Finding::default() },
        );
    }
}
