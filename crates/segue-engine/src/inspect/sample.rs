//! A bounded sample of rows on its way from one engine to another, as neutral text and bytes.
//!
//! A column whose type has no neutral form is left out, by name. It must never show what a cell holds: `Debug` says
//! how long it is. Tests: below, and `segue_sim::inspect`.

use std::fmt;

/// Where a sample ends: whichever comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// Rows.
    pub max_rows: u64,
    /// Bytes of the carried form.
    pub max_bytes: u64,
}

impl Default for Bound {
    /// 20,000 rows or 32 MiB: enough to be past the first cache misses, and over in seconds.
    fn default() -> Self {
        Self { max_rows: 20_000, max_bytes: 32 << 20 }
    }
}

/// What a column holds, in words that every engine has a type for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Digits with a sign that fit into 64 bits.
    Integer,
    /// A decimal number of any size.
    Decimal,
    /// A binary floating-point number.
    Float,
    /// `0` or `1`.
    Boolean,
    /// Text in UTF-8.
    Text,
    /// Bytes.
    Bytes,
    /// `2026-11-21`.
    Date,
    /// `2026-11-21 12:30:00.123456`, in UTC where the source knows a zone.
    Timestamp,
    /// A UUID in its usual spelling.
    Uuid,
    /// JSON text.
    Json,
}

/// One value.
#[derive(Clone, PartialEq, Eq)]
pub enum Cell {
    /// NULL.
    Null,
    /// The text of a value.
    Text(String),
    /// The bytes of a value of [`Kind::Bytes`].
    Bytes(Vec<u8>),
}

impl Cell {
    /// Bytes of the carried form.
    pub fn size(&self) -> u64 {
        match self {
            Self::Null => 0,
            Self::Text(text) => text.len() as u64,
            Self::Bytes(bytes) => bytes.len() as u64,
        }
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
        }
    }
}

/// A column of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleColumn {
    /// Its name at the source.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// How much in how long.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// Rows.
    pub rows: u64,
    /// Bytes of the carried form.
    pub bytes: u64,
    /// Microseconds.
    pub micros: u64,
    /// Microseconds in which an index of one column of them was built; `None` where none was.
    pub index_micros: Option<u64>,
    /// What the time does not contain, in words: `without the redo log`. Empty where nothing is missing.
    pub without: String,
}

/// Rows that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// How much in how long.
    pub sample: Sample,
    /// The columns that are carried.
    pub columns: Vec<SampleColumn>,
    /// The rows: one cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// Columns that have no neutral form: `location geometry`.
    pub left_out: Vec<String>,
}

impl Taken {
    /// The column on which a writer tries an index: the first whose values are short and have one order everywhere.
    pub fn indexed(&self) -> Option<usize> {
        let short = |kind: Kind| matches!(kind, Kind::Integer | Kind::Decimal | Kind::Float | Kind::Date | Kind::Timestamp | Kind::Uuid);
        self.columns.iter().position(|column| short(column.kind))
    }

    /// Adds a row, and says whether there is room for another one.
    pub fn push(&mut self, row: Vec<Cell>, bound: Bound) -> bool {
        assert_eq!(row.len(), self.columns.len(), "one cell for each column");
        self.sample.rows += 1;
        self.sample.bytes += row.iter().map(Cell::size).sum::<u64>();
        self.rows.push(row);
        self.sample.rows < bound.max_rows && self.sample.bytes < bound.max_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_ends_at_its_bound_and_shows_no_value() {
        let columns = vec![SampleColumn { name: "a".to_owned(), kind: Kind::Text }];
        let mut taken = Taken { columns, ..Taken::default() };
        let bound = Bound { max_rows: 3, max_bytes: 10 };
        assert!(taken.push(vec![Cell::Text("canary".to_owned())], bound));
        assert!(!taken.push(vec![Cell::Bytes(b"canary".to_vec())], bound), "12 bytes");
        assert_eq!((taken.sample.rows, taken.sample.bytes), (2, 12));
        assert_eq!(taken.indexed(), None, "a text may be longer than an index takes");
        taken.columns.push(SampleColumn { name: "b".to_owned(), kind: Kind::Date });
        assert_eq!(taken.indexed(), Some(1));
        assert!(!format!("{taken:?}").contains("canary"));
        assert!(!format!("{taken:?}").contains("99, 97"), "nor as numbers");
    }
}
