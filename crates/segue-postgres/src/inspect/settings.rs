//! Settings that a migration must know: those of the server and the role, not of our session.
//!
//! Tests: `tests/it/inspect.rs`.

use segue_engine::EngineError;
use segue_engine::inspect::notice;

use super::View;

/// `reset_val` is what a new session of this URL would have.
const SETTINGS: &str = "
select name, reset_val || coalesce(unit, '') from pg_settings where name in (
    'wal_level', 'max_connections', 'max_wal_senders', 'max_replication_slots', 'max_prepared_transactions', 'max_worker_processes',
    'max_logical_replication_workers', 'server_encoding', 'TimeZone', 'DateStyle', 'shared_buffers', 'work_mem', 'maintenance_work_mem',
    'fsync', 'synchronous_commit', 'default_transaction_isolation', 'statement_timeout', 'lock_timeout', 'wal_keep_size',
    'max_slot_wal_keep_size', 'data_checksums', 'block_size', 'shared_preload_libraries', 'standard_conforming_strings', 'autovacuum')";

const DATABASE: &str = "
select pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text, datlocprovider::text
from pg_database where datname = current_database()";

/// The provider of collations came with 15.
const DATABASE_OF_14: &str = "
select pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text, 'c'
from pg_database where datname = current_database()";

pub(super) async fn see(view: &mut View<'_>) -> Result<(), EngineError> {
    for row in view.ask("settings", SETTINGS).await? {
        view.system.settings.insert(row.get(0), row.get::<_, Option<String>>(1).unwrap_or_default());
    }
    let sql = if view.session.version() >= 150_000 { DATABASE } else { DATABASE_OF_14 };
    if let Some(row) = view.ask("the database's encoding and collation", sql).await?.first() {
        for (at, name) in ["encoding", "lc_collate", "lc_ctype", "locale_provider"].into_iter().enumerate() {
            view.system.settings.insert(name.to_owned(), row.get(at));
        }
    }
    if let Some(level) = view.system.settings.get("wal_level").filter(|level| *level != "logical") {
        view.findings.push(notice::no_change_capture("wal_level", level, "logical"));
    }
    Ok(())
}
