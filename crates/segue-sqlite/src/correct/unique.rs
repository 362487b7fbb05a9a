//! Unique indexes in which rows may exchange values.
//!
//! Tests: `tests/it/repair_swap.rs` of `segue-sim`.

use std::collections::BTreeMap;

use rusqlite::Connection;
use segue_engine::EngineError;
use segue_engine::rows::{Unique, UniqueColumn};
use segue_model::ident::TableName;

use crate::error::Doing;

/// A row for each column of each unique index. A column of an expression has no name, and the row id is a column already.
const COLUMNS: &str = "SELECT l.name, c.name, c.type, c.\"notnull\" = 0 AND c.pk = 0, c.hidden IN (2, 3) \
     FROM pragma_index_list(?1) AS l JOIN pragma_index_info(l.name) AS i JOIN pragma_table_xinfo(?1) AS c ON c.name = i.name \
     WHERE l.\"unique\" = 1 ORDER BY l.name, i.seqno";

/// Reads them.
pub(super) fn read(connection: &Connection, table: &TableName) -> Result<Vec<Unique>, EngineError> {
    let doing = "reading unique indexes";
    let mut statement = connection.prepare(COLUMNS).doing(doing)?;
    let mut rows = statement.query([&table.name]).doing(doing)?;
    let mut indexes: BTreeMap<String, Vec<UniqueColumn>> = BTreeMap::new();
    while let Some(row) = rows.next().doing(doing)? {
        let column = UniqueColumn {
            name: row.get(1).doing(doing)?,
            data_type: row.get(2).doing(doing)?,
            nullable: row.get(3).doing(doing)?,
            numbered: row.get(4).doing(doing)?,
        };
        indexes.entry(row.get(0).doing(doing)?).or_default().push(column);
    }
    Ok(indexes.values().map(|columns| Unique::new(columns)).collect())
}
