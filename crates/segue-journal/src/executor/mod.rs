//! The executor: carries a run forward, back, and on after a crash, all by one loop.
//!
//! Per step: append `started`, observe, perform if not done, append `performed`, verify, append `verified`.
//! After a crash the same loop is entered again; there is no other recovery. An append that fails stops the
//! effect. The executor never touches a database itself and never reads a clock but the one it was given.
//! Tests: `tests/it/executor.rs` (every crash point, both ends), `tests/it/requests.rs`.

mod back;
mod forward;
mod pulse;
mod retry;
mod session;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use async_trait::async_trait;
use segue_model::event::{Entry, Event, Outcome};
use segue_model::plan::{Gate, Plan};

use crate::error::JournalError;
use crate::step::{Clock, Progress, Step, StepError, StepErrorKind, StopFlag};
use crate::store::JournalStore;
use crate::transition::State;

pub use retry::RetryPolicy;
pub use session::Session;

/// Where steps come from: the registry of `segue-steps`.
#[async_trait]
pub trait StepSource: Send + Sync {
    /// Every step kind with its version. A run whose plan has another is refused.
    fn kinds(&self) -> BTreeMap<String, u32>;

    /// The step of a card.
    fn build(&self, plan: &Plan, card: &segue_model::plan::Step) -> Result<Box<dyn Step>, StepError>;

    /// Called once when an executor has taken the lease and before any step: takes the fence of each database.
    async fn enter(&self, plan: &Plan, run: &str, epoch: u64) -> Result<(), StepError>;
}

/// What a gate's measurement may look at besides the database.
#[derive(Debug, Clone, Copy)]
pub struct GateView<'a> {
    /// Now, in milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// The run so far: when phases ended, what steps gave.
    pub state: &'a State,
}

/// What a gate measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateReading {
    /// It is open.
    pub open: bool,
    /// What was measured, for people.
    pub value: String,
    /// What is asked, for people.
    pub threshold: String,
}

