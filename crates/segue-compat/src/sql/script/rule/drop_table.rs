//! A table goes with its rows.
//!
//! # What it checks
//! `DROP TABLE` of a table that the script did not make; and of one that is not there, when the script makes it behind.
//!
//! # Why it breaks
//! Versions of the application that use it fail, its rows are lost, and with CASCADE the views and foreign keys on it go too. Tables that it refers to are locked as well.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-droptable.html>.
//!
//! # Safe path
//! Stop using it first; rename it, wait, drop it later. Segue's `drop_table` keeps it aside until `contract`.
//!
//! # Example
//! ```sql
//! DROP TABLE users CASCADE;
//! ```

use super::super::journey;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{ObjectKind, Stmt};
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-drop-table",
    title: "a table goes with its rows",
    why: "Versions of the application that use it fail, its rows are lost, and with CASCADE the views and foreign keys on it go too. Tables that it refers to are locked as well.",
    fix: "Stop using it first and keep it aside for a while.",
    answers: &["squawk:ban-drop-table", "strong_migrations:create_table_force"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    made_again(step, found);
    let Stmt::Drop { kind: ObjectKind::Table | ObjectKind::ForeignTable, names, cascade, if_exists, .. } = step.stmt else { return };
    for (at, name) in names.iter().enumerate() {
        let table = step.world.resolve(name);
        if step.session.is_new(&table) {
            continue;
        }
        if *if_exists && step.facts.is_some() && !step.world.tables.contains_key(&table) {
            let message = format!("table {} is not there: nothing is done", step.shown(&table));
            let finding = Finding { object: on(step, &table, None), change: "drop table".to_owned(), message, ..Finding::default() };
            found.note(step, &RULE, Severity::Info, finding);
            continue;
        }
        let mut with: Vec<String> = step.world.readers(&table, None).iter().map(|view| step.shown(view)).collect();
        with.extend(
            step.world
                .tables
                .get(&table)
                .into_iter()
                .flat_map(|found| &found.referenced_by)
                .map(|other| format!("{} of {}", other.constraint, step.shown(&other.table))),
        );
        let with = if *cascade && !with.is_empty() { format!(", and with it {}", with.join(", ")) } else { String::new() };
        found.loss(
            step,
            &RULE,
            Finding {
                object: on(step, &table, None),
                change: "drop table".to_owned(),
                message: format!("table {} goes with all its rows{with}", step.shown(&table)),
                segue: journey::shown(journey::of_statement(step), (at, names.len())),
                ..Finding::default()
            },
        );
    }
}

/// A table that the script makes behind `DROP TABLE IF EXISTS`: where it is there, and each time after the first, its rows go.
fn made_again(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::CreateTable(new) = step.stmt else { return };
    let table = new.name.in_schema(step.world.schema());
    if step.facts.is_none() || new.temporary || !step.session.absent.contains(&table) {
        return;
    }
    let shown = step.shown(&table);
    let message =
        format!("table {shown} is not there now, and is dropped with all its rows wherever it is: so it is when this script runs again");
    found.loss(
        step,
        &RULE,
        Finding { object: on(step, &table, None), change: "drop and create".to_owned(), message, ..Finding::default() },
    );
}
