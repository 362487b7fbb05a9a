//! Foreign keys of others that act on their rows when rows of ours go or change: what a correction must not set off.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use segue_engine::rows::Acting;
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;

use crate::session::Session;

/// A row for each column of a foreign key to the table that acts.
const ACTING: &str = "
SELECT k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.REFERENCED_COLUMN_NAME, k.COLUMN_NAME,
  IF(r.DELETE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT'), 1, 0), IF(r.UPDATE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT'), 1, 0),
  IF(k.TABLE_SCHEMA = DATABASE(), 1, 0)
FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.REFERENCED_TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND k.REFERENCED_TABLE_NAME = ?
  AND (r.DELETE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT') OR r.UPDATE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT'))
ORDER BY 1, 2, 3, k.ORDINAL_POSITION";

/// Reads them.
pub(super) async fn read(session: &mut Session, table: &TableName) -> Result<Vec<Acting>, EngineError> {
    let rows = session.rows(ACTING, (table.schema.clone(), table.name.clone())).await?;
    let mut out: Vec<(String, Acting)> = Vec::new();
    for row in rows {
        let name = if row.yes(7) { TableName::bare(row.text(1)) } else { TableName::new(row.text(0), row.text(1)) };
        let pair = (row.text(3), row.text(4));
        match out.last_mut() {
            Some((constraint, acting)) if *constraint == row.text(2) && acting.table == name => acting.pairs.push(pair),
            _ => out.push((row.text(2), Acting { table: name, pairs: vec![pair], on_delete: row.yes(5), on_update: row.yes(6) })),
        }
    }
    Ok(out.into_iter().map(|(_, acting)| acting).collect())
}

/// A statement may not read the table that it changes, so a table that refers to itself has no such condition.
/// The condition that no row of that table refers to the row of a statement on `table`.
pub(super) fn unreferred(table: &TableName, acting: &Acting) -> Option<String> {
    if acting.pairs.is_empty() || acting.table.name == table.name {
        return None;
    }
    let (ours, theirs) = (quote::backtick_table(table), quote::backtick_table(&acting.table));
    let same: Vec<String> = acting
        .pairs
        .iter()
        .map(|(own, other)| format!("segue_child.{} = {ours}.{}", quote::backtick(other), quote::backtick(own)))
        .collect();
    Some(format!("NOT EXISTS (SELECT 1 FROM {theirs} AS segue_child WHERE {})", same.join(" AND ")))
}
