//! Rows that differed while writes went on: are they really different, or were they read at two moments?
//!
//! With a stream, a barrier gives an exact answer: the row at the source, a mark in its stream, the target once it has
//! applied that mark, the source again. A row that the source did not change meanwhile and that the target has too is
//! equal; one that the target has otherwise in the same way four times in a row is different; what goes on changing is
//! *moving*, neither equal nor different. Four times, because a row may change and change back between two readings. Without a stream both sides
//! are read again until they stay as they are. What a target has not applied in time is never called different.
//! Tests: `tests/it/settle.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use segue_engine::rows::{Applied, Mark, Rows};

use crate::compare::{Gate, RowsByKey, failed, name_columns, rows_of};
use crate::{Difference, Pace, Side, TablePair, VerifyError, merge};

/// Keys settled together: they share the rounds with their waits and their moments, which is what a second look costs.
const KEYS: usize = 2_048;
/// Rounds without a stream in which a pair of rows must stay as it is before it is different.
const STABLE: u32 = 3;
/// The same with a stream. Where rows come and go all the time a row may be absent, come and go between two readings of
/// the source, and be read at the target in between: that it does so with the same content in every one of four rounds
/// is what is left.
const CONFIRMED: u32 = 4;

/// How patient it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settling {
    /// Rounds before a row is *moving*.
    pub rounds: u32,
    /// How often the target is asked, in one round, whether it has applied the mark.
    pub polls: u32,
    /// The wait between two questions and, without a stream, two rounds.
    pub interval_ms: u64,
}

impl Default for Settling {
    fn default() -> Self {
        Self { rounds: 8, polls: 200, interval_ms: 50 }
    }
}

/// What differing rows turned out to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Keys whose rows are the same.
    pub equal: u64,
    /// Rows that differ, with their rows.
    pub different: Vec<Difference>,
    /// Keys of rows that went on changing, or whose changes the target had not applied in time.
    pub moving: Vec<Vec<u8>>,
    /// How it was decided: one sentence.
    pub why: String,
}

struct Settle<'a> {
    source: &'a dyn Rows,
    target: &'a dyn Rows,
    pair: &'a TablePair,
    how: Settling,
    gate: Arc<Gate>,
    /// Why there is no barrier; empty while there is one.
    no_stream: String,
    late: bool,
    out: Settled,
}

/// Reads the rows of differing keys again, on fresh snapshots, until it is known what they are.
pub async fn settle(
    source: &dyn Rows,
    target: &dyn Rows,
    pair: &TablePair,
    keys: &[Vec<u8>],
    how: Settling,
    pace: &dyn Pace,
) -> Result<Settled, VerifyError> {
    if pair.source.key.is_empty() {
        return Err(VerifyError::Cannot("rows without a key cannot be read again one by one".to_owned()));
    }
    let (gate, paced) = Gate::new(4);
    let gate = Arc::new(gate);
    let mut work =
        Settle { source, target, pair, how, gate: Arc::clone(&gate), no_stream: String::new(), late: false, out: Settled::default() };
    let run = async {
        let mut keys = keys.to_vec();
        keys.sort();
        keys.dedup();
        for some in keys.chunks(KEYS) {
            work.some(some.to_vec()).await?;
        }
        work.out.why = work.why();
        Ok(std::mem::take(&mut work.out))
    };
    paced.run(&gate, pace, run).await
}

