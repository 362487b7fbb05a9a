//! Reading differing rows again by their keys, in the same snapshots: to say which columns differ.
//!
//! A row that does not come again stays without its columns; that it differs is known already.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::try_join;
use segue_engine::rows::{Batch, Datum, Read, Snapshot, differing, hash, key};
use segue_model::verify::DifferenceKind;

use super::gate::Gate;
use super::reader::Reader;
use crate::{Difference, Side, TablePair, VerifyError};

/// Keys asked for at once.
pub(super) const KEYS: usize = 256;

/// The rows of some keys of one side, by key: the hash and the canonical row of each.
pub(crate) type RowsByKey = BTreeMap<Vec<u8>, Vec<(u128, Vec<u8>)>>;

/// Fills in the rows and columns of differences.
pub(super) async fn fill(
    source: &dyn Snapshot,
    target: &dyn Snapshot,
    pair: &TablePair,
    gate: &Arc<Gate>,
    found: &mut [Difference],
) -> Result<(), VerifyError> {
    if pair.source.key.is_empty() {
        return fill_keyless(source, target, pair, gate, found).await;
    }
    for some in found.chunks_mut(KEYS) {
        let of =
            |side: Side| some.iter().filter(move |found| found.hash(side).is_some()).map(|found| found.key.clone()).collect::<Vec<_>>();
        let (from_source, from_target) = try_join(
            rows_of(source, Side::Source, &pair.source, of(Side::Source), gate),
            rows_of(target, Side::Target, &pair.target, of(Side::Target), gate),
        )
        .await?;
        for found in some {
            found.source_row = pick(&from_source, &found.key, found.source);
            found.target_row = pick(&from_target, &found.key, found.target);
            name_columns(found);
        }
    }
    Ok(())
}

fn pick(rows: &RowsByKey, key: &[u8], hash: Option<u128>) -> Option<Vec<u8>> {
    let hash = hash?;
    rows.get(key)?.iter().find(|(of, _)| *of == hash).map(|(_, row)| row.clone())
}

/// Names the columns that differ, where both rows are there.
pub(crate) fn name_columns(found: &mut Difference) {
    if let (DifferenceKind::Changed, Some(source), Some(target)) = (found.kind, &found.source_row, &found.target_row) {
        found.columns = differing(source, target).unwrap_or_default();
    }
}

/// The rows of these keys. A key that cannot be asked for has none.
pub(crate) async fn rows_of(
    snapshot: &dyn Snapshot,
    side: Side,
    read: &Read,
    keys: Vec<Vec<u8>>,
    gate: &Arc<Gate>,
) -> Result<RowsByKey, VerifyError> {
    let mut out = RowsByKey::new();
    for some in keys.chunks(KEYS) {
        let mut asked = Vec::new();
        for bytes in some {
            if let Ok(values) = key::read(bytes)
                && !values.iter().any(|value| matches!(value, Datum::Compared(_)))
                && !out.contains_key(bytes)
            {
                out.insert(bytes.clone(), Vec::new());
                asked.push(values);
            }
        }
        if asked.is_empty() {
            continue;
        }
        let mut reader = Reader::open(snapshot, side, &read.of_keys(asked), gate).await?;
        let (mut batch, mut more) = (Batch::default(), true);
        while more {
            more = reader.next(&mut batch).await?;
            for (key, row) in batch.iter() {
                if let Some(rows) = out.get_mut(key) {
                    rows.push((hash(row), row.to_vec()));
                }
            }
        }
    }
    Ok(out)
}

/// Fills in the rows of differences that have no key: reads the sides again and takes what has their hash.
async fn fill_keyless(
    source: &dyn Snapshot,
    target: &dyn Snapshot,
    pair: &TablePair,
    gate: &Arc<Gate>,
    found: &mut [Difference],
) -> Result<(), VerifyError> {
    for (snapshot, side, read) in [(source, Side::Source, &pair.source), (target, Side::Target, &pair.target)] {
        let mut open: BTreeMap<u128, usize> =
            found.iter().enumerate().filter_map(|(at, found)| found.hash(side).map(|hash| (hash, at))).collect();
        if open.is_empty() {
            continue;
        }
        let mut reader = Reader::open(snapshot, side, read, gate).await?;
        let (mut batch, mut more) = (Batch::default(), true);
        while more {
            more = reader.next(&mut batch).await?;
            for (_, row) in batch.iter() {
                if let Some(at) = open.remove(&hash(row)) {
                    let place = if side == Side::Source { &mut found[at].source_row } else { &mut found[at].target_row };
                    *place = Some(row.to_vec());
                }
            }
        }
    }
    Ok(())
}
