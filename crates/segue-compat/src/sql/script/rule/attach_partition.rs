//! A partition is read whole when it is attached.
//!
//! # What it checks
//! `ATTACH PARTITION` of a table without a valid check that implies the partition's bound; a default partition beside it.
//!
//! # Why it breaks
//! The new partition is read under an ACCESS EXCLUSIVE lock to see that its rows belong there, and the default partition is too.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE>.
//!
//! # Safe path
//! Add a check with the bound NOT VALID, validate it, attach, drop the check.
//!
//! # Example
//! ```sql
//! ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
//! ```

use super::super::lock::Mode;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-attach-partition",
    title: "a partition is read whole when it is attached",
    why: "The new partition is read under an ACCESS EXCLUSIVE lock to see that its rows belong there, and the default partition is too.",
    fix: "Add and validate a check with the bound before it.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, _| {
        let Action::AttachPartition { partition, .. } = action else { return };
        let partition = step.world.resolve(partition);
        for read in step.effect.scans.iter().filter(|read| **read != *table) {
            let Some(weight) = step.weigh(read, Work::Scan, Mode::AccessExclusive) else { continue };
            let message = format!("attaching {} to {} reads {}", step.shown(&partition), step.shown(table), step.shown(read));
            found.weighed(
                step,
                &RULE,
                &weight,
                Finding { object: on(step, read, None), change: "attach partition".to_owned(), message, ..Finding::default() },
            );
        }
    });
}
