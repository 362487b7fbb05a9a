//! Settings that a migration must know: those of the server, not of our session.
//!
//! Tests: `tests/it/inspect.rs`.

use segue_engine::EngineError;
use segue_engine::inspect::notice;

use super::View;

/// A variable that a version does not have is left out by the server.
const SETTINGS: &str = "
SHOW GLOBAL VARIABLES WHERE Variable_name IN (
    'sql_mode', 'time_zone', 'system_time_zone', 'character_set_server', 'collation_server', 'lower_case_table_names',
    'log_bin', 'binlog_format', 'binlog_row_image', 'binlog_row_metadata', 'gtid_mode', 'gtid_strict_mode', 'expire_logs_days',
    'binlog_expire_logs_seconds', 'server_id', 'read_only', 'max_connections', 'max_allowed_packet', 'wait_timeout',
    'innodb_flush_log_at_trx_commit', 'sync_binlog', 'innodb_buffer_pool_size', 'innodb_page_size', 'transaction_isolation',
    'tx_isolation', 'default_storage_engine', 'event_scheduler', 'group_concat_max_len', 'explicit_defaults_for_timestamp',
    'foreign_key_checks', 'local_infile', 'innodb_strict_mode')";

const DATABASE: &str = "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?";

pub(super) async fn see(at: &mut View<'_>) -> Result<(), EngineError> {
    let rows = at.session.rows(SETTINGS, ()).await;
    for row in at.collect.or_default("settings", rows)? {
        at.system.settings.insert(row.text(0), row.text(1));
    }
    let database = at.session.database.clone();
    let rows = at.session.rows(DATABASE, (database,)).await;
    if let Some(row) = at.collect.or_default("the database's character set", rows)?.first() {
        at.system.settings.insert("character_set_database".to_owned(), row.text(0));
        at.system.settings.insert("collation_database".to_owned(), row.text(1));
    }
    let is = |name: &str| at.system.settings.get(name).map(String::as_str);
    let mut found = Vec::new();
    if is("log_bin").is_some_and(|value| value != "ON") {
        found.push(notice::no_change_capture("log_bin", "off", "it on"));
    }
    if let Some(format) = is("binlog_format").filter(|format| *format != "ROW") {
        found.push(notice::no_change_capture("binlog_format", format, "ROW"));
    }
    if let Some(image) = is("binlog_row_image").filter(|image| !image.eq_ignore_ascii_case("full")) {
        found.push(notice::no_change_capture("binlog_row_image", image, "FULL"));
    }
    at.findings.extend(found);
    Ok(())
}
