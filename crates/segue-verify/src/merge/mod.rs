//! Both sides in the order of the key: finds any number of differences in bounded memory.
//!
//! Each side is read, hashed and checked by a task of its own (`feed.rs`). Keys must not descend on a side; that they
//! come in order is never taken on trust, because an order is what a collation or a defect of a server can break. Rows
//! with one key (a `--key` that is not unique) are compared as a multiset. What is found is held back until the range
//! is done, or until there is no room for more: a disorder that shows only then is an error, never a result.
//! Tests: `tests/it/merge.rs`, `tests/it/property.rs`.

mod feed;

use std::cmp::Ordering;
use std::sync::atomic::{self, AtomicUsize};

use segue_model::verify::DifferenceKind;
use tokio::sync::mpsc;

use crate::compare::{Reader, name_columns};
use crate::{Difference, Side, VerifyError};
use feed::{Cursor, Feed};

/// Rows of one key, at most.
const GROUP_MAX: usize = 65_536;
/// Differences handed on at once, where they are not held back.
const HANDED: usize = 512;

/// What a merge came to.
pub(crate) enum Merged {
    /// Both streams ended; what was not handed on yet.
    Done { rows: [u64; 2], found: Vec<Difference> },
    /// Not to be trusted.
    Disorder { reason: String, handed_on: bool },
}

/// One row of a group: its hash, and the row where somebody wants it.
struct Member {
    hash: u128,
    side: Side,
    row: Option<Vec<u8>>,
}

/// Merges two streams. `wanted`: rows that are still wanted with what differs. `hold_bytes`: how much is held back.
pub(crate) async fn merge(
    source: Reader,
    target: Reader,
    wanted: &AtomicUsize,
    hold_bytes: usize,
    (range, sender): (usize, &mpsc::Sender<(usize, Vec<Difference>)>),
) -> Result<Merged, VerifyError> {
    let (fail, mut failed) = mpsc::channel(2);
    let sides = (Feed::start(source, fail.clone()), Feed::start(target, fail));
    tokio::select! {
        biased;
        // A side that failed is heard while the other one is silent.
        Some(error) = failed.recv() => Err(error),
        merged = both(sides, wanted, hold_bytes, range, sender) => merged.map_err(|error| failed.try_recv().unwrap_or(error)),
    }
}

async fn both(
    (mut source, mut target): (Cursor, Cursor),
    wanted: &AtomicUsize,
    hold_bytes: usize,
    range: usize,
    sender: &mpsc::Sender<(usize, Vec<Difference>)>,
) -> Result<Merged, VerifyError> {
    let (mut found, mut held, mut handed_on) = (Vec::new(), 0, false);
    loop {
        for side in [&mut source, &mut target] {
            if let Err(reason) = side.fill().await? {
                return Ok(Merged::Disorder { reason, handed_on });
            }
        }
        skip_equal(&mut source, &mut target);
        if source.at_end() || target.at_end() {
            // One chunk is used up, or one side is; `fill` tells which.
            if !(source.finished() || target.finished()) {
                continue;
            }
            if source.finished() && target.finished() {
                break;
            }
        }
        match group(&mut source, &mut target, wanted).await? {
            Ok((key, members)) => {
                let before = found.len();
                classify(key, members, &mut found);
                take(wanted, found.len() - before);
                found[before..].iter_mut().for_each(name_columns);
                held += found[before..].iter().map(size).sum::<usize>();
            }
            Err(reason) => return Ok(Merged::Disorder { reason, handed_on }),
        }
        if held > hold_bytes || (handed_on && found.len() >= HANDED) {
            (handed_on, held) = (true, 0);
            sender.send((range, std::mem::take(&mut found))).await.map_err(|_| VerifyError::Interrupted)?;
        }
    }
    Ok(Merged::Done { rows: [source.rows, target.rows], found })
}

/// So many rows less are wanted. All stay all.
pub(crate) fn take(wanted: &AtomicUsize, rows: usize) -> usize {
    let less = |left: usize| (left != usize::MAX && rows > 0).then(|| left.saturating_sub(rows));
    let before = match wanted.fetch_update(atomic::Ordering::Relaxed, atomic::Ordering::Relaxed, less) {
        Ok(before) | Err(before) => before,
    };
    before.min(rows)
}

fn size(found: &Difference) -> usize {
    let rows = [&found.source_row, &found.target_row].into_iter().flatten().map(Vec::len).sum::<usize>();
    size_of::<Difference>() + found.key.len() + found.columns.len() * 8 + rows
}

