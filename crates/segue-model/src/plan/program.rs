//! What a plan says beside what a run needs: order, people, time, risks, checklists, words.
//!
//! Whole numbers only (seconds, minutes, thousandths), so that the plan has one digest; the JSON of
//! `docs/formats.md` derives its hours and days from them. Each figure has a `from`: where it comes from, in words
//! that `segue explain` shows. Nothing here is ever made up: what nobody stated or measured is absent and stands in
//! `needed`. Tests: `tests/it/`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Estimate;
use crate::spec::program::{Date, MetricCondition, Money, Window};

/// The plan's project side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Why the migration is made, from the spec.
    #[serde(default)]
    pub why: String,
    /// The profile whose thresholds, ladders and durations were used: `segue`, `doc000` … `doc004`.
    #[serde(default)]
    pub profile: String,
    /// The version of the estimation model.
    #[serde(default)]
    pub model: String,
    /// The day on which day 0 of the schedule is; `None` where the spec says none.
    #[serde(default)]
    pub start: Option<Date>,
    /// The spec's `owners`: addresses by role.
    #[serde(default)]
    pub owners: BTreeMap<String, String>,
    /// Now and then: aspect, current, target, what must change.
    #[serde(default)]
    pub overview: Vec<Aspect>,
    /// Calendar time from start to end, in seconds; `None` where it could not be estimated.
    #[serde(default)]
    pub duration: Option<Quantiles>,
    /// People's work, in seconds.
    #[serde(default)]
    pub effort: Option<Quantiles>,
    /// What the people cost, P50 and P80, where rates are given.
    #[serde(default)]
    pub cost: Option<Cost>,
    /// The steps or phases whose uncertainty moves the end most, with their share in per mille of the variance.
    #[serde(default)]
    pub drivers: Vec<Driver>,
    /// The downtime that the plan needs at most, in milliseconds, and where that comes from. (`pause_ms` is what Segue's own steps take.)
    #[serde(default)]
    pub downtime: Option<Sourced>,
    /// The risk register, worst first.
    #[serde(default)]
    pub risks: Vec<Risk>,
    /// What must be known before the start.
    #[serde(default)]
    pub needed: Vec<Needed>,
    /// Checklists.
    #[serde(default)]
    pub checklists: Vec<Checklist>,
    /// What leads to a warning, a pause or a rollback, over the whole plan.
    #[serde(default)]
    pub triggers: Vec<RollbackTrigger>,
    /// Who is told what, when.
    #[serde(default)]
    pub comms: Vec<Communication>,
    /// Figures of the plan that are none of the above, each with its source, by id (`ladder`, `keep_old`, `batch`).
    #[serde(default)]
    pub figures: BTreeMap<String, Sourced>,
    /// Objects by verdict, from the assessment: `auto`, `auto-with-warning`, `manual`, `blocked`.
    #[serde(default)]
    pub verdicts: BTreeMap<String, u64>,
    /// Who and what depends on what moves.
    #[serde(default)]
    pub dependencies: Vec<crate::spec::program::Dependency>,
    /// The last rehearsal of the same changes, where there was one.
    #[serde(default)]
    pub rehearsal: Option<Rehearsal>,
}

/// What a rehearsal showed: the whole plan forward and back on a throw-away copy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// Its id; its journal is kept under it.
    pub id: String,
    /// When it ended, RFC 3339 in UTC.
    pub at: String,
    /// The digest of the changes that were rehearsed.
    pub spec_digest: String,
    /// Rows of the copy's tables.
    pub rows: u64,
    /// Whether the copy held every row of the tables concerned.
    pub whole: bool,
    /// Forward to the last phase before the way back ends, in milliseconds.
    pub forward_ms: u64,
    /// Back to the beginning, in milliseconds.
    pub back_ms: u64,
    /// Forward again to the very end, in milliseconds.
    pub again_ms: u64,
    /// Milliseconds of each step, forward and back.
    pub steps: BTreeMap<String, StepTimes>,
    /// What the rehearsal does not show, one sentence each.
    pub not_covered: Vec<String>,
}

/// How long a step took in a rehearsal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTimes {
    /// From its start to its verification.
    pub perform_ms: u64,
    /// Undoing it; `None` where it was not undone.
    pub undo_ms: Option<u64>,
}

/// One line of now against then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aspect {
    /// What is compared: `Database`.
    pub aspect: String,
    /// What is there.
    pub current: String,
    /// What shall be.
    pub target: String,
    /// What must change.
    pub change: String,
}

