//! Tables with their sizes, the counts of other objects, automatic numbers near their end.
//!
//! InnoDB's own number of rows is an estimate that can be off by half: small tables are counted. Tests: below, and
//! `tests/it/inspect.rs`.

use std::collections::BTreeMap;

use segue_engine::inspect::notice;
use segue_engine::{EngineError, quote};
use segue_model::assessment::TableSeen;
use segue_model::finding::Finding;

use super::View;

/// Tables up to so many bytes are counted…
const COUNTED_BYTES_MAX: u64 = 8 << 20;
/// …but at most so many of them.
const COUNTED_TABLES_MAX: usize = 200;

/// After so many failures no more are counted.
const REFUSED_MAX: usize = 5;

const TABLES: &str = "
SELECT TABLE_NAME, ENGINE, TABLE_ROWS, DATA_LENGTH, INDEX_LENGTH, AUTO_INCREMENT FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')";

// Nothing is grouped, joined or compared by name over there: `information_schema` takes `Users` and `USERS` for one.

const COLUMNS: &str = "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, EXTRA FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ?";

/// Each column of each index; the last says that it may be null, or is not a whole column.
const INDEXES: &str = "
SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, IF(NULLABLE = 'YES' OR SUB_PART IS NOT NULL OR COLUMN_NAME IS NULL, 1, 0)
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?";

const COUNTS: &[(&str, &str)] = &[
    ("view", "SELECT count(*) FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?"),
    ("trigger", "SELECT count(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?"),
    ("routine", "SELECT count(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?"),
    ("event", "SELECT count(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?"),
    ("sequence", "SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'SEQUENCE'"),
    ("partition", "SELECT count(*) FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ? AND PARTITION_NAME IS NOT NULL"),
];

/// Storage engines that have transactions.
const TRANSACTIONAL: &[&str] = &["InnoDB", "ROCKSDB", "TokuDB", "ndbcluster"];

pub(super) async fn see(at: &mut View<'_>) -> Result<(), EngineError> {
    let database = at.session.database.clone();
    // Without the tables there is nothing to say: this failure is the answer.
    let rows = at.session.rows(TABLES, (database.clone(),)).await?;
    let mut tables: BTreeMap<String, TableSeen> = BTreeMap::new();
    for row in &rows {
        let storage = row.text(1);
        let seen = TableSeen {
            name: segue_model::ident::TableName::bare(row.text(0)).to_string(),
            rows: row.number(2),
            rows_estimated: storage != "MyISAM" && storage != "Aria" && storage != "MEMORY",
            bytes: row.number(3),
            index_bytes: row.number(4),
            ..TableSeen::default()
        };
        if !TRANSACTIONAL.contains(&storage.as_str()) {
            at.findings.push(notice::no_transactions(&seen.name, &storage));
        }
        tables.insert(row.text(0), seen);
    }
    let next: BTreeMap<String, u64> = rows.iter().filter_map(|row| Some((row.text(0), row.number(5)?))).collect();
    let columns = at.session.rows(COLUMNS, (database.clone(),)).await;
    for row in at.collect.or_default("columns", columns)? {
        let name = row.text(0);
        if let Some(table) = tables.get_mut(&name) {
            table.columns += 1;
            if row.text(3).contains("auto_increment")
                && let Some(next) = next.get(&name)
            {
                at.findings.extend(near_maximum(&table.name, &row.text(1), &row.text(2), *next));
            }
        }
    }
    indexes(at, &database, &mut tables).await?;
    count_small(at, &mut tables).await?;
    at.system.bytes = tables.values().map(|table| Some(table.bytes? + table.index_bytes?)).sum();
    at.system.tables = tables.into_values().collect();
    counts(at, &database).await
}

