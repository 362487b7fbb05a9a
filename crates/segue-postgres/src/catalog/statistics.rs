//! Extended statistics objects.
//!
//! Tests: `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_model::catalog::Named;

use super::{ByTable, Reader};

const STATISTICS: &str = "
select s.stxrelid, s.stxname::text, pg_get_statisticsobjdef(s.oid)
from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
where s.stxrelid = any ($1) order by s.stxrelid, s.stxname collate \"C\", n.nspname collate \"C\"";

/// The statistics objects of each table, by name.
pub(super) async fn read(reader: &Reader<'_>) -> Result<ByTable<Named>, EngineError> {
    let make = |row: &tokio_postgres::Row| Ok(Named { name: row.get(1), definition: row.get::<_, Option<String>>(2).unwrap_or_default() });
    reader.by_table(STATISTICS, make).await
}
