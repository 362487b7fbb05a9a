//! What is read of a table: which columns, under which classes, which rows, in which order.
//!
//! Tests: `canonical/tests.rs`, and the conformance of reading in `segue-sim`.

use segue_model::ident::TableName;

use super::class::Class;
use super::datum::Datum;

/// A column as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadColumn {
    /// Its name.
    pub name: String,
    /// An SQL expression of this engine over the table's columns, read instead of the column (`up` of a spec).
    pub expression: Option<String>,
    /// The class under which its values are written.
    pub class: Class,
}

/// Rows of which the first key column is in a half-open range. NULLs come before all values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeyRange {
    /// From here on; `None`: from the first, rows whose first key column is NULL included.
    pub from: Option<Datum>,
    /// Up to here, this one not included; `None`: to the last.
    pub below: Option<Datum>,
}

/// What is read of a table. The same on both sides but for names and expressions.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The table (or view).
    pub table: TableName,
    /// The columns, in the order in which both sides write them.
    pub columns: Vec<ReadColumn>,
    /// Positions in `columns` of the key, in its order. Empty: rows have no key, and are a multiset.
    pub key: Vec<usize>,
    /// A part of the table.
    pub range: Option<KeyRange>,
    /// A condition of the user's, in this engine's SQL. Stands in parentheses of its own.
    pub filter: Option<String>,
    /// Rows come in the order of their key bytes. An engine does its best, the reader of the stream checks.
    pub ordered: bool,
    /// Only rows with these keys, a few hundred at most. More rows may come than were asked for, never fewer.
    pub only: Option<Vec<Vec<Datum>>>,
}

impl Read {
    /// All rows of these columns.
    pub fn new(table: TableName, columns: Vec<ReadColumn>, key: Vec<usize>) -> Self {
        Self { table, columns, key, range: None, filter: None, ordered: false, only: None }
    }

    /// The same, of one range.
    pub fn within(&self, range: KeyRange) -> Self {
        Self { range: Some(range), ..self.clone() }
    }

    /// The same, in the order of the key.
    pub fn in_order(&self) -> Self {
        Self { ordered: true, ..self.clone() }
    }

    /// The same, of these keys.
    pub fn of_keys(&self, keys: Vec<Vec<Datum>>) -> Self {
        Self { only: Some(keys), range: None, ..self.clone() }
    }
}

/// A column of a table as an engine sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRows {
    /// Its name.
    pub name: String,
    /// Its declared type, in the engine's words.
    pub data_type: String,
    /// The class that is its own.
    pub class: Class,
    /// It takes NULL.
    pub nullable: bool,
    /// Its value is computed by the server from others: it is compared, and never written.
    pub generated: bool,
    /// Why it cannot be read, where it cannot.
    pub unreadable: Option<String>,
}

/// A table as an engine sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRows {
    /// Its name, resolved.
    pub table: TableName,
    /// Its columns in its order.
    pub columns: Vec<ColumnRows>,
    /// The primary key's columns, else those of a full unique index over columns that are not null.
    pub key: Option<Vec<String>>,
    /// About how many rows.
    pub rows: u64,
    /// About how many bytes.
    pub bytes: u64,
    /// Reading a range of the first key column costs about what reading so many rows of the whole costs.
    pub ranges_are_cheap: bool,
}

/// A hash of a chunk that the server computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkDigest {
    /// Rows.
    pub rows: u64,
    /// Lower-case hexadecimal; empty for no rows.
    pub hash: String,
}
