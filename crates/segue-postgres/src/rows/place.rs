//! Where the database is in its stream of changes, and whether a follower has come as far.
//!
//! The mark is the end of what was written into the log, flushed or not: a transaction of a session with
//! `synchronous_commit = off` is seen by others before it is flushed, and it must be before the mark. It carries the
//! system identifier, so that a follower of another server never says yes. Who follows is
//!
//! - a physical standby: what it has replayed;
//! - the subscriber of logical replication: the position up to which each enabled subscription of this database was
//!   told that everything was sent (`pg_stat_subscription.latest_end_lsn`). A worker hears that after it has committed
//!   all before it. The origin's progress, where the role may read it, says the same of the last transaction. While a
//!   table is still being copied the answer is no. The server does not say whose publication it is: all subscriptions
//!   of the database are taken for subscriptions of the marked server.
//!
//! Tests: `tests/it/rows/place.rs`.

use segue_engine::rows::{Applied, Mark};
use segue_engine::{EngineError, ErrorKind};
use tokio_postgres::Client;

use crate::error::db;

const KIND: &str = "postgres-lsn";

/// An insert position just behind the header of a page is the end of the page before: no record ends between, and a
/// follower that has everything stands before the header. (24 bytes, 40 on the first page of a segment.)
const MARK: &str = "
select pg_is_in_recovery(), case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end::text,
    current_setting('wal_block_size')::int8";

/// Where the stream of changes is now.
pub(super) async fn mark(client: &Client) -> Result<Option<Mark>, EngineError> {
    let row = client.query_one(MARK, &[]).await.map_err(db)?;
    let (follows, at): (bool, Option<String>) = (row.get(0), row.get(1));
    let Some(mut at) = at.as_deref().and_then(number) else { return Ok(None) };
    let page = u64::try_from(row.get::<_, i64>(2)).unwrap_or(8192);
    if !follows && matches!(at % page, 24 | 40) {
        at -= at % page;
    }
    let system = system(client).await?.map_or_else(String::new, |system| format!("{OF_SYSTEM}{system}"));
    Ok(Some(Mark { kind: KIND.to_owned(), at: format!("{}{system}", shown(at)) }))
}

const OF_SYSTEM: &str = " of system ";

/// Whether the role may call a function. A statement that names one that it may not fails before it begins.
async fn may(client: &Client, function: &str) -> Result<bool, EngineError> {
    Ok(client.query_one("select has_function_privilege($1::text, 'execute')", &[&function]).await.map_err(db)?.get(0))
}

/// What a primary and its standbys have in common; `None` where the role may not know it.
async fn system(client: &Client) -> Result<Option<i64>, EngineError> {
    if !may(client, "pg_control_system()").await? {
        return Ok(None);
    }
    Ok(Some(client.query_one("select system_identifier from pg_control_system()", &[]).await.map_err(db)?.get(0)))
}

/// `16/B374D848`.
fn number(lsn: &str) -> Option<u64> {
    let (high, low) = lsn.split_once('/')?;
    Some((u64::from(u32::from_str_radix(high, 16).ok()?) << 32) | u64::from(u32::from_str_radix(low, 16).ok()?))
}

fn shown(lsn: u64) -> String {
    format!("{:X}/{:X}", lsn >> 32, lsn & 0xffff_ffff)
}

const STANDBY: &str = "select pg_is_in_recovery(), pg_last_wal_replay_lsn()::text";

/// The furthest position of each subscription (`ORIGIN`: of the last transaction, as far as the role may know), and whether it has all its tables.
const SUBSCRIPTIONS: &str = "
select s.subname::text, s.subenabled,
    (select max(w.latest_end_lsn) from pg_stat_subscription w where w.subid = s.oid and w.relid is null
        and to_jsonb(w) ->> 'leader_pid' is null)::text,
    (ORIGIN)::text,
    exists (select from pg_subscription_rel r where r.srsubid = s.oid and r.srsubstate not in ('r', 's'))
from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database() order by s.subname";

/// Whether this database has applied what its source had at the mark.
pub(super) async fn applied(client: &Client, mark: &Mark) -> Result<Applied, EngineError> {
    if mark.kind != KIND {
        return Ok(Applied::NoStream(format!("the source's place is of kind {}, which PostgreSQL does not follow", mark.kind)));
    }
    let (lsn, system) = mark.at.split_once(OF_SYSTEM).unwrap_or((&mark.at, ""));
    let Some(wanted) = number(lsn) else {
        return Err(EngineError::new("SG-PG-012", ErrorKind::Value, "the mark is not a position of PostgreSQL's log"));
    };
    let row = client.query_one(STANDBY, &[]).await.map_err(db)?;
    if row.get(0) {
        let own = self::system(client).await?;
        if !system.is_empty() && own.is_some_and(|own| own.to_string() != system) {
            return Ok(Applied::NoStream("the target is a standby, but of another server than the source".to_owned()));
        }
        return Ok(reached(row.get::<_, Option<String>>(1).as_deref().and_then(number).unwrap_or(0), wanted));
    }
    let origin = may(client, "pg_replication_origin_progress(text, boolean)").await?;
    let origin = if origin { "pg_replication_origin_progress('pg_' || s.oid::text, false)" } else { "null" };
    let subscriptions = client.query(&SUBSCRIPTIONS.replace("ORIGIN", origin), &[]).await.map_err(db)?;
    let mut least: Option<u64> = None;
    for row in &subscriptions {
        if !row.get::<_, bool>(1) {
            return Ok(Applied::NoStream(format!("subscription {} is disabled", row.get::<_, String>(0))));
        }
        let place = |at: usize| row.get::<_, Option<String>>(at).as_deref().and_then(number).unwrap_or(0);
        let at = if row.get(4) { 0 } else { place(2).max(place(3)) };
        least = Some(least.map_or(at, |least| least.min(at)));
    }
    Ok(match least {
        None => Applied::NoStream("the target is no standby and has no subscription".to_owned()),
        Some(least) => reached(least, wanted),
    })
}

fn reached(at: u64, wanted: u64) -> Applied {
    if at >= wanted { Applied::Yes } else { Applied::NotYet(Mark { kind: KIND.to_owned(), at: shown(at) }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_numbers() {
        assert_eq!(number("16/B374D848"), Some(0x16_B374_D848));
        assert_eq!(shown(0x16_B374_D848), "16/B374D848");
        assert_eq!((number("x"), number("1/1FFFFFFFF"), number("")), (None, None, None));
        assert_eq!(reached(5, 5), Applied::Yes);
        assert_eq!(reached(4, 5), Applied::NotYet(Mark { kind: "postgres-lsn".to_owned(), at: "0/4".to_owned() }));
    }
}
