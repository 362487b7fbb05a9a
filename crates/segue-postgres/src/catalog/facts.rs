//! What is at the other end: version, database, whether it can be written, and what a person should know.
//!
//! Tests: `tests/it/catalog.rs`.

use segue_engine::{EngineError, ServerFacts};
use tokio_postgres::Client;

use crate::error::db;

const FACTS: &str = "
select split_part(current_setting('server_version'), ' ', 1), current_database()::text, pg_is_in_recovery(),
    current_setting('fsync') = 'on',
    array(select pubname::text from pg_publication where puballtables order by pubname collate \"C\")";

/// Asks the server.
pub(crate) async fn read(client: &Client) -> Result<ServerFacts, EngineError> {
    let row = client.query_one(FACTS, &[]).await.map_err(db)?;
    let read_only: bool = row.get(2);
    let mut warnings = Vec::new();
    if read_only {
        warnings.push("this server is a standby: it can only be read".to_owned());
    }
    if !row.get::<_, bool>(3) {
        warnings.push("fsync is off: a crash of this server can lose or damage data".to_owned());
    }
    for publication in row.get::<_, Vec<String>>(4) {
        // The subscriber's worker stops at a change of a table that it does not have.
        warnings.push(format!(
            "publication {publication} is FOR ALL TABLES: its subscribers need the tables of schema segue (control, applied, rejected) before a run"
        ));
    }
    Ok(ServerFacts { engine: "postgres", version: row.get(0), database: row.get(1), read_only, warnings })
}
