//! Rows in canonical bytes, many at a time, in one buffer that is used again.
//!
//! An engine writes the values of a row one after the other; the batch keeps where each row and each key ends. It must
//! never be printed. Tests: `canonical/tests.rs`.

use std::fmt;

use super::canonical::{self, Torn};
use super::class::Class;
use super::key;
use super::value::Value;

/// Rows in canonical bytes.
#[derive(Clone, Default)]
pub struct Batch {
    rows: Vec<u8>,
    keys: Vec<u8>,
    row_ends: Vec<usize>,
    key_ends: Vec<usize>,
    /// Where the values of the row under way begin.
    starts: Vec<usize>,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batch({} rows)", self.row_ends.len())
    }
}

impl Batch {
    /// Empties it and keeps its room.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.keys.clear();
        self.row_ends.clear();
        self.key_ends.clear();
        self.starts.clear();
    }

    /// Rows in it.
    pub fn len(&self) -> usize {
        self.row_ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.row_ends.is_empty()
    }

    /// Bytes of its rows and keys: an engine ends a batch at some hundred kilobytes.
    pub fn bytes(&self) -> usize {
        self.rows.len() + self.keys.len()
    }

    /// Writes the next value of the row under way.
    pub fn value(&mut self, value: &Value<'_>, class: &Class) {
        self.starts.push(self.rows.len());
        canonical::write(&mut self.rows, value, class);
    }

    /// Ends the row under way. `key`: the positions of the key's columns among its values, in the key's order.
    pub fn end_row(&mut self, key: &[usize]) {
        for at in key {
            let value = &self.rows[self.starts[*at]..];
            // What was written a moment ago is whole.
            let written = key::write(&mut self.keys, value);
            debug_assert!(written.is_ok(), "a value of our own is canonical");
        }
        self.row_ends.push(self.rows.len());
        self.key_ends.push(self.keys.len());
        self.starts.clear();
    }

    /// Adds a row that is canonical already.
    pub fn push(&mut self, key: &[u8], row: &[u8]) {
        self.rows.extend_from_slice(row);
        self.keys.extend_from_slice(key);
        self.row_ends.push(self.rows.len());
        self.key_ends.push(self.keys.len());
    }

    /// The key and the row at a place.
    pub fn row(&self, at: usize) -> (&[u8], &[u8]) {
        let start = |ends: &[usize]| at.checked_sub(1).map_or(0, |before| ends[before]);
        (&self.keys[start(&self.key_ends)..self.key_ends[at]], &self.rows[start(&self.row_ends)..self.row_ends[at]])
    }

    /// The keys and rows in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        (0..self.len()).map(|at| self.row(at))
    }
}

/// Which columns of two rows differ: their positions. `Err` where one of them is not a canonical row of as many.
pub fn differing(source: &[u8], target: &[u8]) -> Result<Vec<usize>, Torn> {
    let (source, target) = (canonical::columns(source)?, canonical::columns(target)?);
    if source.len() != target.len() {
        return Err(Torn);
    }
    Ok((0..source.len()).filter(|at| source[*at] != target[*at]).collect())
}
