//! Whether rows that are near in the key are near on the disk: by the statistics, else by a few rows looked up.
//!
//! A table that was loaded a moment ago has no statistics yet, and that is when it is compared. A wrong answer only
//! makes reading slower. Tests: `tests/it/rows/describe.rs`.

use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::ident::TableName;
use tokio_postgres::Client;

use crate::error::db;

/// From here on, rows that are near in the key are near on the disk.
const CORRELATED: f64 = 0.9;
/// Rows that are looked up where there are no statistics.
const ROWS: i64 = 64;

const CORRELATION: &str = "
select correlation::float8 from pg_stats where schemaname = $1 and tablename = $2 and attname = $3 and correlation is not null
order by inherited desc limit 1";

/// The blocks of a table; none where rows have no place of their own.
const BLOCKS: &str = "
select pg_relation_size(c.oid) / current_setting('block_size')::int8 from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'm')";

/// Rows of one range of this column lie together.
pub(super) async fn together(client: &Client, table: &TableName, column: &str) -> Result<bool, EngineError> {
    let known = client.query_opt(CORRELATION, &[&table.schema, &table.name, &column]).await.map_err(db)?;
    let correlation = match known {
        Some(row) => Some(row.get::<_, f64>(0)),
        None => looked_up(client, table, column).await?,
    };
    Ok(correlation.is_some_and(|correlation| correlation.abs() >= CORRELATED))
}

/// The correlation of the first rows of some blocks, evenly apart: each is found by its place.
async fn looked_up(client: &Client, table: &TableName, column: &str) -> Result<Option<f64>, EngineError> {
    let Some(row) = client.query_opt(BLOCKS, &[&table.schema, &table.name]).await.map_err(db)? else { return Ok(None) };
    let blocks: i64 = row.get(0);
    let places: Vec<_> = (0..ROWS.min(blocks)).map(|at| format!("'({},1)'", at * blocks / ROWS.min(blocks).max(1))).collect();
    if places.len() < 8 {
        return Ok(None);
    }
    let sql = format!(
        "select corr(k, p) from (select row_number() over (order by {}) as k, row_number() over (order by ctid) as p from {} \
         where ctid = any (array[{}]::tid[])) as found having count(*) > 7",
        quote::name(column),
        quote::table(table),
        places.join(", ")
    );
    match client.query_opt(&sql, &[]).await.map_err(db) {
        Ok(row) => Ok(row.and_then(|row| row.get(0))),
        Err(error) if error.kind == ErrorKind::Connection => Err(error),
        // Whoever may not read it learns that from the reading itself.
        Err(_) => Ok(None),
    }
}
