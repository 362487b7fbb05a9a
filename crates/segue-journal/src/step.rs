//! The step contract: what a step must be able to do so that a run survives anything at any point.
//!
//! A step observes before it does, does again what is half done, is verified by another read than its own, and
//! can be undone when it never ran, ran in part, or ran twice. It sees the world only through its [`Context`]:
//! no clock, no randomness, no journal of its own. Tests: `tests/it/executor.rs`.

use std::sync::atomic::{AtomicU8, Ordering};

use async_trait::async_trait;
use segue_model::finding::Finding;
use serde_json::Value;

use crate::executor::Session;

/// What a step found before it did anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// Nothing of it is there.
    NotDone,
    /// All of it is there; this is its output.
    Done(Value),
    /// Some of it is there: `perform` goes on from the last checkpoint.
    Partial,
    /// Something that is not ours stands in the way; nothing is touched.
    Foreign(Finding),
}

/// What an independent read saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The effect is there; the evidence goes into the journal.
    Ok(Value),
    /// It is not.
    Mismatch {
        /// What was seen.
        evidence: Value,
        /// The stable code.
        code: String,
        /// One sentence, without values.
        message: String,
    },
}

/// What the executor may do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryClass {
    /// The same thing may work in a moment.
    Soon,
    /// Connect again, observe, then go on.
    Reconnect,
    /// It fails again until somebody changes something.
    Never,
}

/// What kind of failure, as far as the run's end depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StepErrorKind {
    /// Another executor took over: stop without touching anything more.
    Fenced,
    /// Somebody asked to stop, and the step stopped where it can go on.
    Interrupted,
    /// The database could not be reached.
    Connection,
    /// The data is not as it must be.
    Mismatch,
    /// The journal could not be written; the effect was not begun.
    Journal,
    /// A crash point of the simulation.
    Crashed,
    /// Anything else.
    Other,
}

