//! The parts of a spec that describe a whole migration: what moves, who works, when, within which limits.
//!
//! Types only; the reader fills them. What was left out is `None` or empty and never a made-up number. Numbers are
//! whole, so that a spec has one digest. Tests: `tests/it/program.rs`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::secret::Reference;
use crate::units::{Bytes, Millis};

/// A civil date, `2027-01-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(pub jiff::civil::Date);

/// A rate: so much a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// Bytes a second.
    BytesPerS(u64),
    /// Rows a second.
    RowsPerS(u64),
}

/// `rates`: stated rates, until measured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// Copying rows.
    pub copy: Option<Rate>,
    /// Building indexes.
    pub index: Option<Rate>,
    /// Comparing rows.
    pub verify: Option<Rate>,
}

/// `team`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// People; default 1.
    pub people: Option<u32>,
    /// Hours a week of each for this migration; default 20.
    pub hours_per_week: Option<u32>,
    /// Money an hour by role, in hundredths of the budget's currency.
    pub rates: BTreeMap<String, u64>,
}

/// `limits.data_loss`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataLoss {
    /// No acknowledged write may be lost.
    #[default]
    None,
    /// So much time of writes.
    Writes(Millis),
    /// So many rows.
    Rows(u64),
}

/// One of `limits.window`: when work that users notice may be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// `mon` … `sun`; empty means each day.
    pub days: Vec<String>,
    /// Minutes after midnight.
    pub from_min: u16,
    /// Minutes after midnight; at or before `from_min` it is on the next day.
    pub to_min: u16,
    /// The zone's name; `UTC` by default.
    pub zone: String,
}

/// One of `limits.freeze`: both days belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// In hundredths.
    pub hundredths: u64,
    /// `EUR`.
    pub currency: String,
}

/// `systems.NAME.facts`: what is stated of a system. What is measured wins over it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Its version as people say it.
    pub version: Option<String>,
    /// Size of the data.
    pub size: Option<Bytes>,
    /// Rows in all tables.
    pub rows: Option<u64>,
    /// Number of tables.
    pub tables: Option<u64>,
    /// Growth a day.
    pub growth_per_day: Option<Bytes>,
    /// Transactions (or requests) a second at the peak.
    pub peak_tps: Option<u64>,
    /// Replicas.
    pub replicas: Option<u64>,
    /// Whether it is production; a rehearsal never runs against it.
    pub production: Option<bool>,
}

/// One of `systems.NAME.dependencies`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// `service`, `job`, `report`, …
    pub kind: String,
    /// Whether the migration cannot go on without it.
    pub blocking: bool,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// What the spec states about a system beside its address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Stated facts.
    pub facts: Facts,
    /// Whether `facts` was written at all: then `plan` does not connect by itself.
    pub has_facts: bool,
    /// Who depends on it.
    pub dependencies: Vec<Dependency>,
}

/// `move`: a whole database from one system to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The source's name in `systems`.
    pub from: String,
    /// The target's name in `systems`.
    pub to: String,
    /// Globs; empty means all.
    pub include: Vec<String>,
    /// Globs.
    pub exclude: Vec<String>,
    /// `convert.types`: source type → target type.
    pub types: BTreeMap<String, String>,
    /// `convert.zero_dates`: `null` or a date; `None` when left out.
    pub zero_dates: Option<String>,
    /// `convert.columns`: `table.column` → what to do.
    pub columns: BTreeMap<String, ColumnConversion>,
    /// A pattern that the user insists on.
    pub pattern: Option<String>,
}

/// One of `move.convert.columns`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnConversion {
    /// Target type.
    pub to: Option<String>,
    /// `json`: the text holds that.
    pub from_text: Option<String>,
    /// `seconds` or `milliseconds`.
    pub from_epoch: Option<String>,
    /// The zone of times without one.
    pub zone: Option<String>,
    /// `reject` (default): bad rows are kept aside.
    pub on_error: Option<String>,
}

/// `code`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The source tree.
    pub path: String,
    /// What changes, in order.
    pub change: Vec<CodeChange>,
}

/// One of `code.change`: `{framework: {from: express@4, to: fastify@5}}`, `{library: {from: moment, to: date-fns}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeChange {
    /// `framework`, `runtime`, `language`, `library` or `driver`.
    pub what: String,
    /// `name` or `name@version`.
    pub from: String,
    /// `name` or `name@version`.
    pub to: String,
}

/// `api`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Api {
    /// The old contract's file.
    pub old: String,
    /// The new contract's file.
    pub new: String,
    /// Number of clients.
    pub clients: Option<u64>,
}

