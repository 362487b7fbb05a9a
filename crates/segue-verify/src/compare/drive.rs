//! Runs the ranges of a table in parallel, each by the engine that suits it, and hands on what they find.
//!
//! Memory is bounded whatever differs: a sketch that does not decode is grown once; a range that differs much is merged,
//! and so are the next ones; a table without a key or an order is read in several passes, each for a part of the rows.
//! A range counts only once both sides were read to their ends.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use segue_engine::rows::{KeyRange, Snapshot};
use tokio::sync::mpsc;

use super::gate::Gate;
use super::job::{self, Method, Outcome, Size};
use super::range::{bound_bytes, cut, splits_by};
use super::reader::Reader;
use super::{Compared, Resume, choose, lookup, orders, pushdown};
use crate::merge::{self, Entry};
use crate::sketch::{Element, KEY_BYTES_MAX, Sketch};
use crate::{Difference, EngineChoice, Options, Progress, Side, Sink, TablePair, VerifyError};

/// Parts in which a table without an order is read, at most.
const PARTS_MAX: u64 = 64;
/// Of a range's rows one in so many may differ before a merge is cheaper than a sketch that grows.
const MERGE_FROM: u64 = 20;
/// Rows whose examples are looked up at once without a key.
const KEYLESS_ROWS: usize = 8192;
/// How often a range is tried again with wider cells.
const TRIES_MAX: u8 = 8;

/// A job that is under way.
type Running<'a> = BoxFuture<'a, (Job, Result<Outcome, VerifyError>)>;

/// A piece of work: one range, or a part of its rows.
struct Job {
    range: usize,
    method: Method,
    tries: u8,
}

/// What is known of a range.
#[derive(Default)]
struct State {
    open: u64,
    rows: [u64; 2],
    found: Progress,
}

struct Drive<'a> {
    source: &'a dyn Snapshot,
    target: &'a dyn Snapshot,
    pair: &'a TablePair,
    options: &'a Options,
    gate: &'a Arc<Gate>,
    sink: &'a mut dyn Sink,
    out: Compared,
    ranges: Vec<KeyRange>,
    states: Vec<State>,
    queue: VecDeque<Job>,
    /// The next range of which the sink was not told that it is done.
    told: usize,
    before: Progress,
    wanted: Arc<AtomicUsize>,
    slots: usize,
    /// Both sides can be read in the order of the key, as far as is known.
    can_merge: bool,
    prefer_merge: bool,
    elements: usize,
    /// The longest key that the cells had to take so far; 0 without a key.
    key_bytes: usize,
    tells_ranges: bool,
}

/// Compares all rows.
pub(super) async fn compare(
    source: &dyn Snapshot,
    target: &dyn Snapshot,
    pair: &TablePair,
    options: &Options,
    gate: &Arc<Gate>,
    sink: &mut dyn Sink,
    resume: Option<&Resume>,
) -> Result<Compared, VerifyError> {
    let (engine, why) = choose(pair, options)?;
    let pushed = engine == EngineChoice::Pushdown;
    let resume = resume.filter(|_| !pushed && splits_by(pair).is_some());
    let mut out = Compared { why, ..Compared::default() };
    out.engine = match engine {
        EngineChoice::Merge => "merge",
        EngineChoice::Pushdown => "pushdown",
        EngineChoice::Auto | EngineChoice::Sketch => "sketch",
    };
    let ranges = if pushed {
        let left = pushdown::narrow(source, target, pair, options, gate).await?;
        (out.source_rows, out.target_rows) = (left.equal_rows, left.equal_rows);
        left.ranges
    } else {
        cut(source, pair, options.range_rows, &pair.source.range.clone().unwrap_or_default(), resume).await?
    };
    let before = resume.map(|resume| resume.done).unwrap_or_default();
    (out.source_rows, out.target_rows) = (out.source_rows + before.source, out.target_rows + before.target);
    (out.missing, out.extra, out.changed) = (before.missing, before.extra, before.changed);
    let slots = options.readers.min(source.readers()).min(target.readers()).max(1).min(ranges.len().max(1));
    let rows = if ranges.len() > 1 || pushed { options.range_rows } else { pair.rows };
    let wanted = if options.every_row { usize::MAX } else { options.examples };
    let drive = Drive {
        source,
        target,
        pair,
        options,
        gate,
        sink,
        out,
        states: ranges.iter().map(|_| State { open: 1, ..State::default() }).collect(),
        queue: VecDeque::new(),
        told: 0,
        before,
        wanted: Arc::new(AtomicUsize::new(wanted)),
        slots,
        can_merge: orders(pair).is_ok(),
        prefer_merge: engine == EngineChoice::Merge,
        elements: usize::try_from(rows / 128).unwrap_or(usize::MAX).clamp(512, 32_768),
        key_bytes: usize::from(!pair.source.key.is_empty()),
        tells_ranges: !pushed,
        ranges,
    };
    drive.run().await
}

