//! PRAGMA foreign_keys inside a transaction does nothing.
//!
//! # What it checks
//! `PRAGMA foreign_keys` between BEGIN and COMMIT ("SQLite Foreign Key Support", section 2).
//!
//! # Why it breaks
//! It is a no-op without an error: keys stay on, and dropping the old table deletes the rows that refer to it.
//!
//! # Safe path
//! Set it before BEGIN, and run `PRAGMA foreign_key_check` before COMMIT.
//!
//! # Example
//! ```sql
//! BEGIN;
//! PRAGMA foreign_keys = OFF;
//! DROP TABLE users;
//! ```

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::Dialect;
use crate::sql::ddl::script::{Event, Seen};
use crate::sql::ddl::sequence::outside;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sqlite-script-pragma-in-transaction",
    title: "PRAGMA foreign_keys inside a transaction does nothing",
    why: "It is a no-op without an error: keys stay on, and dropping the old table deletes the rows that refer to it.",
    fix: "Set it before BEGIN, and run `PRAGMA foreign_key_check` before COMMIT.",
    answers: &[],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let Event::Set(name, _) = &seen.event else { return };
    if name == "foreign_keys" && seen.before.in_transaction {
        let message = "PRAGMA foreign_keys does nothing here: a transaction is open".to_owned();
        found.add(&RULE, &[Breaks::Deploy], name.clone(), "inside a transaction", message).severity = Severity::High;
        found.does(seen, name, "", false, false);
        // Only at an edge of the transaction: what is in it stays in one.
        if !seen.before.touched || seen.ends_next() {
            found.instead(outside(seen.text, Dialect::Sqlite));
        }
    }
}
