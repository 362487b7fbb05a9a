//! Rows or values are lost.
//!
//! # What it checks
//! DROP DATABASE, DROP TABLE, TRUNCATE, DELETE of every row, DROP COLUMN, and types that hold fewer values than the one that the schema has.
//!
//! # Why it breaks
//! DDL cannot be rolled back here: what is gone is gone, and statements of the version that runs fail.
//!
//! # Safe path
//! Stop using it first, keep it aside (rename, or a copy), and drop it when nobody asked for it for a while.
//!
//! # Example
//! ```sql
//! ALTER TABLE orders DROP COLUMN note;
//! ```

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::Dialect;
use crate::sql::compare::{Kind, relate};
use crate::sql::ddl::alter::Action;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-loses-data",
    title: "Rows or values are lost",
    why: "DDL cannot be rolled back here: what is gone is gone, and statements of the version that runs fail.",
    fix: "Stop using it first, keep it aside (rename, or a copy), and drop it when nobody asked for it for a while.",
    answers: &["atlas:DS102", "atlas:DS103"],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let lost = match &seen.event {
        Event::Drop(kind @ ("database" | "schema"), names) => {
            names.iter().map(|name| (name.clone(), format!("{kind} {name} is dropped with every table in it"))).collect()
        }
        Event::DropTable(tables) => {
            tables.iter().filter(|table| seen.is_there(table)).map(|table| (table.clone(), format!("table {table} is dropped"))).collect()
        }
        Event::Truncate(table) | Event::Delete(table, true) if seen.is_there(table) => {
            vec![(table.clone(), format!("every row of table {table} is deleted"))]
        }
        Event::Alter(table, actions) if seen.is_there(table) => actions.iter().filter_map(|action| lost_by(seen, table, action)).collect(),
        _ => Vec::new(),
    };
    for (object, message) in lost {
        found.add(&RULE, &[Breaks::Deploy, Breaks::Rollback, Breaks::Rolling], object.clone(), message.clone(), message).severity =
            Severity::Critical;
        found.does(seen, &object, "EXCLUSIVE", false, false);
    }
}

fn lost_by(seen: &Seen<'_>, table: &str, action: &Action) -> Option<(String, String)> {
    match action {
        Action::DropColumn(name) => Some((format!("{table}.{name}"), format!("column {name} of table {table} is dropped with its values"))),
        Action::Modify(old, read) => {
            let before = seen.type_of(table, old)?;
            let (a, b) = (Kind::parse(before, Dialect::Mysql), Kind::parse(&read.column.data_type, Dialect::Mysql));
            let loses = a != b && relate(&a, &b).loses();
            let message =
                || format!("column {old} of table {table} becomes {} where it was {before}: values may not fit", read.column.data_type);
            loses.then(|| (format!("{table}.{old}"), message()))
        }
        _ => None,
    }
}
