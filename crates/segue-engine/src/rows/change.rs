//! Putting rows right: each change is made only if the row still is what was compared.
//!
//! It must never write outside a fenced transaction, and never a row whose present hash is another than expected.
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use async_trait::async_trait;

use super::Rows;
use super::class::Class;
use super::datum::Datum;
use super::read::Read;
use super::spare::Unique;
use crate::{EngineError, Fence, Guard};

/// One row that is to be put right.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its key's bytes, as `Read::key` names its columns ([`super::key::read`] gives its values). Empty for a table
    /// without a key: there `copies` says how many of the row there are and shall be.
    pub key: Vec<u8>,
    /// The [`super::hash`] of the row as it was compared; `None`: there was none.
    pub before: Option<u128>,
    /// The row as it shall be, one value for each column of the [`Read`]; `None`: it shall go.
    pub after: Option<Vec<Datum>>,
    /// The [`super::hash`] of the row as it shall be, under the classes of the [`Read`]; `None`: it shall go. It decides
    /// whether the change was made already, and whether the server stored exactly what it was given.
    pub after_hash: Option<u128>,
    /// Only for a table without a key; `before` and `after_hash` are then both the hash of the row, `after` the row.
    pub copies: Option<Copies>,
}

impl Change {
    /// Rows come by it.
    pub fn comes(&self) -> bool {
        self.copies.map_or(self.before.is_none(), |copies| copies.after > copies.before)
    }
}

/// How many rows of a table without a key are the same row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copies {
    /// As compared.
    pub before: u64,
    /// As it shall be.
    pub after: u64,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was made.
    Done,
    /// The row is what it shall be already: an earlier attempt made it.
    Already,
    /// The row is neither what was compared nor what it shall be: somebody changed it since. Nothing was done.
    Moved,
    /// The database does not take the row, or would not store it exactly; the code says why. Nothing was done.
    Refused(&'static str),
}

impl Outcome {
    /// The word for it in journals and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Already => "already",
            Self::Moved => "moved",
            Self::Refused(_) => "refused",
        }
    }
}

/// The largest number, up to `most`, that this column of rows that came brought along: a counter must stand above it. A
/// row that was there already may be of an attempt that died before it moved the counter.
pub fn largest_that_came(read: &Read, column: &str, most: i64, changes: &[Change], outcomes: &[Outcome]) -> Option<i64> {
    let at = read.columns.iter().position(|known| known.name == column)?;
    let came = |(change, outcome): &(&Change, &Outcome)| change.comes() && matches!(outcome, Outcome::Done | Outcome::Already);
    let rows = changes.iter().zip(outcomes).filter(came).filter_map(|(change, _)| change.after.as_ref());
    let numbers = rows.filter_map(|row| if let Some(Datum::Integer(number)) = row.get(at) { i64::try_from(*number).ok() } else { None });
    numbers.filter(|number| *number <= most).max()
}

/// A foreign key of another table by which its rows go, or change, when a row of ours does: `on delete cascade` and the
/// like. No way back is kept of what a server does to rows that nobody compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// The table that refers.
    pub table: segue_model::ident::TableName,
    /// (our column, theirs); empty where they cannot be told.
    pub pairs: Vec<(String, String)>,
    /// It acts when a row of ours goes.
    pub on_delete: bool,
    /// It acts when one of our columns changes.
    pub on_update: bool,
}

/// What a server runs by itself when rows of a table are written, and a repair cannot leave out: triggers, rules. No way
/// back is kept of what they do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Firing {
    /// Names of what fires when rows come.
    pub on_insert: Vec<String>,
    /// When rows change.
    pub on_update: Vec<String>,
    /// When rows go.
    pub on_delete: Vec<String>,
    /// Why it cannot be left out, in some words.
    pub why: String,
}

impl Firing {
    /// All names, each once.
    pub fn names(&self) -> Vec<&str> {
        let all = self.on_insert.iter().chain(&self.on_update).chain(&self.on_delete).map(String::as_str);
        all.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }
}