/// A figure as text with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced {
    /// The figure with its unit: `1%, 10%, 50%, 100%`.
    pub value: String,
    /// `spec rollout.steps`, `profile doc003 (document 003, section …)`, `model segue-1 people.table`.
    pub from: String,
}

/// P5, P50, P80 and P95 of a time in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantiles {
    /// 5% of the runs end before.
    pub p5_s: u64,
    /// Half of the runs end before.
    pub p50_s: u64,
    /// 80%.
    pub p80_s: u64,
    /// 95%.
    pub p95_s: u64,
}

/// Cost in money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Half of the runs cost less.
    pub p50: Money,
    /// 80%.
    pub p80: Money,
    /// Which rates.
    pub from: String,
}

/// What moves the end most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Driver {
    /// A phase or step id.
    pub id: String,
    /// Its share of the variance of the end, per mille.
    pub share_permille: u32,
    /// What would make it narrower.
    pub narrow: String,
}

/// One row of the risk register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// `R1`, `R2`, … for computed ones; the team's own id else.
    pub id: String,
    /// `technical`, `business`, `operational`, `security`, `compliance` or `rollback`.
    pub category: String,
    /// What could happen.
    pub what: String,
    /// 1–10.
    pub severity: u8,
    /// 1–10.
    pub occurrence: u8,
    /// 1–10; 10 means that nobody would notice.
    pub detection: u8,
    /// severity × occurrence × detection.
    pub rpn: u32,
    /// The same after the mitigation.
    pub residual_rpn: u32,
    /// `low`, `medium`, `high` or `critical`.
    pub level: String,
    /// What is done against it.
    pub mitigation: String,
    /// What shows that it happens.
    pub trigger: String,
    /// What is done then.
    pub rollback: String,
    /// A role.
    pub owner: String,
    /// What in the plan or in the systems it is computed from.
    pub evidence: String,
    /// Where severity, occurrence and detection come from, one sentence each.
    pub reasons: Vec<String>,
    /// The phases it may happen in.
    #[serde(default)]
    pub phases: Vec<String>,
}

/// Something that nobody stated or measured yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Needed {
    /// What is needed.
    pub what: String,
    /// The key of the spec that answers it.
    pub spec_key: String,
    /// What depends on it: phase names, `estimate`, `rollback`.
    #[serde(default)]
    pub for_what: Vec<String>,
}

/// A checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    /// `before`, `during`, `after`, `cutover`, `week-1`, `month-1`, `month-3`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its items.
    pub items: Vec<CheckItem>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckItem {
    /// Unique in the plan: `before/backup`.
    pub id: String,
    /// What must be so.
    pub what: String,
    /// Minutes from the cut-over, negative before it; `None` where no time is set.
    pub at_min: Option<i64>,
    /// A role.
    pub owner: String,
    /// Whether the gate of the list stays closed without it.
    pub must: bool,
    /// How to tell, or which evidence Segue looks at by itself (`evidence: rehearsal`).
    pub how_to_tell: String,
    /// `open`, `done` (with evidence that Segue saw while planning), `not-applicable`.
    pub state: String,
    /// Which document or key it comes from.
    pub from: String,
}

/// What leads to a warning, a pause or a rollback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollbackTrigger {
    /// When.
    pub when: MetricCondition,
    /// `warn`, `pause` or `rollback`.
    pub action: String,
    /// What is done, in order.
    pub order: Vec<String>,
    /// Which phases it watches; empty means all from the first that users may notice.
    pub phases: Vec<String>,
    /// Where the threshold comes from.
    pub from: String,
    /// What measures it: `prometheus metrics: QUERY`, `segue verify`, `a person`.
    pub measured_by: String,
}

/// One communication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Communication {
    /// `exec`, `engineering`, `support`, `users`, `api_consumers`, `partners`.
    pub audience: String,
    /// What is told.
    pub what: String,
    /// Seconds before (negative) or after the start of `phase`.
    pub offset_s: i64,
    /// Relative to this phase's start.
    pub phase: String,
    /// How often again, in seconds; 0 means once.
    pub every_s: u64,
    /// Over which channel; empty where nobody said.
    pub channel: String,
    /// To whom; empty where nobody said.
    pub to: String,
    /// Where the lead time comes from.
    pub from: String,
}

