//! What a server carries: how busy it is, and how far it is behind the one that it follows.
//!
//! What the account may not see is absent, and never a zero. Tests: `tests/it/moment.rs`.

use std::collections::BTreeMap;

use segue_engine::{EngineError, Load};

use crate::session::{Flavour, Session};

const STATUS: &str = "
SHOW GLOBAL STATUS WHERE Variable_name IN ('Threads_running', 'Threads_connected', 'Innodb_checkpoint_age')";

/// The load now.
pub(super) async fn read(session: &mut Session) -> Result<Load, EngineError> {
    let mut figures = BTreeMap::new();
    let mut wal_bytes = 0;
    for row in session.rows(STATUS, ()).await? {
        let Some(number) = row.number(1) else { continue };
        match row.text(0).to_lowercase().as_str() {
            "threads_running" => figures.insert("threads_running".to_owned(), number),
            "threads_connected" => figures.insert("connections".to_owned(), number),
            _ => {
                wal_bytes = number;
                None
            }
        };
    }
    Ok(Load { replication_lag_ms: lag(session).await?, figures, wal_bytes })
}

/// A channel of a replica by the names of its fields, in lower case.
pub(super) type Channel = BTreeMap<String, String>;

/// The channels by which this server follows others.
pub(super) async fn channels(session: &mut Session) -> Result<Vec<Channel>, EngineError> {
    let sql = match session.flavour {
        Flavour::MariaDb => "SHOW ALL SLAVES STATUS",
        Flavour::MySql if session.is(Flavour::MySql, 8, 0, 22) => "SHOW REPLICA STATUS",
        Flavour::MySql => "SHOW SLAVE STATUS",
    };
    let rows = session.named_rows(sql).await?;
    let channel = |(names, row): &(Vec<String>, crate::row::Fields)| {
        let fields = names.iter().enumerate().filter_map(|(at, name)| row.optional(at).map(|value| (name.clone(), value)));
        fields.collect()
    };
    Ok(rows.iter().map(channel).collect())
}

/// The slowest channel's lag. A channel that does not run has none: nothing is waited for there.
async fn lag(session: &mut Session) -> Result<Option<u64>, EngineError> {
    match channels(session).await {
        Ok(channels) => {
            let seconds = |channel: &Channel| {
                let said = channel.get("seconds_behind_source").or_else(|| channel.get("seconds_behind_master"));
                said.and_then(|text| text.parse::<u64>().ok())
            };
            Ok(channels.iter().filter_map(seconds).max().map(|seconds| seconds * 1000))
        }
        Err(error) if error.kind == segue_engine::ErrorKind::Permission => Ok(None),
        Err(error) => Err(error),
    }
}
