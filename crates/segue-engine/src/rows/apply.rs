//! How a batch of corrections is made, the same on every engine: look, compare, write, look again.
//!
//! An engine lends its [`Hands`] inside one fenced transaction. What a row is now is read under lock; only a row that
//! still is what was compared is written; what was written is read again, and a row that the server did not store
//! exactly (it rounded, cut, or a trigger changed it) is put back and refused. It must never write a row that it did
//! not read in the same transaction. Tests: `tests/it/repair.rs` of `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use super::batch::Batch;
use super::change::{Change, Copies, Outcome};
use super::datum::Datum;
use super::read::Read;
use super::{hash, key};
use crate::{EngineError, ErrorKind};

pub use super::parse::hex;

/// The server stores another row than it was given.
pub const INEXACT: &str = "SG-FIX-010";
/// Deleting or changing the row would take other rows along, or leave them without it.
pub const REFERRED: &str = "SG-FIX-011";
/// A value has no form in the type of its column.
pub const NO_FORM: &str = "SG-FIX-012";
/// A row of ours is not what it must be: a torn file.
pub const TORN: &str = "SG-FIX-003";

/// The value of a column cannot be said to this server.
pub fn no_form(column: &str) -> EngineError {
    EngineError::new(NO_FORM, ErrorKind::Value, format!("a value has no form that column {column} could take"))
}

/// Other rows refer to this one.
pub fn referred() -> EngineError {
    EngineError::new(REFERRED, ErrorKind::Constraint, "other rows refer to a row that is to go")
}

/// The bytes of a change are not canonical.
pub fn torn() -> EngineError {
    EngineError::new(TORN, ErrorKind::Other, "a correction is not what Segue wrote")
}

/// What an engine does with its own hands, inside one fenced transaction.
#[async_trait]
pub trait Hands: Send {
    /// Reads the rows of these keys, locked until the transaction ends, and remembers where they are: what is changed
    /// or deleted next is one of them. More rows may come, never fewer.
    async fn present(&mut self, read: &Read, keys: &[Vec<Datum>]) -> Result<Batch, EngineError>;

    /// Counts the rows with these hashes in a table without a key, which nobody else changes from here on.
    async fn copies(&mut self, read: &Read, wanted: &BTreeSet<u128>) -> Result<BTreeMap<u128, u64>, EngineError>;

    /// Adds a row.
    async fn insert(&mut self, read: &Read, row: &[Datum]) -> Result<(), EngineError>;

    /// Changes all columns of a row but its key.
    async fn update(&mut self, read: &Read, key: &[u8], row: &[Datum]) -> Result<(), EngineError>;

    /// Takes a row away. Fails with [`referred`] where that would take other rows along.
    async fn delete(&mut self, read: &Read, key: &[u8]) -> Result<(), EngineError>;

    /// Takes so many of the rows away that [`Hands::copies`] counted under this hash.
    async fn delete_copies(&mut self, read: &Read, hash: u128, count: u64) -> Result<(), EngineError>;

    /// A place to come back to. There is at most one.
    async fn mark(&mut self) -> Result<(), EngineError>;

    /// Comes back to it.
    async fn back(&mut self) -> Result<(), EngineError>;

    /// Forgets it.
    async fn keep(&mut self) -> Result<(), EngineError>;
}

/// Makes the changes, in their order. One outcome for each.
pub async fn apply(hands: &mut dyn Hands, read: &Read, changes: &[Change]) -> Result<Vec<Outcome>, EngineError> {
    let now = look(hands, read, &changes.iter().collect::<Vec<_>>()).await?;
    let mut outcomes: Vec<Option<Outcome>> = changes.iter().map(|change| decide(change, &now)).collect();
    let mut left: Vec<usize> = (0..changes.len()).filter(|at| outcomes[*at].is_none()).collect();
    if left.is_empty() {
        return Ok(outcomes.into_iter().flatten().collect());
    }
    let todo: Vec<&Change> = left.iter().map(|at| &changes[*at]).collect();
    hands.mark().await?;
    match together(hands, read, &todo).await {
        Ok(true) => {
            hands.keep().await?;
            left.drain(..).for_each(|at| outcomes[at] = Some(Outcome::Done));
        }
        Ok(false) => hands.back().await?,
        Err(error) if refuses(&error) => hands.back().await?,
        Err(error) => return Err(error),
    }
    // Something of it does not go: one by one, and again as long as that helps, because rows of one table may refer
    // to each other.
    let mut helped = true;
    while !left.is_empty() && std::mem::take(&mut helped) {
        for at in std::mem::take(&mut left) {
            let outcome = single(hands, read, &changes[at]).await?;
            outcomes[at] = Some(outcome);
            if outcome == Outcome::Done {
                helped = true;
            } else {
                left.push(at);
            }
        }
    }
    Ok(outcomes.into_iter().flatten().collect())
}

