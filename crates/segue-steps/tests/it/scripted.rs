//! The memory engine with a script: what the database carries, how long a batch takes, which rows others hold.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use segue_engine::memory::MemoryEngine;
use segue_engine::*;
use segue_model::catalog::Catalog;
use segue_model::ident::TableName;
use segue_model::plan::Throttle;
use segue_model::reshape::{NewTable, Survey, TableChange};

/// The engine with its script.
pub(crate) struct Scripted {
    pub(crate) inner: MemoryEngine,
    /// Time, which batches move.
    pub(crate) now_ms: Arc<AtomicI64>,
    /// Rows a millisecond.
    pub(crate) speed: AtomicI64,
    /// What `load` gives, the last for ever.
    pub(crate) loads: Mutex<Vec<Load>>,
    /// Rows that others hold, for so many of the next passes.
    pub(crate) held: Mutex<Vec<u64>>,
    /// Errors of the next batches.
    pub(crate) errors: Mutex<Vec<EngineError>>,
    /// The next batch begins here instead: what lies before was committed, and lost in a crash of the server.
    pub(crate) jump: Mutex<Option<Key>>,
    /// The limit of each batch, and its first key.
    pub(crate) batches: Mutex<Vec<(u64, Option<Key>)>>,
}

impl Scripted {
    pub(crate) fn new(inner: MemoryEngine) -> Self {
        Self {
            inner,
            now_ms: Arc::default(),
            speed: AtomicI64::new(10),
            loads: Mutex::default(),
            held: Mutex::default(),
            errors: Mutex::default(),
            jump: Mutex::default(),
            batches: Mutex::default(),
        }
    }
}

#[async_trait]
impl Engine for Scripted {
    fn name(&self) -> &'static str {
        self.inner.name()
    }
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        self.inner.facts().await
    }
    async fn resolve(&self, name: &TableName) -> Result<TableName, EngineError> {
        self.inner.resolve(name).await
    }
    async fn catalog(&self, tables: &[TableName]) -> Result<Catalog, EngineError> {
        self.inner.catalog(tables).await
    }
    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        self.inner.tables().await
    }
    async fn index_table(&self, index: &TableName) -> Result<Option<TableName>, EngineError> {
        self.inner.index_table(index).await
    }
    async fn blockers(&self, table: &TableName) -> Result<Vec<Blocker>, EngineError> {
        self.inner.blockers(table).await
    }
    async fn query_digest(&self, sql: &str) -> Result<(String, u64), EngineError> {
        self.inner.query_digest(sql).await
    }
    fn fence(&self) -> &dyn Fence {
        self.inner.fence()
    }
    fn reshape(&self) -> &dyn Reshape {
        self
    }
}

#[async_trait]
impl Reshape for Scripted {
    async fn survey(&self, change: &TableChange, throttle: &Throttle) -> Result<Survey, EngineError> {
        self.inner.survey(change, throttle).await
    }
    async fn observe(&self, guard: &Guard, piece: Piece<'_>) -> Result<PieceState, EngineError> {
        self.inner.observe(guard, piece).await
    }
    async fn make(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
        self.inner.make(guard, piece).await
    }
    async fn unmake(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
        self.inner.unmake(guard, piece).await
    }
    async fn backfill(&self, guard: &Guard, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Batch, EngineError> {
        if let Some(error) = self.errors.lock().expect("one thread").pop() {
            return Err(error);
        }
        self.batches.lock().expect("one thread").push((limit, after.cloned()));
        let jump = self.jump.lock().expect("one thread").take();
        let mut batch = self.inner.backfill(guard, change, jump.as_ref().or(after), limit).await?;
        let took = i64::try_from(batch.walked).expect("small") / self.speed.load(Ordering::SeqCst);
        self.now_ms.fetch_add(took, Ordering::SeqCst);
        if batch.next.is_none() {
            batch.skipped = self.held.lock().expect("one thread").pop().unwrap_or(0);
        }
        Ok(batch)
    }
    async fn unconverted(&self, change: &TableChange) -> Result<u64, EngineError> {
        self.inner.unconverted(change).await
    }
    async fn compare(&self, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Comparison, EngineError> {
        self.inner.compare(change, after, limit).await
    }
    async fn rejected(&self, change: &TableChange) -> Result<Rejected, EngineError> {
        self.inner.rejected(change).await
    }
    async fn row_estimate(&self, table: &TableName) -> Result<u64, EngineError> {
        self.inner.row_estimate(table).await
    }
    async fn load(&self) -> Result<Load, EngineError> {
        let next = {
            let mut loads = self.loads.lock().expect("one thread");
            if loads.len() > 1 { Some(loads.remove(0)) } else { loads.first().cloned() }
        };
        match next {
            Some(load) => Ok(load),
            None => self.inner.load().await,
        }
    }
    async fn loss(&self, guard: &Guard, changes: &[TableChange], created: &[NewTable]) -> Result<Loss, EngineError> {
        self.inner.loss(guard, changes, created).await
    }
    fn versions(&self, changes: &[TableChange]) -> Option<(String, String)> {
        self.inner.versions(changes)
    }
}
