//! Which rows stand in the way of a constraint: how many, and the keys of the first ten.
//!
//! Asked only after the server refused something; when it cannot be asked (no key, an expression that fails, too long),
//! the server's own refusal stands. Keys go into the help that a person reads and never into the message, which is
//! journaled; no other value of a row leaves the server. Tests: `tests/reshape/witness.rs`.

use segue_engine::quote::{name, table};
use segue_engine::{EngineError, ErrorKind};
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;
use tokio_postgres::{Client, GenericClient};

use crate::PostgresEngine;
use crate::error::{constraint, db};
use crate::reshape::base::{self, Base};
use crate::reshape::compose::{self, Source};
use crate::reshape::names::Names;

/// How long the rows are looked for.
const PATIENCE: &str = "set statement_timeout = '60s'";

/// Rows in the way.
pub(crate) struct Witnesses {
    pub(crate) rows: u64,
    /// `id=7`, the first ten in the key's order.
    keys: Vec<String>,
}

impl Witnesses {
    /// `the rows in the way: id=3; id=7`.
    pub(crate) fn list(&self) -> String {
        let more = if self.rows > self.keys.len() as u64 { format!(", the first {}", self.keys.len()) } else { String::new() };
        format!("the rows in the way{more}: {}", self.keys.join("; "))
    }

    /// `1 row`, `2 rows`.
    pub(crate) fn count(&self) -> String {
        format!("{} {}", self.rows, if self.rows == 1 { "row" } else { "rows" })
    }
}

/// The same refusal with the rows that stand in the constraint's way. With a change, its rows that are not converted
/// yet are looked at as they would be.
pub(crate) async fn named(engine: &PostgresEngine, of: &TableName, change: Option<&TableChange>, error: EngineError) -> EngineError {
    if error.kind != ErrorKind::Constraint {
        return error;
    }
    let Some(broken) = constraint(&error).map(ToOwned::to_owned) else { return error };
    match look(engine, of, change, &broken).await {
        Ok(Some(found)) => {
            let message = format!("constraint {broken} of {of} does not hold for {}", found.count());
            EngineError {
                message,
                help: format!("{}. Both forms still work: mend these, then run `segue apply` again", found.list()),
                ..error
            }
        }
        Ok(None) | Err(_) => error,
    }
}

async fn look(
    engine: &PostgresEngine,
    of: &TableName,
    change: Option<&TableChange>,
    broken: &str,
) -> Result<Option<Witnesses>, EngineError> {
    let session = engine.read_session("rows in the way").await?;
    let client: &Client = &session;
    let path = base::path(session.schemas(), of);
    client.batch_execute(&format!("{PATIENCE}; set search_path = {path}")).await.map_err(db)?;
    let before = base::read(client, of).await?;
    let Some(condition) = condition(client, before.oid, broken).await? else { return Ok(None) };
    let rows = match change {
        Some(change) => as_they_would_be(change, &before),
        None => format!("only {}", table(of)),
    };
    find(client, before.oid, &format!("{rows} as t"), &condition).await
}

/// Over `t`: the row breaks the constraint.
async fn condition(client: &Client, oid: u32, broken: &str) -> Result<Option<String>, EngineError> {
    let row = client
        .query_opt(
            "select c.contype::text, pg_catalog.pg_get_expr(c.conbin, c.conrelid), \
               (select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(f.relname) from pg_catalog.pg_class f \
                join pg_catalog.pg_namespace n on n.oid = f.relnamespace where f.oid = c.confrelid), \
               array(select a.attname::text from pg_catalog.unnest(c.conkey) with ordinality k(n, i) join pg_catalog.pg_attribute a \
                     on a.attrelid = c.conrelid and a.attnum = k.n order by k.i), \
               array(select a.attname::text from pg_catalog.unnest(c.confkey) with ordinality k(n, i) join pg_catalog.pg_attribute a \
                     on a.attrelid = c.confrelid and a.attnum = k.n order by k.i) \
             from pg_catalog.pg_constraint c where c.conrelid = $1 and c.conname = $2",
            &[&oid, &broken],
        )
        .await
        .map_err(db)?;
    let Some(row) = row else { return Ok(None) };
    let (kind, check, target): (String, Option<String>, Option<String>) = (row.get(0), row.get(1), row.get(2));
    let (here, there): (Vec<String>, Vec<String>) = (row.get(3), row.get(4));
    Ok(match (kind.as_str(), check, target) {
        ("c", Some(check), _) => Some(format!("({check}) is false")),
        ("n", _, _) => Some(here.iter().map(|column| format!("t.{} is null", name(column))).collect::<Vec<_>>().join(" or ")),
        ("f", _, Some(target)) => {
            let given = here.iter().map(|column| format!("t.{} is not null", name(column)));
            let same: Vec<String> = here.iter().zip(&there).map(|(here, there)| format!("f.{} = t.{}", name(there), name(here))).collect();
            let missing = format!("not exists (select from {target} as f where {})", same.join(" and "));
            Some(given.chain([missing]).collect::<Vec<_>>().join(" and "))
        }
        _ => None,
    })
}

