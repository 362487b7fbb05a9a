//! An assessment: what was observed of the systems and source trees of a migration, with a verdict for each object.
//!
//! Pure data: made by `segue-survey` from files and by the engines from live systems, read by the planner. Numbers are
//! whole. What could not be looked at stands in `not_checked`, always. Tests: `tests/it/`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::spec::program::Date;

/// The version of the JSON form.
pub const FORMAT_VERSION: u32 = 1;

/// A whole assessment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// Always [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The version of Segue that made it.
    pub segue: String,
    /// What each system of the spec (or each input file) is.
    pub systems: BTreeMap<String, SystemSeen>,
    /// Objects with a verdict: tables, columns, views, routines, files, resources.
    pub objects: Vec<Object>,
    /// Technologies with their versions.
    pub components: Vec<Component>,
    /// Who depends on what.
    pub dependencies: Vec<Dependence>,
    /// Cloud resources with their equivalents.
    pub resources: Vec<Resource>,
    /// Uses of drivers, SQL and vendor features in code.
    pub incidents: Vec<Incident>,
    /// Measured rates between or within the systems.
    pub rates: Vec<MeasuredRate>,
    /// What somebody must know.
    pub findings: Vec<Finding>,
    /// What could not be read, parsed or reached: one sentence each.
    pub not_checked: Vec<String>,
}

/// What was seen of one system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemSeen {
    /// `postgres`, `mysql`, `mariadb`, `sqlite`; `dump`, `schema-json` for files.
    pub engine: String,
    /// As the server says it.
    pub version: String,
    /// How it was looked at: `live`, `dump`, `schema-json`.
    pub how: String,
    /// Its tables.
    pub tables: Vec<TableSeen>,
    /// Bytes of data and indexes together; `None` where nobody could tell.
    pub bytes: Option<u64>,
    /// Settings and states that matter, by name: `wal_level`, `sql_mode`, `max_connections`, `replicas`.
    pub settings: BTreeMap<String, String>,
    /// Counts of objects by kind: `view`, `trigger`, `routine`, `event`, `sequence`.
    pub counts: BTreeMap<String, u64>,
    /// Baselines: `queries_per_s`, `p95_ms`, `cache_hit_permille`, each as measured over the stated time.
    pub baselines: BTreeMap<String, u64>,
}

/// What was seen of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSeen {
    /// Its name, with the schema where there is one.
    pub name: String,
    /// Rows.
    pub rows: Option<u64>,
    /// Whether `rows` is the server's estimate and not a count.
    pub rows_estimated: bool,
    /// Bytes of rows.
    pub bytes: Option<u64>,
    /// Bytes of indexes.
    pub index_bytes: Option<u64>,
    /// Number of columns.
    pub columns: u32,
    /// Number of indexes, the primary key included.
    pub indexes: u32,
    /// Whether it has a primary key or a unique key of not-null columns.
    pub keyed: bool,
    /// Writes a second as the statistics say; `None` where there are none.
    pub writes_per_hour: Option<u64>,
    /// `frequent`, `moderate`, `rare`, `unused`; empty where nobody could tell.
    pub usage: String,
}

/// What is to be done with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Segue or a rendered command converts it.
    Auto,
    /// The same, and somebody should know what changes.
    AutoWithWarning,
    /// A person must decide or write something.
    Manual,
    /// Nothing goes on before it is solved.
    Blocked,
}

/// One object with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Object {
    /// The system's name in the spec, or the file's.
    pub system: String,
    /// `table`, `column`, `index`, `view`, `trigger`, `routine`, `event`, `setting`, `file`, `resource`, …
    pub kind: String,
    /// Its name as people say it: `orders.total`.
    pub name: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The rule that gave it: `mysql.unsigned`.
    pub rule: String,
    /// Why, and what is done or must be done.
    pub reason: String,
    /// People's work in minutes, most likely; 0 for `auto`.
    pub effort_min: u64,
    /// Where it stands: `schema.sql:41`, or empty for a live catalog.
    pub place: String,
}

/// A technology with its version.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Component {
    /// `express`, `node`, `postgres`.
    pub name: String,
    /// `npm`, `pypi`, `cargo`, `maven`, `gradle`, `go`, `rubygems`, `composer`, `nuget`, `runtime`, `image`, `database`, `ci`.
    pub ecosystem: String,
    /// The version or requirement as written.
    pub version: String,
    /// Whether `version` was resolved by a lock file.
    pub locked: bool,
    /// Whether it is needed to run (and not only to build or to test).
    pub runtime: bool,
    /// Where it stands: `package.json:12`.
    pub place: String,
    /// When its support ends, where the embedded table knows.
    pub end_of_life: Option<Date>,
    /// A sentence about it: `support ended 2026-04-30 (facts of 2026-11-01)`; empty where nothing is known.
    pub note: String,
}

/// One dependence, blocking or optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependence {
    /// What depends.
    pub from: String,
    /// On what.
    pub on: String,
    /// `service`, `library`, `database`, `view`, `foreign-key`, `job`.
    pub kind: String,
    /// Whether the migration cannot go on without it.
    pub blocking: bool,
    /// Why it is blocking or not.
    pub why: String,
    /// Where it was seen.
    pub place: String,
}

/// A cloud resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Resource {
    /// `aws_db_instance.main`.
    pub address: String,
    /// `aws_db_instance`.
    pub kind: String,
    /// How many.
    pub count: u64,
    /// Its equivalent at the target; `None` means that there is none.
    pub equivalent: Option<String>,
    /// What differs, or what is to be done where there is none.
    pub note: String,
    /// Where it stands.
    pub place: String,
    /// The addresses it refers to.
    pub refers_to: Vec<String>,
}

/// A use in code of something that the migration concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Incident {
    /// The rule: `js.driver.mysql2`.
    pub rule: String,
    /// `javascript`, `typescript`, `python`, `go`, `java`, `ruby`, `php`.
    pub language: String,
    /// `src/db.js`.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// What it is, in words; never the text of a literal that could be a secret.
    pub what: String,
    /// Effort points (1, 3, 5, 7).
    pub points: u32,
    /// The package or module that is used, as the code names it: `mysql2/promise`; empty where it is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// What the place would become, by what it goes to: to be shown, never applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

/// A draft of what a place in code becomes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edit {
    /// What it is a draft for: `fastify`, `pg`; `postgres` for every driver of it; `newer` for the same thing in a newer version.
    pub to: String,
    /// The place as it is. Texts of the program stand as `…`: they could be secrets.
    pub before: String,
    /// The place as it would be.
    pub after: String,
}

/// A measured rate.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MeasuredRate {
    /// `copy`, `index`, `verify`, `read`, `write`.
    pub what: String,
    /// From which system.
    pub source: String,
    /// To which system; empty for work in one system.
    pub target: String,
    /// Bytes a second.
    pub bytes_per_s: u64,
    /// Rows a second.
    pub rows_per_s: u64,
    /// On how many rows and how long, in words.
    pub sample: String,
}
