//! What goes on at the server now: long and prepared transactions, replicas and slots, connections.
//!
//! It must never show what a session is running. Tests: `segue_sim::inspect`, `tests/it/inspect.rs`.

use segue_engine::EngineError;
use segue_engine::inspect::notice;

use super::View;
use crate::error::db;

const TRANSACTIONS: &str = "
select a.pid::text, coalesce(a.usename::text, ''), extract(epoch from clock_timestamp() - a.xact_start)::int8
from pg_stat_activity a
where a.xact_start is not null and a.pid <> pg_backend_pid() and a.datname = current_database()
  and extract(epoch from clock_timestamp() - a.xact_start) >= $1::int8";

const PREPARED: &str = "
select gid, extract(epoch from clock_timestamp() - prepared)::int8 from pg_prepared_xacts where database = current_database()";

/// A standby has no place of its own to write to.
const HERE: &str = "case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end";

const SLOTS: &str = "select count(*) from pg_replication_slots";

const CONNECTIONS: &str = "
select count(*), current_setting('max_connections')::int8 from pg_stat_activity where backend_type = 'client backend'";

const SEES_ALL: &str = "select pg_has_role(current_user, 'pg_read_all_stats', 'usage')";

/// A replica may be behind by so many bytes.
const LAG_BYTES_MAX: i64 = 16 << 20;

pub(super) async fn see(view: &mut View<'_>) -> Result<(), EngineError> {
    let sees_all = view.ask("what the role may see of others", SEES_ALL).await?.first().is_some_and(|row| row.get(0));
    if !sees_all {
        view.collect.say("the role is no member of pg_read_all_stats: transactions and replicas of other roles were not seen in full");
    }
    let long = i64::try_from(view.look.long_transaction_s).unwrap_or(i64::MAX);
    let rows = view.session.query(TRANSACTIONS, &[&long]).await.map_err(db);
    for row in view.collect.or_default("open transactions", rows)? {
        view.findings.push(notice::long_transaction(row.get(0), row.get(1), age(row.get(2))));
    }
    for row in view.ask("prepared transactions", PREPARED).await? {
        view.findings.push(notice::prepared_transaction(row.get(0), Some(age(row.get(1)))));
    }
    replication(view).await?;
    if let Some(row) = view.ask("connections", CONNECTIONS).await?.first() {
        let (used, maximum) = (age(row.get(0)), age(row.get(1)));
        if used * 10 >= maximum * 8 {
            view.findings.push(notice::connections_near_maximum(used, maximum));
        }
    }
    Ok(())
}

fn age(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

async fn replication(view: &mut View<'_>) -> Result<(), EngineError> {
    let replicas = format!("select coalesce(application_name, ''), pg_wal_lsn_diff({HERE}, replay_lsn)::int8 from pg_stat_replication");
    let rows = view.session.query(&replicas, &[]).await.map_err(db);
    if let Some(rows) = view.collect.take("replicas", rows)? {
        view.system.settings.insert("replicas".to_owned(), rows.len().to_string());
        for row in &rows {
            if let Some(behind) = row.get::<_, Option<i64>>(1).filter(|behind| *behind > LAG_BYTES_MAX) {
                view.findings.push(notice::replica_lag(row.get(0), &format!("{behind} bytes")));
            }
        }
    }
    if let Some(row) = view.ask("replication slots", SLOTS).await?.first() {
        view.system.settings.insert("replication_slots".to_owned(), row.get::<_, i64>(0).to_string());
    }
    let idle = format!("select slot_name::text, pg_wal_lsn_diff({HERE}, restart_lsn)::int8 from pg_replication_slots where not active");
    let rows = view.session.query(&idle, &[]).await.map_err(db);
    for row in view.collect.or_default("replication slots that nobody reads", rows)? {
        let held = row.get::<_, Option<i64>>(1).and_then(|held| u64::try_from(held).ok());
        view.findings.push(notice::idle_slot(row.get(0), held));
    }
    Ok(())
}