/// `service`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// What it is taken out of.
    pub from: String,
    /// Services by name.
    pub extract: BTreeMap<String, Extract>,
}

/// One of `service.extract`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extract {
    /// Its tables.
    pub tables: Vec<String>,
    /// Its routes, globs.
    pub routes: Vec<String>,
}

/// `auth`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Auth {
    /// `auth_system`, `oauth_provider` or `sso`.
    pub change: String,
    /// What is there.
    pub from: Option<String>,
    /// What shall be.
    pub to: Option<String>,
    /// Users concerned.
    pub users: Option<u64>,
}

/// `infra`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Infra {
    /// `aws/eu-west-1`, `on-prem`, `vm`, `self-hosted`.
    pub from: String,
    /// `gcp/europe-west1`, `kubernetes`, `managed`.
    pub to: String,
    /// A folder of Terraform files.
    pub terraform: Option<String>,
    /// Data to be carried over.
    pub data: Option<Bytes>,
}

/// `rollout`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// The `http` system.
    pub system: Option<String>,
    /// Share of requests shadowed, in thousandths of a per cent (1% = 1000).
    pub shadow_ppm10: Option<u64>,
    /// Shares, in thousandths of a per cent (1% = 1000), rising, ending at 100 000.
    pub steps: Vec<u64>,
    /// How long each is held.
    pub hold: Option<Millis>,
    /// What keeps a user on one side.
    pub sticky: Option<String>,
}

/// A condition: `METRIC[(SIDE)] OP VALUE [for DURATION]`; read and printed in `condition`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricCondition {
    /// `error_rate`, `p95`, …, or the name of a query or check.
    pub metric: String,
    /// `old`, `new`, `source` or `target`.
    pub side: Option<String>,
    /// `<`, `<=`, `>`, `>=` or `==`.
    pub op: String,
    /// The right side.
    pub value: MetricValue,
    /// How long it must hold; 0 means at once.
    pub for_ms: u64,
}

/// The right side of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricValue {
    /// A plain number in thousandths (`1.5` is 1500).
    Milli(u64),
    /// A share in thousandths of a per cent (1% is 1000).
    PercentMilli(u64),
    /// A duration in milliseconds.
    Ms(u64),
    /// A size in bytes.
    Bytes(u64),
    /// `NUMBER * METRIC(SIDE)`; the number in thousandths.
    Times {
        /// In thousandths.
        factor_milli: u64,
        /// The other metric.
        metric: String,
        /// Its side.
        side: Option<String>,
    },
}

/// What a check says beside its query.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRule {
    /// How far the numbers of both sides may be apart; not at all when left out.
    pub tolerance: Option<Tolerance>,
    /// Where it is asked.
    pub on: CheckSide,
}

/// `checks.NAME.tolerance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tolerance {
    /// A share of the source's number, in thousandths of a per cent (1% is 1000).
    PercentMilli(u64),
    /// A difference, in thousandths.
    Milli(u64),
}

/// `checks.NAME.on`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckSide {
    /// On both sides, and they agree.
    #[default]
    Both,
    /// On the source alone, before and after.
    Source,
    /// On the target alone.
    Target,
}

/// One of `rollback_when`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// When.
    pub when: MetricCondition,
    /// `warn`, `pause` or `rollback`.
    pub action: String,
}

/// One of `phases.NAME.gate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateWish {
    /// A measurement.
    Metric(MetricCondition),
    /// People.
    Approve {
        /// Roles that may.
        by: Vec<String>,
        /// How many.
        count: u32,
    },
}

/// One of `phases.NAME.tasks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskWish {
    /// What to do.
    pub what: String,
    /// Who.
    pub owner: Option<String>,
    /// How long, in minutes.
    pub minutes: Option<u64>,
}

/// One of `phases`: changes a recipe's phase of that name, or adds one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseWish {
    /// After these phases; replaces the recipe's order when given.
    pub after: Option<Vec<String>>,
    /// How long it is held when done.
    pub hold: Option<Millis>,
    /// Exit gates, added.
    pub gate: Vec<GateWish>,
    /// When it may run.
    pub window: Vec<Window>,
    /// Why it is left out.
    pub skip: Option<String>,
    /// Best, likely, worst, in seconds.
    pub estimate: Option<(u64, u64, u64)>,
    /// Tasks, added.
    pub tasks: Vec<TaskWish>,
}

/// One of `risks`: the team's own row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskWish {
    /// Its id; given when left out.
    pub id: Option<String>,
    /// What could happen.
    pub what: String,
    /// 1–10.
    pub severity: u8,
    /// 1–10.
    pub occurrence: u8,
    /// 1–10; 10 means that nobody would notice.
    pub detection: Option<u8>,
    /// What is done against it.
    pub mitigation: Option<String>,
    /// Who watches it.
    pub owner: Option<String>,
    /// The gate or check that would see it.
    pub watch: Option<String>,
}

