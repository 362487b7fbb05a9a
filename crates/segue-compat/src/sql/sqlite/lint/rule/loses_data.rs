//! Rows or values are lost.
//!
//! # What it checks
//! DROP TABLE where no other table was filled from it, and DROP COLUMN.
//!
//! # Why it breaks
//! What is gone is gone once the transaction commits, and statements of the version that runs fail.
//!
//! # Safe path
//! Stop using it first, keep it aside, and drop it when nobody asked for it for a while.
//!
//! # Example
//! ```sql
//! DROP TABLE orders;
//! ```

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::ddl::alter::Action;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sqlite-script-loses-data",
    title: "Rows or values are lost",
    why: "What is gone is gone once the transaction commits, and statements of the version that runs fail.",
    fix: "Stop using it first, keep it aside, and drop it when nobody asked for it for a while.",
    answers: &["atlas:DS102", "atlas:DS103"],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let lost = match &seen.event {
        Event::DropTable(tables) => tables
            .iter()
            .filter(|table| seen.is_there(table) && seen.before.filled.is_empty())
            .map(|table| (table.clone(), format!("table {table} is dropped")))
            .collect(),
        Event::Truncate(table) if seen.is_there(table) => vec![(table.clone(), format!("every row of table {table} is deleted"))],
        Event::Alter(table, actions) if seen.is_there(table) => actions.iter().filter_map(|action| lost_by(seen, table, action)).collect(),
        _ => Vec::new(),
    };
    for (object, message) in lost {
        found.add(&RULE, &[Breaks::Deploy, Breaks::Rolling], object.clone(), message.clone(), message).severity = Severity::Critical;
        found.does(seen, &object, "EXCLUSIVE", false, false);
    }
}

fn lost_by(_seen: &Seen<'_>, table: &str, action: &Action) -> Option<(String, String)> {
    let Action::DropColumn(name) = action else { return None };
    Some((format!("{table}.{name}"), format!("column {name} of table {table} is dropped with its values")))
}
