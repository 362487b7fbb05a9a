//! Where AUTO_INCREMENT stands in tables, and how far their columns are.
//!
//! Tests: `segue-sim/tests/it/checks/numbers.rs`.

use segue_engine::rows::Counter;
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;

use crate::session::Session;

const COUNTERS: &str = "
SELECT c.COLUMN_NAME, c.COLUMN_TYPE, t.AUTO_INCREMENT FROM information_schema.COLUMNS c
JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
WHERE c.TABLE_SCHEMA = ? AND c.TABLE_NAME = ? AND c.EXTRA LIKE '%auto_increment%'";

/// The counters of these tables, in the order given.
pub(super) async fn read(session: &mut Session, tables: &[TableName]) -> Result<Vec<Counter>, EngineError> {
    let mut out = Vec::new();
    for table in tables {
        let schema = if table.schema.is_empty() { session.database.clone() } else { table.schema.clone() };
        let rows = session.rows(COUNTERS, (schema, table.name.clone())).await?;
        let Some(row) = rows.first() else { continue };
        let column = row.text(0);
        // As text: a float may be a counter too.
        let sql = format!("SELECT CAST(MAX({}) AS CHAR) FROM {}", quote::backtick(&column), quote::backtick_table(table));
        let reached = session.rows(&sql, ()).await?.first().and_then(|row| row.optional(0));
        out.push(Counter {
            table: table.clone(),
            what: "auto_increment".to_owned(),
            next: row.optional(2).and_then(|text| text.parse().ok()),
            down: false,
            reached: reached.and_then(|text| text.split('.').next().and_then(|whole| whole.parse().ok())),
            limit: limit(&row.text(1)),
            column,
        });
    }
    Ok(out)
}

/// The largest value that a type holds.
fn limit(data_type: &str) -> Option<i128> {
    let lower = data_type.to_lowercase();
    let word: String = lower.chars().take_while(char::is_ascii_alphabetic).collect();
    let bits = match word.as_str() {
        "tinyint" => 8,
        "smallint" => 16,
        "mediumint" => 24,
        "int" | "integer" => 32,
        "bigint" => 64,
        _ => return None,
    };
    let bits = if lower.contains("unsigned") { bits } else { bits - 1 };
    Some((1_i128 << bits) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_limits() {
        assert_eq!(limit("tinyint(4)"), Some(127));
        assert_eq!(limit("int(10) unsigned"), Some(4_294_967_295));
        assert_eq!(limit("BIGINT"), Some(i128::from(i64::MAX)));
        assert_eq!(limit("double"), None);
    }
}
