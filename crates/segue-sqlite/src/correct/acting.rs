//! Foreign keys of others that act on their rows when rows of ours go or change: what a correction must not set off.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use rusqlite::Connection;
use segue_engine::rows::Acting;
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;

use crate::error::Doing;

/// A row for each column of a foreign key to the table. A key without the other side's columns is of the primary key.
const ACTING: &str = "SELECT t.name, f.id, \
     coalesce(f.\"to\", (SELECT p.name FROM pragma_table_info(?1) AS p WHERE p.pk = f.seq + 1)), f.\"from\", f.on_delete, f.on_update \
     FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) AS f \
     WHERE t.type = 'table' AND lower(f.\"table\") = lower(?1) ORDER BY t.name, f.id, f.seq";

fn acts(rule: &str) -> bool {
    ["CASCADE", "SET NULL", "SET DEFAULT"].iter().any(|known| rule.eq_ignore_ascii_case(known))
}

/// Reads them.
pub(super) fn read(connection: &Connection, table: &TableName) -> Result<Vec<Acting>, EngineError> {
    let doing = "reading foreign keys";
    let mut statement = connection.prepare(ACTING).doing(doing)?;
    let mut rows = statement.query([&table.name]).doing(doing)?;
    let mut out: Vec<(i64, Acting)> = Vec::new();
    while let Some(row) = rows.next().doing(doing)? {
        let text = |at: usize| row.get::<_, String>(at).doing(doing);
        let (child, id) = (TableName::bare(text(0)?), row.get::<_, i64>(1).doing(doing)?);
        let to: Option<String> = row.get(2).doing(doing)?;
        let pair = to.map(|to| Ok::<_, EngineError>((to, text(3)?))).transpose()?;
        match out.last_mut() {
            Some((known, acting)) if *known == id && acting.table == child => acting.pairs.extend(pair),
            _ => {
                let (on_delete, on_update) = (acts(&text(4)?), acts(&text(5)?));
                out.push((id, Acting { table: child, pairs: pair.into_iter().collect(), on_delete, on_update }));
            }
        }
    }
    Ok(out.into_iter().map(|(_, acting)| acting).filter(|acting| acting.on_delete || acting.on_update).collect())
}

/// The condition that no row of that table refers to the row of a statement on `table`.
pub(super) fn unreferred(table: &TableName, acting: &Acting) -> Option<String> {
    if acting.pairs.is_empty() {
        return None;
    }
    let (ours, theirs) = (quote::table(table), quote::table(&acting.table));
    let same: Vec<String> =
        acting.pairs.iter().map(|(own, other)| format!("segue_child.{} = {ours}.{}", quote::name(other), quote::name(own))).collect();
    Some(format!("NOT EXISTS (SELECT 1 FROM {theirs} AS segue_child WHERE {})", same.join(" AND ")))
}
