//! Partitions: they are no tables of their own here, but lines of their table.
//!
//! Tests: `tests/it/catalog.rs`.

use segue_engine::{EngineError, quote};
use segue_model::catalog::{Table, TableKind};

use super::ByTable;
use crate::session::Session;

const PARTITIONS: &str = "
SELECT TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, SUBPARTITION_METHOD,
    SUBPARTITION_EXPRESSION, PARTITION_DESCRIPTION
FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ? AND PARTITION_NAME IS NOT NULL";

/// A partition: the key of the table, and the line.
pub(super) struct Partition {
    key: String,
    line: String,
}

/// The partitions of each table.
pub(super) async fn read(session: &mut Session) -> Result<ByTable<Partition>, EngineError> {
    let database = session.database.clone();
    let mut out: ByTable<Partition> = ByTable::new();
    for row in session.rows(PARTITIONS, (database,)).await? {
        let mut key = format!("{} ({})", row.text(3), row.text(4));
        if let Some(method) = row.optional(5).filter(|method| !method.is_empty()) {
            key.push_str(&format!(" SUBPARTITION BY {method} ({})", row.text(6)));
        }
        let bound = match (row.text(3).as_str(), row.optional(7)) {
            (method, Some(bound)) if method.starts_with("RANGE") => format!(" values less than ({bound})"),
            (method, Some(bound)) if method.starts_with("LIST") => format!(" values in ({bound})"),
            (_, Some(bound)) => format!(" {bound}"),
            (_, None) => String::new(),
        };
        let line = format!("partition {}{bound}", quote::backtick(&row.text(1)));
        out.entry(row.text(0)).or_default().push(Partition { key, line });
    }
    Ok(out)
}

/// Puts them on their table.
pub(super) fn put(table: &mut Table, list: Vec<Partition>) {
    table.kind = TableKind::Partitioned;
    table.partition_key = list.first().map(|partition| partition.key.clone());
    for partition in list {
        if !table.options.contains(&partition.line) {
            table.options.push(partition.line);
        }
    }
}
