//! What replication identifies rows by changes.
//!
//! # What it checks
//! `REPLICA IDENTITY FULL`, `NOTHING` or `USING INDEX`.
//!
//! # Why it breaks
//! FULL writes the whole old row for every update and delete; NOTHING makes updates of published tables fail.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY>.
//!
//! # Safe path
//! Give the table a primary key, and keep the default.
//!
//! # Example
//! ```sql
//! ALTER TABLE users REPLICA IDENTITY FULL;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-replica-identity",
    title: "what replication identifies rows by changes",
    why: "FULL writes the whole old row for every update and delete; NOTHING makes updates of published tables fail.",
    fix: "Give the table a primary key and keep the default.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, _| {
        let Action::ReplicaIdentity { identity } = action else { return };
        let (severity, what) = match identity.as_str() {
            "nothing" => (Severity::Medium, "updates and deletes fail once it is published"),
            "full" => (Severity::Low, "every update and delete logs the whole old row"),
            _ => return,
        };
        let message = format!("replica identity of {} is {identity}: {what}", step.shown(table));
        found.note(
            step,
            &RULE,
            severity,
            Finding { object: on(step, table, None), change: identity.clone(), message, ..Finding::default() },
        );
    });
}