/// The rows that are not converted yet, each new physical column with what `up` gives.
fn as_they_would_be(change: &TableChange, before: &Base) -> String {
    let leaf = |physical: &str| format!("segue_row.{}", name(physical));
    let form = compose::new_form(change, &Source { leaf: &leaf, tail: "", extra: &[] });
    let columns: Vec<String> = before
        .columns
        .iter()
        .map(|column| match change.up.iter().find(|derived| derived.physical == column.name) {
            Some(derived) => format!("u.{} as {}", name(&derived.column), name(&column.name)),
            None => format!("segue_row.{}", name(&column.name)),
        })
        .collect();
    format!(
        "(select {} from only {} as segue_row, lateral ({form}) as u where segue_row.{} = 0)",
        columns.join(", "),
        table(&change.table),
        name(&Names::of(change).side)
    )
}

/// Rows that share a value of these columns with another row.
pub(crate) async fn doubled(client: &impl GenericClient, of: &TableName, columns: &[String]) -> Result<Option<Witnesses>, EngineError> {
    let before = base::read(client, of).await?;
    let given: Vec<String> = columns.iter().map(|column| format!("{} is not null", name(column))).collect();
    let by: Vec<String> = columns.iter().map(|column| name(column)).collect();
    let rows = format!(
        "(select *, pg_catalog.count(*) over (partition by {}) as segue_same from only {} where {}) as t",
        by.join(", "),
        table(of),
        given.join(" and ")
    );
    find(client, before.oid, &rows, "t.segue_same > 1").await
}

/// `None`: the table has no key, or no row is in the way any more.
async fn find(client: &impl GenericClient, oid: u32, rows: &str, condition: &str) -> Result<Option<Witnesses>, EngineError> {
    let key = client
        .query_opt(
            "select array(select a.attname::text from pg_catalog.unnest(i.indkey::int2[]) with ordinality k(n, at) \
               join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n where k.at <= i.indnkeyatts order by k.at) \
             from pg_catalog.pg_index i where i.indrelid = $1 and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null \
               and not exists (select from pg_catalog.pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[]) \
                 and not a.attnotnull) \
             order by i.indisprimary desc, i.indexrelid limit 1",
            &[&oid],
        )
        .await
        .map_err(db)?;
    let Some(key) = key else { return Ok(None) };
    let key: Vec<String> = key.get(0);
    let texts: Vec<String> = key.iter().map(|column| format!("t.{}::text", name(column))).collect();
    let order: Vec<String> = key.iter().map(|column| format!("t.{}", name(column))).collect();
    let sql = format!(
        "select pg_catalog.count(*) over (), array[{}]::text[] from {rows} where {condition} order by {} limit 10",
        texts.join(", "),
        order.join(", ")
    );
    let found = client.query(&sql, &[]).await.map_err(db)?;
    let Some(first) = found.first() else { return Ok(None) };
    let shown = |row: &tokio_postgres::Row| {
        let values: Vec<String> = row.get(1);
        key.iter().zip(values).map(|(column, value)| format!("{column}={value}")).collect::<Vec<_>>().join(", ")
    };
    Ok(Some(Witnesses { rows: first.get::<_, i64>(0).cast_unsigned(), keys: found.iter().map(shown).collect() }))
}
