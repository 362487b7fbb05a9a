//! Publications that carry a table: by itself (with its columns and its filter, from 15), with its schema, or
//! with all tables.
//!
//! Tests: `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_model::catalog::Named;

use super::{ByTable, Reader};

const BEFORE_15: &str = "
select x.relid, x.name, x.definition from (
    select r.prrelid as relid, p.pubname::text as name, 'table' as definition
    from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where r.prrelid = any ($1)
    union all
    select c.oid, p.pubname::text, 'all tables' from pg_publication p, pg_class c
    where p.puballtables and c.oid = any ($1) and c.relpersistence = 'p'
) as x order by x.relid, x.name collate \"C\", x.definition";

const FROM_15: &str = "
select x.relid, x.name, x.definition from (
    select r.prrelid as relid, p.pubname::text as name,
        'table' || coalesce(' (' || (select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
                                     from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) || ')', '')
        || coalesce(' WHERE ' || pg_get_expr(r.prqual, r.prrelid), '') as definition
    from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where r.prrelid = any ($1)
    union all
    select c.oid, p.pubname::text, 'tables in schema' from pg_publication_namespace s
    join pg_publication p on p.oid = s.pnpubid join pg_class c on c.relnamespace = s.pnnspid
    where c.oid = any ($1) and c.relpersistence = 'p'
    union all
    select c.oid, p.pubname::text, 'all tables' from pg_publication p, pg_class c
    where p.puballtables and c.oid = any ($1) and c.relpersistence = 'p'
) as x order by x.relid, x.name collate \"C\", x.definition";

/// The publications of each table, by name.
pub(super) async fn read(reader: &Reader<'_>) -> Result<ByTable<Named>, EngineError> {
    let sql = if reader.version >= 150_000 { FROM_15 } else { BEFORE_15 };
    reader.by_table(sql, |row| Ok(Named { name: row.get(1), definition: row.get(2) })).await
}
