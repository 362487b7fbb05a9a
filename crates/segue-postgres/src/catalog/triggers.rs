//! The users' triggers.
//!
//! Neither the server's own (of foreign keys) nor Segue's: a trigger whose name begins with `segue_` after any
//! characters that only serve its place in the order, and whose function does so too or lives in schema `segue`.
//! Whether a trigger is enabled stands with the table's options, since its definition does not say it. Tests:
//! `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_model::catalog::Named;

use super::{ByTable, Reader};

const TRIGGERS: &str = "
select t.tgrelid, t.tgname::text, pg_get_triggerdef(t.oid)
from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_namespace n on n.oid = p.pronamespace
where t.tgrelid = any ($1) and not t.tgisinternal
  and not (t.tgname ~ '^[^a-z0-9]*segue_' and (n.nspname = 'segue' or p.proname ~ '^segue_'))
order by t.tgrelid, t.tgname collate \"C\"";

/// The triggers of each table, by name.
pub(super) async fn read(reader: &Reader<'_>) -> Result<ByTable<Named>, EngineError> {
    reader.by_table(TRIGGERS, |row| Ok(Named { name: row.get(1), definition: row.get::<_, Option<String>>(2).unwrap_or_default() })).await
}
