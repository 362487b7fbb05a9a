//! The fence against stale executors: the epoch in `segue_control`, read in the same immediate transaction as
//! each write. `BEGIN IMMEDIATE` itself waits for an older holder's transaction. Tests: `tests/it/fence.rs`.

use async_trait::async_trait;
use segue_engine::{EngineError, Fence, FenceState, Guard};

use crate::{SqliteEngine, connect, control};

#[async_trait]
impl Fence for SqliteEngine {
    async fn state(&self) -> Result<FenceState, EngineError> {
        self.read(control::state)
    }

    async fn take(&self, guard: &Guard) -> Result<(), EngineError> {
        if !self.read(control::installed)? {
            return Ok(());
        }
        let mut writer = self.writer()?;
        let transaction = connect::begin(writer.connection()?, guard.lock_timeout_ms)?;
        control::take(&transaction, guard)?;
        transaction.commit()
    }

    async fn check(&self, guard: &Guard) -> Result<(), EngineError> {
        self.read(|connection| control::held(connection, guard)).map(|_| ())
    }
}
