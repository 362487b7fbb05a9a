//! One transaction locks several tables against everybody.
//!
//! # What it checks
//! A second table gets an ACCESS EXCLUSIVE lock in a transaction that holds one already.
//!
//! # Why it breaks
//! The locks are taken one after the other and held to the end: another transaction that uses the tables in another order deadlocks with it, and the wait for the second lock keeps the first table blocked.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS>.
//!
//! # Safe path
//! One table a transaction.
//!
//! # Example
//! ```sql
//! BEGIN;
//! ALTER TABLE a ADD x int;
//! ALTER TABLE b ADD y int;
//! COMMIT;
//! ```

use super::super::lock::Mode;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use segue_model::finding::Severity;
use segue_model::ident::TableName;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-several-locks",
    title: "one transaction locks several tables against everybody",
    why: "The locks are taken one after the other and held to the end: another transaction that uses the tables in another order deadlocks with it, and the wait for the second lock keeps the first table blocked.",
    fix: "Put each table into a transaction of its own.",
    answers: &["strong_migrations:lock_timeout"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if !step.session.open {
        return;
    }
    let strong = |table: &&TableName| !step.session.is_new(table) && !step.world.views.contains_key(*table);
    let held: Vec<&TableName> =
        step.session.held.iter().filter(|(_, mode)| **mode == Mode::AccessExclusive).map(|(table, _)| table).filter(strong).collect();
    let now = step
        .effect
        .locks
        .keys()
        .filter(|table| step.effect.strongest(table) == Some(Mode::AccessExclusive))
        .filter(strong)
        .find(|table| !held.contains(table));
    let (Some(first), Some(table)) = (held.first(), now) else { return };
    found.note(
        step,
        &RULE,
        Severity::Medium,
        Finding {
            object: on(step, table, None),
            change: "another exclusive lock".to_owned(),
            message: format!(
                "{} is locked against everybody while {} still is: others can deadlock with it",
                step.shown(table),
                step.shown(first)
            ),
            ..Finding::default()
        },
    );
}
