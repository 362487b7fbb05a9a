//! Writers of the versions at work must keep to a new constraint.
//!
//! # What it checks
//! A unique index, a check, a NOT NULL, a foreign key or an exclusion that an existing table gets, however it is built.
//!
//! # Why it breaks
//! From then on the server refuses rows that it took before: NOT VALID spares the old rows, not the new ones. Whether a
//! version at work writes such rows cannot be told from a script, so that it is never called compatible. Where the two
//! schemas are compared, the same change is a narrowing, with a value that proves it.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/ddl-constraints.html>.
//!
//! # Safe path
//! Deploy the version that keeps to it first; add the constraint when the last old one is gone.
//!
//! # Example
//! ```sql
//! CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);
//! ```

use segue_model::finding::Severity;
use segue_model::ident::TableName;

use super::super::effect::not_null_is_known;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, ConstraintBody, Stmt, TableConstraint};

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-binds-writers",
    title: "writers of the versions at work must keep to a new constraint",
    why: "The server refuses rows that it took before; whether a version at work writes such rows cannot be told from a script.",
    fix: "Deploy the version that keeps to it first, and add the constraint when the last old one is gone.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if step.effect.fails.is_some() {
        return;
    }
    if let Stmt::CreateIndex(index) = step.stmt
        && index.unique
    {
        let table = step.world.resolve(&index.table);
        let keys: Vec<&str> = index.keys.iter().map(|key| key.key.as_str()).collect();
        say(step, found, &table, &format!("unique {}", keys.join(" ")), &format!("{} must be unique", keys.join(", ")));
    }
    step.each_action(|_, table, action, around| {
        let known = around.world.tables.get(table);
        match action {
            Action::SetNotNull { column } => {
                // A check that says it already binds them; and what is NOT NULL stays so.
                let bound = known.and_then(|table| table.column(column)).is_some_and(|column| !column.nullable);
                let by_check = not_null_is_known(known, column, around.version);
                if !bound && !by_check {
                    say(step, found, table, &format!("not null {column}"), &format!("{column} must have a value"));
                }
            }
            Action::AddConstraint(constraint) => added(step, found, table, constraint),
            _ => {}
        }
    });
}

fn added(step: &Step<'_>, found: &mut Found<'_>, table: &TableName, constraint: &TableConstraint) {
    if constraint.not_enforced {
        return;
    }
    let (change, says) = match &constraint.what {
        ConstraintBody::Check(check) => (format!("check {}", check.text), "rows must pass a new check".to_owned()),
        ConstraintBody::NotNull { column } => (format!("not null {column}"), format!("{column} must have a value")),
        ConstraintBody::Unique { columns, using_index: None, .. } | ConstraintBody::PrimaryKey { columns, using_index: None, .. } => {
            (format!("unique {}", columns.join(" ")), format!("{} must be unique", columns.join(", ")))
        }
        ConstraintBody::ForeignKey { columns, table: other, .. } => {
            (format!("references {}", columns.join(" ")), format!("{} must be found in {}", columns.join(", "), other.name))
        }
        ConstraintBody::Exclude { .. } => ("exclusion".to_owned(), "rows must not exclude each other".to_owned()),
        // The index bound them when it was built.
        ConstraintBody::Unique { .. } | ConstraintBody::PrimaryKey { .. } => return,
    };
    say(step, found, table, &change, &says);
}

fn say(step: &Step<'_>, found: &mut Found<'_>, table: &TableName, change: &str, says: &str) {
    if step.session.is_new(table) {
        return;
    }
    let message = format!("in {} {says} from now on; whether the versions at work keep to it is not known", step.shown(table));
    let finding = Finding { object: on(step, table, None), change: change.to_owned(), message, undecided: true, ..Finding::default() };
    found.note(step, &RULE, Severity::Medium, finding);
}
