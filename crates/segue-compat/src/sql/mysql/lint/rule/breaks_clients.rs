//! Statements of the version that runs fail.
//!
//! # What it checks
//! Tables and columns that get another name, views and routines that go, and what refuses writes of today: columns that
//! every insert must give, unique keys, triggers.
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
use crate::sql::ddl::key::KeyKind;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-breaks-clients",
    title: "Statements of the version that runs fail",
    why: "The application that is running asks for the old name, or does not give the new column.",
    fix: "Serve both names for a while (a view, a second column), and give new columns a default until every writer gives them.",
    answers: &["atlas:BC101", "atlas:BC102", "atlas:MY101"],
};

/// What holds rows: `loses_data` speaks of it.
const LOST: [&str; 2] = ["database", "schema"];

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let mut failing = Vec::new();
    match &seen.event {
        Event::RenameTable(pairs) => failing.extend(
            pairs
                .iter()
                .filter(|(table, _)| seen.is_there(table))
                .map(|(table, _)| (table.clone(), format!("table {table} gets another name"))),
        ),
        Event::Drop(kind, names) if !LOST.contains(kind) => failing.extend(dropped(seen, kind, names)),
        Event::Trigger(table, true) if seen.is_there(table) => {
            failing.push((table.clone(), format!("the trigger refuses writes of table {table} that are taken today")));
        }
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
                    Action::AddKey(key) if matches!(key.kind, KeyKind::Unique | KeyKind::Primary) && !seen.is_over_new(table, key) => {
                        let columns: Vec<&str> = key.parts.iter().map(|part| part.column.as_str()).collect();
                        let columns = columns.join(", ");
                        let message = format!("inserts of a value that is there fail from here: {columns} of table {table} become unique");
                        failing.push((table.clone(), message));
                    }
                    action => failing.extend(required(seen, table, action)),
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

/// A view, a routine and the like that the script did not make.
fn dropped(seen: &Seen<'_>, kind: &str, names: &[String]) -> Vec<(String, String)> {
    let there = names.iter().filter(|name| seen.is_there(name));
    there
        .map(|name| {
            let again = if seen.is_replaced(name) { " until it is made again below" } else { "" };
            (name.clone(), format!("{kind} {name} is dropped: statements that use it fail{again}"))
        })
        .collect()
}

/// A column that inserts could leave out, or fill with NULL, until now.
fn required(seen: &Seen<'_>, table: &str, action: &Action) -> Option<(String, String)> {
    let (name, message) = match action {
        Action::Modify(old, read) if !read.column.nullable && read.column.identity.is_none() && read.column.generated.is_none() => {
            let before = seen.column(table, old);
            let newly = before.is_none_or(|column| column.nullable);
            let no_default = read.column.default.is_none() && before.is_some_and(|column| column.default.is_some());
            let what = match () {
                () if newly => "inserts of NULL fail from here",
                () if no_default => "inserts must give a value from here",
                () => return None,
            };
            (old, what)
        }
        Action::Default(name, None) => {
            let before = seen.column(table, name);
            if before.is_some_and(|column| column.nullable || column.default.is_none()) {
                return None;
            }
            (name, "inserts must give a value from here")
        }
        _ => return None,
    };
    Some((format!("{table}.{name}"), format!("{message}: column {name} of table {table}")))
}
