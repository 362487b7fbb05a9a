//! CONCURRENTLY inside a transaction fails.
//!
//! # What it checks
//! `CREATE INDEX CONCURRENTLY`, `DROP INDEX CONCURRENTLY`, `REINDEX CONCURRENTLY`, `DETACH PARTITION CONCURRENTLY`, `VACUUM`, and other statements that PostgreSQL refuses inside a transaction block.
//!
//! # Why it breaks
//! The server refuses the statement, and everything of the transaction before it is rolled back.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>.
//!
//! # Safe path
//! Run it on its own, before BEGIN or after COMMIT; tell the migration tool not to wrap it.
//!
//! # Example
//! ```sql
//! BEGIN;
//! CREATE INDEX CONCURRENTLY users_email ON users (email);
//! COMMIT;
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::{ObjectKind, Stmt};

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-concurrently-in-transaction",
    title: "CONCURRENTLY inside a transaction fails",
    why: "The server refuses the statement, and everything of the transaction before it is rolled back.",
    fix: "Move it outside the transaction.",
    answers: &["squawk:ban-concurrent-index-creation-in-transaction"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if !step.session.open {
        return;
    }
    let alone = match step.stmt {
        Stmt::Vacuum { .. } | Stmt::Cluster { table: None } | Stmt::Drop { kind: ObjectKind::Database, .. } => true,
        Stmt::Reindex { what, .. } if matches!(what.as_str(), "schema" | "database" | "system") => true,
        Stmt::AddEnumValue { .. } => step.version < 120_000,
        _ => step.effect.concurrent,
    };
    if alone {
        let words: String = step.text().split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        let split = !step.session.wrapped;
        found.danger(
            step,
            &RULE,
            Finding {
                object: format!("statement {}", step.index + 1),
                change: words.to_uppercase(),
                message: format!("{} cannot run inside a transaction: the server refuses it", words.to_uppercase()),
                safe_sql: if split { vec![format!("{};", step.text())] } else { Vec::new() },
                ..Finding::default()
            },
        );
    }
}
