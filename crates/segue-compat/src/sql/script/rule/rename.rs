//! A new name breaks the versions at work.
//!
//! # What it checks
//! `RENAME TO`, `RENAME COLUMN`, `SET SCHEMA`, `ALTER TYPE … RENAME VALUE`, of what the script did not make.
//!
//! # Why it breaks
//! Versions of the application that are at work still use the old name and fail until the last of them is gone; going back breaks the new ones.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html>.
//!
//! # Safe path
//! Add the new name beside the old one (Segue's `rename_column` serves both by views), switch, and let the old one go.
//!
//! # Example
//! ```sql
//! ALTER TABLE users RENAME COLUMN name TO full_name;
//! ```

use super::super::journey;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{ObjectKind, Stmt};

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-rename",
    title: "a new name breaks the versions at work",
    why: "Versions of the application that are at work still use the old name and fail until the last of them is gone; going back breaks the new ones.",
    fix: "Serve both names until the old one is not used any more (rename_column).",
    answers: &[
        "squawk:renaming-column",
        "squawk:renaming-table",
        "strong_migrations:rename_column",
        "strong_migrations:rename_table",
        "strong_migrations:rename_schema",
    ],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let (object, message, segue) = match step.stmt {
        Stmt::Rename { kind: ObjectKind::Column, name, part: Some(column), to, .. } => {
            let table = step.world.resolve(name);
            if step.session.is_new(&table) || step.session.null_columns.contains(&(table.clone(), column.clone())) {
                return;
            }
            let segue = journey::shown(journey::of_statement(step), journey::ONE);
            (on(step, &table, Some(column)), format!("column {column} of {} becomes {to}", step.shown(&table)), segue)
        }
        Stmt::Rename { kind: ObjectKind::Table, name, to, .. } => {
            let table = step.world.resolve(name);
            let other = step.world.sequences.contains_key(&table) || step.world.resolve_index(name).1.is_some();
            if step.session.is_new(&table) || other {
                return;
            }
            (on(step, &table, None), format!("table {} becomes {to}", step.shown(&table)), None)
        }
        Stmt::Rename {
            kind:
                ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Schema
                | ObjectKind::Type
                | ObjectKind::Domain
                | ObjectKind::Function
                | ObjectKind::Sequence,
            name,
            to,
            ..
        } => (name.name.clone(), format!("{} becomes {to}", name.name), None),
        Stmt::SetSchema { name, to, .. } => (name.name.clone(), format!("{} moves to schema {to}", name.name), None),
        Stmt::RenameEnumValue { name } => (name.name.clone(), format!("a value of {} gets another name", name.name), None),
        _ => return,
    };
    let message = format!("{message}: versions at work use the old name and fail");
    found.both_ways(step, &RULE, Finding { object, change: "rename".to_owned(), message, segue, ..Finding::default() });
}