/// A step's failure: a stable code and sentences that hold no value of a row and no secret.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct StepError {
    /// The stable code.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
    /// Whether trying again makes sense.
    pub retry: RetryClass,
    /// What kind.
    pub kind: StepErrorKind,
    /// The cause. Never printed as it is.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StepError {
    /// A failure that will not go away by itself.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            help: String::new(),
            retry: RetryClass::Never,
            kind: StepErrorKind::Other,
            source: None,
        }
    }

    /// The step stopped because it was asked to.
    pub fn interrupted() -> Self {
        Self::new("SG-RUN-001", "the run was asked to stop and stopped where it can go on").kind(StepErrorKind::Interrupted)
    }

    /// A crash point of the simulation was taken.
    pub(crate) fn crashed() -> Self {
        Self::new("SG-RUN-002", "a crash point was taken").kind(StepErrorKind::Crashed)
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Says whether trying again makes sense.
    pub fn retry(mut self, retry: RetryClass) -> Self {
        self.retry = retry;
        self
    }

    /// Says what kind it is.
    pub fn kind(mut self, kind: StepErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// Keeps the cause.
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

impl From<crate::JournalError> for StepError {
    fn from(error: crate::JournalError) -> Self {
        let kind = if error.is_fenced() { StepErrorKind::Fenced } else { StepErrorKind::Journal };
        Self::new(error.code(), error.to_string()).kind(kind).caused_by(error)
    }
}

/// One kind of work, for one step of a plan.
#[async_trait]
pub trait Step: Send + Sync {
    /// What the plan says of it.
    fn card(&self) -> &segue_model::plan::Step;

    /// How far it is. Read-only, always safe.
    async fn observe(&self, cx: &mut Context<'_>) -> Result<Observed, StepError>;

    /// Does it, from the last checkpoint if there is one. Gives counts and names, never values.
    async fn perform(&self, cx: &mut Context<'_>, resume: Option<Value>) -> Result<Value, StepError>;

    /// Looks whether it is done, by another path than `perform`'s own bookkeeping.
    async fn verify(&self, cx: &mut Context<'_>, output: &Value) -> Result<Verdict, StepError>;

    /// Undoes it: safe when it never ran, ran in part, or was undone before.
    async fn undo(&self, cx: &mut Context<'_>) -> Result<(), StepError>;
}

/// Time, given from outside, so that the simulation has its own.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 UTC.
    fn now_ms(&self) -> i64;

    /// Waits.
    async fn sleep(&self, ms: u64);
}

/// How soon a step must stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// Not at all.
    No,
    /// After the batch that is under way.
    AfterBatch,
    /// At once.
    Now,
}

/// The wish to stop, shared with a signal handler: each call of [`StopFlag::press`] asks more urgently.
#[derive(Debug, Default)]
pub struct StopFlag(AtomicU8);

impl StopFlag {
    /// Nobody asked yet.
    pub const fn new() -> Self {
        Self(AtomicU8::new(0))
    }

    /// Once: stop after the batch. Twice: stop now.
    pub fn press(&self) -> Stop {
        let before = self.0.fetch_add(1, Ordering::SeqCst);
        if before == 0 {
            Stop::AfterBatch
        } else {
            self.0.store(2, Ordering::SeqCst);
            Stop::Now
        }
    }

    /// How soon.
    pub fn get(&self) -> Stop {
        match self.0.load(Ordering::SeqCst) {
            0 => Stop::No,
            1 => Stop::AfterBatch,
            _ => Stop::Now,
        }
    }

    /// Forgets it.
    pub fn clear(&self) {
        self.0.store(0, Ordering::SeqCst);
    }
}

/// How far a step is, for people and `--events`; not journaled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows done.
    pub rows_done: u64,
    /// Rows in all, as estimated.
    pub rows_total: u64,
    /// Rows a second, over the last while.
    pub rows_per_s: u64,
    /// Seconds to go; `None` while nobody can tell.
    pub eta_s: Option<u64>,
    /// Why it waits, when it does: `replica is 7 s behind`; else empty.
    pub note: String,
}

/// All that a step sees of the world besides its engine.
pub struct Context<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) step: &'a str,
}

impl Context<'_> {
    /// The run.
    pub fn run(&self) -> &str {
        self.session.run()
    }

    /// The fencing epoch.
    pub fn epoch(&self) -> u64 {
        self.session.epoch()
    }

    /// The step's id.
    pub fn step(&self) -> &str {
        self.step
    }

    /// Remembers where to go on. Not synced: after a power cut an older checkpoint may come back, so that work
    /// behind a checkpoint must be safe to do again. Also renews the lease and looks for requests.
    pub fn checkpoint(&mut self, data: Value) -> Result<(), StepError> {
        self.session.checkpoint(self.step, data)
    }

    /// Says how far it is.
    pub fn progress(&mut self, progress: Progress) {
        self.session.progress(self.step, &progress);
    }

    /// A line for whoever watches. Not journaled, so it may hold a key that the user asked to see.
    pub fn note(&self, note: &str) {
        self.session.note(note);
    }

    /// Whether to stop: a signal, or a request to pause, abort or go back.
    pub fn stopping(&self) -> Stop {
        self.session.stopping()
    }

    /// Waits, in slices: keeps the lease, and ends early when somebody asks to stop.
    pub async fn sleep(&self, ms: u64) -> Result<(), StepError> {
        self.session.sleep(ms).await
    }

    /// Milliseconds since 1970 UTC by the run's clock.
    pub fn now_ms(&self) -> i64 {
        self.session.now_ms()
    }

    /// A random number from the run's own seeded source.
    pub fn random_u64(&self) -> u64 {
        self.session.random_u64()
    }

    /// A named crash point inside a step. Free in production.
    pub fn point(&self, name: &str) -> Result<(), StepError> {
        self.session.point(self.step, name)
    }
}
