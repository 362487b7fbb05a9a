//! The engine itself: one shared database, the handles of its processes, and the traits that steps know.
//!
//! A restarted process is another handle on the same database with [`Faults`] of its own. Must never hold a lock
//! across an await. Tests: `conformance` in `segue-sim`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use segue_model::catalog::Catalog;
use segue_model::ident::TableName;

use super::client::{Client, Side, database_name};
use super::failure::Failure;
use super::fault::Faults;
use super::table::{Active, Database, side_column};
use super::value::Value;
use super::{describe, query};
use crate::{Blocker, Capabilities, Engine, EngineError, ErrorKind, Fence, FenceState, Guard, Reshape, ServerFacts};

/// The reference engine. Clones are handles of the same process.
#[derive(Clone)]
pub struct MemoryEngine {
    database: Arc<Mutex<Database>>,
    blockers: Arc<Mutex<BTreeMap<TableName, Vec<Blocker>>>>,
    pub(super) faults: Arc<Faults>,
    /// The most rows of one batch, whatever is asked: small tables then have many batches.
    batch_rows_max: u64,
}

impl Default for MemoryEngine {
    fn default() -> Self {
        Self::new(Arc::default())
    }
}

/// A whole database at one moment, for goldens. Two of them are equal when nothing at all differs.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot(Database);

/// A fault that a checker must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// The triggers of a table are gone: writes reach one form only.
    TriggersDropped,
    /// A row that was not converted says that it was.
    RowSkipped,
}

impl MemoryEngine {
    /// An empty database, with the crash points of its one process.
    pub fn new(faults: Arc<Faults>) -> Self {
        Self { database: Arc::default(), blockers: Arc::default(), faults, batch_rows_max: u64::MAX }
    }

    /// The same database seen by another process.
    pub fn restarted(&self, faults: Arc<Faults>) -> Self {
        Self { faults, ..self.clone() }
    }

    /// Batches of at most so many rows, whatever is asked for.
    pub fn with_batches_of(mut self, rows_max: u64) -> Self {
        assert!(rows_max > 0, "a batch of no rows never ends");
        self.batch_rows_max = rows_max;
        self
    }

    pub(super) fn batch_rows(&self, asked: u64) -> u64 {
        asked.min(self.batch_rows_max)
    }

    /// A client of a side.
    pub fn client(&self, side: Side) -> Client {
        Client::new(self.clone(), side)
    }

    /// The crash points of this process.
    pub fn faults(&self) -> &Arc<Faults> {
        &self.faults
    }

    /// The database as it is.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.read(Database::clone))
    }

    /// The database as it was.
    pub fn restore(&self, snapshot: &Snapshot) {
        *self.database.lock().unwrap_or_else(PoisonError::into_inner) = snapshot.0.clone();
    }

    /// Both forms of the table live.
    pub fn in_transition(&self, table: &TableName) -> bool {
        self.read(|database| database.tables.get(&database_name(table)).is_some_and(|table| table.journey.is_some()))
    }

    /// Somebody holds a lock on a table: schema changes time out until it is released with an empty list.
    pub fn block(&self, table: &TableName, sessions: Vec<Blocker>) {
        self.blockers.lock().unwrap_or_else(PoisonError::into_inner).insert(database_name(table), sessions);
    }

    /// Does damage that a checker must find.
    pub fn plant(&self, table: &TableName, fault: Planted) -> Result<(), EngineError> {
        let done = self.change(|database| {
            let table = database.table_mut(&database_name(table))?;
            let Some(journey) = &mut table.journey else { return Err(Failure::object("the table is not in transition")) };
            match fault {
                Planted::TriggersDropped => journey.synced = false,
                Planted::RowSkipped => {
                    let helper = side_column(&journey.change.tag);
                    let at = table.at(&helper)?;
                    let row = table.rows.values_mut().find(|row| row[at] == super::sync::OLD);
                    row.ok_or_else(|| Failure::object("every row is converted"))?[at] = super::sync::CONVERTED;
                }
            }
            Ok(())
        });
        Ok(done?)
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&Database) -> T) -> T {
        look(&self.database.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One transaction of a client: all or nothing, with no crash point in it.
    pub(super) fn change<T>(&self, work: impl FnOnce(&mut Database) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let mut copy = database.clone();
        let out = work(&mut copy)?;
        *database = copy;
        Ok(out)
    }

    /// One transaction of Segue, with crash points before it, in it and after it.
    pub(super) async fn transact<T: Send>(
        &self,
        what: &str,
        work: impl FnOnce(&mut Database) -> Result<T, Failure> + Send,
    ) -> Result<T, EngineError> {
        self.faults.point(&format!("{what}: before")).await?;
        let done = self.change(|copy| {
            let out = work(copy)?;
            // A crash here takes the copy with it.
            if self.faults.strike(&format!("{what}: middle")) { Err(Failure::new(ErrorKind::Other, "crashed")) } else { Ok(out) }
        });
        if self.faults.dead() {
            return self.faults.die().await;
        }
        let out = done?;
        self.faults.point(&format!("{what}: after")).await?;
        Ok(out)
    }

    /// What a read of a dead process meets.
    pub(super) async fn alive(&self) -> Result<(), EngineError> {
        if self.faults.dead() { self.faults.die().await } else { Ok(()) }
    }

    /// Fails while somebody holds a lock on the table.
    pub(super) fn unlocked(&self, table: &TableName) -> Result<(), Failure> {
        let blockers = self.blockers.lock().unwrap_or_else(PoisonError::into_inner);
        if blockers.get(table).is_some_and(|sessions| !sessions.is_empty()) {
            return Err(Failure::new(ErrorKind::LockTimeout, format!("a lock on table {table} was not had in time")));
        }
        Ok(())
    }
}

#[async_trait]
impl Engine for MemoryEngine {
    fn name(&self) -> &'static str {
        "memory"
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
        self.alive().await?;
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Ok(ServerFacts { engine: "memory", version, database: "memory".to_owned(), read_only: false, warnings: Vec::new() })
    }

    async fn resolve(&self, name: &TableName) -> Result<TableName, EngineError> {
        Ok(database_name(name))
    }

    async fn catalog(&self, tables: &[TableName]) -> Result<Catalog, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| describe::catalog(database, tables)))
    }

    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| database.tables.keys().cloned().collect()))
    }

    async fn index_table(&self, index: &TableName) -> Result<Option<TableName>, EngineError> {
        self.alive().await?;
        let index = database_name(index);
        Ok(self.read(|database| {
            let found = database.tables.iter().find(|(name, table)| name.schema == index.schema && table.indexes.contains_key(&index.name));
            found.map(|(name, _)| name.clone())
        }))
    }

    async fn blockers(&self, table: &TableName) -> Result<Vec<Blocker>, EngineError> {
        self.alive().await?;
        let blockers = self.blockers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = blockers.get(&database_name(table)).cloned().unwrap_or_default();
        found.sort_by_key(|blocker| std::cmp::Reverse(blocker.transaction_age_ms));
        Ok(found)
    }

    async fn query_digest(&self, sql: &str) -> Result<(String, u64), EngineError> {
        self.alive().await?;
        Ok(self.read(|database| query::digest(database, sql))?)
    }

    fn fence(&self) -> &dyn Fence {
        self
    }

    fn reshape(&self) -> &dyn Reshape {
        self
    }
}

