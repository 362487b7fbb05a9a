//! Rows or values are lost.
//!
//! # What it checks
//! DROP TABLE where no other table takes its place, columns that a table built anew has not, DELETE of every row, DROP
//! COLUMN, and a schema that is written by hand.
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

use segue_model::change::{Change, DropColumn};
use segue_model::check::Breaks;
use segue_model::finding::Severity;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::ddl::alter::Action;
use crate::sql::ddl::rebuild;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sqlite-script-loses-data",
    title: "Rows or values are lost",
    why: "What is gone is gone once the transaction commits, and statements of the version that runs fail.",
    fix: "Stop using it first, keep it aside, and drop it when nobody asked for it for a while.",
    answers: &["atlas:DS102", "atlas:DS103"],
};

/// Tables in which SQLite keeps the schema.
const SCHEMA: [&str; 4] = ["sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"];

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let mut lost = Vec::new();
    let mut open = Vec::new();
    match &seen.event {
        Event::DropTable(tables) => {
            for table in tables.iter().filter(|table| seen.is_there(table)) {
                match rebuild::loss(seen, table) {
                    Some(loss) => {
                        lost.extend(loss.lost);
                        open.extend(loss.open);
                    }
                    None => lost.push((table.clone(), format!("table {table} is dropped"))),
                }
            }
        }
        Event::Write(table, _) | Event::Delete(table, _) | Event::Insert(table)
            if SCHEMA.iter().any(|one| table.eq_ignore_ascii_case(one)) =>
        {
            lost.push((table.clone(), format!("{table} is written by hand: one wrong word, and the file cannot be read")));
        }
        Event::Set(name, value) if name == "writable_schema" && !["0", "off", "false", "no", "reset"].contains(&value.as_str()) => {
            lost.push((
                name.clone(),
                "the schema can be written by hand from here: one wrong word, and the file cannot be read".to_owned(),
            ));
        }
        Event::Truncate(table) | Event::Delete(table, true) if seen.is_there(table) => {
            lost.push((table.clone(), format!("every row of table {table} is deleted")));
        }
        Event::Alter(table, actions) if seen.is_there(table) => lost.extend(actions.iter().filter_map(|action| lost_by(table, action))),
        _ => {}
    }
    for (object, message, severity) in
        lost.into_iter().map(|(a, b)| (a, b, Severity::Critical)).chain(open.into_iter().map(|(a, b)| (a, b, Severity::High)))
    {
        let breaks = [Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        found.add(&RULE, &breaks, object.clone(), message.clone(), message).severity = severity;
        found.does(seen, &object, "EXCLUSIVE", false, false);
        if let Some(change) = kept_aside(seen) {
            found.journey(seen, &RULE, change);
        }
    }
}

/// The column goes in `contract`; where rows must have a value, which one is for a person to say.
fn kept_aside(seen: &Seen<'_>) -> Option<Change> {
    let Event::Alter(table, actions) = &seen.event else { return None };
    let [Action::DropColumn(name)] = actions.as_slice() else { return None };
    let column = seen.column(table, name)?;
    let free = column.nullable || column.default.is_some();
    free.then(|| Change::DropColumn(DropColumn { table: table.clone(), column: name.clone(), down: None }))
}

fn lost_by(table: &str, action: &Action) -> Option<(String, String)> {
    let Action::DropColumn(name) = action else { return None };
    Some((format!("{table}.{name}"), format!("column {name} of table {table} is dropped with its values")))
}
