//! Putting rows right: what is to be changed on one side so that it holds what the other does.
//!
//! From differing rows and a direction it makes corrections ([`gather`]), keeps them in two files (the rows as they
//! shall be, and the undo file with the rows as they are), and makes a script for people or a plan for the executor
//! of them. It must never change a row itself: that is done by `repair_rows` of `segue-steps`, by compare-and-set. No
//! message of it holds a value. Tests: below each file, and `tests/it/repair.rs` of `segue-sim`.

mod exchange;
mod file;
mod gather;
mod order;
mod plan;
mod script;
mod shape;

use std::collections::BTreeMap;

use segue_engine::EngineError;
use segue_engine::rows::{Acting, Change, Copies, Datum, Read, Unique};
use segue_model::ident::TableName;

use crate::sink::{Side, VerifyError};

pub use file::{FORMAT, Loaded, Written, load, write};
pub use gather::{Limits, Mend, gather};
pub use plan::{PHASE, STEP, Where, plan, undo_plan};
pub use script::{Script, script};

/// Which side is put right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// The target becomes as the source is.
    #[default]
    SourceToTarget,
    /// The source becomes as the target is.
    TargetToSource,
}

impl Direction {
    /// The side that is written.
    pub fn written(self) -> Side {
        match self {
            Self::SourceToTarget => Side::Target,
            Self::TargetToSource => Side::Source,
        }
    }

    /// The side that is the truth.
    pub fn truth(self) -> Side {
        match self {
            Self::SourceToTarget => Side::Source,
            Self::TargetToSource => Side::Target,
        }
    }
}

/// Why there is no repair. No message holds a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepairError {
    /// More rows differ than somebody said that could be repaired without asking what happened.
    #[error("{rows} rows are to be changed, and --max-rows allows {max}: {tables}")]
    TooMany {
        /// How many.
        rows: u64,
        /// How many may be.
        max: u64,
        /// The tables with their counts.
        tables: String,
    },
    /// The rows to be kept for a way back are larger than what is held in memory.
    #[error("the rows to be changed are larger than {max_bytes} bytes together")]
    TooLarge {
        /// The bound.
        max_bytes: u64,
    },
    /// A file of a repair is not whole, or not the one that the plan was made for.
    #[error("the repair file {name}: {why}")]
    File {
        /// Its name.
        name: String,
        /// Why.
        why: String,
    },
    /// A side failed.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// A statement cannot be written.
    #[error("{0}")]
    Statement(EngineError),
}

impl RepairError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooMany { .. } => "SG-FIX-001",
            Self::TooLarge { .. } => "SG-FIX-002",
            Self::File { .. } => "SG-FIX-003",
            Self::Verify(VerifyError::Side { error, .. }) | Self::Statement(error) => error.code,
            Self::Verify(_) => "SG-FIX-004",
        }
    }
}

/// One correction: a row as it is, and as it shall be.
#[derive(Clone, PartialEq, Eq)]
pub struct Correction {
    /// Which of [`Repair::shapes`] it is read and written by.
    pub shape: usize,
    /// The key's bytes; empty for a table without one.
    pub key: Vec<u8>,
    /// The hash of the row as it is, under the shape's classes; `None`: there is none.
    pub before: Option<u128>,
    /// The hash of the row as it shall be; `None`: it shall go.
    pub after: Option<u128>,
    /// The row as it is, in canonical bytes that can be written back.
    pub old: Option<Vec<u8>>,
    /// The row as it shall be.
    pub new: Option<Vec<u8>>,
    /// Only for a table without a key.
    pub copies: Option<Copies>,
}

impl std::fmt::Debug for Correction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Correction({:?}, shape {})", self.deed(), self.shape)
    }
}

/// What a correction does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Rows go.
    Delete,
    /// A row's values change.
    Update,
    /// Rows come.
    Insert,
}

impl Correction {
    /// What it does.
    pub fn deed(&self) -> Deed {
        match (self.copies, self.before, self.after) {
            (Some(copies), ..) if copies.after < copies.before => Deed::Delete,
            (Some(_), ..) | (None, None, _) => Deed::Insert,
            (None, Some(_), None) => Deed::Delete,
            (None, Some(_), Some(_)) => Deed::Update,
        }
    }

    /// How many rows it changes.
    pub fn rows(&self) -> u64 {
        self.copies.map_or(1, |copies| copies.after.abs_diff(copies.before))
    }

    /// The way back: what undoes it.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self {
            shape: self.shape,
            key: self.key.clone(),
            before: self.after,
            after: self.before,
            old: self.new.clone(),
            new: self.old.clone(),
            copies: self.copies.map(|copies| Copies { before: copies.after, after: copies.before }),
        }
    }

    /// As an engine takes it. `Err` where the bytes are torn.
    pub fn change(&self) -> Result<Change, segue_engine::rows::canonical::Torn> {
        let after = self.new.as_deref().map(Datum::row).transpose()?;
        Ok(Change { key: self.key.clone(), before: self.before, after, after_hash: self.after, copies: self.copies })
    }
}

/// Rows that are not repaired, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The table on the side that is put right.
    pub table: TableName,
    /// How many rows.
    pub rows: u64,
    /// Why, in one sentence.
    pub why: String,
}

/// What is to be changed on one side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repair {
    /// How rows are read and written: a table has up to two, one for new rows and one for rows that are there.
    pub shapes: Vec<Read>,
    /// The corrections in the order in which they are made.
    pub corrections: Vec<Correction>,
    /// Rows that changed between the comparison and now: compare again.
    pub moved: BTreeMap<TableName, u64>,
    /// Rows that cannot be repaired.
    pub left: Vec<Left>,
    /// What somebody must know before it is done, one sentence each.
    pub warnings: Vec<String>,
    /// Foreign keys of others that act when rows of a table go or change: a script must not let them.
    pub acting: BTreeMap<TableName, Vec<Acting>>,
    /// Unique indexes: in a script rows that exchange values get spare ones between.
    pub uniques: BTreeMap<TableName, Vec<Unique>>,
}

/// Rows to be changed in a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deeds {
    /// Rows that come.
    pub inserts: u64,
    /// Rows whose values change.
    pub updates: u64,
    /// Rows that go.
    pub deletes: u64,
}

fn deeds(shapes: &[Read], corrections: &[Correction]) -> BTreeMap<TableName, Deeds> {
    let mut out: BTreeMap<TableName, Deeds> = BTreeMap::new();
    for correction in corrections {
        let deeds = out.entry(shapes[correction.shape].table.clone()).or_default();
        match correction.deed() {
            Deed::Insert => deeds.inserts += correction.rows(),
            Deed::Update => deeds.updates += correction.rows(),
            Deed::Delete => deeds.deletes += correction.rows(),
        }
    }
    out
}

impl Loaded {
    /// What is done in each table.
    pub fn deeds(&self) -> BTreeMap<TableName, Deeds> {
        deeds(&self.shapes, &self.corrections)
    }
}

impl Repair {
    /// What is done in each table: for a dry run, and for the plan.
    pub fn deeds(&self) -> BTreeMap<TableName, Deeds> {
        deeds(&self.shapes, &self.corrections)
    }

    /// The repair that undoes this one, in the opposite order.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let corrections = self.corrections.iter().rev().map(Correction::inverse).collect();
        Self { shapes: self.shapes.clone(), corrections, acting: self.acting.clone(), uniques: self.uniques.clone(), ..Self::default() }
    }
}
