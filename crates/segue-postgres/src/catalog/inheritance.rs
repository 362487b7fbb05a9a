//! Inheritance and partitions: who is above a table, and who below.
//!
//! Tests: `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_model::ident::TableName;

use super::{ByTable, Reader};

const PARENTS: &str = "
select i.inhrelid, n.nspname::text, c.relname::text
from pg_inherits i join pg_class c on c.oid = i.inhparent join pg_namespace n on n.oid = c.relnamespace
where i.inhrelid = any ($1) order by i.inhrelid, i.inhseqno";

const CHILDREN: &str = "
select i.inhparent, n.nspname::text, c.relname::text
from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
where i.inhparent = any ($1) order by i.inhparent, n.nspname collate \"C\", c.relname collate \"C\"";

/// The tables that each table inherits from, in the order in which it does.
pub(super) async fn parents(reader: &Reader<'_>) -> Result<ByTable<TableName>, EngineError> {
    names(reader, PARENTS).await
}

/// The tables that inherit from each table, by name.
pub(super) async fn children(reader: &Reader<'_>) -> Result<ByTable<TableName>, EngineError> {
    names(reader, CHILDREN).await
}

async fn names(reader: &Reader<'_>, sql: &str) -> Result<ByTable<TableName>, EngineError> {
    reader.by_table(sql, |row| Ok(TableName::new(row.get::<_, String>(1), row.get::<_, String>(2)))).await
}
