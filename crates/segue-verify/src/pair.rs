//! Two tables that are to hold the same rows: what is read of each, in one order of columns, under common classes.
//!
//! Made by `mapping`. Tests: `tests/it/mapping.rs`.

use segue_engine::rows::Read;
use segue_model::verify::Gap;

/// Two tables.
#[derive(Debug, Clone, PartialEq)]
pub struct TablePair {
    /// What is read of the source.
    pub source: Read,
    /// What is read of the target: as many columns, of the same classes, with the same key positions.
    pub target: Read,
    /// The names of the columns for people, in the order of the reads.
    pub names: Vec<String>,
    /// About how many rows the larger side has.
    pub rows: u64,
    /// Ranges of the first key column are cheap to read on both sides and mean the same rows.
    pub ranges: bool,
    /// What is not compared.
    pub not_compared: Vec<Gap>,
    /// Columns that the source alone has. They stand in `not_compared` too.
    pub only_in_source: Vec<String>,
    /// Columns that the target alone has. They stand in `not_compared` too.
    pub only_in_target: Vec<String>,
    /// What somebody should know: one sentence each.
    pub notes: Vec<String>,
}

impl TablePair {
    /// The names of the key's columns; empty for a multiset.
    pub fn key_names(&self) -> Vec<&str> {
        self.source.key.iter().map(|at| self.names[*at].as_str()).collect()
    }
}
