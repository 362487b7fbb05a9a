//! Foreign keys of others that act on their rows when rows of ours go or change, for scripts: the executor looks by itself.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use segue_engine::rows::Acting;
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;
use tokio_postgres::Client;

use crate::error::db;

/// Foreign keys to a table that act, each column pair in its order. Those that partitions repeat are left out.
const ACTING: &str = "
select n.nspname::text, t.relname::text,
    (select pg_catalog.array_agg(a.attname::text order by k.n) from pg_catalog.unnest(c.confkey) with ordinality k (at, n)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.at),
    (select pg_catalog.array_agg(a.attname::text order by k.n) from pg_catalog.unnest(c.conkey) with ordinality k (at, n)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.at),
    c.confdeltype in ('c', 'n', 'd'), c.confupdtype in ('c', 'n', 'd')
from pg_catalog.pg_constraint c join pg_catalog.pg_class t on t.oid = c.conrelid join pg_catalog.pg_namespace n on n.oid = t.relnamespace
where c.contype = 'f' and c.conparentid = 0 and c.confrelid = $1::text::pg_catalog.regclass
    and (c.confdeltype in ('c', 'n', 'd') or c.confupdtype in ('c', 'n', 'd'))
order by 1, 2, c.conname";

/// Reads them.
pub(super) async fn read(client: &Client, table: &TableName) -> Result<Vec<Acting>, EngineError> {
    let rows = client.query(ACTING, &[&quote::table(table)]).await.map_err(db)?;
    let one = |row: &tokio_postgres::Row| {
        let (ours, theirs): (Vec<String>, Vec<String>) = (row.get(2), row.get(3));
        Acting {
            table: TableName::new(row.get::<_, String>(0), row.get::<_, String>(1)),
            pairs: ours.into_iter().zip(theirs).collect(),
            on_delete: row.get(4),
            on_update: row.get(5),
        }
    };
    Ok(rows.iter().map(one).collect())
}

/// The condition that no row of that table refers to the row of a statement on `table`.
pub(super) fn unreferred(table: &TableName, acting: &Acting) -> Option<String> {
    if acting.pairs.is_empty() {
        return None;
    }
    let (ours, theirs) = (quote::table(table), quote::table(&acting.table));
    let same: Vec<String> =
        acting.pairs.iter().map(|(own, other)| format!("segue_child.{} = {ours}.{}", quote::name(other), quote::name(own))).collect();
    Some(format!("NOT EXISTS (SELECT 1 FROM {theirs} AS segue_child WHERE {})", same.join(" AND ")))
}
