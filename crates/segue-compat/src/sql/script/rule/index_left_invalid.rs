//! IF NOT EXISTS hides an index that failed.
//!
//! # What it checks
//! `CREATE INDEX CONCURRENTLY IF NOT EXISTS`, and a `lock_timeout` that is set while an index is built concurrently.
//!
//! # Why it breaks
//! A concurrent build that failed leaves an invalid index of that name. The next run finds the name taken, says nothing, and the index is never used.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>.
//!
//! # Safe path
//! Drop the index first if it is there and not valid (`pg_index.indisvalid`), or build it under a name that is free.
//!
//! # Example
//! ```sql
//! CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
//! ```

use super::super::sequence;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-index-left-invalid",
    title: "IF NOT EXISTS hides an index that failed",
    why: "A concurrent build that failed leaves an invalid index of that name. The next run finds the name taken, says nothing, and the index is never used.",
    fix: "Before it, drop an index of that name that is not valid.",
    answers: &["strong_migrations:add_index_corruption"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::CreateIndex(index) = step.stmt else { return };
    if index.concurrently && step.session.has_lock_timeout() && !step.session.open {
        let table = step.world.resolve(&index.table);
        let name = index.name.clone().unwrap_or_else(|| "the index".to_owned());
        found.note(
            step,
            &RULE,
            Severity::Medium,
            Finding {
                object: on(step, &table, None),
                change: format!("lock_timeout {name}"),
                message: format!("the build waits for older transactions; when lock_timeout ends the wait, {name} stays behind invalid"),
                safe_sql: sequence::unhurried(step, format!("{};", step.text())),
                ..Finding::default()
            },
        );
    }
    if index.concurrently && index.if_not_exists {
        let table = step.world.resolve(&index.table);
        let name = index.name.clone().unwrap_or_default();
        found.note(
            step,
            &RULE,
            Severity::Low,
            Finding {
                object: on(step, &table, None),
                change: format!("if not exists {name}"),
                message: format!("if a build of {name} failed before, its invalid index stays and this statement does nothing"),
                ..Finding::default()
            },
        );
    }
}
