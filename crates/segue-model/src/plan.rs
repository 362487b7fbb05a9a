//! The plan: phases of steps with gates between them. A value: same inputs, same bytes, same digest.
//!
//! The JSON form is the one of `docs/formats.md`; scripts rely on it. `execution` is what a run needs and is
//! part of the digest like everything else.

mod moments;
pub mod program;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::canonical;
use crate::catalog::Catalog;
use crate::finding::Finding;
use crate::reshape::{NewTable, TableChange};
use crate::secret::Reference;

pub use program::{Command, Outside, PhaseProject, Program};

/// The version of the plan's JSON form.
pub const FORMAT_VERSION: u32 = 1;

/// A plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Everything about the plan that a run does not need: dates, risks, checklists, words.
    #[serde(default, skip_serializing_if = "Program::is_nothing")]
    pub program: Program,
    /// What a run needs; nothing where Segue itself runs none of the steps ([`Execution::is_nothing`]).
    #[serde(default, skip_serializing_if = "Execution::is_nothing")]
    pub execution: Execution,
}

/// A pattern with its reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotPattern {
    /// Its name.
    pub name: String,
    /// Why not.
    pub why: String,
}

/// A phase.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Everything about the phase that a run does not need: order, people, time, words.
    #[serde(default, skip_serializing_if = "PhaseProject::is_nothing")]
    pub project: PhaseProject,
}

/// A duration with its source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Seconds, rounded up.
    pub seconds: u64,
    /// Where the figure comes from, in words that `segue explain` shows.
    pub from: String,
}

/// A step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `PHASE/NAME`, unique in the plan.
    pub id: String,
    /// The step kind.
    pub kind: String,
    /// The version of the step kind; a run refuses to resume with another.
    pub version: u32,
    /// Who does it: `run` (Segue), `command` (a command that Segue renders) or `manual` (a person).
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
    /// What is done outside of Segue, and how to tell that it is done; nothing for a step by `run`.
    #[serde(default, skip_serializing_if = "Outside::is_nothing")]
    pub outside: Outside,
    /// The work; [`Action::Outside`] where Segue does not do it.
    #[serde(default, skip_serializing_if = "Action::is_outside")]
    pub action: Action,
}

/// How a step is undone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// What undoing does.
    pub what: String,
    /// What undoing loses: `0 rows`.
    pub loses: String,
    /// The command that undoes it, outside of Segue. (The plan's JSON document has its text as `command`.)
    #[serde(default, rename = "by_command", skip_serializing_if = "Option::is_none")]
    pub command: Option<Command>,
    /// How long undoing takes, in seconds, and where the figure comes from; `None` where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Estimate>,
    /// How to tell that it is undone. (The plan's JSON document has it as `verify`.)
    #[serde(default, rename = "verified_by", skip_serializing_if = "String::is_empty")]
    pub verify: String,
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
    /// A measurement that a person or a metrics system takes; Segue does not take it in this version.
    Metric {
        /// What must hold.
        condition: crate::spec::program::MetricCondition,
    },
    /// So many people of these roles say yes.
    Approvals {
        /// Roles that may.
        by: Vec<String>,
        /// How many.
        count: u32,
    },
    /// Every item of a checklist that says `must` is done.
    Checklist {
        /// Its id in `program.checklists`.
        list: String,
    },
}

/// What a run needs to carry the plan out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

impl Condition {
    /// How many people must say yes to this gate by itself, having looked at what Segue does not see; `None` for
    /// what Segue measures and for a plain approval, which a yes to the whole plan gives.
    pub fn people_asked(&self) -> Option<u32> {
        match self {
            Self::Metric { .. } | Self::Checklist { .. } => Some(1),
            Self::Approvals { count, .. } => Some(*count),
            Self::Approval | Self::RowsRejected { .. } | Self::Waited { .. } | Self::Check { .. } => None,
        }
    }

    /// Whether `segue approve GATE` can open it.
    pub fn takes_approval(&self) -> bool {
        *self == Self::Approval || self.people_asked().is_some()
    }
}

impl Execution {
    /// Whether Segue itself runs nothing of the plan.
    pub fn is_nothing(&self) -> bool {
        self.engine.is_empty()
    }
}

impl Plan {
    /// Whether Segue runs every step of the plan by itself: only then `apply` takes it.
    pub fn runs(&self) -> bool {
        !self.execution.is_nothing() && self.phases.iter().flat_map(|phase| &phase.steps).all(|step| step.by == "run")
    }

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
