//! What a migration script does to a SQLite database in use: one rule a file in `rule/`, over `ddl/lint.rs`.
//!
//! Tests: `tests/it/sql/script_lint.rs` over `tests/cases/sql-script-sqlite/`.

pub mod rule;

use super::super::ddl;
pub(crate) use super::super::ddl::lint::Found;
use super::super::{Dialect, Facts};
use crate::draft::Outcome;
use crate::policy::Policy;
use crate::source::{Refused, Source};
pub use rule::RULES;

/// Judges a script; with facts also by types, sizes and keys.
pub fn lint(script: &Source, facts: Option<&Facts>, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    ddl::lint::lint(script, Dialect::Sqlite, facts, policy, rule::run)
}
