//! The comparison of two tables: which engine, which ranges, what it came to.
//!
//! One file an engine: `../sketch` with `job.rs`, `../merge`, `pushdown.rs`; `drive.rs` runs ranges of the key in
//! parallel and gives each to the engine that suits it. A side's failure is [`VerifyError::Side`] and ends the whole:
//! it must never be counted as a difference nor as equality. Tests: `tests/it/`.

mod drive;
mod gate;
mod job;
mod lookup;
mod pushdown;
mod range;
mod reader;

use std::sync::Arc;
use std::time::Instant;

use segue_engine::rows::Snapshot;
use segue_model::verify::DifferenceKind;
use serde::{Deserialize, Serialize};

use crate::sample::{self, SampleStatement};
use crate::{Difference, EngineChoice, Options, Pace, Progress, Side, Sink, TablePair, VerifyError};

pub(crate) use gate::Gate;
pub(crate) use job::Task;
pub(crate) use lookup::{RowsByKey, name_columns, rows_of};
pub(crate) use range::bound_bytes;
pub(crate) use reader::{Reader, failed};

/// Below so much memory a sketch names too few rows to be worth a pass.
const SKETCH_BYTES_MIN: usize = 256 << 10;

/// Where an earlier run of the same comparison stopped: what its last [`Sink::range_done`] said. What was handed on
/// after that call is found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// The upper end of what is done, as key bytes.
    pub below: Vec<u8>,
    /// What was read and found until there.
    pub done: Progress,
}

/// What a comparison came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// How: `sketch`, `merge`, `pushdown`, `sample`.
    pub engine: &'static str,
    /// Why in that way: a sentence or two.
    pub why: String,
    /// Rows of the source.
    pub source_rows: u64,
    /// Rows of the target.
    pub target_rows: u64,
    /// Rows that only the source has.
    pub missing: u64,
    /// Rows that only the target has.
    pub extra: u64,
    /// Rows with other values.
    pub changed: u64,
    /// How long it took.
    pub ms: u64,
    /// What a sample says of the whole.
    pub sample: Option<SampleStatement>,
    /// The two sides differ, but not every difference could be named: the counts are the least there is. One sentence.
    pub incomplete: Option<String>,
    /// Ranges of the key, and how many of them were compared in the order of the key because they differed much.
    pub ranges: (u64, u64),
    /// The largest sketch or buffer that was held, in bytes.
    pub memory_bytes: usize,
}

impl Compared {
    /// Both sides hold the same, as far as was compared.
    pub fn is_equal(&self) -> bool {
        self.different() == 0 && self.incomplete.is_none()
    }

    /// Rows that differ, at least.
    pub fn different(&self) -> u64 {
        self.missing + self.extra + self.changed
    }

    pub(crate) fn count(&mut self, found: &[Difference]) {
        for difference in found {
            match difference.kind {
                DifferenceKind::MissingInTarget => self.missing += difference.count,
                DifferenceKind::ExtraInTarget => self.extra += difference.count,
                DifferenceKind::Changed => self.changed += difference.count,
            }
        }
    }
}

/// Compares two tables of two snapshots. Each side is read and hashed by tasks of their own: on a runtime with several
/// threads both cores work. Every difference goes to `sink`; the first `examples` of them, or all with `every_row`,
/// with their rows.
pub async fn compare(
    source: &dyn Snapshot,
    target: &dyn Snapshot,
    pair: &TablePair,
    options: &Options,
    pace: &dyn Pace,
    sink: &mut dyn Sink,
    resume: Option<&Resume>,
) -> Result<Compared, VerifyError> {
    let started = Instant::now();
    if pair.source.columns.len() != pair.target.columns.len() || pair.source.key != pair.target.key {
        return Err(VerifyError::Cannot("the two sides are not read with the same columns and key".to_owned()));
    }
    let (gate, paced) = Gate::new(options.readers.max(1) * 8);
    let gate = Arc::new(gate);
    let work = async {
        match options.sample {
            Some(rows) => Box::pin(sample::compare(source, target, pair, options, rows, &gate, sink)).await,
            None => Box::pin(drive::compare(source, target, pair, options, &gate, sink, resume)).await,
        }
    };
    // A side that is gone is heard although the other one is silent, and nobody reads of either.
    let work = async {
        tokio::select! {
            done = work => done,
            error = source.lost() => Err(failed(Side::Source)(error)),
            error = target.lost() => Err(failed(Side::Target)(error)),
        }
    };
    let mut compared = paced.run(&gate, pace, work).await?;
    compared.ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(compared)
}

/// The engine to begin with, and why.
fn choose(pair: &TablePair, options: &Options) -> Result<(EngineChoice, String), VerifyError> {
    let orders = orders(pair);
    Ok(match options.engine {
        EngineChoice::Sketch => (EngineChoice::Sketch, "A sketch was asked for.".to_owned()),
        EngineChoice::Pushdown => (EngineChoice::Pushdown, "Hashes by the servers were asked for.".to_owned()),
        EngineChoice::Merge => match orders {
            Ok(()) => (EngineChoice::Merge, "A merge in the order of the key was asked for.".to_owned()),
            Err(reason) => return Err(VerifyError::Cannot(format!("the table cannot be merged: {reason}"))),
        },
        EngineChoice::Auto if options.memory < SKETCH_BYTES_MIN && orders.is_ok() => {
            (EngineChoice::Merge, "Both sides in the order of the key: there is no memory for a sketch.".to_owned())
        }
        EngineChoice::Auto => {
            let of = if pair.source.key.is_empty() { "a multiset of rows, because the table has no key" } else { "each side in one pass" };
            (EngineChoice::Sketch, format!("A sketch, {of}: its memory grows with the differences alone."))
        }
    })
}

/// Whether both sides can give the rows in the order of the key; why not.
fn orders(pair: &TablePair) -> Result<(), String> {
    if pair.source.key.is_empty() {
        return Err("it has no key".to_owned());
    }
    for at in &pair.source.key {
        let class = &pair.source.columns[*at].class;
        if !class.is_ordered() || *class != pair.target.columns[*at].class {
            return Err(format!("key column {} ({class}) has no order that both sides share", pair.names[*at]));
        }
    }
    Ok(())
}