/// What measures gates. Approvals never come here: the executor decides them from the journal.
#[async_trait]
pub trait GateSource: Send + Sync {
    /// Measures a gate. Read-only.
    async fn measure(&self, plan: &Plan, gate: &Gate, view: &GateView<'_>) -> Result<GateReading, StepError>;
}

/// A place where the simulation may end the process.
#[derive(Debug, Clone, Copy)]
pub enum CrashPoint<'a> {
    /// The event is not in the journal yet.
    BeforeAppend(&'a Event),
    /// The event was appended, and a power cut takes it away again: the executor appends it without a sync.
    AppendedNotSynced(&'a Event),
    /// The event is in the journal for good (or, for a checkpoint, as good as it gets).
    Appended(&'a Event),
    /// The lease was taken, the journal does not say so yet.
    LeaseTaken,
    /// Just before the step's `perform` or `undo`.
    BeforeEffect(&'a str),
    /// The effect is there, the journal does not say so yet.
    AfterEffect(&'a str),
    /// A point inside a step: its id, and the point's own name.
    InStep(&'a str, &'a str),
}

/// The simulation's grip on the executor.
pub trait Hooks: Send + Sync {
    /// `Break` ends the process here: the executor returns [`ExecError::Crashed`] and calls nothing any more.
    fn at(&self, point: CrashPoint<'_>) -> ControlFlow<()>;
}

/// No hooks: production.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHooks;

impl Hooks for NoHooks {
    fn at(&self, _point: CrashPoint<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Who watches a run: the progress line, `--events`.
pub trait Observer: Send + Sync {
    /// An event is in the journal.
    fn event(&self, _entry: &Entry) {}

    /// A step got further. Not journaled.
    fn progress(&self, _step: &str, _progress: &Progress) {}

    /// Something worth a line: a retry, a request that was dropped.
    fn note(&self, _note: &str) {}
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}

/// How a call of the executor ended. Each of these is a state that the same command goes on from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The run is over: everything is done.
    Done,
    /// It was over before.
    AlreadyDone,
    /// The phase that was asked for is behind it.
    ReachedPhase(String),
    /// A gate is closed.
    Waiting {
        /// Its id.
        gate: String,
        /// What was measured.
        value: String,
        /// What is asked.
        threshold: String,
    },
    /// It rests until it is resumed.
    Paused,
    /// Somebody pressed Ctrl-C.
    Interrupted,
    /// A step could not go on.
    Failed {
        /// The step's id, a gate's id, or empty when the run could not even be entered.
        step: String,
        /// The stable code.
        code: String,
        /// One sentence.
        message: String,
        /// What to do; may be empty.
        help: String,
        /// What kind of failure.
        kind: StepErrorKind,
    },
    /// A step's verification saw something else than it must.
    Mismatch {
        /// The step's id.
        step: String,
        /// The stable code.
        code: String,
        /// One sentence.
        message: String,
    },
    /// An undo failed; a person is needed, then the same command.
    Stuck {
        /// The step's id.
        step: String,
        /// The stable code.
        code: String,
        /// One sentence.
        message: String,
        /// What to do; may be empty.
        help: String,
    },
    /// Going back is over.
    RolledBack {
        /// The phase that stays; empty for the beginning.
        to: String,
    },
}

/// Why a call of the executor has no end that the journal knows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExecError {
    /// The journal could not be read or written, or its lease could not be had.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A crash point of the simulation was taken.
    #[error("a crash point was taken")]
    Crashed,
    /// What was asked cannot be; nothing was touched.
    #[error("{message}")]
    Refused {
        /// The stable code.
        code: &'static str,
        /// One sentence.
        message: String,
        /// What to do.
        help: String,
    },
}

impl ExecError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Journal(error) => error.code(),
            Self::Crashed => "SG-RUN-002",
            Self::Refused { code, .. } => code,
        }
    }
}

/// Runs one run of one store. Everything that it sees of the world is in here.
pub struct Executor<'a> {
    /// Where the journal is.
    pub store: &'a dyn JournalStore,
    /// The run.
    pub run: String,
    /// Where steps come from.
    pub steps: &'a dyn StepSource,
    /// What measures gates.
    pub gates: &'a dyn GateSource,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Crash points.
    pub hooks: &'a dyn Hooks,
    /// Who watches.
    pub observer: &'a dyn Observer,
    /// The wish to stop.
    pub stop: &'a StopFlag,
    /// Who we are: `host:pid`.
    pub holder: String,
    /// How long a lease holds without renewal, in milliseconds.
    pub lease_ms: u64,
    /// How often the lease is looked after and a hard stop noticed while a step's own work goes on, in
    /// milliseconds. 0: never (the simulation, where a step's work takes no time).
    pub beat_ms: u64,
    /// The seed of the run's randomness (the jitter of retries).
    pub seed: u64,
    /// How failures that may pass are tried again.
    pub retry: RetryPolicy,
}

impl Executor<'_> {
    /// Goes forward: to the end, or until a phase is over. A run that is going back goes on going back; a run at
    /// rest stays at rest unless a [`crate::Request::Resume`] is pending.
    pub async fn forward(&self, until: Option<&str>) -> Result<End, ExecError> {
        let session = match self.enter(until.unwrap_or("")).await? {
            Entered::In(session) => *session,
            Entered::Out(end) => return Ok(end),
        };
        let result = forward::forward(self, &session, until).await;
        self.leave(session, result)
    }

    /// Goes back until only `to` and what is before it stay; `None` is the beginning. `ends`: the run is over
    /// then. `loses` is what the person was told.
    pub async fn back(&self, to: Option<&str>, ends: bool, loses: &str) -> Result<End, ExecError> {
        let to = to.unwrap_or("");
        let session = match self.enter(to).await? {
            Entered::In(session) => *session,
            Entered::Out(End::AlreadyDone) => {
                return Err(ExecError::Refused {
                    code: "SG-RUN-006",
                    message: format!("run {} is done: its old form is gone", self.run),
                    help: "write the way back as a new spec".to_owned(),
                });
            }
            Entered::Out(end) => return Ok(end),
        };
        let wish = back::Wish { to: to.to_owned(), ends, loses: loses.to_owned(), request: None };
        let result = back::back(self, &session, Some(wish)).await;
        self.leave(session, result)
    }

    /// Reads the journal, checks what must hold before anything, takes the lease and the databases' fences.
    async fn enter(&self, phase: &str) -> Result<Entered<'_>, ExecError> {
        let state = self.store.state(&self.run)?;
        if let Some(end) = over(&state) {
            return Ok(Entered::Out(end));
        }
        if !phase.is_empty() && state.phase_index(phase).is_none() {
            let names: Vec<&str> = state.plan.phases.iter().map(|phase| phase.name.as_str()).collect();
            return Err(ExecError::Refused {
                code: "SG-RUN-004",
                message: format!("the plan has no phase `{phase}`"),
                help: format!("its phases are {}", names.join(", ")),
            });
        }
        self.check_versions(&state)?;
        let epoch = self.store.take_lease(&self.run, &self.holder, self.clock.now_ms(), self.lease_ms)?;
        // Another executor may have gone on, or have ended, between our look and our lease.
        let session = match self.store.state(&self.run) {
            Ok(state) => Session::new(self, state, epoch),
            Err(error) => {
                self.give_back(epoch);
                return Err(error.into());
            }
        };
        if let Some(end) = over(&session.state()) {
            self.give_back(epoch);
            return Ok(Entered::Out(end));
        }
        let plan = session.plan();
        let entered = async {
            session.crash_point(CrashPoint::LeaseTaken)?;
            session.append(Event::LeaseTaken { holder: self.holder.clone(), epoch }, true, None)?;
            let entered = retry::with_retries(self, &session, "", |_| Box::pin(self.steps.enter(&plan, &self.run, epoch))).await;
            entered.map_or_else(|error| session.failed("", error).map(Some), |()| Ok(None))
        };
        match entered.await {
            Ok(None) => Ok(Entered::In(Box::new(session))),
            Ok(Some(end)) => self.leave(session, Ok(end)).map(Entered::Out),
            Err(error) => self.leave(session, Err(error)).map(Entered::Out),
        }
    }

