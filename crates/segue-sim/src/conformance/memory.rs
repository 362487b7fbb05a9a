//! The memory engine as a fixture. Its clients live in this process.
//!
//! Must add no semantics of its own. Tests: `tests/it/conformance_memory.rs`.

use std::sync::Arc;

use async_trait::async_trait;
use segue_engine::memory::{MemoryEngine, Side};
use segue_engine::{Blocker, Engine};
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;

use super::{ClientError, Fixture, Held};

/// A memory engine with an empty database.
#[derive(Default)]
pub struct MemoryFixture {
    /// The engine.
    pub engine: MemoryEngine,
}

#[async_trait]
impl Fixture for MemoryFixture {
    fn engine(&self) -> &dyn Engine {
        &self.engine
    }

    fn shared(&self) -> Arc<dyn Engine> {
        Arc::new(self.engine.clone())
    }

    fn mendable(&self) -> Arc<dyn segue_engine::rows::Mendable> {
        Arc::new(self.engine.clone())
    }

    async fn execute(&self, side: Side, _change: Option<&TableChange>, sql: &str) -> Result<u64, ClientError> {
        self.engine.client(side).execute(sql).map_err(|error| format!("{} {error}", error.code))
    }

    async fn rows(&self, side: Side, _change: Option<&TableChange>, sql: &str) -> Result<Vec<Vec<String>>, ClientError> {
        self.engine.client(side).rows(sql).map_err(|error| format!("{} {error}", error.code))
    }

    async fn hold(&self, table: &TableName) -> Option<Held> {
        let blocker = Blocker {
            session: "1".to_owned(),
            application: "conformance".to_owned(),
            user: "tester".to_owned(),
            state: "idle in transaction".to_owned(),
            transaction_age_ms: 1,
        };
        self.engine.block(table, vec![blocker]);
        Some(Box::new(table.clone()))
    }

    async fn release(&self, held: Held) {
        if let Ok(table) = held.downcast::<TableName>() {
            self.engine.block(&table, Vec::new());
        }
    }

    fn has_comments(&self) -> bool {
        false
    }
}
