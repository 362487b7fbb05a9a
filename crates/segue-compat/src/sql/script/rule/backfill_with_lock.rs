//! Rows are written while the transaction holds a strong lock.
//!
//! # What it checks
//! `UPDATE`, `DELETE`, `INSERT … SELECT` or `COPY` in a transaction that has taken an ACCESS EXCLUSIVE (or other writer-blocking) lock by DDL before it.
//!
//! # Why it breaks
//! The lock of the DDL is held until the end of the transaction: everybody waits for the whole backfill.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/explicit-locking.html>.
//!
//! # Safe path
//! Commit the DDL first, then fill in batches.
//!
//! # Example
//! ```sql
//! BEGIN;
//! ALTER TABLE users ADD active boolean;
//! UPDATE users SET active = true;
//! COMMIT;
//! ```

use super::super::walk::Step;
use super::super::weight::SMALL_BYTES;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-backfill-with-lock",
    title: "rows are written while the transaction holds a strong lock",
    why: "The lock of the DDL is held until the end of the transaction: everybody waits for the whole backfill.",
    fix: "Commit before the rows are written.",
    answers: &["strong_migrations:backfill", "squawk:ban-uncommitted-transaction"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if !step.session.open {
        return;
    }
    let writes = match step.stmt {
        Stmt::Update { .. } | Stmt::Delete { .. } | Stmt::Copy { from: true, .. } => true,
        Stmt::Insert { reads, .. } => !reads.is_empty(),
        _ => false,
    };
    let strongest =
        step.session.held.iter().filter(|(table, mode)| mode.blocks_writes() && !step.session.is_new(table)).max_by_key(|(_, mode)| **mode);
    let Some((table, mode)) = strongest.filter(|_| writes) else { return };
    if step.size(table).is_some_and(|size| size.bytes <= SMALL_BYTES) {
        return;
    }
    found.danger(
        step,
        &RULE,
        Finding {
            object: on(step, table, None),
            change: "rows written under a DDL lock".to_owned(),
            message: format!(
                "rows are written while this transaction holds {} on {}, which {}",
                mode.name(),
                step.shown(table),
                mode.blocks()
            ),
            ..Finding::default()
        },
    );
}
