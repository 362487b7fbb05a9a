//! A sample: some rows chosen at random, and what they say of the whole.
//!
//! Chosen are the rows whose keys have the smallest hashes under the seed. So every row of both sides has the same
//! chance, a row that only one side has too, and both sides choose alike without asking each other. A sample that found
//! nothing never says "equal" of the whole: it says how much could differ still (`bound.rs`). Tests: `tests/it/sample.rs`.

mod bound;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::try_join;
use segue_engine::rows::{Batch, Read, Snapshot, hash};

use crate::compare::{Compared, Gate, Reader, Task, name_columns, rows_of};
use crate::{Options, Side, Sink, TablePair, VerifyError, merge};

pub use bound::at_most_ppm;

/// Keys whose rows are read at once.
const KEYS: usize = 256;

/// What a sample says of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleStatement {
    /// Rows that were compared.
    pub rows: u64,
    /// How many of them differ.
    pub different: u64,
    /// At most so many of a million rows differ, with a confidence of 95%.
    pub at_most_ppm: u32,
    /// The same as a sentence.
    pub sentence: String,
}

impl SampleStatement {
    /// The statement after so many of so many rows were found to differ. `all`: how many rows there are.
    pub fn new(rows: u64, different: u64, all: u64) -> Self {
        let at_most_ppm = if rows >= all { share(different, rows) } else { at_most_ppm(rows, different) };
        let percent = format!("{}.{:04}", at_most_ppm / 10_000, at_most_ppm % 10_000);
        let percent = percent.trim_end_matches('0').trim_end_matches('.');
        let sentence = if rows >= all {
            format!("all {rows} rows were compared, {different} of them differ")
        } else {
            format!(
                "{rows} of {all} rows, chosen at random, were compared, {different} of them differ: at most {percent}% of all rows differ, with a confidence of 95%"
            )
        };
        Self { rows, different, at_most_ppm, sentence }
    }
}

fn share(different: u64, rows: u64) -> u32 {
    let ppm = (u128::from(different) * 1_000_000).div_ceil(u128::from(rows.max(1)));
    u32::try_from(ppm).unwrap_or(1_000_000).min(1_000_000)
}

/// Compares a sample of so many rows.
pub(crate) async fn compare(
    source: &dyn Snapshot,
    target: &dyn Snapshot,
    pair: &TablePair,
    options: &Options,
    rows: u64,
    gate: &Arc<Gate>,
    sink: &mut dyn Sink,
) -> Result<Compared, VerifyError> {
    if pair.source.key.is_empty() {
        return Err(VerifyError::Cannot("a table without a key has no rows to choose by it: compare it as a whole".to_owned()));
    }
    let wanted = usize::try_from(rows).unwrap_or(usize::MAX).max(1);
    let chosen_of = |snapshot, side, read| async move {
        let reader = Reader::open(snapshot, side, &keys_only(read), gate).await?;
        Task::start(choose(reader, wanted, options.seed)).wait().await?
    };
    let both = try_join(chosen_of(source, Side::Source, &pair.source), chosen_of(target, Side::Target, &pair.target));
    let ((source_rows, mut chosen), (target_rows, more)) = both.await?;
    chosen.extend(more);
    let keys: Vec<Vec<u8>> = chosen.into_iter().take(wanted).map(|(_, key)| key).collect();
    let mut out = Compared { engine: "sample", why: "A sample was asked for.".to_owned(), source_rows, target_rows, ..Compared::default() };
    let mut examples = options.examples;
    for some in keys.chunks(KEYS) {
        let (mut from_source, mut from_target) = try_join(
            rows_of(source, Side::Source, &pair.source, some.to_vec(), gate),
            rows_of(target, Side::Target, &pair.target, some.to_vec(), gate),
        )
        .await?;
        let mut found = Vec::new();
        for key in some {
            let (one, other) = (from_source.remove(key).unwrap_or_default(), from_target.remove(key).unwrap_or_default());
            if one.is_empty() && other.is_empty() {
                return Err(VerifyError::Cannot("a row of the sample could not be read again by its key".to_owned()));
            }
            merge::differences(key.clone(), merge::net(one, other), &mut found);
        }
        for one in &mut found {
            if examples > 0 || options.every_row {
                name_columns(one);
                examples = examples.saturating_sub(1);
            } else {
                (one.source_row, one.target_row) = (None, None);
            }
        }
        if !found.is_empty() {
            out.count(&found);
            sink.differences(&found)?;
        }
    }
    out.sample = Some(SampleStatement::new(keys.len() as u64, out.different().min(keys.len() as u64), source_rows.max(target_rows)));
    Ok(out)
}

fn keys_only(read: &Read) -> Read {
    let columns = read.key.iter().map(|at| read.columns[*at].clone()).collect();
    Read { columns, key: (0..read.key.len()).collect(), ..read.clone() }
}

/// The keys with the smallest hashes, in their order, and how many rows there are.
async fn choose(mut reader: Reader, wanted: usize, seed: u64) -> Result<(u64, BTreeSet<(u128, Vec<u8>)>), VerifyError> {
    let mut chosen: BTreeSet<(u128, Vec<u8>)> = BTreeSet::new();
    let (mut batch, mut more, mut rows) = (Batch::default(), true, 0);
    let mut seeded = Vec::new();
    while more {
        more = reader.next(&mut batch).await?;
        rows += batch.len() as u64;
        for (key, _) in batch.iter() {
            seeded.clear();
            seeded.extend_from_slice(&seed.to_le_bytes());
            seeded.extend_from_slice(key);
            let hash = hash(&seeded);
            // Several rows of one key are one choice.
            if chosen.len() < wanted || chosen.last().is_some_and(|(largest, _)| hash < *largest) {
                chosen.insert((hash, key.to_vec()));
                if chosen.len() > wanted {
                    chosen.pop_last();
                }
            }
        }
    }
    Ok((rows, chosen))
}