/// Passes over what both sides have, as long as both chunks last.
fn skip_equal(source: &mut Cursor, target: &mut Cursor) {
    while let (Some(one), Some(other)) = (source.row(), target.row()) {
        if one.hash != other.hash || one.key != other.key {
            return;
        }
        source.step();
        target.step();
    }
}

type Group = (Vec<u8>, Vec<Member>);

/// Takes all rows with the smallest key off both sides.
async fn group(source: &mut Cursor, target: &mut Cursor, wanted: &AtomicUsize) -> Result<Result<Group, String>, VerifyError> {
    let key = match (source.row(), target.row()) {
        (Some(one), Some(other)) => if one.key.cmp(other.key) == Ordering::Greater { other.key } else { one.key }.to_vec(),
        (Some(one), None) => one.key.to_vec(),
        (None, Some(other)) => other.key.to_vec(),
        (None, None) => return Ok(Ok((Vec::new(), Vec::new()))),
    };
    let copies = wanted.load(atomic::Ordering::Relaxed) > 0;
    let mut members: Vec<Member> = Vec::new();
    for (cursor, side) in [(source, Side::Source), (target, Side::Target)] {
        while let Some(row) = cursor.row().filter(|row| row.key == key) {
            if members.len() >= GROUP_MAX {
                return Ok(Err(format!("more than {GROUP_MAX} rows share one key")));
            }
            members.push(Member { hash: row.hash, side, row: copies.then(|| row.bytes.to_vec()) });
            cursor.step();
            if let Err(reason) = cursor.fill().await? {
                return Ok(Err(reason));
            }
        }
    }
    Ok(Ok((key, members)))
}

/// What a group of rows with one key differs in.
fn classify(key: Vec<u8>, mut members: Vec<Member>, out: &mut Vec<Difference>) {
    members.sort_by_key(|member| member.hash);
    let mut entries: Vec<Entry> = Vec::new();
    for member in members {
        let sign = if member.side == Side::Source { 1 } else { -1 };
        match entries.last_mut() {
            Some(last) if last.hash == member.hash => last.count += sign,
            _ => entries.push(Entry { hash: member.hash, count: sign, row: member.row }),
        }
    }
    differences(key, entries, out);
}

/// How often one side has a row more than the other.
pub(crate) struct Entry {
    /// The row's hash.
    pub(crate) hash: u128,
    /// More at the source than at the target; below zero, fewer.
    pub(crate) count: i64,
    /// The row, where somebody wants it.
    pub(crate) row: Option<Vec<u8>>,
}

/// The differences of one key: one row on each side is a changed row, everything else is missing or extra. The same for
/// all engines.
pub(crate) fn differences(key: Vec<u8>, mut entries: Vec<Entry>, out: &mut Vec<Difference>) {
    entries.retain(|entry| entry.count != 0);
    let none = |kind| Difference {
        kind,
        key: key.clone(),
        source: None,
        target: None,
        columns: Vec::new(),
        count: 1,
        source_row: None,
        target_row: None,
    };
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.count));
    if let ([one, other], false) = (&mut entries[..], key.is_empty())
        && (one.count, other.count) == (1, -1)
    {
        let (source_row, target_row) = (one.row.take(), other.row.take());
        let both = Difference { source: Some(one.hash), target: Some(other.hash), source_row, target_row, ..none(DifferenceKind::Changed) };
        out.push(both);
        return;
    }
    entries.sort_by_key(|entry| entry.hash);
    for Entry { hash, count, row } in entries {
        out.push(if count > 0 {
            Difference { source: Some(hash), count: count.unsigned_abs(), source_row: row, ..none(DifferenceKind::MissingInTarget) }
        } else {
            Difference { target: Some(hash), count: count.unsigned_abs(), target_row: row, ..none(DifferenceKind::ExtraInTarget) }
        });
    }
}

/// The rows of one key, what both sides have taken away.
pub(crate) fn net(one: Vec<(u128, Vec<u8>)>, other: Vec<(u128, Vec<u8>)>) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::new();
    for (rows, sign) in [(one, 1), (other, -1)] {
        for (hash, row) in rows {
            match out.iter_mut().find(|entry| entry.hash == hash) {
                Some(entry) => entry.count += sign,
                None => out.push(Entry { hash, count: sign, row: Some(row) }),
            }
        }
    }
    out
}
