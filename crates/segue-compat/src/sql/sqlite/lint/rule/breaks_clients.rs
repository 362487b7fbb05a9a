//! Statements of the version that runs fail.
//!
//! # What it checks
//! Tables and columns that get another name, but for a new table that takes an old one's place.
//!
//! # Why it breaks
//! The application that is running asks for the old name.
//!
//! # Safe path
//! Serve both names for a while: a view with INSTEAD OF triggers, or a second column.
//!
//! # Example
//! ```sql
//! ALTER TABLE users RENAME COLUMN name TO full_name;
//! ```

use segue_model::check::Breaks;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::ddl::alter::Action;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sqlite-script-breaks-clients",
    title: "Statements of the version that runs fail",
    why: "The application that is running asks for the old name.",
    fix: "Serve both names for a while: a view with INSTEAD OF triggers, or a second column.",
    answers: &["atlas:BC101", "atlas:BC102"],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let Event::Alter(table, actions) = &seen.event else { return };
    if !seen.is_there(table) {
        return;
    }
    for action in actions {
        let (object, message) = match action {
            Action::RenameTable(to) => (table.clone(), format!("table {table} is called {} from here", to.name)),
            Action::RenameColumn(from, to) => {
                (format!("{table}.{from}"), format!("column {from} of table {table} is called {to} from here"))
            }
            _ => continue,
        };
        found.add(&RULE, &[Breaks::Deploy, Breaks::Rolling], object.clone(), message.clone(), message);
        found.does(seen, &object, "EXCLUSIVE", false, false);
    }
}
