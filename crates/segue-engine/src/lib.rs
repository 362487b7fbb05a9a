//! The only door to databases: what every engine offers, how names are quoted, what errors mean.
//!
//! Steps, verification and the executor know these traits and no engine. An engine is a crate that implements
//! [`Engine`]; what it lacks it declares in [`Capabilities`], and the planner refuses it before anything is
//! touched. `memory` is the reference engine: deterministic, in this process, used by the simulation.

pub mod error;
pub mod fence;
pub mod inspect;
pub mod memory;
pub mod private;
pub mod quote;
pub mod reshape;
pub mod rows;

use async_trait::async_trait;
use segue_model::catalog::Catalog;
use segue_model::ident::TableName;

pub use error::{EngineError, ErrorKind, Retry};
pub use fence::{Fence, FenceState, Guard};
pub use reshape::{Batch, Comparison, Key, Load, Loss, Piece, PieceState, Rejected, Reshape};

/// What an engine can do. What it cannot is refused at plan time, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Both versions of the application reach their form by a schema of views (PostgreSQL).
    pub version_schemas: bool,
    /// Indexes can be built while writers go on.
    pub concurrent_index: bool,
    /// Constraints can be added and validated while writers go on. Where not, they come at `contract`.
    pub online_constraints: bool,
    /// Schema changes run in transactions.
    pub transactional_ddl: bool,
    /// Several writers at once.
    pub concurrent_writers: bool,
}

/// What is at the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// `postgres`, `mysql`, `mariadb`, `sqlite`, `memory`.
    pub engine: &'static str,
    /// The version as the server says it: `15.18`.
    pub version: String,
    /// The database's own name or path, for people; never holds a password.
    pub database: String,
    /// A session can only read (a standby, a read-only file).
    pub read_only: bool,
    /// What a person should know before a run: one sentence each.
    pub warnings: Vec<String>,
}

/// A session that waits for, or holds, a lock that somebody else wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The session: a process id or a name.
    pub session: String,
    /// Its application name; empty when it gives none.
    pub application: String,
    /// Its user.
    pub user: String,
    /// `active`, `idle in transaction`, `prepared transaction`.
    pub state: String,
    /// How old its transaction is, in milliseconds.
    pub transaction_age_ms: u64,
}

/// A database.
#[async_trait]
pub trait Engine: Send + Sync {
    /// `postgres`, `sqlite`, `memory`.
    fn name(&self) -> &'static str;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Connects (or reuses a connection) and says what is there. Read-only.
    async fn facts(&self) -> Result<ServerFacts, EngineError>;

    /// Resolves a name without a schema as a client of this URL would: the first entry of its `search_path`.
    async fn resolve(&self, name: &TableName) -> Result<TableName, EngineError>;

    /// Reads the catalog of the named tables (those that exist) and of what hangs on them. Read-only.
    /// Segue's own helper objects (columns, triggers, views with a run's tag) are part of it.
    async fn catalog(&self, tables: &[TableName]) -> Result<Catalog, EngineError>;

    /// The names of all the users' tables, sorted. Read-only.
    async fn tables(&self) -> Result<Vec<TableName>, EngineError>;

    /// The table that an index belongs to. Read-only.
    async fn index_table(&self, index: &TableName) -> Result<Option<TableName>, EngineError>;

    /// Who holds locks on this table now, the oldest transaction first. Read-only.
    async fn blockers(&self, table: &TableName) -> Result<Vec<Blocker>, EngineError>;

    /// Runs a query of the user that only reads, in a read-only session, and returns a digest of its ordered
    /// rows with their number. The rows themselves never leave the engine.
    async fn query_digest(&self, sql: &str) -> Result<(String, u64), EngineError>;

    /// The fence against stale executors.
    fn fence(&self) -> &dyn Fence;

    /// Changing the form of live tables.
    fn reshape(&self) -> &dyn Reshape;
}
