//! A type that is often regretted.
//!
//! # What it checks
//! New columns of type `char(n)`, `timestamp without time zone`, `serial`, `money`, `integer` as a primary key.
//!
//! # Why it breaks
//! `char(n)` pads with blanks; a time without its zone is ambiguous twice a year; a serial's sequence has rights of its own; 2,147,483,647 rows come sooner than one thinks.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/datatype.html>.
//!
//! # Safe path
//! `text` with a check, `timestamptz`, `bigint GENERATED … AS IDENTITY`, `numeric`.
//!
//! # Example
//! ```sql
//! CREATE TABLE t (id serial PRIMARY KEY, at timestamp);
//! ```

use super::super::sequence;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{ColumnDefinition, ConstraintBody, Stmt};
use segue_model::finding::Severity;
use segue_model::ident::TableName;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-preferences",
    title: "a type that is often regretted",
    why: "`char(n)` pads with blanks; a time without its zone is ambiguous twice a year; a serial's sequence has rights of its own; 2,147,483,647 rows come sooner than one thinks.",
    fix: "Prefer text, timestamptz, bigint and identity columns.",
    answers: &[
        "squawk:ban-char-field",
        "squawk:prefer-timestamptz",
        "squawk:prefer-identity",
        "squawk:prefer-bigint-over-int",
        "squawk:prefer-bigint-over-smallint",
        "squawk:prefer-text-field",
    ],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let (table, columns): (TableName, Vec<&ColumnDefinition>) = match step.stmt {
        Stmt::CreateTable(table) if !table.temporary => (table.name.in_schema(step.world.schema()), table.columns.iter().collect()),
        _ => match step.alter() {
            Some((name, actions)) => (name, actions.iter().filter_map(sequence::definition).collect()),
            None => return,
        },
    };
    for column in columns {
        let key = column.constraints.iter().any(|constraint| matches!(constraint.what, ConstraintBody::PrimaryKey { .. }));
        let what = match column.data_type.as_str() {
            "integer" | "smallint" if key => "a key of this size runs out; bigint does not",
            _ if column.serial => "an identity column says the same with rights of the table",
            "timestamp without time zone" => "a time without its zone is ambiguous; timestamptz is not",
            "money" => "money follows the server's locale; numeric does not",
            data_type if data_type.starts_with("character(") => "char(n) pads with blanks; text with a check does not",
            _ => continue,
        };
        let message = format!("{} is {}: {what}", column.name, column.data_type);
        found.note(
            step,
            &RULE,
            Severity::Info,
            Finding { object: on(step, &table, Some(&column.name)), change: column.data_type.clone(), message, ..Finding::default() },
        );
    }
}
