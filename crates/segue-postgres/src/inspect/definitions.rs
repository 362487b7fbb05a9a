//! What stands beside tables and views, as statements that would make it: types, domains, routines, sequences, extensions.
//!
//! In the server's own words, so that two databases compare by their texts. Not the server's objects, not Segue's, not an
//! extension's, and no sequence that a column owns. Tests: `crates/segue/tests/sql_oracle/live_pairs.rs`.

use segue_engine::EngineError;

use crate::error::db;
use crate::session::Session;

/// One statement a row; names are quoted by the server.
const DEFINITIONS: &str = "
with theirs as (
    select n.oid, n.nspname from pg_namespace n
    where not starts_with(n.nspname::text, 'pg_') and n.nspname not in ('information_schema', 'segue')
), of_extension as (
    select d.classid, d.objid from pg_depend d where d.deptype = 'e'
), types as (
    select t.*, n.nspname from pg_type t join theirs n on n.oid = t.typnamespace
    where not exists (select from of_extension e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
)
select 1 as at, t.nspname::text as schema, t.typname::text as name, format('create type %I.%I as enum (%s);', t.nspname, t.typname,
    (select string_agg(quote_literal(l.enumlabel), ', ' order by l.enumsortorder) from pg_enum l where l.enumtypid = t.oid)) as statement
from types t where t.typtype = 'e'
union all
select 2, t.nspname, t.typname, format('create type %I.%I as (%s);', t.nspname, t.typname,
    (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped))
from types t join pg_class c on c.oid = t.typrelid and c.relkind = 'c' where t.typtype = 'c'
union all
select 3, t.nspname, t.typname, format('create type %I.%I as range (subtype = %s);', t.nspname, t.typname, format_type(r.rngsubtype, null))
from types t join pg_range r on r.rngtypid = t.oid where t.typtype = 'r'
union all
select 4, t.nspname, t.typname, format('create domain %I.%I as %s%s%s%s;', t.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
    coalesce(' default ' || t.typdefault, ''), case when t.typnotnull then ' not null' else '' end,
    coalesce((select string_agg(format(' constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), '' order by k.conname collate \"C\")
     from pg_constraint k where k.contypid = t.oid and k.contype = 'c'), ''))
from types t where t.typtype = 'd'
union all
select 5, n.nspname, p.proname, case p.prokind
    when 'a' then format('create aggregate %I.%I (%s) (sfunc = %s, stype = %s);', n.nspname, p.proname, pg_get_function_arguments(p.oid),
        a.aggtransfn::regproc, format_type(a.aggtranstype, null))
    else pg_get_functiondef(p.oid) || ';' end
from pg_proc p join theirs n on n.oid = p.pronamespace left join pg_aggregate a on a.aggfnoid = p.oid
where not exists (select from of_extension e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
union all
select 6, n.nspname, c.relname, format('create sequence %I.%I as %s increment by %s minvalue %s maxvalue %s start with %s cache %s%s;',
    n.nspname, c.relname, format_type(q.seqtypid, null), q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache,
    case when q.seqcycle then ' cycle' else '' end)
from pg_sequence q join pg_class c on c.oid = q.seqrelid join theirs n on n.oid = c.relnamespace
where not exists (select from of_extension e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
      and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0)
union all
select 7, '', x.extname, format('create extension %I;', x.extname) from pg_extension x where x.extname <> 'plpgsql'
order by 1, 2, 3, 4";

/// The statements, one after another.
pub(super) async fn read(session: &Session) -> Result<String, EngineError> {
    // With no schema in the path the server writes every name whole.
    session.batch_execute("set search_path = ''").await.map_err(db)?;
    let rows = session.query(DEFINITIONS, &[]).await.map_err(db)?;
    let statements: Vec<String> = rows.iter().map(|row| row.get("statement")).collect();
    Ok(statements.join("\n"))
}
