//! A table is written anew.
//!
//! # What it checks
//! `CLUSTER`, `VACUUM FULL`, `SET LOGGED`, `SET UNLOGGED`, `SET TABLESPACE`, `SET ACCESS METHOD`.
//!
//! # Why it breaks
//! The whole table with its indexes is written anew under an ACCESS EXCLUSIVE lock: nobody reads or writes until it is done.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-cluster.html>.
//!
//! # Safe path
//! A tool that copies beside writers (pg_repack, pg_squeeze), or a maintenance window.
//!
//! # Example
//! ```sql
//! VACUUM FULL users;
//! ```

use super::super::lock::Mode;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, Stmt};
use segue_model::ident::TableName;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-rewrite-table",
    title: "a table is written anew",
    why: "The whole table with its indexes is written anew under an ACCESS EXCLUSIVE lock: nobody reads or writes until it is done.",
    fix: "Use a tool that copies beside writers, or a maintenance window.",
    answers: &["squawk:ban-vacuum-full", "eugene:E10"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let mut say = |table: &TableName, what: &str| {
        let Some(weight) = step.weigh(table, Work::Rewrite, Mode::AccessExclusive) else { return };
        let message = format!("{what} writes all of {} anew", step.shown(table));
        found.weighed(
            step,
            &RULE,
            &weight,
            Finding { object: on(step, table, None), change: what.to_owned(), message, ..Finding::default() },
        );
    };
    match step.stmt {
        Stmt::Vacuum { full: true, tables } => tables.iter().for_each(|table| say(&step.world.resolve(table), "VACUUM FULL")),
        Stmt::Cluster { table: Some(table) } => say(&step.world.resolve(table), "CLUSTER"),
        _ => step.each_action(|_, table, action, _| {
            let what = match action {
                Action::SetLogged { logged: true } => "SET LOGGED",
                Action::SetLogged { logged: false } => "SET UNLOGGED",
                Action::SetTablespace => "SET TABLESPACE",
                Action::SetAccessMethod => "SET ACCESS METHOD",
                _ => return,
            };
            if step.effect.rewrites.contains(table) {
                say(table, what);
            }
        }),
    }
    if matches!(step.stmt, Stmt::Vacuum { full: true, tables } if tables.is_empty()) || matches!(step.stmt, Stmt::Cluster { table: None }) {
        let message = "every table of the database is written anew, one after the other".to_owned();
        found.danger(
            step,
            &RULE,
            Finding { object: "database".to_owned(), change: "all tables".to_owned(), message, ..Finding::default() },
        );
    }
}