/// One of `comms`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommsWish {
    /// `daily`, `weekly`, or a duration, as written.
    pub every: Option<String>,
    /// How long before.
    pub lead_time: Option<Millis>,
    /// To whom.
    pub to: Option<String>,
    /// Over which channel.
    pub channel: Option<String>,
    /// A template file of the team's own.
    pub template: Option<String>,
}

/// `systems` that are no database Segue reshapes: other ends of a migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// `http: {old, new}`.
    Http {
        /// The old base URL, or a reference to it as written (`env:OLD_URL`; see [`Reference`]).
        old: String,
        /// The new base URL, or a reference to it as written.
        new: String,
    },
    /// `prometheus: {url, queries}`.
    Prometheus {
        /// Where it is.
        url: Reference,
        /// Names → PromQL.
        queries: BTreeMap<String, String>,
    },
    /// `other: {what}`.
    Other {
        /// What it is, in words.
        what: String,
    },
}

/// The whole project side of a spec. Empty for a spec that only changes a schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// `kind`: a recipe that the user insists on.
    pub kind: Option<String>,
    /// `profile`: `segue`, `doc000` … `doc004`.
    pub profile: Option<String>,
    /// `start`.
    pub start: Option<Date>,
    /// `compliance`, lower case.
    pub compliance: Vec<String>,
    /// `team`.
    pub team: Team,
    /// `limits.data_loss`.
    pub data_loss: DataLoss,
    /// `limits.deadline`.
    pub deadline: Option<Date>,
    /// `limits.window`.
    pub windows: Vec<Window>,
    /// `limits.freeze`.
    pub freezes: Vec<Freeze>,
    /// `limits.budget`.
    pub budget: Option<Money>,
    /// What is stated about each system.
    pub about: BTreeMap<String, About>,
    /// Systems that are no database Segue reshapes.
    pub outside: BTreeMap<String, Outside>,
    /// `move`.
    pub moves: Option<Move>,
    /// `schema.sql`: a file of plain DDL.
    pub schema_sql: Option<String>,
    /// `schema.desired`: a file with the schema that is wanted.
    pub schema_desired: Option<String>,
    /// `code`.
    pub code: Option<Code>,
    /// `api`.
    pub api: Option<Api>,
    /// `service`.
    pub service: Option<Service>,
    /// `auth`.
    pub auth: Option<Auth>,
    /// `infra`.
    pub infra: Option<Infra>,
    /// `rates`.
    pub rates: Rates,
    /// `rollout`.
    pub rollout: Option<Rollout>,
    /// `rollback_when`.
    pub rollback_when: Vec<Trigger>,
    /// `phases`.
    pub phases: BTreeMap<String, PhaseWish>,
    /// `risks`.
    pub risks: Vec<RiskWish>,
    /// `comms` by audience.
    pub comms: BTreeMap<String, CommsWish>,
    /// What checks say beside their query, by the names of `Spec::checks`; a check without an entry has the defaults.
    #[serde(default)]
    pub check_rules: BTreeMap<String, CheckRule>,
    /// Whether `keep_old` was written; the default depends on the kind.
    pub keep_old_given: bool,
    /// What an old planner's JSON said that has no key of `segue.yaml`; see `spec/planner_json.rs`.
    pub imported: Option<Imported>,
}

/// What the planner JSON of document 000 says beyond the keys of `segue.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// `pattern` as written.
    pub pattern: Option<String>,
    /// `source` and `target` as written.
    pub source: Option<String>,
    /// See `source`.
    pub target: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `tables_to_migrate`.
    pub tables: Vec<ImportedTable>,
    /// `schema_changes`: one sentence each, `users: add column email_verified_at timestamp null`.
    pub schema_changes: Vec<ImportedChange>,
    /// Every other section as facts: path (`service_details.legacy_service.current_load.requests_per_second`) → value as text.
    pub facts: BTreeMap<String, String>,
}

/// One of `tables_to_migrate`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedTable {
    /// Name.
    pub name: String,
    /// Rows.
    pub rows: Option<u64>,
    /// Size.
    pub size: Option<Bytes>,
    /// Whether it is critical.
    pub critical: bool,
}

/// One of `schema_changes[].changes`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedChange {
    /// Table.
    pub table: String,
    /// `add_column`, `modify_column`, `add_constraint`, …
    pub kind: String,
    /// The rest: key → value as text.
    pub details: BTreeMap<String, String>,
}