/// A database whose rows can be put right.
#[async_trait]
pub trait Correct: Send + Sync {
    /// The fence of this database.
    fn fence(&self) -> &dyn Fence;

    /// Makes the control table that the fence needs, if it is not there. Idempotent.
    async fn prepare(&self, guard: &Guard) -> Result<(), EngineError>;

    /// Removes it again, if nothing else is in it. Idempotent.
    async fn finish(&self, guard: &Guard) -> Result<(), EngineError>;

    /// Makes the changes in one transaction that checks the guard's epoch, in the order given. Triggers of the users
    /// do not fire where the role may say so. One outcome for each change; on an error nothing was done.
    async fn correct(&self, guard: &Guard, read: &Read, changes: &[Change]) -> Result<Vec<Outcome>, EngineError>;

    /// The same as one statement of this engine's SQL that a person can run: it names the key and the old values in its
    /// condition, so that it changes a row only if that still is what was compared. `before`: the row as it was.
    fn statement(&self, read: &Read, before: Option<&[Datum]>, after: Option<&[Datum]>) -> Result<String, EngineError>;

    /// The same for a row of a table without a key: it holds as many of it as was compared, and shall hold so many.
    fn copies_statement(&self, read: &Read, row: &[Datum], copies: Copies) -> Result<String, EngineError>;

    /// The class under which a value of a column of this class is read as the server stores it, spelling and all.
    fn stored_class(&self, own: &Class) -> Class {
        own.clone()
    }

    /// A statement that moves the counter of a column (a sequence) above the numbers that its rows hold, and never back; it
    /// does nothing where the column has none. `None`: counters of this engine move by themselves.
    fn counter_statement(&self, _read: &Read, _column: &str) -> Option<String> {
        None
    }

    /// An expression whose value is the column's own text, which a column of this type takes back as it is: for types
    /// that are compared and not read back (ranges). `None`: this engine has no such types.
    fn text_of(&self, _column: &str) -> Option<String> {
        None
    }

    /// What a script of such statements begins and ends with: the session's settings, and one transaction.
    fn script_frame(&self) -> (&'static str, &'static str);

    /// Foreign keys between the users' tables, as (the table that refers, the table that is referred to). Read-only.
    async fn references(&self) -> Result<Vec<(segue_model::ident::TableName, segue_model::ident::TableName)>, EngineError>;

    /// Why rows of this table are not put right at all, where they are not: one sentence. Read-only.
    async fn unmendable(&self, _table: &segue_model::ident::TableName) -> Result<Option<String>, EngineError> {
        Ok(None)
    }

    /// Foreign keys of others that act when rows of this table go or change. Read-only.
    async fn acting(&self, _table: &segue_model::ident::TableName) -> Result<Vec<Acting>, EngineError> {
        Ok(Vec::new())
    }

    /// The condition that no row of that table refers to the row that a statement on `table` is about. `None` where this
    /// engine cannot say it in the same statement: the row is then left out of a script.
    fn unreferred(&self, _table: &segue_model::ident::TableName, _acting: &Acting) -> Option<String> {
        None
    }

    /// Unique indexes of this table that rows may exchange values in. Read-only.
    async fn uniques(&self, _table: &segue_model::ident::TableName) -> Result<Vec<Unique>, EngineError> {
        Ok(Vec::new())
    }

    /// What fires when [`Correct::correct`] writes rows of this table. Read-only.
    async fn firing(&self, _table: &segue_model::ident::TableName) -> Result<Firing, EngineError> {
        Ok(Firing::default())
    }

    /// What somebody must know before rows of this table are written, one sentence each: counters that stay. Read-only.
    async fn warnings(&self, table: &segue_model::ident::TableName) -> Result<Vec<String>, EngineError>;
}

/// A database whose rows can be read and put right.
pub trait Mendable: Rows + Correct {}

impl<T: Rows + Correct> Mendable for T {}
