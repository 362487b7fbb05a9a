//! A schema or a database goes with everything in it.
//!
//! # What it checks
//! `DROP DATABASE`, `DROP SCHEMA … CASCADE`, `DROP OWNED`.
//!
//! # Why it breaks
//! Everything in it is lost at once, and no list says what it was.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-dropschema.html>.
//!
//! # Safe path
//! Drop the objects by name, so that a review sees them.
//!
//! # Example
//! ```sql
//! DROP SCHEMA shop CASCADE;
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::{ObjectKind, Stmt};

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-drop-schema",
    title: "a schema or a database goes with everything in it",
    why: "Everything in it is lost at once, and no list says what it was.",
    fix: "Drop the objects one by one, by name.",
    answers: &["squawk:ban-drop-database"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::Drop { kind, names, cascade, .. } = step.stmt else { return };
    let whole = *kind == ObjectKind::Database || (*kind == ObjectKind::Schema && *cascade);
    for name in names.iter().filter(|_| whole) {
        let tables = step.world.tables.keys().filter(|table| table.schema == name.name).count();
        let known = if tables > 0 { format!(": {tables} tables that are known") } else { String::new() };
        found.loss(
            step,
            &RULE,
            Finding {
                object: name.name.clone(),
                change: "drop everything".to_owned(),
                message: format!("everything in {} is lost{known}", name.name),
                ..Finding::default()
            },
        );
    }
}
