//! Taking a fingerprint of a live table, and comparing one with it.
//!
//! Both read the whole table once, range by range. A stream that was cut is an error: neither a fingerprint nor drift.

use std::sync::Arc;

use segue_engine::rows::{Batch, Datum, KeyRange, Read, Snapshot, hash, key};

use super::{ColumnFingerprint, Drift, RANGES_MAX, RangeDrift, RangeFingerprint, TableFingerprint, hex, show, text_hash, unhex};
use crate::compare::{Gate, Reader, Task, bound_bytes, failed};
use crate::{Options, Pace, Side, VerifyError};

/// Takes the fingerprint of a table. `cheap`: ranges of its first key column are cheap to read.
pub async fn take(
    snapshot: &dyn Snapshot,
    read: &Read,
    cheap: bool,
    options: &Options,
    pace: &dyn Pace,
) -> Result<TableFingerprint, VerifyError> {
    let bounds = if cheap { bounds(snapshot, read, options).await? } else { Vec::new() };
    let mut ranges = Vec::new();
    let mut from: Option<Datum> = None;
    for bound in bounds {
        ranges.push(KeyRange { from: from.replace(bound.clone()), below: Some(bound) });
    }
    ranges.push(KeyRange { from, below: None });
    let sums = sums(snapshot, read, &ranges, options, pace).await?;
    let class = read.key.first().map(|at| &read.columns[*at].class);
    let text =
        |bound: &Option<Datum>| bound.as_ref().zip(class).and_then(|(bound, class)| bound_bytes(bound, class)).map(|bytes| hex(&bytes));
    let columns = read.columns.iter().map(|column| ColumnFingerprint {
        name: column.name.clone(),
        class: column.class.clone(),
        expression_hash: text_hash(column.expression.as_deref()),
    });
    Ok(TableFingerprint {
        table: read.table.clone(),
        columns: columns.collect(),
        key: read.key.iter().map(|at| read.columns[*at].name.clone()).collect(),
        filter_hash: text_hash(read.filter.as_deref()),
        rows: sums.iter().map(|(rows, _)| rows).sum(),
        ranges: ranges
            .iter()
            .zip(sums)
            .map(|(range, (rows, sum))| RangeFingerprint {
                from: text(&range.from),
                below: text(&range.below),
                rows,
                sum: format!("{sum:032x}"),
            })
            .collect(),
    })
}

/// Compares a live table with its fingerprint.
pub async fn drift(
    snapshot: &dyn Snapshot,
    read: &Read,
    saved: &TableFingerprint,
    options: &Options,
    pace: &dyn Pace,
) -> Result<Drift, VerifyError> {
    let mut out = Drift { rows_then: saved.rows, ..Drift::default() };
    let read = match saved.read_as(read) {
        Ok(read) => read,
        Err(columns) => {
            out.columns = columns;
            return Ok(out);
        }
    };
    let bound = |text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => {
            let value = unhex(text).and_then(|bytes| key::read(&bytes).ok()).and_then(|mut values| values.pop());
            value.map(Some).ok_or_else(|| VerifyError::File("the fingerprint has a bound that is no key".to_owned()))
        }
    };
    let ranges = saved
        .ranges
        .iter()
        .map(|range| Ok(KeyRange { from: bound(&range.from)?, below: bound(&range.below)? }))
        .collect::<Result<Vec<_>, VerifyError>>()?;
    let gapless = ranges.windows(2).all(|pair| pair[0].below.is_some() && pair[0].below == pair[1].from);
    let open = ranges.first().is_some_and(|first| first.from.is_none()) && ranges.last().is_some_and(|last| last.below.is_none());
    if !gapless || !open {
        return Err(VerifyError::File("the fingerprint's ranges do not cover the table".to_owned()));
    }
    for (range, (rows, sum)) in saved.ranges.iter().zip(sums(snapshot, &read, &ranges, options, pace).await?) {
        out.rows_now += rows;
        if rows != range.rows || format!("{sum:032x}") != range.sum {
            let (from, below) = (show(range.from.as_ref()), show(range.below.as_ref()));
            out.ranges.push(RangeDrift { from, below, rows_then: range.rows, rows_now: rows });
        }
    }
    Ok(out)
}

/// Where the table is cut: ascending, and no more than fit into a file.
async fn bounds(snapshot: &dyn Snapshot, read: &Read, options: &Options) -> Result<Vec<Datum>, VerifyError> {
    let Some(class) = read.key.first().map(|at| &read.columns[*at].class).filter(|class| class.splits()) else {
        return Ok(Vec::new());
    };
    let all = snapshot.splits(read, options.range_rows.max(1)).await.map_err(failed(Side::Source))?;
    let mut all: Vec<(Vec<u8>, Datum)> = all.into_iter().filter_map(|bound| Some((bound_bytes(&bound, class)?, bound))).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.dedup_by(|a, b| a.0 == b.0);
    let step = all.len().div_ceil(RANGES_MAX - 1).max(1);
    Ok(all.into_iter().skip(step - 1).step_by(step).map(|(_, bound)| bound).collect())
}

/// The count and the sum of each range.
async fn sums(
    snapshot: &dyn Snapshot,
    read: &Read,
    ranges: &[KeyRange],
    options: &Options,
    pace: &dyn Pace,
) -> Result<Vec<(u64, u128)>, VerifyError> {
    let slots = options.readers.min(snapshot.readers()).max(1);
    let (gate, paced) = Gate::new(slots * 4);
    let gate = Arc::new(gate);
    let work = async {
        let mut out = Vec::with_capacity(ranges.len());
        for some in ranges.chunks(slots) {
            let mut tasks = Vec::new();
            for range in some {
                let mut read = read.clone();
                read.range = (*range != KeyRange::default()).then(|| range.clone());
                tasks.push(Task::start(sum(Reader::open(snapshot, Side::Source, &read, &gate).await?)));
            }
            for task in tasks {
                out.push(task.wait().await??);
            }
        }
        Ok(out)
    };
    paced.run(&gate, pace, work).await
}

async fn sum(mut reader: Reader) -> Result<(u64, u128), VerifyError> {
    let (mut batch, mut more, mut rows, mut sum) = (Batch::default(), true, 0, 0_u128);
    while more {
        more = reader.next(&mut batch).await?;
        rows += batch.len() as u64;
        for (_, row) in batch.iter() {
            sum = sum.wrapping_add(hash(row));
        }
    }
    Ok((rows, sum))
}
