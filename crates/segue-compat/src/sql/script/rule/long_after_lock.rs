//! A long statement runs while a strong lock is held.
//!
//! # What it checks
//! A statement that reads or writes a whole table (an index build, a validation, a rewrite) in a transaction that holds an ACCESS EXCLUSIVE lock on another table.
//!
//! # Why it breaks
//! The lock that is held already keeps everybody from that table for as long as the long statement runs.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/explicit-locking.html>.
//!
//! # Safe path
//! Commit first.
//!
//! # Example
//! ```sql
//! BEGIN;
//! ALTER TABLE a ADD x int;
//! CREATE INDEX b_y ON b (y);
//! COMMIT;
//! ```

use super::super::lock::Mode;
use super::super::walk::Step;
use super::super::weight::SMALL_BYTES;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;
use segue_model::ident::TableName;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-long-after-lock",
    title: "a long statement runs while a strong lock is held",
    why: "The lock that is held already keeps everybody from that table for as long as the long statement runs.",
    fix: "Commit before the long statement.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if !step.session.open || matches!(step.stmt, Stmt::Update { .. } | Stmt::Delete { .. }) {
        return;
    }
    let work: Vec<&TableName> = step.effect.scans.iter().filter(|table| !step.session.is_new(table)).collect();
    let long = work.iter().find(|table| step.size(table).is_none_or(|size| size.bytes > SMALL_BYTES));
    let held = step
        .session
        .held
        .iter()
        .find(|(table, mode)| **mode == Mode::AccessExclusive && !step.session.is_new(table) && !work.contains(table));
    let (Some(long), Some((table, _))) = (long, held) else { return };
    found.danger(
        step,
        &RULE,
        Finding {
            object: on(step, table, None),
            change: "long statement under a lock".to_owned(),
            message: format!("{} is read whole while this transaction keeps everybody from {}", step.shown(long), step.shown(table)),
            ..Finding::default()
        },
    );
}
