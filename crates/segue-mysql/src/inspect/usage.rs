//! How tables and indexes are used: `performance_schema`, or MariaDB's `userstat`, where one of them is on.
//!
//! Counters begin when the server starts. Without either, it is said and nothing is guessed. Tests:
//! `tests/it/inspect.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_engine::EngineError;
use segue_engine::inspect::{Activity, classify, notice, per_hour};
use segue_model::ident::TableName;

use super::View;
use crate::row::Fields;

const WAITS: &str = "
SELECT OBJECT_NAME, COUNT_READ, COUNT_WRITE FROM performance_schema.table_io_waits_summary_by_table
WHERE OBJECT_TYPE = 'TABLE' AND OBJECT_SCHEMA = ?";

const UNUSED_BY_WAITS: &str = "
SELECT OBJECT_NAME, INDEX_NAME FROM performance_schema.table_io_waits_summary_by_index_usage
WHERE OBJECT_TYPE = 'TABLE' AND OBJECT_SCHEMA = ? AND INDEX_NAME IS NOT NULL AND INDEX_NAME <> 'PRIMARY' AND COUNT_STAR = 0";

const USERSTAT: &str = "SELECT TABLE_NAME, ROWS_READ, ROWS_CHANGED FROM information_schema.TABLE_STATISTICS WHERE TABLE_SCHEMA = ?";

const USED_BY_USERSTAT: &str = "SELECT TABLE_NAME, INDEX_NAME FROM information_schema.INDEX_STATISTICS WHERE TABLE_SCHEMA = ?";

/// Indexes that may go: not unique ones, which guard the data.
const INDEXES: &str = "
SELECT TABLE_NAME, INDEX_NAME FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = ? AND NON_UNIQUE = 1 AND INDEX_TYPE NOT IN ('FULLTEXT', 'SPATIAL')";

/// Indexes that a foreign key stands on cannot go.
const NEEDED: &str = "
SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME IS NOT NULL";

const FIRST_COLUMNS: &str = "
SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND SEQ_IN_INDEX = 1";

pub(super) async fn see(at: &mut View<'_>) -> Result<(), EngineError> {
    let rows = at.session.rows("SHOW GLOBAL VARIABLES WHERE Variable_name IN ('performance_schema', 'userstat')", ()).await;
    let on: BTreeSet<String> =
        at.collect.or_default("how use is counted", rows)?.iter().filter(|row| row.text(1) == "ON").map(|row| row.text(0)).collect();
    let (activity, unused) = if on.contains("performance_schema") {
        (WAITS, Some(UNUSED_BY_WAITS))
    } else if on.contains("userstat") {
        (USERSTAT, None)
    } else {
        at.collect.say("how much tables and indexes are used: neither performance_schema nor userstat is on");
        return Ok(());
    };
    let database = at.session.database.clone();
    let uptime = uptime(at).await?;
    let rows = at.session.rows(activity, (database.clone(),)).await;
    if let Some(rows) = at.collect.take("how much tables are used", rows)? {
        apply(at, &rows, uptime);
    }
    let used_or_not = at.session.rows(unused.unwrap_or(USED_BY_USERSTAT), (database.clone(),)).await;
    let Some(rows) = at.collect.take("how much indexes are used", used_or_not)? else { return Ok(()) };
    let listed: BTreeSet<(String, String)> = rows.iter().map(|row| (row.text(0), row.text(1))).collect();
    let candidates = candidates(at, &database).await?;
    for (table, index) in candidates.into_iter().filter(|pair| listed.contains(pair) == unused.is_some()) {
        at.findings.push(notice::unused_index(&index, &TableName::bare(table).to_string(), None));
    }
    Ok(())
}

async fn uptime(at: &mut View<'_>) -> Result<u64, EngineError> {
    let rows = at.session.rows("SHOW GLOBAL STATUS LIKE 'Uptime'", ()).await;
    let uptime = at.collect.or_default("since when use is counted", rows)?.first().and_then(|row| row.number(1)).unwrap_or_default();
    if per_hour(0, uptime).is_none() {
        at.collect.say(format!("writes an hour: the server's counters cover only {uptime} s"));
    }
    Ok(uptime)
}

/// A table without a row of counters was not touched since the server started.
fn apply(at: &mut View<'_>, rows: &[Fields], uptime: u64) {
    let counters: BTreeMap<String, Activity> = rows
        .iter()
        .map(|row| {
            let (reads, writes) = (row.number(1).unwrap_or_default(), row.number(2).unwrap_or_default());
            (TableName::bare(row.text(0)).to_string(), Activity { reads, writes })
        })
        .collect();
    let of = |name: &str| counters.get(name).copied().unwrap_or_default();
    let activities: Vec<_> = at.system.tables.iter().map(|table| Some(of(&table.name))).collect();
    for (table, class) in at.system.tables.iter_mut().zip(classify(&activities)) {
        class.clone_into(&mut table.usage);
        table.writes_per_hour = per_hour(of(&table.name).writes, uptime);
    }
    let writes: Vec<_> = at.system.tables.iter().map(|table| (table.name.clone(), of(&table.name).writes)).collect();
    at.findings.extend(notice::hot_tables(&writes));
}

async fn candidates(at: &mut View<'_>, database: &str) -> Result<BTreeSet<(String, String)>, EngineError> {
    let pairs = |rows: Vec<Fields>| -> BTreeSet<(String, String)> { rows.iter().map(|row| (row.text(0), row.text(1))).collect() };
    let indexes = at.session.rows(INDEXES, (database,)).await;
    let mut indexes = pairs(at.collect.or_default("indexes", indexes)?);
    let needed = at.session.rows(NEEDED, (database,)).await;
    let needed = pairs(at.collect.or_default("foreign keys", needed)?);
    let first = at.session.rows(FIRST_COLUMNS, (database,)).await;
    for row in at.collect.or_default("indexes", first)? {
        if needed.contains(&(row.text(0), row.text(2))) {
            indexes.remove(&(row.text(0), row.text(1)));
        }
    }
    Ok(indexes)
}
