//! Statements of the version that runs fail.
//!
//! # What it checks
//! Tables and columns that get another name, views that go, unique indexes and triggers that refuse writes, and what a
//! table built anew has otherwise.
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

use segue_model::change::{Change, RenameColumn};
use segue_model::check::Breaks;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::ddl::alter::Action;
use crate::sql::ddl::key::KeyKind;
use crate::sql::ddl::rebuild;
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
    let failing = match &seen.event {
        Event::Alter(table, actions) if seen.is_there(table) => {
            actions.iter().filter_map(|action| renamed(table, action)).collect::<Vec<_>>()
        }
        Event::Drop(kind @ ("view" | "trigger"), names) => dropped(seen, kind, names),
        Event::Trigger(table, true) if seen.is_there(table) => {
            vec![(table.clone(), format!("the trigger refuses writes of table {table} that are taken today"))]
        }
        Event::DropTable(tables) => {
            let there = tables.iter().filter(|table| seen.is_there(table));
            there.filter_map(|table| rebuild::loss(seen, table)).flat_map(|loss| loss.failing).collect()
        }
        _ => Vec::new(),
    };
    for (object, message) in failing {
        found.add(&RULE, &[Breaks::Deploy, Breaks::Rolling], object.clone(), message.clone(), message);
        found.does(seen, &object, "EXCLUSIVE", false, false);
        if let Event::Alter(table, actions) = &seen.event
            && let [Action::RenameColumn(from, to)] = actions.as_slice()
        {
            let change = RenameColumn { table: table.clone(), from: from.clone(), to: to.clone() };
            found.journey(seen, &RULE, Change::RenameColumn(change));
        }
    }
    let Event::Alter(table, actions) = &seen.event else { return };
    for action in actions {
        let Action::AddKey(key) = action else { continue };
        if key.kind == KeyKind::Unique && seen.is_there(table) && !seen.is_over_new(table, key) {
            let message = format!("inserts of a value that is there fail from here: table {table} gets a unique index");
            found.add(&RULE, &[Breaks::Deploy, Breaks::Rolling], table.clone(), "unique index", message);
            found.does(seen, table, "EXCLUSIVE", false, true);
        }
    }
}

fn renamed(table: &str, action: &Action) -> Option<(String, String)> {
    match action {
        Action::RenameTable(to) => Some((table.to_owned(), format!("table {table} is called {} from here", to.name))),
        Action::RenameColumn(from, to) => {
            Some((format!("{table}.{from}"), format!("column {from} of table {table} is called {to} from here")))
        }
        _ => None,
    }
}

/// A view or trigger that the script did not make.
fn dropped(seen: &Seen<'_>, kind: &str, names: &[String]) -> Vec<(String, String)> {
    let there = names.iter().filter(|name| seen.is_there(name) && !seen.is_replaced(name));
    there.map(|name| (name.clone(), format!("{kind} {name} is dropped: what relies on it fails or is no longer done"))).collect()
}
