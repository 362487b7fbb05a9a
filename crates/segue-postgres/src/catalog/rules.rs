//! Rewrite rules on tables. (A view's own rule is its definition, and stands with the view.)
//!
//! Tests: `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_model::catalog::Named;

use super::{ByTable, Reader};

const RULES: &str = "
select r.ev_class, r.rulename::text, pg_get_ruledef(r.oid) from pg_rewrite r
where r.ev_class = any ($1) and r.rulename <> '_RETURN' order by r.ev_class, r.rulename collate \"C\"";

/// The rules of each table, by name.
pub(super) async fn read(reader: &Reader<'_>) -> Result<ByTable<Named>, EngineError> {
    reader.by_table(RULES, |row| Ok(Named { name: row.get(1), definition: row.get::<_, Option<String>>(2).unwrap_or_default() })).await
}
