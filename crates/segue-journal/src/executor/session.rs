//! One executor's hold on a run: its epoch, the state so far, the one way to append.
//!
//! After a crash point, a lost lease or an append that failed the session is dead: every further call fails
//! without reaching the store, so that no effect follows what was not written. Tests: `tests/it/executor.rs`.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use segue_model::event::{Entry, Event};
use segue_model::plan::Plan;
use serde_json::Value;

use crate::error::JournalError;
use crate::executor::{CrashPoint, End, ExecError, Executor};
use crate::step::{Progress, StepError, StepErrorKind, Stop};
use crate::store::{Append, PendingRequest, Request};
use crate::transition::{State, next};

/// A wait is cut into slices of this length, so that a stop is noticed.
const SLICE_MS: u64 = 200;

/// One executor's hold on a run.
pub struct Session<'a> {
    executor: &'a Executor<'a>,
    epoch: u64,
    state: Mutex<State>,
    /// Why nothing more may happen.
    fatal: Mutex<Option<ExecError>>,
    dead: AtomicBool,
    asked: AtomicBool,
    renewed_at_ms: AtomicI64,
    random: AtomicU64,
}

impl<'a> Session<'a> {
    pub(crate) fn new(executor: &'a Executor<'a>, state: State, epoch: u64) -> Self {
        Self {
            executor,
            epoch,
            state: Mutex::new(state),
            fatal: Mutex::new(None),
            dead: AtomicBool::new(false),
            asked: AtomicBool::new(false),
            renewed_at_ms: AtomicI64::new(executor.clock.now_ms()),
            random: AtomicU64::new(executor.seed ^ epoch.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        }
    }

    pub(crate) fn run(&self) -> &str {
        &self.executor.run
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.executor.clock.now_ms()
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    /// The state so far. Never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.state().plan)
    }

    /// The error that ended the session.
    fn end_with(&self, error: ExecError) -> ExecError {
        self.dead.store(true, Ordering::SeqCst);
        let again = match &error {
            ExecError::Crashed => ExecError::Crashed,
            _ => ExecError::Refused { code: error.code(), message: error.to_string(), help: String::new() },
        };
        *self.fatal.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        again
    }

    fn alive(&self) -> Result<(), ExecError> {
        if self.is_dead() { Err(ExecError::Crashed) } else { Ok(()) }
    }

    /// The first error that ended the session, once.
    pub(crate) fn take_fatal(&self) -> Option<ExecError> {
        self.fatal.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn crash_point(&self, point: CrashPoint<'_>) -> Result<(), ExecError> {
        self.alive()?;
        match self.executor.hooks.at(point) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(self.end_with(ExecError::Crashed)),
        }
    }

    /// The one way into the journal: legal by the table, then written, then true.
    pub(crate) fn append(&self, event: Event, sync: bool, consumes: Option<i64>) -> Result<(), ExecError> {
        self.crash_point(CrashPoint::BeforeAppend(&event))?;
        let at_ms = self.now_ms();
        let mut timed = self.state().clone();
        timed.at_ms = at_ms;
        let legal = next(&timed, &event).map_err(|illegal| JournalError::Illegal { run: self.run().to_owned(), why: illegal.why });
        let mut state = legal.map_err(|error| self.end_with(error.into()))?;
        let power_cut = sync && self.executor.hooks.at(CrashPoint::AppendedNotSynced(&event)).is_break();
        let append = Append { epoch: self.epoch, at_ms, event: &event, sync: sync && !power_cut, consumes };
        let seq = self.executor.store.append_full(self.run(), append);
        if power_cut {
            return Err(self.end_with(ExecError::Crashed));
        }
        let seq = seq.map_err(|error| self.end_with(error.into()))?;
        assert_eq!(seq, state.seq + 1, "the journal grew without us");
        state.seq = seq;
        *self.state() = state;
        self.crash_point(CrashPoint::Appended(&event))?;
        self.executor.observer.event(&Entry { seq, at_ms, epoch: self.epoch, event });
        self.keep_lease()
    }

    /// Renews the lease when a third of it is over.
    fn keep_lease(&self) -> Result<(), ExecError> {
        self.alive()?;
        let now = self.now_ms();
        let age = now.saturating_sub(self.renewed_at_ms.load(Ordering::SeqCst)).unsigned_abs();
        if age * 3 < self.executor.lease_ms {
            return Ok(());
        }
        let renewed = self.executor.store.renew_lease(self.run(), self.epoch, now, self.executor.lease_ms);
        renewed.map_err(|error| self.end_with(error.into()))?;
        self.renewed_at_ms.store(now, Ordering::SeqCst);
        Ok(())
    }

    /// Between the beats of a step's own work: keep the lease, look for requests.
    pub(crate) fn beat(&self) -> Result<(), StepError> {
        self.keep_lease().and_then(|()| self.look_for_requests()).map_err(as_step_error)
    }

    fn look_for_requests(&self) -> Result<(), ExecError> {
        let wants_stop = |pending: &PendingRequest| matches!(pending.request, Request::Pause | Request::Abort | Request::Rollback { .. });
        if self.pending()?.iter().any(wants_stop) {
            self.asked.store(true, Ordering::SeqCst);
        }
        Ok(())
    }

    /// Requests not yet answered.
    pub(crate) fn pending(&self) -> Result<Vec<PendingRequest>, ExecError> {
        self.alive()?;
        self.executor.store.pending_requests(self.run()).map_err(|error| self.end_with(error.into()))
    }

    /// Removes a request that cannot be answered, and says so.
    pub(crate) fn drop_request(&self, id: i64, why: &str) -> Result<(), ExecError> {
        self.alive()?;
        self.executor.store.drop_request(self.run(), id).map_err(|error| self.end_with(error.into()))?;
        self.executor.observer.note(why);
        Ok(())
    }

    /// All requests were looked at: what comes now is new.
    pub(crate) fn asked_is_answered(&self) {
        self.asked.store(false, Ordering::SeqCst);
    }

    pub(crate) fn checkpoint(&self, step: &str, data: Value) -> Result<(), StepError> {
        // An undo or a verification has no checkpoints of its own: there it only keeps the lease.
        let performing = matches!(self.state().step(step), crate::StepState::Started { .. });
        if performing {
            self.append(Event::Checkpoint { step: step.to_owned(), data }, false, None).map_err(as_step_error)?;
        }
        self.beat()
    }

    pub(crate) fn progress(&self, step: &str, progress: &Progress) {
        if !self.is_dead() {
            self.executor.observer.progress(step, progress);
        }
    }

    pub(crate) fn note(&self, note: &str) {
        if !self.is_dead() {
            self.executor.observer.note(note);
        }
    }

    pub(crate) fn stopping(&self) -> Stop {
        let asked = if self.asked.load(Ordering::SeqCst) { Stop::AfterBatch } else { Stop::No };
        self.executor.stop.get().max(asked)
    }

    pub(crate) async fn sleep(&self, ms: u64) -> Result<(), StepError> {
        let mut left = ms;
        while left > 0 && self.stopping() == Stop::No {
            let slice = left.min(SLICE_MS);
            self.executor.clock.sleep(slice).await;
            left -= slice;
            self.beat()?;
        }
        Ok(())
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    pub(crate) fn random_u64(&self) -> u64 {
        let mut z = self.random.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn point(&self, step: &str, name: &str) -> Result<(), StepError> {
        self.crash_point(CrashPoint::InStep(step, name)).map_err(as_step_error)
    }

    /// How a failure of a step (or gate, or of entering) ends the call. Writes nothing.
    pub(crate) fn failed(&self, step: &str, error: StepError) -> Result<End, ExecError> {
        if let Some(fatal) = self.take_fatal() {
            return fatal_end(step, fatal);
        }
        if error.kind == StepErrorKind::Interrupted {
            return Ok(End::Interrupted);
        }
        Ok(End::Failed { step: step.to_owned(), code: error.code, message: error.message, help: error.help, kind: error.kind })
    }
}

/// A lost lease is an end that people see; the rest are errors.
pub(crate) fn fatal_end(step: &str, fatal: ExecError) -> Result<End, ExecError> {
    match fatal {
        ExecError::Journal(error) if error.is_fenced() => Ok(End::Failed {
            step: step.to_owned(),
            code: error.code().to_owned(),
            message: error.to_string(),
            help: "another executor goes on with the run; this one touched nothing more".to_owned(),
            kind: StepErrorKind::Fenced,
        }),
        other => Err(other),
    }
}

fn as_step_error(error: ExecError) -> StepError {
    match error {
        ExecError::Crashed => StepError::crashed(),
        other => StepError::new(other.code(), other.to_string()).kind(StepErrorKind::Journal),
    }
}