impl<'a> Drive<'a> {
    async fn run(mut self) -> Result<Compared, VerifyError> {
        let (found_by, mut found) = mpsc::channel(2 * self.slots);
        let mut jobs: FuturesUnordered<Running<'a>> = FuturesUnordered::new();
        let mut next = 0;
        loop {
            while jobs.len() < self.slots {
                let Some(job) = self.next_job(&mut next) else { break };
                jobs.push(self.start(job, &found_by));
            }
            tokio::select! {
                biased;
                Some((range, some)) = found.recv() => self.hand_on(range, some)?,
                done = jobs.next() => {
                    let Some((job, outcome)) = done else { break };
                    // All that the job said was sent before it ended.
                    while let Ok((range, some)) = found.try_recv() {
                        self.hand_on(range, some)?;
                    }
                    self.done(job, outcome?).await?;
                    self.say_progress();
                }
                () = self.gate.ticked() => self.say_progress(),
            }
        }
        self.close()
    }

    fn next_job(&mut self, next: &mut usize) -> Option<Job> {
        if let Some(job) = self.queue.pop_front() {
            return Some(job);
        }
        let range = *next;
        if range == self.ranges.len() {
            return None;
        }
        *next += 1;
        let method =
            if self.prefer_merge && self.can_merge { Method::Merge } else { Method::Sketch { elements: self.elements, part: (0, 1) } };
        Some(Job { range, method, tries: 0 })
    }

