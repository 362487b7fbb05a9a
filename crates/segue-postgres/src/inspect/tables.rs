//! Tables with their sizes and their use. A partitioned table is one table: its partitions are summed.
//!
//! The server's number of rows is an estimate: small tables are counted. Sizes are exact where no lock is in the way,
//! else the pages of the last vacuum. Tests: `tests/it/inspect.rs`.

use std::collections::BTreeMap;

use segue_engine::inspect::{Activity, classify, notice, per_hour};
use segue_engine::{EngineError, quote};
use segue_model::assessment::TableSeen;
use segue_model::ident::TableName;

use super::View;
use crate::error::db;

/// Tables up to so many bytes are counted…
const COUNTED_BYTES_MAX: u64 = 8 << 20;
/// …but at most so many of them…
const COUNTED_TABLES_MAX: usize = 200;
/// …and after so many failures no more.
const REFUSED_MAX: usize = 5;
/// Fewer dead rows than this are no finding.
const DEAD_ROWS_MIN: u64 = 10_000;

const TABLES: &str = "
with recursive part (root, oid) as (
    select c.oid, c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and not starts_with(n.nspname::text, 'pg_')
      and n.nspname not in ('information_schema', 'segue')
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    union all
    select part.root, i.inhrelid from part
    join pg_inherits i on i.inhparent = part.oid
    join pg_class c on c.oid = i.inhrelid and c.relispartition
), summed as (
    select part.root, array_agg(c.oid) as parts,
        sum(case when c.reltuples >= 0 then c.reltuples else s.n_live_tup end) filter (where c.relkind <> 'p') as rows,
        sum(c.relpages::int8) as pages,
        sum(coalesce(s.seq_tup_read, 0) + coalesce(s.idx_tup_fetch, 0)) as reads,
        sum(coalesce(s.n_tup_ins, 0) + coalesce(s.n_tup_upd, 0) + coalesce(s.n_tup_del, 0)) as writes,
        sum(coalesce(s.n_dead_tup, 0)) as dead, sum(coalesce(s.n_live_tup, 0)) as live
    from part join pg_class c on c.oid = part.oid left join pg_stat_all_tables s on s.relid = c.oid
    group by part.root
)
select u.root, n.nspname::text, c.relname::text, u.parts, u.rows::float8,
    (u.pages * current_setting('block_size')::int8)::int8, u.reads::int8, u.writes::int8, u.dead::int8, u.live::int8,
    (select count(*) from pg_attribute a where a.attrelid = u.root and a.attnum > 0 and not a.attisdropped),
    (select count(*) from pg_index i where i.indrelid = u.root),
    exists (select from pg_index i where i.indrelid = u.root and i.indisunique and i.indisvalid and i.indpred is null
            and i.indexprs is null and not exists (
                select from unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) as k (at)
                join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.at where not a.attnotnull)),
    has_table_privilege(u.root, 'select')
from summed u join pg_class c on c.oid = u.root join pg_namespace n on n.oid = c.relnamespace";

const SIZES: &str = "
select o, pg_table_size(o)::int8, pg_indexes_size(o)::int8 from unnest($1::oid[]) as t (o)";

/// Since when the counters count. A server that was never reset has no date: then it is the last start.
const WINDOW: &str = "
select extract(epoch from now() - coalesce(stats_reset, pg_postmaster_start_time()))::int8, stats_reset is null
from pg_stat_database where datname = current_database()";

/// A table on the way to its line.
struct Row {
    name: TableName,
    parts: Vec<u32>,
    seen: TableSeen,
    activity: Activity,
    readable: bool,
}

pub(super) async fn see(view: &mut View<'_>) -> Result<(), EngineError> {
    // Without the tables there is nothing to say: this failure is the answer.
    let mut rows = read(view).await?;
    sizes(view, &mut rows).await?;
    count_small(view, &mut rows).await?;
    usage(view, &mut rows).await?;
    view.system.bytes = rows.iter().map(|row| Some(row.seen.bytes? + row.seen.index_bytes?)).sum();
    view.findings.extend(rows.iter().filter(|row| !row.seen.keyed).map(|row| notice::no_key(&row.seen.name)));
    view.system.tables = rows.into_iter().map(|row| row.seen).collect();
    Ok(())
}