impl Settle<'_> {
    fn why(&self) -> String {
        if !self.no_stream.is_empty() {
            return format!("Differing rows were read again until they stayed as they are, because {}.", self.no_stream);
        }
        if self.late {
            return "Differing rows were read again behind a mark in the source's stream; the target had not applied it in time."
                .to_owned();
        }
        "Differing rows were read again after the target had applied all that the source had done before.".to_owned()
    }

    async fn some(&mut self, mut open: Vec<Vec<u8>>) -> Result<(), VerifyError> {
        let mut seen: BTreeMap<Vec<u8>, (Hashes, u32)> = BTreeMap::new();
        for round in 0..self.how.rounds {
            if open.is_empty() {
                return Ok(());
            }
            if round > 0 && !self.no_stream.is_empty() {
                self.wait().await;
            }
            let first = self.read(Side::Source, &open).await?;
            let before: BTreeMap<Vec<u8>, Vec<u128>> = first.keys().map(|key| (key.clone(), hashes(&first, key))).collect();
            // Behind a barrier the rows are read once more: the first ones need no room until then.
            let first = if self.no_stream.is_empty() { None } else { Some(first) };
            if self.no_stream.is_empty() && !self.barrier().await? {
                break;
            }
            let mut target = self.read(Side::Target, &open).await?;
            let mut source = match first {
                Some(first) => first,
                None => self.read(Side::Source, &open).await?,
            };
            let needed = if self.no_stream.is_empty() { CONFIRMED } else { STABLE };
            let mut left = Vec::new();
            for key in open {
                let Some(first) = before.get(&key).filter(|_| target.contains_key(&key) && source.contains_key(&key)) else {
                    // It could not be asked for: nobody knows.
                    self.out.moving.push(key);
                    continue;
                };
                let (first, other) = (first.clone(), hashes(&target, &key));
                if first != hashes(&source, &key) {
                    seen.remove(&key);
                    left.push(key);
                } else if first == other {
                    self.out.equal += 1;
                } else {
                    let times = match seen.get(&key) {
                        Some((pair, times)) if pair.0 == first && pair.1 == other => times + 1,
                        _ => 1,
                    };
                    if times >= needed {
                        self.different(&key, &mut source, &mut target);
                    } else {
                        seen.insert(key.clone(), ((first, other), times));
                        left.push(key);
                    }
                }
            }
            open = left;
        }
        self.out.moving.extend(open);
        Ok(())
    }

    fn different(&mut self, key: &[u8], source: &mut RowsByKey, target: &mut RowsByKey) {
        let entries = merge::net(source.remove(key).unwrap_or_default(), target.remove(key).unwrap_or_default());
        let from = self.out.different.len();
        merge::differences(key.to_vec(), entries, &mut self.out.different);
        self.out.different[from..].iter_mut().for_each(name_columns);
    }

    async fn read(&self, side: Side, keys: &[Vec<u8>]) -> Result<RowsByKey, VerifyError> {
        let (rows, read) = if side == Side::Source { (self.source, &self.pair.source) } else { (self.target, &self.pair.target) };
        let snapshot = rows.snapshot(1).await.map_err(failed(side))?;
        let found = rows_of(&*snapshot, side, read, keys.to_vec(), &self.gate).await?;
        snapshot.close().await.map_err(failed(side))?;
        Ok(found)
    }

    /// Waits until the target has applied what the source has done. `false`: not in time.
    async fn barrier(&mut self) -> Result<bool, VerifyError> {
        let Some(mark) = self.source.mark().await.map_err(failed(Side::Source))? else {
            "the source keeps no position in a stream of changes".clone_into(&mut self.no_stream);
            return Ok(true);
        };
        for poll in 0..self.how.polls {
            if poll > 0 {
                self.wait().await;
            }
            match self.applied(&mark).await? {
                Applied::Yes => return Ok(true),
                Applied::NotYet(_) => {}
                Applied::NoStream(reason) => {
                    reason.trim_end_matches('.').clone_into(&mut self.no_stream);
                    return Ok(true);
                }
            }
        }
        self.late = true;
        Ok(false)
    }

    async fn applied(&self, mark: &Mark) -> Result<Applied, VerifyError> {
        self.gate.pass().await?;
        self.target.applied(mark).await.map_err(failed(Side::Target))
    }

    async fn wait(&self) {
        if self.how.interval_ms > 0 {
            tokio::time::sleep(Duration::from_millis(self.how.interval_ms)).await;
        }
    }
}

/// The hashes of a key's rows at both sides.
type Hashes = (Vec<u128>, Vec<u128>);

fn hashes(rows: &RowsByKey, key: &[u8]) -> Vec<u128> {
    let mut out: Vec<u128> = rows.get(key).into_iter().flatten().map(|(hash, _)| *hash).collect();
    out.sort_unstable();
    out
}
