//! CREATE TABLE AS copies no structure.
//!
//! # What it checks
//! `CREATE TABLE … AS SELECT * FROM` a table: a copy that is meant to replace it.
//!
//! # Why it breaks
//! Primary key, unique constraints, NOT NULL, defaults, checks, indexes, triggers and grants are not copied: the copy has none of them.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-createtableas.html>.
//!
//! # Safe path
//! `CREATE TABLE … (LIKE old INCLUDING ALL)`, then copy the rows in batches.
//!
//! # Example
//! ```sql
//! CREATE TABLE users_new AS SELECT * FROM users;
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-copy-structure",
    title: "CREATE TABLE AS copies no structure",
    why: "Primary key, unique constraints, NOT NULL, defaults, checks, indexes, triggers and grants are not copied: the copy has none of them.",
    fix: "Use CREATE TABLE … (LIKE … INCLUDING ALL) and copy the rows.",
    answers: &["segue:T4"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::CreateTableAs { name, temporary: false, materialized: false, reads, .. } = step.stmt else { return };
    let [read] = reads.as_slice() else { return };
    if step.text().contains('*') {
        let message = format!("{} gets the columns of {} without its keys, NOT NULLs, defaults, checks and indexes", name.name, read.name);
        found.note(
            step,
            &RULE,
            Severity::Medium,
            Finding { object: name.name.clone(), change: "create table as".to_owned(), message, ..Finding::default() },
        );
    }
}
