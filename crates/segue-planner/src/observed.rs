//! What the caller saw of the system before the planner runs: plain data, with the look-ups that the planner needs.
//!
//! Never fetches anything itself. Tests: below and in `tests/it/`.

use std::collections::BTreeMap;

use segue_model::assessment::MeasuredRate;
use segue_model::catalog::Catalog;
use segue_model::ident::TableName;
use segue_model::secret::Reference;

/// What an engine can do, as far as a plan depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanCapabilities {
    /// Each version of the application reaches its form by a schema of views.
    pub version_schemas: bool,
    /// Indexes can be built while writers go on.
    pub concurrent_index: bool,
    /// Constraints can be added and validated while writers go on, in steps of their own.
    pub online_constraints: bool,
}

/// Everything that was observed for one spec.
#[derive(Debug, Clone)]
pub struct Observed {
    /// `postgres`, `sqlite` or `memory`.
    pub engine: String,
    /// The version as the server says it.
    pub version: String,
    /// Resolved names of tables, by the name as the spec has it: the `to_string()` of each of
    /// [`crate::touched`]'s answers (the text exactly as written is accepted too).
    pub names: BTreeMap<String, TableName>,
    /// The table of each index of [`crate::touched_indexes`], by the same kind of key; without an entry the index
    /// does not exist.
    pub index_tables: BTreeMap<String, TableName>,
    /// The catalog of the tables in `names` and `index_tables`, those that exist.
    pub catalog: Catalog,
    /// What the engine can do.
    pub capabilities: PlanCapabilities,
    /// Where the database is, as the spec says it.
    pub location: Reference,
    /// Rates that an assessment measured; empty where there is none.
    pub rates: Vec<MeasuredRate>,
}

impl Observed {
    /// The resolved name of a table as the spec writes it. A name that cannot be read, or that nobody resolved,
    /// stands for itself.
    pub(crate) fn table_name(&self, written: &str) -> TableName {
        if let Some(name) = self.names.get(written) {
            return name.clone();
        }
        let parsed = TableName::parse(written).unwrap_or_else(|_| TableName::bare(written));
        self.names.get(&parsed.to_string()).cloned().unwrap_or(parsed)
    }

    /// The table that holds an index as the spec writes it.
    pub(crate) fn index_table(&self, written: &str) -> Option<&TableName> {
        self.index_tables.get(written).or_else(|| {
            let parsed = TableName::parse(written).ok()?;
            self.index_tables.get(&parsed.to_string())
        })
    }

    /// The engine compares names without regard to case (SQLite).
    pub(crate) fn folds_case(&self) -> bool {
        self.engine == "sqlite"
    }

    /// The two names are one to this engine.
    pub(crate) fn same_name(&self, one: &str, other: &str) -> bool {
        one == other || (self.folds_case() && one.eq_ignore_ascii_case(other))
    }

    /// The longest name in bytes that the engine keeps whole.
    pub(crate) fn longest_name(&self) -> usize {
        if self.folds_case() { 1_000 } else { 63 }
    }
}
