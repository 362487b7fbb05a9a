//! Every writer waits while the table is read or written.
//!
//! # What it checks
//! UPDATE and DELETE without WHERE, CREATE INDEX and DROP COLUMN on a table that was there, and what follows them in one
//! transaction.
//!
//! # Why it breaks
//! SQLite has one writer for the whole file: all others wait or get SQLITE_BUSY until the transaction ends.
//!
//! # Safe path
//! Write in batches, each in a transaction of its own with BEGIN IMMEDIATE; give clients a busy time-out.
//!
//! # Example
//! ```sql
//! UPDATE orders SET note = 0;
//! ```

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::ddl::alter::Action;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sqlite-script-whole-file-lock",
    title: "Every writer waits while the table is read or written",
    why: "SQLite has one writer for the whole file: all others wait or get SQLITE_BUSY until the transaction ends.",
    fix: "Write in batches, each in a transaction of its own with BEGIN IMMEDIATE; give clients a busy time-out.",
    answers: &[],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let (table, what, rewrites) = match &seen.event {
        Event::Write(table, true) | Event::Delete(table, true) => (table, "writes every row", false),
        Event::Alter(table, actions) if actions.iter().any(|action| matches!(action, Action::DropColumn(_))) => {
            (table, "writes every row anew", true)
        }
        Event::Alter(table, actions) if actions.iter().any(|action| matches!(action, Action::AddKey(_))) => {
            (table, "reads every row", false)
        }
        _ => return,
    };
    if !seen.is_there(table) {
        return;
    }
    let message = format!("this statement {what} of table {table} while every writer of the file waits");
    let draft = found.add(&RULE, &[Breaks::Deploy], table.clone(), what, message);
    draft.severity = if seen.is_small(table) { Severity::Low } else { Severity::Medium };
    found.does(seen, table, "EXCLUSIVE", rewrites, true);
}