    fn check_versions(&self, state: &State) -> Result<(), ExecError> {
        let kinds = self.steps.kinds();
        for card in state.plan.phases.iter().flat_map(|phase| &phase.steps) {
            let known = kinds.get(&card.kind).copied();
            if known != Some(card.version) {
                let ours = known.map_or("none".to_owned(), |version| version.to_string());
                return Err(ExecError::Refused {
                    code: "SG-RUN-003",
                    message: format!("step {} was planned with {} version {}, and this Segue has {ours}", card.id, card.kind, card.version),
                    help: format!("go on with the Segue that began the run ({}), to its end or back to its beginning", state.plan.segue),
                });
            }
        }
        Ok(())
    }

    /// Gives the lease back, unless the process is dead by the simulation or another executor has the run.
    fn leave(&self, session: Session<'_>, result: Result<End, ExecError>) -> Result<End, ExecError> {
        if session.is_dead() {
            return match (result, session.take_fatal()) {
                (Err(_), Some(fatal)) => session::fatal_end("", fatal),
                (result, _) => result,
            };
        }
        let fenced = matches!(&result, Ok(End::Failed { kind: StepErrorKind::Fenced, .. }));
        if !fenced {
            self.give_back(session.epoch());
        }
        result
    }

    fn give_back(&self, epoch: u64) {
        if let Err(error) = self.store.release_lease(&self.run, epoch) {
            self.observer.note(&format!("the lease was not given back and ends by itself: {error}"));
        }
    }
}

/// The end of a run that was over before.
fn over(state: &State) -> Option<End> {
    match state.mode {
        crate::Mode::Ended(Outcome::Done) => Some(End::AlreadyDone),
        crate::Mode::Ended(Outcome::RolledBack) => Some(End::RolledBack { to: String::new() }),
        _ => None,
    }
}

/// What entering a run gave.
enum Entered<'a> {
    /// The run is ours.
    In(Box<Session<'a>>),
    /// There was nothing to do, or it could not be.
    Out(End),
}
