//! The plan: phases of steps with gates between them. A value: same inputs, same bytes, same digest.
//!
//! The JSON form is the one of `docs/formats.md`; scripts rely on it. `execution` is what a run needs and is
//! part of the digest like everything else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::canonical;
use crate::catalog::Catalog;
use crate::finding::Finding;
use crate::reshape::{NewTable, TableChange};
use crate::secret::Reference;

/// The version of the plan's JSON form.
pub const FORMAT_VERSION: u32 = 1;

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Always [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The version of Segue that made it.
    pub segue: String,
    /// The digest of everything else in canonical form; empty while it is computed.
    pub digest: String,
    /// The spec's id.
    pub id: String,
    /// The spec's name.
    #[serde(default)]
    pub name: String,
    /// What kinds of migration: `["schema"]`.
    pub kinds: Vec<String>,
    /// The pattern and why.
    pub pattern: Pattern,
    /// `low`, `medium`, `high` or `critical`.
    pub risk: String,
    /// The longest pause of writers that the plan allows itself, in milliseconds.
    pub pause_ms: u64,
    /// `automated` while every step can be undone.
    pub rollback: String,
    /// The phases in order.
    pub phases: Vec<Phase>,
    /// What somebody must know.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// What was not looked at, one sentence each.
    #[serde(default)]
    pub not_checked: Vec<String>,
    /// What a run needs.
    pub execution: Execution,
}

/// A pattern with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// Its name: `expand-contract`.
    pub name: String,
    /// Why it fits.
    pub why: String,
    /// Why the others do not.
    #[serde(default)]
    pub not: Vec<NotPattern>,
}

/// A pattern not chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotPattern {
    /// Its name.
    pub name: String,
    /// Why not.
    pub why: String,
}

/// A phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name: `expand`.
    pub name: String,
    /// What is true when it is over.
    pub goal: String,
    /// What users notice; `none`.
    pub user_impact: String,
    /// Its risk level.
    pub risk: String,
    /// Estimated seconds of machine time, and where the figure comes from.
    pub estimate: Estimate,
    /// What must hold before it starts.
    #[serde(default)]
    pub entry: Vec<Gate>,
    /// Its steps in order.
    pub steps: Vec<Step>,
    /// What must hold before the next phase starts.
    #[serde(default)]
    pub gates: Vec<Gate>,
}

/// A duration with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Seconds, rounded up.
    pub seconds: u64,
    /// Where the figure comes from, in words that `segue explain` shows.
    pub from: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `PHASE/NAME`, unique in the plan.
    pub id: String,
    /// The step kind.
    pub kind: String,
    /// The version of the step kind; a run refuses to resume with another.
    pub version: u32,
    /// Who does it: `run`.
    pub by: String,
    /// What it does, one sentence.
    pub what: String,
    /// Why.
    pub why: String,
    /// The strongest lock it takes on users' tables, and for how long at most.
    pub lock: String,
    /// `yes`, `until_contract` or `no`.
    pub reversible: String,
    /// How it is undone.
    pub undo: Undo,
    /// The work.
    pub action: Action,
}

/// How a step is undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// What undoing does.
    pub what: String,
    /// What undoing loses: `0 rows`.
    pub loses: String,
}

/// Something that must hold before work goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Unique in the plan: `shift/approval`.
    pub id: String,
    /// What is asked, in words.
    pub what: String,
    /// What decides.
    pub condition: Condition,
    /// Where the threshold comes from: `spec keep_old`, `profile segue`.
    pub from: String,
}

/// What decides a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Condition {
    /// A person's yes; `--yes` or an approved plan gives it.
    Approval,
    /// No row of the table was kept aside.
    RowsRejected {
        /// The base table.
        table: crate::ident::TableName,
    },
    /// The time since the phase `since` was over is at least this.
    Waited {
        /// The phase.
        since: String,
        /// Milliseconds.
        at_least_ms: u64,
    },
    /// A business rule of the spec gives the same on both forms.
    Check {
        /// Its name in `execution.checks`.
        name: String,
    },
}

/// What a run needs to carry the plan out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    /// The system's name in the spec.
    pub system: String,
    /// The engine: `postgres`, `sqlite` or `memory`.
    pub engine: String,
    /// Where it is: an URL or a path, or a reference to one. Never holds a password.
    pub location: Reference,
    /// The run's tag, from the spec's id.
    pub tag: String,
    /// The digest of the spec's changes, by which "already applied" is known.
    pub spec_digest: String,
    /// The tables in transition.
    pub tables: Vec<TableChange>,
    /// New tables.
    #[serde(default)]
    pub new_tables: Vec<NewTable>,
    /// The catalog of the touched tables as it was planned on.
    pub catalog: Catalog,
    /// Limits on what a run may cost others.
    pub throttle: Throttle,
    /// Business rules: name → SQL.
    #[serde(default)]
    pub checks: BTreeMap<String, String>,
    /// Owners by role, for those who read reports.
    #[serde(default)]
    pub owners: BTreeMap<String, String>,
}

/// Limits on what a run may cost others, resolved from the spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throttle {
    /// The backfill waits while a replica is further behind than this.
    pub max_replication_lag_ms: u64,
    /// The backfill waits while a load figure is above its limit: `threads_running: 40`.
    pub max_load: BTreeMap<String, u64>,
    /// How long one batch should take.
    pub batch_target_ms: u64,
    /// The longest that an application may wait for a lock of ours.
    pub ddl_lock_timeout_ms: u64,
    /// The most write-ahead log in bytes that may pile up.
    pub max_wal_bytes: u64,
    /// The longest stop of writers that the spec allows, in milliseconds (`limits.downtime`; none is 0).
    pub downtime_ms: u64,
}

impl Default for Throttle {
    /// The defaults of `segue.yaml`.
    fn default() -> Self {
        Self {
            max_replication_lag_ms: 5_000,
            max_load: BTreeMap::new(),
            batch_target_ms: 200,
            ddl_lock_timeout_ms: 1_000,
            max_wal_bytes: 10 << 30,
            downtime_ms: 0,
        }
    }
}

impl Plan {
    /// The plan with its digest filled in.
    pub fn sealed(mut self) -> Result<Self, canonical::CanonicalError> {
        self.digest = self.computed_digest()?;
        Ok(self)
    }

    /// The digest that the plan should carry.
    pub fn computed_digest(&self) -> Result<String, canonical::CanonicalError> {
        let mut bare = self.clone();
        bare.digest.clear();
        canonical::digest(&bare)
    }

    /// The step of that id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.phases.iter().flat_map(|phase| &phase.steps).find(|step| step.id == id)
    }

    /// The change of that table.
    pub fn table_change(&self, table: &crate::ident::TableName) -> Option<&TableChange> {
        self.execution.tables.iter().find(|change| change.table == *table)
    }
}
