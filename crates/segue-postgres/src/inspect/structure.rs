//! What is there besides tables, and what is wrong with it: counts, invalid indexes, constraints that were never
//! checked, indexes that nobody uses, sequences near their end.
//!
//! Tests: `tests/it/inspect.rs`.

use segue_engine::EngineError;
use segue_engine::inspect::notice;
use segue_model::ident::TableName;

use super::View;

/// Objects of users: not the server's, not Segue's, not an extension's.
const COUNTS: &str = "
with theirs as (
    select n.oid from pg_namespace n where not starts_with(n.nspname::text, 'pg_') and n.nspname not in ('information_schema', 'segue')
), of_extension as (
    select d.classid, d.objid from pg_depend d where d.deptype = 'e'
)
select case c.relkind when 'v' then 'view' when 'm' then 'materialized-view' when 'S' then 'sequence' when 'f' then 'foreign-table'
            else 'partition' end, count(*)
from pg_class c
where c.relnamespace in (select oid from theirs) and (c.relkind in ('v', 'm', 'S', 'f') or c.relispartition and c.relkind in ('r', 'p'))
  and not exists (select from of_extension e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
group by 1
union all
select 'routine', count(*) from pg_proc p where p.pronamespace in (select oid from theirs)
  and not exists (select from of_extension e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
union all
select 'trigger', count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid
where not t.tgisinternal and t.tgparentid = 0 and c.relnamespace in (select oid from theirs)
union all
select 'event-trigger', count(*) from pg_event_trigger
union all
select case t.typtype when 'e' then 'enum' else 'domain' end, count(*) from pg_type t
where t.typtype in ('e', 'd') and t.typnamespace in (select oid from theirs)
  and not exists (select from of_extension e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
group by 1
union all
select 'policy', count(*) from pg_policy
union all
select 'extension', count(*) from pg_extension";

/// What an engine that has none of a kind must say, too.
const ALWAYS: &[&str] = &["view", "trigger", "routine", "sequence"];

const INVALID: &str = "
select n.nspname::text, t.relname::text, c.relname::text from pg_index i
join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
where not (i.indisvalid and i.indisready and i.indislive) and not starts_with(n.nspname::text, 'pg_') and n.nspname <> 'segue'";

const UNVALIDATED: &str = "
select n.nspname::text, t.relname::text, k.conname::text from pg_constraint k
join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
where not k.convalidated and not starts_with(n.nspname::text, 'pg_') and n.nspname <> 'segue'";

/// Of tables that are read at all; not those that guard the data, nor a partition's.
const UNUSED: &str = "
select s.schemaname::text, s.relname::text, s.indexrelname::text, c.relpages::int8 * current_setting('block_size')::int8
from pg_stat_user_indexes s
join pg_index i on i.indexrelid = s.indexrelid
join pg_class c on c.oid = s.indexrelid
join pg_stat_user_tables t on t.relid = s.relid
where s.idx_scan = 0 and not i.indisunique and not i.indisexclusion and not c.relispartition
  and t.seq_scan + coalesce(t.idx_scan, 0) > 0 and s.schemaname <> 'segue'";

/// The end is the sequence's own, or the largest number of the column that owns it, whichever comes first.
const SEQUENCES: &str = "
select n.nspname::text, c.relname::text, (100 * v.last_value::numeric / least(q.seqmax, coalesce(
    (select case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 end from pg_depend d
     join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0 limit 1),
    q.seqmax)))::int8
from pg_sequence q join pg_class c on c.oid = q.seqrelid join pg_namespace n on n.oid = c.relnamespace
join pg_sequences v on v.schemaname = n.nspname and v.sequencename = c.relname
where q.seqincrement > 0 and not q.seqcycle and v.last_value > 0";

const HIDDEN_SEQUENCES: &str = "
select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
where not starts_with(n.nspname::text, 'pg_') and case when c.relkind = 'S' then not has_sequence_privilege(c.oid, 'usage, select') else false end";

const EXTENSIONS: &str = "select string_agg(extname || ' ' || extversion, ', ' order by extname collate \"C\") from pg_extension";

pub(super) async fn see(view: &mut View<'_>) -> Result<(), EngineError> {
    for kind in ALWAYS {
        view.system.counts.insert((*kind).to_owned(), 0);
    }
    for row in view.ask("the numbers of objects", COUNTS).await? {
        let count = u64::try_from(row.get::<_, i64>(1)).unwrap_or_default();
        view.system.counts.insert(row.get(0), count);
    }
    let table = |row: &tokio_postgres::Row| TableName::new(row.get::<_, String>(0), row.get::<_, String>(1)).to_string();
    for row in view.ask("invalid indexes", INVALID).await? {
        view.findings.push(notice::invalid_index(row.get(2), &table(&row)));
    }
    for row in view.ask("constraints that were never checked", UNVALIDATED).await? {
        view.findings.push(notice::unvalidated_constraint(row.get(2), &table(&row)));
    }
    for row in view.ask("indexes that nobody uses", UNUSED).await? {
        let bytes = u64::try_from(row.get::<_, i64>(3)).ok();
        view.findings.push(notice::unused_index(row.get(2), &table(&row), bytes));
    }
    for row in view.ask("how far sequences have come", SEQUENCES).await? {
        let percent = u64::try_from(row.get::<_, i64>(2)).unwrap_or_default();
        if percent >= 70 {
            view.findings.push(notice::near_maximum(&format!("sequence {}", table(&row)), percent));
        }
    }
    if let Some(hidden) = view.ask("sequences that the role may not read", HIDDEN_SEQUENCES).await?.first().map(|row| row.get::<_, i64>(0))
        && hidden > 0
    {
        view.collect.say(format!("how far {hidden} sequences have come: the role may not read them"));
    }
    if let Some(Some(list)) = view.ask("extensions", EXTENSIONS).await?.first().map(|row| row.get::<_, Option<String>>(0)) {
        view.system.settings.insert("extensions".to_owned(), list);
    }
    Ok(())
}