async fn read(view: &mut View<'_>) -> Result<Vec<Row>, EngineError> {
    let positive = |number: i64| u64::try_from(number).unwrap_or_default();
    let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let mut out = Vec::new();
    for row in view.session.query(TABLES, &[]).await.map_err(db)? {
        let name = TableName::new(row.get::<_, String>(1), row.get::<_, String>(2));
        let (dead, live) = (positive(row.get(8)), positive(row.get(9)));
        if dead >= DEAD_ROWS_MIN && dead * 5 >= live {
            view.findings.push(notice::dead_rows(&name.to_string(), dead, live));
        }
        let seen = TableSeen {
            name: name.to_string(),
            rows: row.get::<_, Option<f64>>(4).map(|rows| rows.max(0.0) as u64),
            rows_estimated: true,
            bytes: Some(positive(row.get(5))),
            columns: small(row.get(10)),
            indexes: small(row.get(11)),
            keyed: row.get(12),
            ..TableSeen::default()
        };
        let activity = Activity { reads: positive(row.get(6)), writes: positive(row.get(7)) };
        out.push(Row { name, parts: row.get(3), seen, activity, readable: row.get(13) });
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

async fn sizes(view: &mut View<'_>, rows: &mut [Row]) -> Result<(), EngineError> {
    let oids: Vec<u32> = rows.iter().flat_map(|row| row.parts.iter().copied()).collect();
    let found = view.session.query(SIZES, &[&oids]).await.map_err(db);
    let what = "exact sizes (the pages of the last vacuum are given in their place, and none for indexes)";
    let Some(found) = view.collect.take(what, found)? else { return Ok(()) };
    // A table that was dropped since has no size.
    let size = |row: &tokio_postgres::Row, at: usize| row.get::<_, Option<i64>>(at).and_then(|size| u64::try_from(size).ok());
    let sizes: BTreeMap<u32, (u64, u64)> =
        found.iter().map(|row| (row.get(0), (size(row, 1).unwrap_or_default(), size(row, 2).unwrap_or_default()))).collect();
    for row in rows {
        let parts = || row.parts.iter().filter_map(|part| sizes.get(part));
        row.seen.bytes = Some(parts().map(|(bytes, _)| bytes).sum());
        row.seen.index_bytes = Some(parts().map(|(_, bytes)| bytes).sum());
    }
    Ok(())
}

async fn count_small(view: &mut View<'_>, rows: &mut [Row]) -> Result<(), EngineError> {
    let shut = rows.iter().filter(|row| !row.readable).count();
    if shut > 0 {
        view.collect.say(format!("the role may not read {shut} of {} tables: their rows are the server's estimates", rows.len()));
    }
    let mut refused = 0;
    let small = |row: &&mut Row| row.readable && row.seen.bytes.is_some_and(|bytes| bytes <= COUNTED_BYTES_MAX);
    for row in rows.iter_mut().filter(small).take(COUNTED_TABLES_MAX) {
        if refused == REFUSED_MAX {
            view.collect.say("the rows of further tables were not counted: their numbers are estimates");
            break;
        }
        let sql = format!("select count(*) from {}", quote::table(&row.name));
        let counted = view.session.query_one(&sql, &[]).await.map_err(db);
        match view.collect.take(&format!("the rows of {}", row.name), counted)? {
            Some(counted) => {
                row.seen.rows = u64::try_from(counted.get::<_, i64>(0)).ok();
                row.seen.rows_estimated = false;
            }
            None => refused += 1,
        }
    }
    Ok(())
}

async fn usage(view: &mut View<'_>, rows: &mut [Row]) -> Result<(), EngineError> {
    let window = view.ask("since when use is counted", WINDOW).await?;
    let Some(window) = window.first() else { return Ok(()) };
    let seconds = u64::try_from(window.get::<_, i64>(0)).unwrap_or_default();
    if per_hour(0, seconds).is_none() {
        view.collect.say(format!("writes an hour: the server's counters cover only {seconds} s"));
    } else if window.get(1) {
        view.collect.say("the counters were never reset: writes an hour are over the time since the server started, and may be too high");
    }
    let activities: Vec<_> = rows.iter().map(|row| Some(row.activity)).collect();
    for (row, class) in rows.iter_mut().zip(classify(&activities)) {
        class.clone_into(&mut row.seen.usage);
        row.seen.writes_per_hour = per_hour(row.activity.writes, seconds);
    }
    let writes: Vec<_> = rows.iter().map(|row| (row.seen.name.clone(), row.activity.writes)).collect();
    view.findings.extend(notice::hot_tables(&writes));
    Ok(())
}
