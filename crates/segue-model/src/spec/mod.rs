//! The spec: what the user wants, in `segue.yaml`. Types here; the reader is [`read()`].
//!
//! One table (`keys`, `changes`, in the words of `shape`) says what the file takes; the reader walks by it and
//! [`schema()`] prints it. Must never open a file or resolve a reference. Tests: `tests/it/`.

mod amounts;
mod changes;
mod condition;
mod decode;
mod json_schema;
mod keys;
mod node;
mod planner_json;
mod problems;
pub mod program;
mod read;
mod reference;
mod relations;
mod scalar;
mod shape;
mod systems;
mod take;
mod template;
mod torn;
mod walk;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use condition::ConditionError;
pub use json_schema::schema;
pub use planner_json::{looks_like_planner_json, read_planner_json};
pub use program::Program;
pub use read::read;
pub use reference::reference;
pub use systems::concealed;
pub use template::template;

use crate::canonical::{self, CanonicalError};
use crate::change::Change;
use crate::secret::Reference;
use crate::units::{Bytes, Millis};

/// A whole spec, read and checked in itself (not against any database).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// The format: 1.
    pub segue: u32,
    /// `[A-Za-z0-9-]{1,40}`.
    pub id: String,
    /// A name for people.
    pub name: String,
    /// Why.
    pub why: String,
    /// Addresses by role.
    pub owners: BTreeMap<String, String>,
    /// Systems by name.
    pub systems: BTreeMap<String, System>,
    /// The change of form inside one system; `None` for a spec without one.
    pub schema: Option<SchemaChange>,
    /// Limits.
    pub limits: Limits,
    /// Business rules.
    pub checks: BTreeMap<String, Check>,
    /// What a run may cost others.
    pub throttle: Throttle,
    /// How long `contract` waits after `shift`; default 0 for a schema change.
    pub keep_old: Millis,
    /// The rest: what a whole migration is made of beside a change of form.
    #[serde(default)]
    pub program: Program,
}

/// A system: a database that Segue can reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// PostgreSQL, by URL or a reference to one.
    Postgres {
        /// `postgres://…`, `env:`, `file:` or `cmd:`.
        url: Reference,
    },
    /// A SQLite file.
    Sqlite {
        /// The path, relative to the spec's folder; or a reference.
        path: Reference,
    },
    /// MySQL or MariaDB, by URL or a reference to one.
    Mysql {
        /// `mysql://…`, `env:`, `file:` or `cmd:`.
        url: Reference,
    },
}

/// `schema`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaChange {
    /// The system's name.
    pub system: String,
    /// The changes in order.
    pub changes: Vec<Change>,
}

/// `limits`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The longest stop of writers; `none` is 0.
    pub downtime: Option<Millis>,
    /// What rollback is asked for.
    pub rollback: RollbackWish,
}

/// `limits.rollback`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RollbackWish {
    /// A plan without one is refused.
    #[default]
    Required,
    /// Nice to have.
    Wanted,
    /// Not needed.
    NotNeeded,
}

/// A business rule: SQL whose result must agree on both sides. What else is said of it: [`Program::check_rules`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The query.
    pub sql: String,
}

/// `throttle`, with defaults left open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throttle {
    /// Default 5 s.
    pub max_replication_lag: Option<Millis>,
    /// `{threads_running: 40}`; default none.
    pub max_load: BTreeMap<String, u64>,
    /// Default 200 ms.
    pub batch_target: Option<Millis>,
    /// Default 1 s.
    pub ddl_lock_timeout: Option<Millis>,
    /// Default 10 GiB.
    pub max_wal: Option<Bytes>,
    /// The most that is read or written in a second; default none.
    pub max_bytes_per_s: Option<Bytes>,
}

impl Spec {
    /// The changes of form in order; none for a spec without `schema.changes`.
    pub fn changes(&self) -> &[Change] {
        self.schema.as_ref().map_or(&[], |schema| &schema.changes)
    }

    /// Whether a change of form inside one system is all that the spec asks for: then Segue runs every step itself.
    pub fn is_schema_only(&self) -> bool {
        let program = &self.program;
        !self.changes().is_empty()
            && program.moves.is_none()
            && program.code.is_none()
            && program.api.is_none()
            && program.service.is_none()
            && program.auth.is_none()
            && program.infra.is_none()
    }

    /// The name of the system that the changes of form are in, and the system.
    pub fn schema_system(&self) -> Option<(&str, &System)> {
        let name = self.schema.as_ref()?.system.as_str();
        self.systems.get(name).map(|system| (name, system))
    }

    /// The tag of the spec's helper objects: the id in lower case with `_` for `-`.
    pub fn tag(&self) -> String {
        self.id.to_ascii_lowercase().replace('-', "_")
    }
}

/// The digest by which "already applied" is known: of the id and of what happens to databases: the changes in their
/// system, or the files that say them, and the move.
///
/// The same under other comments, white space, order of keys, names for people, limits or addresses.
pub fn digest(spec: &Spec) -> Result<String, CanonicalError> {
    let Program { schema_sql, schema_desired, moves, .. } = &spec.program;
    if schema_sql.is_none() && schema_desired.is_none() && moves.is_none() {
        return canonical::digest(&(&spec.id, &spec.schema));
    }
    canonical::digest(&(&spec.id, &spec.schema, schema_sql, schema_desired, moves))
}
