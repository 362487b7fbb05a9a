//! The engine itself: a target, its sessions, and the answers of [`segue_engine::Engine`].
//!
//! Each answer is a few lines here and a room of its own elsewhere. It must never write: that is the work of
//! `reshape` and `control`, under a guard. Tests: `tests/it/`.

use std::sync::Arc;

use async_trait::async_trait;
use segue_engine::{Blocker, Capabilities, Engine, EngineError, Fence, Reshape, ServerFacts};
use segue_model::catalog::Catalog;
use segue_model::ident::TableName;

use crate::session::Sessions;
use crate::target::Target;
use crate::{catalog, digest, locks};

/// A PostgreSQL database.
#[derive(Debug)]
pub struct PostgresEngine {
    pub(crate) sessions: Arc<Sessions>,
}

impl PostgresEngine {
    /// An engine for this target. Nothing is connected until something is asked.
    pub fn new(target: Target) -> Self {
        Self { sessions: Arc::new(Sessions::new(target)) }
    }
}

#[async_trait]
impl Engine for PostgresEngine {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            version_schemas: true,
            concurrent_index: true,
            online_constraints: true,
            transactional_ddl: true,
            concurrent_writers: true,
        }
    }

    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        catalog::facts::read(&*self.read_session("facts").await?).await
    }

    async fn resolve(&self, name: &TableName) -> Result<TableName, EngineError> {
        let session = self.read_session("resolve").await?;
        catalog::names::resolve(&session, name).await
    }

    async fn catalog(&self, tables: &[TableName]) -> Result<Catalog, EngineError> {
        let mut session = self.read_session("catalog").await?;
        catalog::read(&mut session, tables).await
    }

    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        catalog::names::tables(&*self.read_session("tables").await?).await
    }

    async fn index_table(&self, index: &TableName) -> Result<Option<TableName>, EngineError> {
        let session = self.read_session("index").await?;
        catalog::names::index_table(&session, index).await
    }

    async fn blockers(&self, table: &TableName) -> Result<Vec<Blocker>, EngineError> {
        locks::blockers(&*self.read_session("blockers").await?, table).await
    }

    async fn query_digest(&self, sql: &str) -> Result<(String, u64), EngineError> {
        let mut session = self.read_session("query").await?;
        digest::query(&mut session, sql).await
    }

    fn fence(&self) -> &dyn Fence {
        self
    }

    fn reshape(&self) -> &dyn Reshape {
        self
    }
}
