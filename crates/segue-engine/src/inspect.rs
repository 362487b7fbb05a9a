//! Looking at a live system for an assessment: what is there, how big, how used, how fast.
//!
//! An engine that implements [`Inspect`] reads its catalog and its statistics in read-only sessions with short
//! time-outs. What a role may not read becomes a sentence in `not_checked`, never an error and never an empty list
//! that looks like an answer; a connection that breaks is an error, always. It must never show a row's value, the
//! text of somebody's query, or a secret. Only [`Inspect::write_sample`] writes, and only what goes away again.
//! Tests: at the end of each file of `inspect/`, and `segue_sim::inspect` against real servers.

mod collect;
pub mod notice;
mod probe;
mod sample;
mod usage;

use async_trait::async_trait;
use segue_model::assessment::SystemSeen;
use segue_model::catalog::Catalog;
use segue_model::finding::Finding;
use segue_model::ident::TableName;

use crate::{EngineError, ServerFacts};

pub use collect::Collect;
pub use probe::{Probed, System, largest, probe};
pub use sample::{Bound, Cell, Kind, Sample, SampleColumn, Taken};
pub use usage::{Activity, classify, per_hour};

/// How much is listed. What is left out is said in `not_checked`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// At most so many tables: the largest.
    pub tables: usize,
    /// At most so many findings of one code.
    pub findings: usize,
    /// A transaction is long from so many seconds on.
    pub long_transaction_s: u64,
}

impl Default for Look {
    fn default() -> Self {
        Self { tables: 10_000, findings: 50, long_transaction_s: 60 }
    }
}

/// What was seen of a system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Tables, counts, settings, baselines. `tables` is sorted by name.
    pub system: SystemSeen,
    /// What somebody must know, sorted by code and object.
    pub findings: Vec<Finding>,
    /// What could not be looked at: one sentence each.
    pub not_checked: Vec<String>,
}

/// A catalog, and what of it could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogSeen {
    /// The tables and views.
    pub catalog: Catalog,
    /// What could not be read: one sentence each.
    pub not_checked: Vec<String>,
}

impl Seen {
    /// Cuts what was seen to what was asked for, in its fixed order. Each engine ends with it.
    pub fn finish(mut system: SystemSeen, findings: Vec<Finding>, mut not_checked: Vec<String>, look: Look) -> Self {
        let count = system.tables.len();
        if count > look.tables {
            system.tables.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
            system.tables.truncate(look.tables);
            not_checked.push(format!("{} of {count} tables are not listed: the smaller ones", count - look.tables));
        }
        system.tables.sort_by(|a, b| a.name.cmp(&b.name));
        let findings = notice::ordered(findings, look.findings, &mut not_checked);
        Self { system, findings, not_checked }
    }
}

/// A system that can be looked at.
#[async_trait]
pub trait Inspect: Send + Sync {
    /// Connects and says what is there.
    async fn facts(&self) -> Result<ServerFacts, EngineError>;

    /// Tables with sizes and use, counts of objects, settings that matter, states and baselines.
    async fn seen(&self, look: Look) -> Result<Seen, EngineError>;

    /// The catalog of these tables (those that exist).
    async fn catalog_of(&self, tables: &[TableName]) -> Result<CatalogSeen, EngineError>;

    /// The catalog of all the users' tables, partitions and foreign tables included.
    async fn catalog_all(&self) -> Result<CatalogSeen, EngineError>;

    /// What stands beside tables and views, as statements that would make it, in the server's own words: types, domains,
    /// routines, sequences. `None`: it is not read.
    async fn definitions(&self) -> Result<Option<String>, EngineError> {
        Ok(None)
    }

    /// Reads rows of a table until a bound is reached, and says how long it took. The table's order is the
    /// server's own.
    async fn read_sample(&self, table: &TableName, bound: Bound) -> Result<Taken, EngineError>;

    /// Writes these rows to a table that is gone afterwards, and says how long it took. For a target alone.
    async fn write_sample(&self, taken: &Taken) -> Result<Sample, EngineError>;
}
