//! A digest of what a query of the user returns: the rows are read here, hashed, and forgotten.
//!
//! The query runs alone, in a READ ONLY transaction with the URL's own `search_path`. It must never write, never
//! run a second statement that hides behind a semicolon, and never let a row out. Tests: `tests/it/digest.rs`.

use std::fmt::Write as _;
use std::pin::pin;

use futures_util::StreamExt as _;
use segue_engine::{EngineError, ErrorKind};
use sha2::{Digest as _, Sha256};
use tokio_postgres::SimpleQueryMessage;

use crate::error::db;
use crate::session::Session;

/// Runs a query and returns the digest of its rows in the order they come, and their number.
///
/// Each value enters the hash after its length, or as a NULL, so that no two lists of rows of the same columns look
/// the same; the number of columns goes first.
pub(crate) async fn query(session: &mut Session, sql: &str) -> Result<(String, u64), EngineError> {
    session.batch_execute("begin isolation level repeatable read read only").await.map_err(db)?;
    let found = digest(session, sql).await;
    // After a broken connection there is nothing to roll back, and the first error is the one to tell.
    let ended = session.batch_execute("rollback").await.map_err(db);
    let found = found?;
    ended.map(|()| found)
}

async fn digest(session: &Session, sql: &str) -> Result<(String, u64), EngineError> {
    session.execute("select pg_catalog.set_config('search_path', $1, true)", &[&session.search_path()]).await.map_err(db)?;
    // To prepare takes one statement only, and tells its columns.
    let statement = session.prepare(sql).await.map_err(db)?;
    if statement.columns().is_empty() || !statement.params().is_empty() {
        return Err(EngineError::new("SG-PG-023", ErrorKind::Syntax, "the query returns no columns, or asks for parameters")
            .help("write one SELECT, with an ORDER BY if the order matters"));
    }
    // The same text in the simple protocol, in which the server writes every value as text.
    let mut messages = pin!(session.simple_query_raw(sql).await.map_err(db)?);
    let (mut hash, mut count) = (Sha256::new(), 0_u64);
    hash.update((statement.columns().len() as u64).to_be_bytes());
    while let Some(message) = messages.next().await {
        if let SimpleQueryMessage::Row(row) = message.map_err(db)? {
            count += 1;
            for at in 0..row.len() {
                enter(&mut hash, row.try_get(at).map_err(db)?);
            }
        }
    }
    let mut shown = String::from("sha256:");
    for byte in hash.finalize() {
        let _ = write!(shown, "{byte:02x}");
    }
    Ok((shown, count))
}

fn enter(hash: &mut Sha256, value: Option<&str>) {
    match value {
        None => hash.update(u64::MAX.to_be_bytes()),
        Some(text) => {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
    }
}