#[async_trait]
impl Fence for MemoryEngine {
    async fn state(&self) -> Result<FenceState, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| {
            let control = database.control.clone().unwrap_or_default();
            FenceState { active: control.active.map(|active| (active.run, active.tag, active.epoch)), applied: control.applied }
        }))
    }

    async fn take(&self, guard: &Guard) -> Result<(), EngineError> {
        self.transact("take the fence", |database| {
            let Some(Active { run, epoch, .. }) = database.control.as_mut().and_then(|control| control.active.as_mut()) else {
                return Ok(());
            };
            if *run != guard.run {
                return Err(Failure::fenced(format!("the database is held by run {run}")));
            }
            if *epoch > guard.epoch {
                return Err(Failure::fenced("another executor of this run has taken over"));
            }
            *epoch = guard.epoch;
            Ok(())
        })
        .await
    }

    async fn check(&self, guard: &Guard) -> Result<(), EngineError> {
        self.alive().await?;
        Ok(self.read(|database| fenced(database, guard))?)
    }
}

/// Fails unless the epoch in the control table is the guard's; without a control table nothing is fenced.
pub(super) fn fenced(database: &Database, guard: &Guard) -> Result<(), Failure> {
    match &database.control {
        None => Ok(()),
        Some(control) => match &control.active {
            Some(active) if active.run == guard.run && active.epoch == guard.epoch => Ok(()),
            Some(active) if active.run == guard.run => Err(Failure::fenced("another executor of this run has taken over")),
            Some(active) => Err(Failure::fenced(format!("the database is held by run {}", active.run))),
            None => Err(Failure::fenced("this run does not hold the database")),
        },
    }
}

impl std::fmt::Debug for Snapshot {
    /// Names and counts; the rows stay inside.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts: Vec<(String, usize)> = self.0.tables.iter().map(|(name, table)| (name.to_string(), table.rows.len())).collect();
        f.debug_struct("Snapshot").field("rows", &counts).field("control", &self.0.control.is_some()).finish()
    }
}

impl Snapshot {
    /// Catalog and rows as lines of text, for the difference between two snapshots; for tests only.
    pub fn lines(&self) -> Vec<String> {
        let names: Vec<_> = self.0.tables.keys().cloned().collect();
        let catalog = describe::catalog(&self.0, &names);
        let mut lines: Vec<String> = catalog.tables.iter().map(|table| serde_json::to_string(table).unwrap_or_default()).collect();
        lines.extend(catalog.views.iter().map(|view| serde_json::to_string(view).unwrap_or_default()));
        for (name, table) in &self.0.tables {
            lines.extend(table.rows.values().map(|row| format!("{name}: {}", row.iter().map(Value::show).collect::<Vec<_>>().join("|"))));
        }
        if let Some(control) = &self.0.control {
            let active = control.active.as_ref().map(|active| (&active.run, active.epoch));
            lines.push(format!("control: {active:?}, {} applied, {} rejected", control.applied.len(), control.rejected.len()));
        }
        lines
    }
}
