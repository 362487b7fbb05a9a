//! One statement writes a large table.
//!
//! # What it checks
//! `UPDATE` or `DELETE` without a bound on the rows: no WHERE, or one that no key limits.
//!
//! # Why it breaks
//! Every row that it touches stays locked until it ends, its log is written at once, and dead rows fill the table; without WHERE it may not even be meant.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-update.html>.
//!
//! # Safe path
//! Go in batches of a thousand rows, each in a transaction of its own.
//!
//! # Example
//! ```sql
//! UPDATE users SET active = true;
//! ```

use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::cursor::{Cursor, quote};
use crate::sql::postgres::expression;
use crate::sql::postgres::statement::Stmt;
use segue_model::finding::Severity;
use segue_model::ident::TableName;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-unbounded-write",
    title: "one statement writes a large table",
    why: "Every row that it touches stays locked until it ends, its log is written at once, and dead rows fill the table; without WHERE it may not even be meant.",
    fix: "Write in batches, each committed on its own.",
    answers: &["strong_migrations:execute", "squawk:ban-uncommitted-transaction"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let (table, has_where, narrow, verb) = match step.stmt {
        Stmt::Update { table, has_where, narrow, .. } => (table, *has_where, *narrow, "UPDATE"),
        Stmt::Delete { table, has_where, narrow } => (table, *has_where, *narrow, "DELETE"),
        _ => return,
    };
    let table = step.world.resolve(table);
    if narrow {
        return;
    }
    let Some(weight) = step.weigh(&table, Work::Scan, Mode::RowExclusive) else { return };
    let why = if has_where { "whatever its condition finds" } else { "every row" };
    let message = format!("this {verb} writes {why} of {} in one transaction: rows stay locked until it ends", step.shown(&table));
    let finding = Finding {
        object: on(step, &table, None),
        change: format!("{verb} without bound"),
        message,
        safe_sql: batched(step, &table),
        ..Finding::default()
    };
    if weight.small { found.note(step, &RULE, Severity::Info, finding) } else { found.danger(step, &RULE, finding) }
}

/// Batches of a backfill whose condition is false as soon as a row is done: `SET c = … WHERE c IS NULL`.
fn batched(step: &Step<'_>, table: &TableName) -> Vec<String> {
    let Stmt::Update { sets, has_where: true, .. } = step.stmt else { return Vec::new() };
    let [column] = sets.as_slice() else { return Vec::new() };
    let mut cursor = Cursor::new(step.script, step.tokens);
    cursor.until(&["set"]);
    cursor.word("set");
    let set = cursor.until(&["where", "from", "returning"]);
    let set_text = set.source();
    if !cursor.word("where") {
        return Vec::new();
    }
    let condition = cursor.until(&["returning"]);
    let null_is_set = set_text.to_ascii_lowercase().contains("null");
    let ends = expression::text(condition) == format!("{} IS NULL", quote(column)) && !null_is_set && cursor.done();
    if ends { vec![sequence::batches(&step.world.sql(table), set_text, condition.source())] } else { Vec::new() }
}
