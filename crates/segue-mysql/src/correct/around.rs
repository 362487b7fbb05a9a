//! What stands around a table whose rows are put right: triggers, which always fire, and unique indexes.
//!
//! Tests: `tests/it/repair_swap.rs` and `tests/it/repair_triggers.rs` of `segue-sim`.

use std::collections::BTreeMap;

use segue_engine::EngineError;
use segue_engine::rows::{Firing, Unique, UniqueColumn};
use segue_model::ident::TableName;

use crate::session::Session;

const TRIGGERS: &str = "
SELECT TRIGGER_NAME, EVENT_MANIPULATION FROM information_schema.TRIGGERS
WHERE EVENT_OBJECT_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND EVENT_OBJECT_TABLE = ? ORDER BY 1";

/// A column of an expression has no name and is not among them.
const UNIQUE: &str = "
SELECT s.INDEX_NAME, c.COLUMN_NAME, c.COLUMN_TYPE, c.IS_NULLABLE, c.EXTRA, COALESCE(c.GENERATION_EXPRESSION, '')
FROM information_schema.STATISTICS s JOIN information_schema.COLUMNS c
  ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME
WHERE s.TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND s.TABLE_NAME = ? AND s.NON_UNIQUE = 0
ORDER BY s.INDEX_NAME, s.SEQ_IN_INDEX";

/// The triggers.
pub(super) async fn firing(session: &mut Session, table: &TableName) -> Result<Firing, EngineError> {
    let mut out = Firing { why: "the server cannot leave them out".to_owned(), ..Firing::default() };
    for row in session.rows(TRIGGERS, (table.schema.clone(), table.name.clone())).await? {
        match row.text(1).as_str() {
            "INSERT" => out.on_insert.push(row.text(0)),
            "UPDATE" => out.on_update.push(row.text(0)),
            _ => out.on_delete.push(row.text(0)),
        }
    }
    Ok(out)
}

/// The unique indexes. A column that the server numbers keeps its number: a larger one would move the counter.
pub(super) async fn uniques(session: &mut Session, table: &TableName) -> Result<Vec<Unique>, EngineError> {
    let mut indexes: BTreeMap<String, Vec<UniqueColumn>> = BTreeMap::new();
    for row in session.rows(UNIQUE, (table.schema.clone(), table.name.clone())).await? {
        let numbered = row.text(4).to_lowercase().contains("auto_increment") || !row.text(5).is_empty();
        let column = UniqueColumn { name: row.text(1), data_type: row.text(2), nullable: row.yes(3), numbered };
        indexes.entry(row.text(0)).or_default().push(column);
    }
    Ok(indexes.values().map(|columns| Unique::new(columns)).collect())
}
