//! A stored fingerprint: what a table held once, in a few kilobytes, to be compared with what it holds now.
//!
//! For each range of the key it keeps the count of rows and the sum of their 128-bit hashes. Sums only, no sketch: the
//! cells of a sketch can hold key bytes, and a file lives longer than anybody remembers. So a fingerprint names the
//! ranges that drifted, not the rows. The bounds of ranges are values of the first key column (numbers and dates alone
//! can be such bounds) and stand in it; no other value does, and neither the text of a filter. At most
//! [`RANGES_MAX`] ranges a table, whatever its size. Tests: `tests/it/fingerprint.rs`.

mod take;

use std::collections::BTreeSet;

use segue_engine::rows::parse::hex;
use segue_engine::rows::{Class, Read, hash, key};
use segue_model::ident::TableName;
use serde::{Deserialize, Serialize};

use crate::VerifyError;

pub use take::{drift, take};

/// The version of the file's form. The sums depend on `docs/canonical.md` as well: a change of it is a new version.
pub const FORMAT_VERSION: u32 = 1;
/// Ranges of a table, at most.
pub const RANGES_MAX: usize = 1024;

/// What tables held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Which version of Segue wrote it.
    pub segue_version: String,
    /// Which rows and columns were asked for.
    #[serde(default, skip_serializing_if = "Chosen::is_all")]
    pub chosen: Chosen,
    /// The tables, by name.
    pub tables: Vec<TableFingerprint>,
}

/// Which rows and columns of every table were asked for. Another choice is another question: sums of the one say nothing
/// of the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// Only these columns, sorted; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Not these columns, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// A hash of the text of the condition on rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter_hash: Option<String>,
}

impl Chosen {
    /// The choice of these columns and this condition.
    pub fn new(columns: &[String], ignored: &[String], filter: Option<&str>) -> Self {
        let sorted = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        Self { columns: sorted(columns), ignored: sorted(ignored), filter_hash: text_hash(filter) }
    }

    /// Nothing was left out.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// What one table held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFingerprint {
    /// Its name.
    pub table: TableName,
    /// The columns that were read, in their order.
    pub columns: Vec<ColumnFingerprint>,
    /// The names of the key's columns; empty for a multiset.
    pub key: Vec<String>,
    /// A hash of the filter's text, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter_hash: Option<String>,
    /// Rows.
    pub rows: u64,
    /// The ranges of the key, ascending and without a gap.
    pub ranges: Vec<RangeFingerprint>,
}

/// A column that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnFingerprint {
    /// Its name.
    pub name: String,
    /// The class under which its values were written.
    pub class: Class,
    /// A hash of the expression that was read instead of it, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression_hash: Option<String>,
}

/// What a range held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeFingerprint {
    /// Its lower end as key bytes in hexadecimal; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its upper end, not included; none for the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// Rows.
    pub rows: u64,
    /// The sum of the rows' hashes, in hexadecimal.
    pub sum: String,
}

/// How a table differs from its fingerprint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    /// Rows when the fingerprint was taken.
    pub rows_then: u64,
    /// Rows now, as far as they were read.
    pub rows_now: u64,
    /// Ranges whose rows are not the same any more.
    pub ranges: Vec<RangeDrift>,
    /// Why rows could not be compared: columns that are gone or are read otherwise. One sentence each.
    pub columns: Vec<String>,
}

/// A range whose rows are not the same any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeDrift {
    /// Its lower end as a person reads it; none for the first.
    pub from: Option<String>,
    /// Its upper end, not included; none for the last.
    pub below: Option<String>,
    /// Rows then.
    pub rows_then: u64,
    /// Rows now.
    pub rows_now: u64,
}

impl Drift {
    /// Nothing drifted, and everything was compared.
    pub fn is_none(&self) -> bool {
        self.ranges.is_empty() && self.columns.is_empty()
    }
}

impl Fingerprint {
    /// A fingerprint of tables, in the order of their names.
    pub fn new(mut tables: Vec<TableFingerprint>, segue_version: &str) -> Self {
        tables.sort_by(|a, b| a.table.cmp(&b.table));
        Self { format_version: FORMAT_VERSION, segue_version: segue_version.to_owned(), chosen: Chosen::default(), tables }
    }

    /// The same, of a choice of rows and columns.
    #[must_use]
    pub fn of(mut self, chosen: Chosen) -> Self {
        self.chosen = chosen;
        self
    }

    /// As the text of a file.
    pub fn to_json(&self) -> Result<String, VerifyError> {
        let text = serde_json::to_string_pretty(self).map_err(|_| VerifyError::File("the fingerprint could not be written".to_owned()))?;
        Ok(text + "\n")
    }

    /// From the text of a file.
    pub fn from_json(text: &str) -> Result<Self, VerifyError> {
        #[derive(Deserialize)]
        struct Version {
            format_version: u32,
        }
        let wrong = |reason: String| VerifyError::File(format!("the file is not a fingerprint of Segue: {reason}"));
        let place = |error: serde_json::Error| wrong(format!("line {}, column {}", error.line(), error.column()));
        let version: Version = serde_json::from_str(text).map_err(place)?;
        if version.format_version != FORMAT_VERSION {
            return Err(wrong(format!("its format_version is {}, this Segue reads {FORMAT_VERSION}", version.format_version)));
        }
        serde_json::from_str(text).map_err(place)
    }

    /// The fingerprint of a table.
    pub fn table(&self, name: &TableName) -> Option<&TableFingerprint> {
        self.tables.iter().find(|table| table.table == *name)
    }
}

impl TableFingerprint {
    /// The read of a live table in the order and the classes of the fingerprint; sentences where that cannot be.
    pub fn read_as(&self, read: &Read) -> Result<Read, Vec<String>> {
        let (mut columns, mut wrong) = (Vec::new(), Vec::new());
        for saved in &self.columns {
            match read.columns.iter().find(|column| column.name == saved.name) {
                None => wrong.push(format!("column {} is not there any more", saved.name)),
                Some(column) if text_hash(column.expression.as_deref()) != saved.expression_hash => {
                    wrong.push(format!("column {} was read by another expression", saved.name));
                }
                // The class of the fingerprint: what a wider type of today holds is compared as it was compared then.
                Some(column) => columns.push(segue_engine::rows::ReadColumn { class: saved.class.clone(), ..column.clone() }),
            }
        }
        for column in &read.columns {
            if !self.columns.iter().any(|saved| saved.name == column.name) {
                wrong.push(format!("column {} was not there", column.name));
            }
        }
        if text_hash(read.filter.as_deref()) != self.filter_hash {
            wrong.push("rows were chosen by another filter".to_owned());
        }
        let key: Option<Vec<usize>> = self.key.iter().map(|name| self.columns.iter().position(|column| column.name == *name)).collect();
        match key {
            Some(key) if wrong.is_empty() => Ok(Read { columns, key, ..read.clone() }),
            Some(_) => Err(wrong),
            None => Err(vec!["a column of the key is not among the columns".to_owned()]),
        }
    }
}

/// A hash of a text that is not to stand in the file itself.
pub(crate) fn text_hash(text: Option<&str>) -> Option<String> {
    text.map(|text| format!("{:032x}", hash(text.as_bytes())))
}

/// A bound as a person reads it.
fn show(bound: Option<&String>) -> Option<String> {
    let bytes = unhex(bound?)?;
    key::read(&bytes).ok()?.first().map(segue_engine::rows::Datum::show)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?, 16).ok()).collect()
}
