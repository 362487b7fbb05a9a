//! A strong lock is asked for without a lock_timeout.
//!
//! # What it checks
//! The first statement that takes a writer-blocking lock on a table that others use, while no `lock_timeout` is set.
//!
//! # Why it breaks
//! It waits behind the longest running transaction, and everybody who comes later waits behind it: a quick statement stops the table for as long as somebody else's query runs.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT>.
//!
//! # Safe path
//! `SET lock_timeout = '2s'` first, and try again when it fails.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD nick text;
//! ```

use super::super::lock::Mode;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-lock-timeout",
    title: "a strong lock is asked for without a lock_timeout",
    why: "It waits behind the longest running transaction, and everybody who comes later waits behind it: a quick statement stops the table for as long as somebody else's query runs.",
    fix: "Set lock_timeout before it, and try again when it fails.",
    answers: &["squawk:require-timeout-settings", "squawk:require-lock-timeout"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if found.timeout_said || step.session.has_lock_timeout() {
        return;
    }
    let strong =
        step.effect.locks.keys().find(|table| step.effect.strongest(table).is_some_and(Mode::blocks_writes) && !step.session.is_new(table));
    let Some(table) = strong else { return };
    found.timeout_said = true;
    let mode = step.effect.strongest(table).map_or("", Mode::name);
    found.note(
        step,
        &RULE,
        Severity::Low,
        Finding {
            object: on(step, table, None),
            change: "no lock_timeout".to_owned(),
            message: format!(
                "{mode} on {} is waited for without a limit, and everybody who comes later waits behind it",
                step.shown(table)
            ),
            ..Finding::default()
        },
    );
}
