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
use super::spare::{Unique, spared};
use super::{hash, key};
use crate::{EngineError, ErrorKind};

pub use super::parse::hex;

/// The server stores another row than it was given.
pub const INEXACT: &str = "SG-FIX-010";
/// Deleting or changing the row would take other rows along, or leave them without it.
pub const REFERRED: &str = "SG-FIX-011";
/// A value has no form in the type of its column.
pub const NO_FORM: &str = "SG-FIX-012";
/// How many times rows that collide are tried with one of them less.
const EXCHANGES_MOST: usize = 8;
/// Keys that are looked for at once.
const KEYS: usize = 256;

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

    /// Unique indexes in which rows may be given spare values for a moment. None where something would see these.
    async fn uniques(&mut self) -> Result<Vec<Unique>, EngineError> {
        Ok(Vec::new())
    }

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
        Err(error) if refuses(&error) => {
            hands.back().await?;
            for at in exchange(hands, read, changes, left.clone(), 1).await? {
                outcomes[at] = Some(Outcome::Done);
            }
            left.retain(|at| outcomes[*at].is_none());
        }
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
    // What still collides may do so in a circle.
    let collides = |at: &usize| matches!(outcomes[*at], Some(Outcome::Refused(code)) if ![INEXACT, REFERRED, NO_FORM].contains(&code));
    let circle: Vec<usize> = left.into_iter().filter(|at| collides(at) && is_update(&changes[*at])).collect();
    for at in exchange(hands, read, changes, circle, EXCHANGES_MOST).await? {
        outcomes[at] = Some(Outcome::Done);
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
    for some in changes.chunks(KEYS) {
        let keys = some.iter().map(|change| key::read(&change.key).map_err(|_| torn())).collect::<Result<Vec<_>, _>>()?;
        let batch = hands.present(read, &keys).await?;
        now.rows.extend(batch.iter().map(|(key, row)| (key.to_vec(), hash(row))));
    }
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

fn is_update(change: &Change) -> bool {
    change.copies.is_none() && change.before.is_some() && change.after.is_some()
}

/// Makes changes that collide with each other in unique columns: all rows that change get spare values first. What does
/// not go all the same is left out, and the others are tried again, so many times. Gives those that were made.
async fn exchange(
    hands: &mut dyn Hands,
    read: &Read,
    changes: &[Change],
    mut some: Vec<usize>,
    tries: usize,
) -> Result<Vec<usize>, EngineError> {
    if read.key.is_empty() || some.iter().filter(|at| is_update(&changes[**at])).count() < 2 {
        return Ok(Vec::new());
    }
    let uniques = hands.uniques().await?;
    if uniques.is_empty() {
        return Ok(Vec::new());
    }
    for _ in 0..tries {
        let todo: Vec<&Change> = some.iter().map(|at| &changes[*at]).collect();
        look(hands, read, &todo).await?;
        hands.mark().await?;
        match by_spares(hands, read, &todo, &uniques).await? {
            None => {
                hands.keep().await?;
                return Ok(some);
            }
            Some(at) => {
                hands.back().await?;
                some.remove(at);
            }
        }
        if some.len() < 2 {
            break;
        }
    }
    Ok(Vec::new())
}

/// Spare values, then the rows as they shall be. `Some`: the first that did not go; all is to be taken back.
async fn by_spares(hands: &mut dyn Hands, read: &Read, changes: &[&Change], uniques: &[Unique]) -> Result<Option<usize>, EngineError> {
    for (at, change) in changes.iter().enumerate().filter(|(_, change)| is_update(change)) {
        let Some(row) = change.after.as_deref().and_then(|row| spared(uniques, read, row, at)) else { return Ok(Some(at)) };
        match hands.update(read, &change.key, &row).await {
            Ok(()) => {}
            Err(error) if refuses(&error) => return Ok(Some(at)),
            Err(error) => return Err(error),
        }
    }
    // A row that changed may stand in another place.
    look(hands, read, changes).await?;
    for (at, change) in changes.iter().enumerate() {
        match write(hands, read, change).await {
            Ok(()) => {}
            Err(error) if refuses(&error) => return Ok(Some(at)),
            Err(error) => return Err(error),
        }
    }
    let now = look(hands, read, changes).await?;
    Ok(changes.iter().position(|change| decide(change, &now) != Some(Outcome::Already)))
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