    /// A job that opens its streams and reads them: one side is read, and its failure heard, while the other is silent.
    fn start(&self, job: Job, found: &mpsc::Sender<(usize, Vec<Difference>)>) -> Running<'a> {
        let range = &self.ranges[job.range];
        let mut reads = [self.pair.source.clone(), self.pair.target.clone()];
        for read in &mut reads {
            if *range != KeyRange::default() {
                read.range = Some(range.clone());
            }
            read.ordered = job.method == Method::Merge;
        }
        let (source, target, gate) = (self.source, self.target, Arc::clone(self.gate));
        let (key_bytes, seed, bytes_max) = (self.key_bytes, self.options.seed, self.sketch_bytes());
        let (wanted, send) = (Arc::clone(&self.wanted), found.clone());
        async move {
            let here = Reader::open(source, Side::Source, &reads[0], &gate);
            let there = Reader::open(target, Side::Target, &reads[1], &gate);
            let outcome = match job.method {
                Method::Sketch { elements, part } => job::sketched(here, there, Size { elements, key_bytes, seed, bytes_max }, part).await,
                Method::Merge => job::merged(here, there, wanted, bytes_max, job.range, send).await,
            };
            (job, outcome)
        }
        .boxed()
    }

    /// The bytes of one side's sketch.
    fn sketch_bytes(&self) -> usize {
        self.options.memory / (2 * self.slots)
    }

    /// Elements that a sketch of that size decodes.
    fn fits(&self) -> usize {
        Sketch::fits(self.sketch_bytes(), self.key_bytes)
    }

    async fn done(&mut self, job: Job, outcome: Outcome) -> Result<(), VerifyError> {
        match outcome {
            Outcome::Decoded { rows, elements, bytes, key_bytes } => {
                self.key_bytes = self.key_bytes.max(key_bytes);
                self.out.memory_bytes = self.out.memory_bytes.max(bytes * self.slots);
                self.judge(rows, elements.len() as u64);
                self.elements = self.elements.max((elements.len() * 2).min(self.fits()));
                let Method::Sketch { part, .. } = job.method else { return Ok(()) };
                self.decoded(job.range, elements).await?;
                self.finish(job.range, if part.0 == 0 { rows } else { [0, 0] })
            }
            Outcome::Merged { rows, found } => {
                self.out.ranges.1 += 1;
                let differing = found.len() as u64 + self.states[job.range].found.different;
                self.judge(rows, differing * 2);
                self.hand_on(job.range, found)?;
                self.finish(job.range, rows)
            }
            Outcome::TooMany { rows, estimate, key_bytes } => {
                self.key_bytes = self.key_bytes.max(key_bytes);
                self.grow(&job, rows, estimate)
            }
            Outcome::TooWide { key_bytes } => self.wider(&job, key_bytes),
            Outcome::Disorder { reason, handed_on: true } => {
                Err(VerifyError::Cannot(format!("{reason}, after differences had been handed on; nothing is claimed")))
            }
            Outcome::Disorder { reason, handed_on: false } => {
                if self.can_merge {
                    let sentence = format!(" It could not be merged, a sketch did it: {reason}.");
                    self.out.why.push_str(&sentence);
                    self.out.engine = if self.out.engine == "merge" { "sketch" } else { self.out.engine };
                }
                self.can_merge = false;
                let elements = self.fits().max(512);
                self.again(job.range, Method::Sketch { elements, part: (0, 1) }, job.tries);
                Ok(())
            }
        }
    }

    /// What the last range says of the next: a merge where more than one row in twenty differs.
    fn judge(&mut self, rows: [u64; 2], elements: u64) {
        if self.out.engine != "merge" {
            self.prefer_merge = elements / 2 > rows[0].max(rows[1]) / MERGE_FROM;
        }
    }

    fn again(&mut self, range: usize, method: Method, tries: u8) {
        self.queue.push_front(Job { range, method, tries: tries + 1 });
    }

    /// A key too long for the cells: a merge, or wider and fewer cells.
    fn wider(&mut self, job: &Job, key_bytes: usize) -> Result<(), VerifyError> {
        if self.can_merge {
            self.again(job.range, Method::Merge, job.tries);
        } else if key_bytes <= KEY_BYTES_MAX && job.tries < TRIES_MAX {
            self.key_bytes = self.key_bytes.max(key_bytes);
            self.again(job.range, job.method, job.tries);
        } else {
            return Err(VerifyError::Cannot("a key is too long for a sketch, and has no order for a merge".to_owned()));
        }
        Ok(())
    }

    /// A sketch that did not decode: a larger one, a merge, or several passes.
    fn grow(&mut self, job: &Job, rows: [u64; 2], estimate: u64) -> Result<(), VerifyError> {
        let Method::Sketch { elements, part: (which, of) } = job.method else { return Ok(()) };
        let fits = self.fits().max(1);
        // An element that is there many times counts many times in the estimate; there are no more than rows.
        let wanted = estimate.min(rows[0] + rows[1]).saturating_mul(4) / 3;
        self.judge(rows, wanted);
        let grows = wanted <= fits as u64 && job.tries == 0 && elements < fits;
        if self.can_merge && (!grows || self.prefer_merge) {
            self.again(job.range, Method::Merge, job.tries);
        } else if grows || (job.tries == 0 && elements < fits) {
            let elements = if grows { (wanted as usize).max(elements * 2).min(fits) } else { fits };
            self.elements = self.elements.max(elements);
            self.again(job.range, Method::Sketch { elements, part: (which, of) }, job.tries);
        } else {
            let into = wanted.div_ceil(fits as u64).clamp(2, PARTS_MAX);
            if of * into > PARTS_MAX * 4 {
                self.out.incomplete =
                    Some("more rows differ than can be named in this memory, and they have no order in which to find them".to_owned());
                return self.finish(job.range, if which == 0 { rows } else { [0, 0] });
            }
            self.states[job.range].open += into - 1;
            for at in (0..into).rev() {
                self.again(job.range, Method::Sketch { elements: fits, part: (which * into + at, of * into) }, job.tries);
            }
        }
        Ok(())
    }

    /// The elements of a range become differences; examples get their rows.
    async fn decoded(&mut self, range: usize, elements: Vec<Element>) -> Result<(), VerifyError> {
        let mut found = by_key(elements);
        let wanted = merge::take(&self.wanted, found.len());
        let wanted = if self.options.every_row { found.len() } else { wanted };
        if wanted > 0 {
            // Some rows at a time: they go on before the next are read.
            let piece = if self.pair.source.key.is_empty() { KEYLESS_ROWS } else { lookup::KEYS };
            while self.options.every_row && found.len() > piece {
                let mut some = found.split_off(found.len() - piece);
                lookup::fill(self.source, self.target, self.pair, self.gate, &mut some).await?;
                self.hand_on(range, some)?;
            }
            let wanted = wanted.min(found.len());
            lookup::fill(self.source, self.target, self.pair, self.gate, &mut found[..wanted]).await?;
        }
        self.hand_on(range, found)
    }

    fn hand_on(&mut self, range: usize, found: Vec<Difference>) -> Result<(), VerifyError> {
        if found.is_empty() {
            return Ok(());
        }
        let mut counted = Compared::default();
        counted.count(&found);
        let state = &mut self.states[range].found;
        state.missing += counted.missing;
        state.extra += counted.extra;
        state.changed += counted.changed;
        state.different += counted.different();
        self.out.count(&found);
        self.sink.differences(&found)?;
        self.say_progress();
        Ok(())
    }

    fn say_progress(&mut self) {
        let [source, target] = self.gate.rows();
        let out = &self.out;
        let (missing, extra, changed) = (out.missing, out.extra, out.changed);
        let (source, target) = (source + self.before.source, target + self.before.target);
        self.sink.progress(Progress { source, target, total: self.pair.rows, different: out.different(), missing, extra, changed });
    }

    /// A part of a range is done; tells the sink of ranges that are done without a gap.
    fn finish(&mut self, range: usize, rows: [u64; 2]) -> Result<(), VerifyError> {
        let state = &mut self.states[range];
        state.open -= 1;
        state.rows = [state.rows[0] + rows[0], state.rows[1] + rows[1]];
        self.out.source_rows += rows[0];
        self.out.target_rows += rows[1];
        while self.tells_ranges && self.told < self.states.len() && self.states[self.told].open == 0 {
            let state = &self.states[self.told];
            let before = &mut self.before;
            before.source += state.rows[0];
            before.target += state.rows[1];
            before.missing += state.found.missing;
            before.extra += state.found.extra;
            before.changed += state.found.changed;
            before.different += state.found.different;
            before.total = self.pair.rows;
            let class = splits_by(self.pair);
            let below = self.ranges[self.told].below.as_ref().zip(class).and_then(|(below, class)| bound_bytes(below, class));
            self.told += 1;
            self.sink.range_done(below.as_deref(), *before)?;
        }
        Ok(())
    }

    fn close(mut self) -> Result<Compared, VerifyError> {
        // What says "equal" must have seen every range to its end.
        if self.states.iter().any(|state| state.open > 0) || !self.queue.is_empty() {
            return Err(VerifyError::Cannot("not every range of the key was compared".to_owned()));
        }
        self.out.ranges.0 = self.ranges.len() as u64;
        if self.out.ranges.1 > 0 && self.out.engine != "merge" {
            let sentence = format!(
                " {} of {} ranges differed so much that they were compared in the order of the key.",
                self.out.ranges.1, self.out.ranges.0
            );
            self.out.why.push_str(&sentence);
        }
        debug_assert!(self.wanted.load(Ordering::Relaxed) <= self.options.examples || self.options.every_row, "examples only shrink");
        Ok(self.out)
    }
}

/// The differences that elements are, key by key.
fn by_key(elements: Vec<Element>) -> Vec<Difference> {
    let mut out = Vec::new();
    let mut groups: BTreeMap<Vec<u8>, Vec<Entry>> = BTreeMap::new();
    for Element { key, hash, count } in elements {
        groups.entry(key).or_default().push(Entry { hash, count, row: None });
    }
    for (key, entries) in groups {
        merge::differences(key, entries, &mut out);
    }
    out
}
