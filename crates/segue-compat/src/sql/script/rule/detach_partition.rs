//! A partition is detached while everybody waits.
//!
//! # What it checks
//! `DETACH PARTITION` without `CONCURRENTLY` (14 and later have it).
//!
//! # Why it breaks
//! The whole partitioned table is locked ACCESS EXCLUSIVE: a wait for one query stops all partitions.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION>.
//!
//! # Safe path
//! `DETACH PARTITION … CONCURRENTLY`, outside a transaction.
//!
//! # Example
//! ```sql
//! ALTER TABLE events DETACH PARTITION events_2020;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-detach-partition",
    title: "a partition is detached while everybody waits",
    why: "The whole partitioned table is locked ACCESS EXCLUSIVE: a wait for one query stops all partitions.",
    fix: "Detach it CONCURRENTLY, outside a transaction.",
    answers: &["squawk:require-concurrent-partition-detach"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, around| {
        let Action::DetachPartition { partition, concurrently: false, finalize: false } = action else { return };
        if step.session.is_new(table) {
            return;
        }
        let has_default = around.world.tables.get(table).is_some_and(|found| {
            found.children.iter().any(|child| {
                around
                    .world
                    .tables
                    .get(child)
                    .is_some_and(|child| child.options.iter().any(|option| option.eq_ignore_ascii_case("partition default")))
            })
        });
        let can = step.version >= 140_000 && !has_default && step.alter().is_some_and(|(_, actions)| actions.len() == 1);
        let message = format!("detaching {} keeps everybody from all partitions of {}", partition.name, step.shown(table));
        found.danger(
            step,
            &RULE,
            Finding {
                object: on(step, table, Some(&partition.name)),
                change: "detach partition".to_owned(),
                message,
                safe_sql: if can { vec![format!("{} CONCURRENTLY;", step.text())] } else { Vec::new() },
                ..Finding::default()
            },
        );
    });
}
