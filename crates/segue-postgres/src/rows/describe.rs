//! A table as its rows are read: columns with their classes, the key, about how much there is.
//!
//! A partitioned table is one table. A table with children of old inheritance is what a plain SELECT of it gives, and
//! then no index of its own makes its rows unique. Numbers of rows are the planner's. Tests: `tests/it/rows/describe.rs`.

use segue_engine::rows::{ColumnRows, TableRows};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::ident::TableName;
use tokio_postgres::Client;

use super::kind::Types;
use super::near;
use crate::catalog::names;
use crate::error::db;
use crate::session::Session;

/// Below this, reading any part costs nothing that matters.
const SMALL_BYTES: u64 = 8 << 20;

const RELATION: &str = "
select c.oid, c.relkind in ('r', 'f') and exists (select from pg_inherits i where i.inhparent = c.oid)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'f', 'v', 'm')";

/// A NOT NULL that old rows were not checked for is none (18 and later have such).
const COLUMNS: &str = "
select a.attname::text, format_type(a.atttypid, a.atttypmod), a.atttypid, a.atttypmod,
    a.attnotnull and not exists (select from pg_constraint n
        where n.conrelid = a.attrelid and n.contype = 'n' and n.conkey[1] = a.attnum and not n.convalidated),
    a.attgenerated <> '', has_column_privilege(a.attrelid, a.attnum, 'select')
from pg_attribute a where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum";

const KEYS: &str = "
select array(select a.attname::text from unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) with ordinality as k (at, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.at order by k.place)
from pg_index i join pg_class x on x.oid = i.indexrelid
where i.indrelid = $1 and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
order by i.indisprimary desc, i.indnkeyatts, x.relname collate \"C\"";

const SIZES: &str = "
with recursive tree (oid) as (select $1::oid union select i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid)
select coalesce(sum(pg_table_size(c.oid)), 0)::int8, coalesce(sum(pg_relation_size(c.oid)), 0)::int8,
    coalesce(sum(greatest(c.reltuples, 0)), 0)::int8, coalesce(bool_or(c.relkind in ('r', 'm')), false)
from tree join pg_class c on c.oid = tree.oid where c.relkind in ('r', 'm', 'f')";

/// Describes a table or a view.
pub(super) async fn describe(session: &Session, wanted: &TableName) -> Result<TableRows, EngineError> {
    let table = names::resolve(session, wanted).await?;
    let client: &Client = session;
    let Some(relation) = client.query_opt(RELATION, &[&table.schema, &table.name]).await.map_err(db)? else {
        return Err(EngineError::new("SG-PG-013", ErrorKind::Object, format!("there is no table {table}")));
    };
    let (oid, has_children): (u32, bool) = (relation.get(0), relation.get(1));
    let columns = columns(client, oid).await?;
    let key = if has_children { None } else { key(client, oid, &columns).await? };
    let (rows, bytes) = size(client, oid, &table).await?;
    let ranges_are_cheap = match key.as_ref().and_then(|key| key.first()) {
        None => false,
        Some(_) if bytes <= SMALL_BYTES => true,
        Some(first) => near::together(client, &table, first).await?,
    };
    Ok(TableRows { table, columns, key, rows, bytes, ranges_are_cheap })
}

async fn columns(client: &Client, oid: u32) -> Result<Vec<ColumnRows>, EngineError> {
    let rows = client.query(COLUMNS, &[&oid]).await.map_err(db)?;
    let oids: Vec<u32> = rows.iter().map(|row| row.get(2)).collect();
    let mut types = Types::default();
    types.learn(client, &oids).await?;
    let column = |row: &tokio_postgres::Row| {
        let denied = (!row.get::<_, bool>(6)).then(|| "the role may not read this column".to_owned());
        ColumnRows {
            name: row.get(0),
            data_type: row.get(1),
            class: types.native(row.get(2), row.get(3)).class,
            nullable: !row.get::<_, bool>(4),
            generated: row.get(5),
            unreadable: denied.or_else(|| types.unreadable(row.get(2))),
        }
    };
    Ok(rows.iter().map(column).collect())
}

async fn key(client: &Client, oid: u32, columns: &[ColumnRows]) -> Result<Option<Vec<String>>, EngineError> {
    let full = |name: &String| columns.iter().any(|column| column.name == *name && !column.nullable);
    let rows = client.query(KEYS, &[&oid]).await.map_err(db)?;
    Ok(rows.iter().map(|row| row.get::<_, Vec<String>>(0)).find(|key| key.iter().all(full)))
}

async fn size(client: &Client, oid: u32, table: &TableName) -> Result<(u64, u64), EngineError> {
    let row = client.query_one(SIZES, &[&oid]).await.map_err(db)?;
    let number = |at: usize| u64::try_from(row.get::<_, i64>(at)).unwrap_or_default();
    let (bytes, main, known, stored) = (number(0), number(1), number(2), row.get::<_, bool>(3));
    if stored && main == 0 {
        return Ok((0, bytes));
    }
    Ok((estimate(client, table, "").await.unwrap_or(known), bytes))
}

/// What the planner thinks of the number of rows. It knows the pages of now, also before the first ANALYZE.
pub(super) async fn estimate(client: &Client, table: &TableName, conditions: &str) -> Result<u64, EngineError> {
    let sql = format!("explain (format json) select from {}{conditions}", quote::table(table));
    let plan: serde_json::Value = client.query_one(&sql, &[]).await.map_err(db)?.try_get(0).map_err(db)?;
    Ok(plan.pointer("/0/Plan/Plan Rows").and_then(serde_json::Value::as_f64).unwrap_or_default() as u64)
}
