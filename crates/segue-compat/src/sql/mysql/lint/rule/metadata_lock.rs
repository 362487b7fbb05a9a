//! Statements queue behind a DDL that waits.
//!
//! # What it checks
//! DDL on a table that was there, without `lock_wait_timeout` set before it.
//!
//! # Why it breaks
//! It waits for every open transaction on the table, by default for a day, and everybody who comes after waits behind it.
//!
//! # Safe path
//! Set `lock_wait_timeout` to a few seconds and try again.
//!
//! # Example
//! ```sql
//! SET SESSION lock_wait_timeout = 5;
//! ALTER TABLE orders ADD note text;
//! ```

use segue_model::finding::Severity;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::ddl::script::{Event, Seen};
use crate::sql::ddl::sequence::LOCK_WAIT;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-metadata-lock",
    title: "Statements queue behind a DDL that waits",
    why: "It waits for every open transaction on the table, by default for a day, and everybody who comes after waits behind it.",
    fix: "Set `lock_wait_timeout` to a few seconds and try again.",
    answers: &["strong_migrations:lock_timeout"],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let table = match &seen.event {
        Event::Alter(table, _) => table,
        Event::DropTable(tables) => match tables.first() {
            Some(table) => table,
            None => return,
        },
        Event::RenameTable(pairs) => match pairs.first() {
            Some((table, _)) => table,
            None => return,
        },
        _ => return,
    };
    if seen.is_there(table) && !seen.before.ddl && !seen.before.settings.contains_key("lock_wait_timeout") {
        let message =
            format!("while this statement waits for table {table}, everybody else waits behind it: no lock_wait_timeout is set before it");
        found.add(&RULE, &[], table.clone(), "no lock_wait_timeout", message).severity = Severity::Low;
        found.does(seen, table, "EXCLUSIVE", false, false);
        found.instead(vec![LOCK_WAIT.to_owned(), format!("{};", seen.text)]);
    }
}
