//! A run on the stage: the real executor and steps, a store that forgets what was not synced, a clock that jumps,
//! and one count of crash points over journal and database.
//!
//! A crash is a future that is dropped, as `kill -9` drops a process. One thread, no runtime. Must never let a
//! dead process give its lease back. Used by `world`.

use std::future::Future;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use segue_engine::memory::fault::{Death, Faults};
use segue_engine::memory::{MemoryEngine, Snapshot};
use segue_journal::{
    Clock, CrashPoint, End, ExecError, Executor, Hooks, JournalStore, MemoryStore, Mode, Request, RetryPolicy, Silent, StepSource, StopFlag,
};
use segue_model::plan::Plan;
use segue_steps::{Gates, Steps};

use crate::seed::Seed;

/// Time that passes only when somebody waits or jumps.
#[derive(Debug)]
pub struct JumpClock(AtomicI64);

impl JumpClock {
    /// A clock that shows this, in milliseconds since 1970 UTC.
    pub fn at(now_ms: i64) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Time passes.
    pub fn jump(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for JumpClock {
    fn now_ms(&self) -> i64 {
        // Each look takes a moment, so that no two events have one time.
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    async fn sleep(&self, ms: u64) {
        self.0.fetch_add(i64::try_from(ms).unwrap_or(i64::MAX / 2), Ordering::SeqCst);
    }
}

struct Points<'a>(&'a Faults);

impl Hooks for Points<'_> {
    fn at(&self, point: CrashPoint<'_>) -> ControlFlow<()> {
        if self.0.strike(&name_of(point)) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn name_of(point: CrashPoint<'_>) -> String {
    match point {
        CrashPoint::BeforeAppend(event) => format!("before append {}", kind_of(event)),
        CrashPoint::AppendedNotSynced(event) => format!("appended, not synced {}", kind_of(event)),
        CrashPoint::Appended(event) => format!("appended {}", kind_of(event)),
        CrashPoint::LeaseTaken => "lease taken".to_owned(),
        CrashPoint::BeforeEffect(step) => format!("before the effect of {step}"),
        CrashPoint::AfterEffect(step) => format!("after the effect of {step}"),
        CrashPoint::InStep(step, name) => format!("in {step}: {name}"),
    }
}

fn kind_of(event: &segue_model::event::Event) -> String {
    let json = serde_json::to_value(event).unwrap_or_default();
    let of = |key: &str| json.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    format!("{} {}{}", of("type"), of("step"), of("phase"))
}

/// How one process of a run ended.
#[derive(Debug)]
pub enum Ran {
    /// The executor came to an end.
    End(End),
    /// It was killed at its crash point.
    Killed,
}

/// One run from its plan to its end, through any number of processes.
pub struct Stage {
    /// The database.
    pub engine: MemoryEngine,
    /// The journal.
    pub store: MemoryStore,
    /// The run's id.
    pub run: String,
    clock: JumpClock,
    seed: u64,
    processes: std::cell::Cell<u64>,
}

impl Stage {
    /// A new run of a plan on a database.
    pub fn new(engine: MemoryEngine, plan: &Plan, seed: u64) -> Self {
        let store = MemoryStore::default();
        let kinds = Steps::new(Arc::new(engine.clone())).kinds();
        let run = store.create(plan, "0.0.0-sim", &kinds, 1_000).expect("a run begins");
        let approve = Request::Approve { what: "plan".to_owned(), digest: plan.digest.clone() };
        store.request(&run, &approve, "sim", 1_000).expect("an approval");
        Self { engine, store, run, clock: JumpClock::at(2_000), seed, processes: std::cell::Cell::new(0) }
    }

    /// Crash points for the next process; 0 is none.
    pub fn faults(&self, fail_at: u64) -> Arc<Faults> {
        let faults = Arc::new(Faults::new(Death::Hang));
        if fail_at > 0 {
            faults.fail_at(fail_at);
        }
        faults
    }

    /// A process that goes forward, until a phase is over if one is named.
    pub fn forward(&self, faults: &Arc<Faults>, until: Option<&str>) -> Ran {
        self.process(faults, async |executor| executor.forward(until).await)
    }

    /// A process that goes back to the beginning and ends the run.
    pub fn abort(&self, faults: &Arc<Faults>) -> Ran {
        self.process(faults, async |executor| executor.back(None, true, "as the simulation says").await)
    }

    fn process(&self, faults: &Arc<Faults>, go: impl AsyncFnOnce(&Executor<'_>) -> Result<End, ExecError>) -> Ran {
        let number = self.processes.get() + 1;
        self.processes.set(number);
        let engine: Arc<MemoryEngine> = Arc::new(self.engine.restarted(Arc::clone(faults)));
        let (steps, gates) = (Steps::new(engine.clone()), Gates::new(engine));
        let (points, stop) = (Points(faults), StopFlag::new());
        let executor = Executor {
            store: &self.store,
            run: self.run.clone(),
            steps: &steps,
            gates: &gates,
            clock: &self.clock,
            hooks: &points,
            observer: &Silent,
            stop: &stop,
            holder: format!("sim:{number}"),
            lease_ms: 10_000,
            beat_ms: 0,
            seed: self.seed ^ number,
            retry: RetryPolicy::default(),
        };
        let ended = until_dead(faults, go(&executor));
        match ended {
            None | Some(Err(ExecError::Crashed)) => {
                assert!(faults.dead(), "a crash that nobody asked for");
                let mut seed = Seed::new(self.seed.wrapping_add(faults.count()));
                self.store.crash(usize::try_from(seed.below(3)).unwrap_or(0));
                // The dead process keeps its lease: the next one must outwait it.
                let jump = 10_000 + i64::try_from(seed.below(100_000)).unwrap_or(0);
                self.clock.jump(jump);
                Ran::Killed
            }
            // The run was done before the crash; there is nothing to go back from.
            Some(Err(ExecError::Refused { code: "SG-RUN-006", .. })) => Ran::End(End::AlreadyDone),
            Some(Err(error)) => {
                panic!("the executor could not run at point {} ({}): {} {error}", faults.count(), faults.last(), error.code())
            }
            Some(Ok(end)) => Ran::End(end),
        }
    }

    /// A process without a crash point that must come to the run's end.
    pub fn finish(&self) -> End {
        match self.forward(&self.faults(0), None) {
            Ran::End(end @ (End::Done | End::AlreadyDone | End::RolledBack { .. })) => end,
            other => panic!("the run does not end: {other:?}"),
        }
    }

    /// A process that calls the run off; where its old form is gone already, one that finishes it. True: called off.
    pub fn call_off(&self) -> bool {
        match self.abort(&self.faults(0)) {
            Ran::End(End::RolledBack { to }) => {
                assert_eq!(to, "", "back to the beginning");
                true
            }
            Ran::End(End::AlreadyDone) => false,
            Ran::End(End::Failed { code, .. }) if code == "SG-RUN-006" => {
                self.finish();
                false
            }
            other => panic!("the run was not called off: {other:?}"),
        }
    }

    /// The journal replays: every event follows from those before it.
    pub fn replays(&self) -> Mode {
        let entries = self.store.entries(&self.run).expect("the journal opens");
        segue_journal::replay(&self.run, &entries).expect("the journal replays").mode
    }

    /// The database as it is.
    pub fn snapshot(&self) -> Snapshot {
        self.engine.snapshot()
    }
}

/// Polls a future that needs no runtime to its end; `None` when its process died.
fn until_dead<T>(faults: &Faults, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    match future.as_mut().poll(&mut context) {
        Poll::Ready(out) => Some(out),
        Poll::Pending if faults.dead() => None,
        Poll::Pending => panic!("the simulation waits for something that nobody does, after {}", faults.last()),
    }
}

/// Runs a future that needs no runtime.
///
/// # Panics
/// If it waits for anything.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    until_dead(&Faults::default(), future).expect("nobody dies here")
}
