//! An index goes while everybody waits.
//!
//! # What it checks
//! `DROP INDEX` without `CONCURRENTLY`.
//!
//! # Why it breaks
//! It takes an ACCESS EXCLUSIVE lock on the table, and waits for every running transaction that uses it while all later ones wait behind it.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-dropindex.html>.
//!
//! # Safe path
//! `DROP INDEX CONCURRENTLY`, outside a transaction.
//!
//! # Example
//! ```sql
//! DROP INDEX users_email;
//! ```

use super::super::journey;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::SMALL_BYTES;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{ObjectKind, Stmt};
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-drop-index",
    title: "an index goes while everybody waits",
    why: "It takes an ACCESS EXCLUSIVE lock on the table, and waits for every running transaction that uses it while all later ones wait behind it.",
    fix: "Drop it with CONCURRENTLY, outside a transaction.",
    answers: &["squawk:require-concurrent-index-deletion", "strong_migrations:remove_index"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::Drop { kind: ObjectKind::Index, names, concurrently: false, cascade, .. } = step.stmt else { return };
    for (at, name) in names.iter().enumerate() {
        let (_, table) = step.world.resolve_index(name);
        if table.as_ref().is_some_and(|table| step.session.is_new(table)) {
            continue;
        }
        let object = table.as_ref().map_or_else(|| name.name.clone(), |table| on(step, table, None));
        let parted = table.as_ref().and_then(|table| step.world.tables.get(table)).is_some_and(|table| table.partition_key.is_some());
        let sql = if *cascade || names.len() > 1 || parted {
            Vec::new()
        } else {
            vec![format!("{};", sequence::after_word(step.text(), "index", " CONCURRENTLY"))]
        };
        let small = table.as_ref().and_then(|table| step.size(table)).is_some_and(|size| size.bytes <= SMALL_BYTES);
        let finding = Finding {
            object,
            change: format!("drop index {}", name.name),
            message: format!(
                "DROP INDEX {} takes an ACCESS EXCLUSIVE lock on its table: reads and writes wait behind whoever uses it now",
                name.name
            ),
            safe_sql: if small { Vec::new() } else { sql },
            segue: journey::shown(journey::of_statement(step), (at, names.len())),
            ..Finding::default()
        };
        if small { found.note(step, &RULE, Severity::Info, finding) } else { found.danger(step, &RULE, finding) }
    }
}