async fn indexes(at: &mut View<'_>, database: &str, tables: &mut BTreeMap<String, TableSeen>) -> Result<(), EngineError> {
    let rows = at.session.rows(INDEXES, (database,)).await;
    let Some(rows) = at.collect.take("indexes", rows)? else { return Ok(()) };
    let mut keys: BTreeMap<(String, String), bool> = BTreeMap::new();
    for row in rows {
        let is_key = row.number(2) == Some(0) && row.number(3) == Some(0);
        *keys.entry((row.text(0), row.text(1))).or_insert(true) &= is_key;
    }
    for ((table, _), is_key) in keys {
        if let Some(table) = tables.get_mut(&table) {
            table.indexes += 1;
            table.keyed |= is_key;
        }
    }
    at.findings.extend(tables.values().filter(|table| !table.keyed).map(|table| notice::no_key(&table.name)));
    Ok(())
}

async fn count_small(at: &mut View<'_>, tables: &mut BTreeMap<String, TableSeen>) -> Result<(), EngineError> {
    let small = |table: &TableSeen| table.rows_estimated && table.bytes.is_some_and(|bytes| bytes <= COUNTED_BYTES_MAX);
    let mut refused = 0;
    for (name, table) in tables.iter_mut().filter(|(_, table)| small(table)).take(COUNTED_TABLES_MAX) {
        if refused == REFUSED_MAX {
            at.collect.say("the rows of further tables were not counted: their numbers are estimates");
            break;
        }
        let sql = format!("SELECT count(*) FROM {}", quote::backtick(name));
        let counted = at.session.rows(&sql, ()).await;
        if let Some(rows) = at.collect.take(&format!("the rows of {}", table.name), counted)? {
            table.rows = rows.first().and_then(|row| row.number(0));
            table.rows_estimated = false;
        } else {
            refused += 1;
        }
    }
    Ok(())
}

async fn counts(at: &mut View<'_>, database: &str) -> Result<(), EngineError> {
    for (kind, sql) in COUNTS {
        let rows = at.session.rows(sql, (database,)).await;
        if let Some(rows) = at.collect.take(&format!("the number of objects of kind {kind}"), rows)? {
            at.system.counts.insert((*kind).to_owned(), rows.first().and_then(|row| row.number(0)).unwrap_or_default());
        }
    }
    for (privilege, what) in [("EVENT", "events"), ("EXECUTE", "routines")] {
        if !at.rights.has(privilege) {
            at.collect.say(format!("the account has no {privilege} on the whole database: {what} may be there that were not seen"));
        }
    }
    if at.system.counts.get("sequence").is_some_and(|count| *count > 0) {
        at.collect.say("how far sequences have come was not looked at");
    }
    Ok(())
}

fn near_maximum(table: &str, column: &str, column_type: &str, next: u64) -> Option<Finding> {
    let percent = u128::from(next) * 100 / u128::from(maximum(column_type)?);
    let percent = u64::try_from(percent).unwrap_or(100).min(100);
    (percent >= 70).then(|| notice::near_maximum(&format!("column {table}.{column}"), percent))
}

/// The largest number of a type.
fn maximum(column_type: &str) -> Option<u64> {
    let unsigned = column_type.contains("unsigned");
    let bits = match column_type.split(['(', ' ']).next()? {
        "tinyint" => 8,
        "smallint" => 16,
        "mediumint" => 24,
        "int" | "integer" => 32,
        "bigint" => 64,
        _ => return None,
    };
    Some(u64::MAX >> (64 - bits + u32::from(!unsigned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_their_maximum() {
        assert_eq!(maximum("tinyint(3) unsigned"), Some(255));
        assert_eq!(maximum("tinyint(4)"), Some(127));
        assert_eq!(maximum("mediumint"), Some(8_388_607));
        assert_eq!(maximum("int unsigned"), Some(4_294_967_295));
        assert_eq!(maximum("bigint(20) unsigned zerofill"), Some(u64::MAX));
        assert_eq!(maximum("bigint"), Some(i64::MAX as u64));
        assert_eq!(maximum("double"), None);
    }
}
