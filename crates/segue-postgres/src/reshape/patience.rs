//! How long an attempt may make applications wait: each lock less than the server's `deadlock_timeout`, so that no
//! client is ever chosen as a deadlock's victim on our account, and all locks together less than the guard allows.
//!
//! Tests: `tests/reshape/contract.rs`, with clients on both views and the table;
//! `crates/segue/tests/bank/take_over.rs`, with an executor that is stopped while it holds them.

use std::time::{Duration, Instant};

use segue_engine::{EngineError, ErrorKind, Guard};
use tokio_postgres::Transaction;

use crate::session::db;

/// The longest wait for one lock, in milliseconds; a fifth of the server's default `deadlock_timeout`.
const EACH_MS_MAX: u64 = 200;
/// The shortest time after which a transaction that does nothing is ended, in milliseconds: a busy machine may take
/// this long between two of our statements.
const IDLE_MS_MIN: u64 = 200;
/// What is left for the work itself once the locks are had, in milliseconds.
const RESERVE_MS: u64 = 20;

/// The patience of one attempt.
pub(crate) struct Patience {
    started: Instant,
    total_ms: u64,
    each_ms: u64,
}

impl Patience {
    /// Begins an attempt: the clock runs from the first lock.
    pub(crate) async fn begin(transaction: &Transaction<'_>, guard: &Guard) -> Result<Self, EngineError> {
        let row = transaction
            .query_one("select pg_catalog.date_part('epoch', pg_catalog.current_setting('deadlock_timeout')::interval) * 1000", &[])
            .await
            .map_err(db)?;
        let deadlock_ms: f64 = row.get(0);
        let each_ms = EACH_MS_MAX.min((deadlock_ms * 0.8) as u64).max(1);
        let total_ms = guard.lock_timeout_ms.max(1);
        // An executor that is stopped with the locks in its hand: the server ends its transaction, not 15 s later.
        let idle_ms = (total_ms / 2).max(IDLE_MS_MIN);
        transaction.batch_execute(&format!("set local idle_in_transaction_session_timeout = {idle_ms}")).await.map_err(db)?;
        Ok(Self { started: Instant::now(), total_ms, each_ms })
    }

    /// Runs a statement that may wait for a lock.
    pub(crate) async fn run(&self, transaction: &Transaction<'_>, sql: &str) -> Result<(), EngineError> {
        let spent = self.started.elapsed().as_millis() as u64;
        let left = self.total_ms.saturating_sub(spent);
        if spent > 0 && left <= RESERVE_MS.min(self.total_ms / 4) {
            return Err(EngineError::new("SG-PG-007", ErrorKind::LockTimeout, "the locks were not had in the time that clients may wait"));
        }
        let wait = self.each_ms.min(Duration::from_millis(left).as_millis() as u64).max(1);
        transaction.batch_execute(&format!("set local lock_timeout = {wait};\n{sql}")).await.map_err(db)
    }
}
