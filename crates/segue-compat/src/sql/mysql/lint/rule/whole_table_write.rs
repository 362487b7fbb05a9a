//! One statement writes every row.
//!
//! # What it checks
//! UPDATE or DELETE without WHERE and LIMIT on a table that was there.
//!
//! # Why it breaks
//! It locks every row until it commits, fills the undo log, and a replica stands still as long again.
//!
//! # Safe path
//! Walk the primary key in batches, each in a transaction of its own.
//!
//! # Example
//! ```sql
//! UPDATE orders SET note = 0;
//! ```

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-whole-table-write",
    title: "One statement writes every row",
    why: "It locks every row until it commits, fills the undo log, and a replica stands still as long again.",
    fix: "Walk the primary key in batches, each in a transaction of its own.",
    answers: &["strong_migrations:backfill"],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let (Event::Write(table, true) | Event::Delete(table, true)) = &seen.event else { return };
    if !seen.is_there(table) {
        return;
    }
    let message = format!("this statement writes every row of table {table} at once");
    let draft = found.add(&RULE, &[Breaks::Deploy], table.clone(), "every row", message);
    if seen.is_small(table) {
        draft.severity = Severity::Low;
    }
    found.does(seen, table, "SHARED_WRITE", false, true);
}
