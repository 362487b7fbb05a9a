//! Who stands in the way: sessions and prepared transactions that hold locks on a table.
//!
//! It must never show what a session is running: a statement's text holds values. Tests: `tests/it/locks.rs`.

use segue_engine::{Blocker, EngineError};
use segue_model::ident::TableName;
use tokio_postgres::Client;

use crate::error::db;

/// Granted locks on the table and on the views that read it (a client may hold the view alone), by every session
/// but this one; and, by `pg_blocking_pids`, the sessions that those wait for. A prepared transaction has no
/// process: its locks share a virtual transaction with the lock on its own number. An unknown age counts as 0.
const BLOCKERS: &str = "
with recursive relation as (
    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2
    union
    select r.ev_class from relation
    join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = relation.oid and d.classid = 'pg_rewrite'::regclass
    join pg_rewrite r on r.oid = d.objid
), held as (
    select distinct l.pid, l.virtualtransaction from pg_locks l
    where l.locktype = 'relation' and l.granted and l.relation in (select oid from relation)
      and l.database = (select oid from pg_database where datname = current_database())
      and l.pid is distinct from pg_backend_pid()
), process as (
    select pid from held where pid is not null
    union
    select b.pid from held, unnest(pg_blocking_pids(held.pid)) as b (pid) where held.pid is not null and b.pid <> 0
)
select a.pid::text, coalesce(a.application_name, ''), coalesce(a.usename::text, ''), coalesce(a.state, 'unknown'),
    coalesce((extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8, 0) as age
from pg_stat_activity a where a.pid in (select pid from process) and a.pid <> pg_backend_pid()
union all
select distinct 'prepared ' || p.gid, '', p.owner::text, 'prepared transaction',
    coalesce((extract(epoch from clock_timestamp() - p.prepared) * 1000)::float8, 0)
from pg_prepared_xacts p join pg_locks own on own.locktype = 'transactionid' and own.granted and own.transactionid = p.transaction
join held on held.pid is null and held.virtualtransaction = own.virtualtransaction
where own.pid is null and p.database = current_database()
order by age desc, 1";

/// Who holds locks on this table now, the oldest transaction first.
pub(crate) async fn blockers(client: &Client, table: &TableName) -> Result<Vec<Blocker>, EngineError> {
    let rows = client.query(BLOCKERS, &[&table.schema, &table.name]).await.map_err(db)?;
    Ok(rows
        .iter()
        .map(|row| Blocker {
            session: row.get(0),
            application: row.get(1),
            user: row.get(2),
            state: row.get(3),
            transaction_age_ms: row.get::<_, f64>(4).max(0.0) as u64,
        })
        .collect())
}
