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

use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::cursor::quote;
use crate::sql::postgres::statement::{CreateIndex, IndexKey, Stmt};

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
        segue: segue(index, &step.shown(&table)),
        ..Finding::default()
    };
    found.weighed(step, &RULE, &weight, finding);
}

/// Segue's own `create_index`, where its words suffice.
/// A column, an expression, or one of them backwards; what else a part says has no word.
fn part(key: &IndexKey) -> Option<serde_json::Value> {
    let shown = if key.expression { key.key.clone() } else { quote(&key.key) };
    let rest = key.definition.strip_prefix(&shown)?;
    let inner = key.key.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(&key.key);
    match (key.expression, rest) {
        (false, "") => Some(key.key.clone().into()),
        (false, " DESC") => Some(serde_json::json!({"column": key.key, "order": "desc"})),
        (true, "") => Some(serde_json::json!({"expression": inner})),
        (true, " DESC") => Some(serde_json::json!({"expression": inner, "order": "desc"})),
        _ => None,
    }
}

fn segue(index: &CreateIndex, table: &str) -> Option<serde_json::Value> {
    let plain = index.with.is_none() && !index.nulls_not_distinct;
    let name = index.name.as_ref().filter(|_| plain)?;
    let columns: Option<Vec<serde_json::Value>> = index.keys.iter().map(part).collect();
    let mut change = serde_json::json!({"table": table, "name": name, "columns": columns?});
    if !index.include.is_empty() {
        change["include"] = index.include.clone().into();
    }
    if index.unique {
        change["unique"] = true.into();
    }
    if index.method != "btree" {
        change["method"] = index.method.clone().into();
    }
    if let Some(predicate) = &index.predicate {
        change["where"] = predicate.text.clone().into();
    }
    Some(serde_json::json!({"create_index": change}))
}