/// A phase's project side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseProject {
    /// The phases that must be over before it starts.
    #[serde(default)]
    pub after: Vec<String>,
    /// What people do in it beside the steps.
    #[serde(default)]
    pub tasks: Vec<Task>,
    /// What is there when it is over.
    #[serde(default)]
    pub deliverables: Vec<String>,
    /// A role.
    #[serde(default)]
    pub owner: String,
    /// How long it is held after its work, in seconds, and where that comes from.
    #[serde(default)]
    pub hold: Option<Estimate>,
    /// When it may run; empty means at any time.
    #[serde(default)]
    pub windows: Vec<Window>,
    /// Its work and waits, from which the schedule is simulated.
    #[serde(default)]
    pub loads: Vec<Load>,
    /// Duration of the work itself (people and machine, without waiting for windows), three points.
    #[serde(default)]
    pub work: Option<Spread>,
    /// When it starts, seconds after day 0.
    #[serde(default)]
    pub starts: Option<Quantiles>,
    /// When it ends, seconds after day 0.
    #[serde(default)]
    pub ends: Option<Quantiles>,
    /// In how many runs of a thousand it is on the critical path.
    #[serde(default)]
    pub criticality_permille: u32,
    /// How one goes back from it.
    #[serde(default)]
    pub rollback: PhaseRollback,
    /// Which part of a hybrid it belongs to: a kind of the plan.
    #[serde(default)]
    pub part: String,
}

/// P5, P50, P95 of a time in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// One in twenty is faster.
    pub p5_s: u64,
    /// The middle.
    pub p50_s: u64,
    /// One in twenty is slower.
    pub p95_s: u64,
    /// Where it comes from.
    pub from: String,
    /// `measured`, `stated`, `model` or `unknown`.
    pub confidence: String,
}

/// A task for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What to do.
    pub what: String,
    /// A role.
    pub owner: String,
    /// Minutes of work, most likely; 0 until estimated.
    pub minutes: u64,
    /// Where the figure comes from.
    pub from: String,
}

/// How one goes back from a phase.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseRollback {
    /// Whether one can: `yes`, `with-loss` or `no`.
    pub possible: String,
    /// What is done.
    pub how: String,
    /// How long it takes, in seconds, with its source; `None` where nobody knows.
    pub time: Option<Estimate>,
    /// What users notice.
    pub user_impact: String,
    /// What would be lost: `0 rows`.
    pub loses: String,
    /// How it is verified.
    pub verify: String,
}

/// A piece of work or a wait. The recipe says what and how much; the estimator says how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// The step or task it belongs to, or the phase.
    pub of: String,
    /// Who is busy: a role (`dba`, `developer`, …), `machine`, or `nobody` for a wait.
    pub who: String,
    /// The key of the estimation model: `people.table`, `machine.copy`, `wait.hold`.
    pub key: String,
    /// How much of the key's unit.
    pub amount: u64,
    /// What the time depends on beside the amount: `bytes`, `rows`, `indexes`, `columns`; and stated seconds
    /// (`best_s`, `likely_s`, `worst_s`) which win over the model.
    #[serde(default)]
    pub facts: BTreeMap<String, u64>,
    /// Where the amount comes from.
    pub from: String,
    /// Estimated by the estimator; `None` until then, or where nobody can.
    #[serde(default)]
    pub time: Option<Spread>,
}

/// A command that is done outside of Segue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// `shell`, `sql` or `config`.
    pub language: String,
    /// For `sql`, the dialect: `postgres`, `mysql`, `sqlite`.
    #[serde(default)]
    pub dialect: String,
    /// The text; never has a placeholder and never a secret (it takes those from the environment by name).
    pub text: String,
    /// What must be so before.
    pub precondition: String,
    /// What it prints or gives when it worked.
    pub expected: String,
}

/// What is done outside of Segue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// The command of a step by `command`.
    #[serde(default)]
    pub command: Option<Command>,
    /// How to tell that it is done.
    #[serde(default)]
    pub how_to_tell: String,
    /// A role.
    #[serde(default)]
    pub owner: String,
    /// Why Segue does not do it by itself.
    #[serde(default)]
    pub because: String,
    /// Drafts of what places in code become, for a person who decides on each; nothing applies them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafts: Vec<CodeDraft>,
}

/// A place in code before and after a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeDraft {
    /// `src/db.js:12`.
    pub at: String,
    /// As it is; texts of the program stand as `…`.
    pub before: String,
    /// As it would be.
    pub after: String,
}

impl Program {
    /// Whether there is nothing: plans of before keep their digest.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl PhaseProject {
    /// Whether there is nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Outside {
    /// Whether there is nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}