/// The database said no to the row, and would again: the rest of the batch can go on without it.
fn refuses(error: &EngineError) -> bool {
    matches!(error.kind, ErrorKind::Constraint | ErrorKind::Value | ErrorKind::Unsupported)
}

/// What is there now, of the rows of some changes: hashes by key bytes, or counts by hash.
#[derive(Default)]
struct Now {
    rows: BTreeMap<Vec<u8>, u128>,
    copies: BTreeMap<u128, u64>,
}

async fn look(hands: &mut dyn Hands, read: &Read, changes: &[&Change]) -> Result<Now, EngineError> {
    let mut now = Now::default();
    if read.key.is_empty() {
        let wanted = changes.iter().filter_map(|change| change.after_hash).collect();
        now.copies = hands.copies(read, &wanted).await?;
        return Ok(now);
    }
    let keys = changes.iter().map(|change| key::read(&change.key).map_err(|_| torn())).collect::<Result<Vec<_>, _>>()?;
    let batch = hands.present(read, &keys).await?;
    now.rows = batch.iter().map(|(key, row)| (key.to_vec(), hash(row))).collect();
    Ok(now)
}

/// What needs no hands; `None`: it is to be made.
fn decide(change: &Change, now: &Now) -> Option<Outcome> {
    if let (Some(Copies { before, after }), Some(hash)) = (change.copies, change.after_hash) {
        return match now.copies.get(&hash).copied().unwrap_or(0) {
            count if count == after => Some(Outcome::Already),
            count if count == before => None,
            _ => Some(Outcome::Moved),
        };
    }
    match now.rows.get(&change.key).copied() {
        present if present == change.after_hash => Some(Outcome::Already),
        present if present == change.before => None,
        _ => Some(Outcome::Moved),
    }
}

async fn write(hands: &mut dyn Hands, read: &Read, change: &Change) -> Result<(), EngineError> {
    if let (Some(copies), Some(row), Some(hash)) = (change.copies, &change.after, change.after_hash) {
        for _ in copies.before..copies.after {
            hands.insert(read, row).await?;
        }
        let less = copies.before.saturating_sub(copies.after);
        return if less > 0 { hands.delete_copies(read, hash, less).await } else { Ok(()) };
    }
    match (&change.before, &change.after) {
        (None, Some(row)) => hands.insert(read, row).await,
        (Some(_), Some(row)) => hands.update(read, &change.key, row).await,
        (Some(_), None) => hands.delete(read, &change.key).await,
        (None, None) => Ok(()),
    }
}

/// All at once; `false`: something did not come out as it shall.
async fn together(hands: &mut dyn Hands, read: &Read, changes: &[&Change]) -> Result<bool, EngineError> {
    for change in changes {
        write(hands, read, change).await?;
    }
    let now = look(hands, read, changes).await?;
    Ok(changes.iter().all(|change| decide(change, &now) == Some(Outcome::Already)))
}

async fn single(hands: &mut dyn Hands, read: &Read, change: &Change) -> Result<Outcome, EngineError> {
    // What was seen of it before is gone with what was taken back.
    look(hands, read, &[change]).await?;
    hands.mark().await?;
    let refused = match together(hands, read, &[change]).await {
        Ok(true) => {
            hands.keep().await?;
            return Ok(Outcome::Done);
        }
        Ok(false) => INEXACT,
        Err(error) if refuses(&error) => error.code,
        Err(error) => return Err(error),
    };
    hands.back().await?;
    Ok(Outcome::Refused(refused))
}
