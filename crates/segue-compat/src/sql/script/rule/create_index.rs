//! An index is built while writers wait.
//!
//! # What it checks
//! `CREATE INDEX` without `CONCURRENTLY` on a table that is neither new nor small.
//!
//! # Why it breaks
//! It takes a SHARE lock: every INSERT, UPDATE and DELETE waits until the whole table is read and the index is written.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-createindex.html>.
//!
//! # Safe path
//! `CREATE INDEX CONCURRENTLY`, outside a transaction.
//!
//! # Example
//! ```sql
//! CREATE INDEX users_email ON users (email);
//! ```

use super::super::journey;
use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-create-index",
    title: "an index is built while writers wait",
    why: "It takes a SHARE lock: every INSERT, UPDATE and DELETE waits until the whole table is read and the index is written.",
    fix: "Build it with CONCURRENTLY, outside a transaction.",
    answers: &["squawk:require-concurrent-index-creation", "strong_migrations:add_index", "strong_migrations:add_reference"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::CreateIndex(index) = step.stmt else { return };
    let table = step.world.resolve(&index.table);
    if index.concurrently {
        return;
    }
    let Some(weight) = step.weigh(&table, Work::Build, Mode::Share) else { return };
    let name = index.name.clone().unwrap_or_else(|| "the index".to_owned());
    let finding = Finding {
        object: on(step, &table, None),
        change: format!("create index {name}"),
        message: format!("CREATE INDEX {name} on {} makes writers wait", step.shown(&table)),
        safe_sql: sequence::index(step, index),
        segue: journey::shown(journey::of_statement(step), journey::ONE),
        ..Finding::default()
    };
    found.weighed(step, &RULE, &weight, finding);
}
