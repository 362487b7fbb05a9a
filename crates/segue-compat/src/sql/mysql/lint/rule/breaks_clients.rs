//! Statements of the version that runs fail.
//!
//! # What it checks
//! Tables and columns that get another name, and new columns that every insert must give.
//!
//! # Why it breaks
//! The application that is running asks for the old name, or does not give the new column.
//!
//! # Safe path
//! Serve both names for a while (a view, a second column), and give new columns a default until every writer gives them.
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
    id: "mysql-script-breaks-clients",
    title: "Statements of the version that runs fail",
    why: "The application that is running asks for the old name, or does not give the new column.",
    fix: "Serve both names for a while (a view, a second column), and give new columns a default until every writer gives them.",
    answers: &["atlas:BC101", "atlas:BC102", "atlas:MY101"],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let mut failing = Vec::new();
    match &seen.event {
        Event::RenameTable(tables) => failing.extend(
            tables.iter().filter(|table| seen.is_there(table)).map(|table| (table.clone(), format!("table {table} gets another name"))),
        ),
        Event::Alter(table, actions) if seen.is_there(table) => {
            for action in actions {
                match action {
                    Action::RenameTable(to) => failing.push((table.clone(), format!("table {table} is called {} from here", to.name))),
                    Action::RenameColumn(from, to) => {
                        failing.push((format!("{table}.{from}"), format!("column {from} of table {table} is called {to} from here")));
                    }
                    Action::Modify(from, read) if !read.column.name.eq_ignore_ascii_case(from) => {
                        failing.push((
                            format!("{table}.{from}"),
                            format!("column {from} of table {table} is called {} from here", read.column.name),
                        ));
                    }
                    Action::AddColumn(read)
                        if !read.column.nullable
                            && read.column.default.is_none()
                            && read.column.generated.is_none()
                            && read.column.identity.is_none() =>
                    {
                        failing.push((
                            format!("{table}.{}", read.column.name),
                            format!("inserts must give column {} of table {table} from here", read.column.name),
                        ));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    for (object, message) in failing {
        found.add(&RULE, &[Breaks::Deploy, Breaks::Rolling], object.clone(), message.clone(), message);
        found.does(seen, &object, "EXCLUSIVE", false, false);
    }
}
