//! TRUNCATE empties tables.
//!
//! # What it checks
//! `TRUNCATE` of a table that the script did not make.
//!
//! # Why it breaks
//! All rows are lost without a trigger for each, under an ACCESS EXCLUSIVE lock; CASCADE empties every table that refers to it too.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-truncate.html>.
//!
//! # Safe path
//! Delete in batches what has to go, or say in a comment why all of it may.
//!
//! # Example
//! ```sql
//! TRUNCATE users CASCADE;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-truncate",
    title: "TRUNCATE empties tables",
    why: "All rows are lost without a trigger for each, under an ACCESS EXCLUSIVE lock; CASCADE empties every table that refers to it too.",
    fix: "Delete in batches what has to go.",
    answers: &["squawk:ban-truncate-cascade"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::Truncate { tables, cascade } = step.stmt else { return };
    for name in tables {
        let table = step.world.resolve(name);
        if step.session.is_new(&table) {
            continue;
        }
        let others: Vec<String> =
            step.effect.locks.keys().filter(|other| **other != table && *cascade).map(|other| step.shown(other)).collect();
        let with = if others.is_empty() { String::new() } else { format!(", and with it {}", others.join(", ")) };
        found.loss(
            step,
            &RULE,
            Finding {
                object: on(step, &table, None),
                change: "truncate".to_owned(),
                message: format!("all rows of {} are lost{with}", step.shown(&table)),
                ..Finding::default()
            },
        );
    }
}
