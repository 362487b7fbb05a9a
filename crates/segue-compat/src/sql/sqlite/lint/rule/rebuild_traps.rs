//! The old table is dropped in a way that takes more along.
//!
//! # What it checks
//! The procedure that builds a table anew: DROP TABLE of the old one with foreign keys on or outside a transaction, and
//! the old table renamed away first.
//!
//! # Why it breaks
//! DROP TABLE deletes every row first, so that ON DELETE actions run; renaming the old table makes references, triggers
//! and views follow it.
//!
//! # Safe path
//! Foreign keys off, BEGIN, create the new table, copy, drop the old one, rename the new one, foreign_key_check, COMMIT
//! ("ALTER TABLE", section 7).
//!
//! # Example
//! ```sql
//! CREATE TABLE n (id INTEGER PRIMARY KEY);
//! INSERT INTO n SELECT id FROM t;
//! DROP TABLE t;
//! ALTER TABLE n RENAME TO t;
//! ```

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sqlite-script-rebuild-traps",
    title: "The old table is dropped in a way that takes more along",
    why: "DROP TABLE deletes every row first, so that ON DELETE actions run; renaming the old table makes references, triggers and views follow it.",
    fix: "Foreign keys off, BEGIN, create the new table, copy, drop the old one, rename the new one, foreign_key_check, COMMIT (\"ALTER TABLE\", section 7).",
    answers: &[],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let Event::DropTable(tables) = &seen.event else { return };
    let off = seen.before.settings.get("foreign_keys").is_some_and(|value| ["off", "0", "false", "no"].contains(&value.as_str()));
    for table in tables.iter().filter(|table| seen.is_there(table) && !seen.copies(table).is_empty()) {
        if !seen.before.in_transaction {
            let message = format!("table {table} is dropped outside a transaction: a crash before the rename leaves no table of that name");
            found.add(&RULE, &[Breaks::Deploy], table.clone(), "no transaction", message);
            found.does(seen, table, "EXCLUSIVE", false, false);
        }
        let referred = seen.table(table).is_none_or(|known| !known.referenced_by.is_empty());
        if !off && referred {
            let message = format!(
                "table {table} is dropped with foreign keys on: rows that refer to it are deleted or changed along, or the statement fails"
            );
            found.add(&RULE, &[Breaks::Deploy], table.clone(), "foreign keys on", message).severity = Severity::Critical;
            found.does(seen, table, "EXCLUSIVE", false, false);
        }
    }
}
