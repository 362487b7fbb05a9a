//! What goes on at the server now: long and prepared transactions, replicas, connections.
//!
//! It must never show what a session is running. Tests: `segue_sim::inspect`, `tests/it/inspect.rs`.

use segue_engine::EngineError;
use segue_engine::inspect::notice;

use super::View;
use crate::row::Fields;
use crate::session::Flavour;

const TRANSACTIONS: &str = "
SELECT t.trx_mysql_thread_id, coalesce(p.USER, ''), timestampdiff(SECOND, t.trx_started, sysdate())
FROM information_schema.INNODB_TRX t
LEFT JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
WHERE t.trx_mysql_thread_id <> connection_id()";

/// Replicas are connections that read the binary log.
const REPLICAS: &str = "SELECT count(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'";

pub(super) async fn see(at: &mut View<'_>) -> Result<(), EngineError> {
    if !at.rights.has("PROCESS") {
        at.collect.say("the account has no PROCESS: transactions and replicas of other accounts were not seen");
    }
    transactions(at).await?;
    prepared(at).await?;
    replicas(at).await?;
    replication(at).await?;
    connections(at).await
}

async fn transactions(at: &mut View<'_>) -> Result<(), EngineError> {
    // A transaction began before our session set its zone, at the server's own time.
    let rows = match at.session.run("SET SESSION time_zone = @@global.time_zone").await {
        Ok(()) => at.session.rows(TRANSACTIONS, ()).await,
        Err(error) => Err(error),
    };
    for row in at.collect.or_default("open transactions", rows)? {
        let age = row.number(2).unwrap_or_default();
        // A prepared transaction of a client that is gone has no session.
        if age >= at.look.long_transaction_s && row.number(0) != Some(0) {
            at.findings.push(notice::long_transaction(&row.text(0), &row.text(1), age));
        }
    }
    Ok(())
}

/// `XA RECOVER` gives format, two lengths, and the identifier; it is a name that the application chose.
async fn prepared(at: &mut View<'_>) -> Result<(), EngineError> {
    let rows = at.session.rows("XA RECOVER", ()).await;
    for row in at.collect.or_default("prepared transactions", rows)? {
        let name: String = row.text(3).chars().filter(|c| !c.is_control()).take(64).collect();
        at.findings.push(notice::prepared_transaction(&name, None));
    }
    Ok(())
}

async fn replicas(at: &mut View<'_>) -> Result<(), EngineError> {
    let rows = at.session.rows(REPLICAS, ()).await;
    if let Some(rows) = at.collect.take("replicas", rows)? {
        at.system.settings.insert("replicas".to_owned(), rows.first().map(|row| row.text(0)).unwrap_or_default());
    }
    Ok(())
}

/// Whether this server is itself a replica, and how far behind.
async fn replication(at: &mut View<'_>) -> Result<(), EngineError> {
    let sql = match at.session.flavour {
        Flavour::MariaDb => "SHOW ALL SLAVES STATUS",
        Flavour::MySql if at.session.is(Flavour::MySql, 8, 0, 22) => "SHOW REPLICA STATUS",
        Flavour::MySql => "SHOW SLAVE STATUS",
    };
    let rows = at.session.named_rows(sql).await;
    let Some(rows) = at.collect.take("whether this server is a replica", rows)? else { return Ok(()) };
    at.system.settings.insert("replicates_from".to_owned(), rows.len().to_string());
    for (names, row) in &rows {
        let field = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.as_str())).and_then(|at| row.optional(at));
        let channel =
            field(&["connection_name", "channel_name"]).filter(|name| !name.is_empty()).unwrap_or_else(|| "of this server".to_owned());
        match field(&["seconds_behind_master", "seconds_behind_source"]) {
            None => at.findings.push(notice::replica_lag(&channel, "an unknown time: it does not run")),
            Some(seconds) if seconds != "0" => at.findings.push(notice::replica_lag(&channel, &format!("{seconds} s"))),
            Some(_) => {}
        }
    }
    Ok(())
}

async fn connections(at: &mut View<'_>) -> Result<(), EngineError> {
    let rows = at.session.rows("SHOW GLOBAL STATUS LIKE 'Threads_connected'", ()).await;
    let used = at.collect.or_default("connections", rows)?.first().and_then(|row: &Fields| row.number(1));
    let maximum = at.system.settings.get("max_connections").and_then(|text| text.parse::<u64>().ok());
    if let (Some(used), Some(maximum)) = (used, maximum)
        && used * 10 >= maximum * 8
    {
        at.findings.push(notice::connections_near_maximum(used, maximum));
    }
    Ok(())
}
