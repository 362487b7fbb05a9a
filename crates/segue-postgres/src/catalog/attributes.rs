//! Settings of columns, triggers, rules and indexes that no definition shows: they are lines among the table's
//! options, so that a change that loses one is seen.
//!
//! `column "a": statistics=100`, `trigger "t": disabled`, `index "i": comment=…`. Tests: `tests/it/catalog.rs`.

use segue_engine::EngineError;

use super::tables::sorted;
use super::{ByTable, Reader};

const ATTRIBUTES: &str = "
select a.attrelid, format('column %I: %s', a.attname, o.what)
from pg_attribute a join pg_type t on t.oid = a.atttypid, lateral (
    select 'generated virtual' as what where a.attgenerated = 'v'
    union all select 'statistics=' || a.attstattarget where a.attstattarget >= 0
    union all select 'storage=' || a.attstorage::text where a.attstorage <> t.typstorage
    union all select 'compression=' || a.attcompression::text where a.attcompression <> ''
    union all select u from unnest(a.attoptions) as u
) as o
where a.attrelid = any ($1) and a.attnum > 0 and not a.attisdropped
union all
select t.tgrelid, format('trigger %I: %s', t.tgname, case t.tgenabled when 'D' then 'disabled' when 'R' then 'replica' else 'always' end)
from pg_trigger t where t.tgrelid = any ($1) and not t.tgisinternal and t.tgenabled <> 'O' and t.tgname !~ '^[^a-z0-9]*segue_'
union all
select r.ev_class, format('rule %I: %s', r.rulename, case r.ev_enabled when 'D' then 'disabled' when 'R' then 'replica' else 'always' end)
from pg_rewrite r where r.ev_class = any ($1) and r.ev_enabled <> 'O'
union all
select i.indrelid, format('index %I: clustered', c.relname)
from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = any ($1) and i.indisclustered
union all
select i.indrelid, format('index %I: comment=%s', c.relname, obj_description(c.oid, 'pg_class'))
from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = any ($1) and obj_description(c.oid, 'pg_class') is not null
union all
select k.conrelid, format('constraint %I: comment=%s', k.conname, obj_description(k.oid, 'pg_constraint'))
from pg_constraint k where k.conrelid = any ($1) and obj_description(k.oid, 'pg_constraint') is not null
union all
select t.tgrelid, format('trigger %I: comment=%s', t.tgname, obj_description(t.oid, 'pg_trigger'))
from pg_trigger t where t.tgrelid = any ($1) and obj_description(t.oid, 'pg_trigger') is not null
union all
select p.polrelid, format('policy %I: comment=%s', p.polname, obj_description(p.oid, 'pg_policy'))
from pg_policy p where p.polrelid = any ($1) and obj_description(p.oid, 'pg_policy') is not null
union all
select f.ftrelid, 'server ' || quote_ident(s.srvname) from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver
where f.ftrelid = any ($1)";

/// The lines of each table, sorted.
pub(super) async fn read(reader: &Reader<'_>) -> Result<ByTable<String>, EngineError> {
    let lines = reader.by_table(ATTRIBUTES, |row| Ok(row.get(1))).await?;
    Ok(lines.into_iter().map(|(oid, list)| (oid, sorted(list))).collect())
}
