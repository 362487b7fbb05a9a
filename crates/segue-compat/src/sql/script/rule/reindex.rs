//! An index is rebuilt while writers wait.
//!
//! # What it checks
//! `REINDEX` without `CONCURRENTLY` (12 and later have it).
//!
//! # Why it breaks
//! It takes a SHARE lock on the table and an ACCESS EXCLUSIVE lock on the index: writers wait, and so do queries that would use the index.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-reindex.html>.
//!
//! # Safe path
//! `REINDEX … CONCURRENTLY`, outside a transaction.
//!
//! # Example
//! ```sql
//! REINDEX TABLE users;
//! ```

use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-reindex",
    title: "an index is rebuilt while writers wait",
    why: "It takes a SHARE lock on the table and an ACCESS EXCLUSIVE lock on the index: writers wait, and so do queries that would use the index.",
    fix: "Rebuild it with CONCURRENTLY, outside a transaction.",
    answers: &["squawk:require-concurrent-reindex"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::Reindex { what, name, concurrently: false } = step.stmt else { return };
    let table = match (what.as_str(), name) {
        ("index", Some(name)) => step.world.resolve_index(name).1,
        ("table", Some(name)) => Some(step.world.resolve(name)),
        _ => None,
    };
    let shown = name.as_ref().map_or_else(|| what.clone(), |name| name.name.clone());
    let sql = if step.version >= 120_000 && what != "system" {
        vec![format!("{};", sequence::after_word(step.text(), what, " CONCURRENTLY"))]
    } else {
        Vec::new()
    };
    let finding = Finding {
        object: shown.clone(),
        change: format!("reindex {what}"),
        message: format!("REINDEX {} {shown} makes writers wait", what.to_uppercase()),
        safe_sql: if step.text().contains('(') { Vec::new() } else { sql },
        ..Finding::default()
    };
    match table {
        Some(table) => {
            if let Some(weight) = step.weigh(&table, Work::Build, Mode::Share) {
                found.weighed(step, &RULE, &weight, finding);
            }
        }
        None => found.danger(step, &RULE, finding),
    }
}
