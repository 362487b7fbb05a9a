//! Every crash point of the executor, of the steps and of the engine, with every step kind: each run goes on to
//! both ends, and the database is one of exactly two.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use segue_engine::memory::fault::{Death, Faults};
use segue_engine::memory::{MemoryEngine, Side};
use segue_journal::{CrashPoint, End, ExecError, Hooks, JournalStore as _, Mode};
use segue_model::event::Outcome;

use crate::shop::{Stage, block_on, plan, shop};

/// Ends the process at the n-th point of the executor or of a step.
struct CrashAt {
    at: u64,
    seen: AtomicU64,
}

impl Hooks for CrashAt {
    fn at(&self, _point: CrashPoint<'_>) -> ControlFlow<()> {
        if self.seen.fetch_add(1, Ordering::SeqCst) == self.at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn new_shop() -> MemoryEngine {
    shop(4, |_| false)
}

/// A process that goes forward (or, from `shift`, back) and dies at a point, and the one that comes after it.
struct Case {
    engine: MemoryEngine,
    stage: Stage,
}

impl Case {
    fn begin(back: bool) -> Self {
        let engine = new_shop();
        let stage = Stage::new(Arc::new(engine.clone()), plan());
        if back {
            assert_eq!(stage.until("shift"), End::ReachedPhase("shift".to_owned()));
        }
        Self { engine, stage }
    }

    fn go(&self, back: bool, hooks: &dyn Hooks) -> Result<End, ExecError> {
        let executor = self.stage.executor(hooks);
        if back { block_on(executor.back(None, true, "0 rows")) } else { block_on(executor.forward(None)) }
    }

    /// The next process finds the database and the journal as the dead one left them.
    fn restart(&mut self) {
        self.stage.store.crash(0);
        self.stage.time.0.fetch_add(60_000, Ordering::SeqCst);
        self.engine = self.engine.restarted(Arc::new(Faults::new(Death::Error)));
        self.stage.reopen(Arc::new(self.engine.clone()));
    }

    /// On to the wished end; gives true when that is the whole new form.
    fn settle(&self, abort: bool, what: &str) -> bool {
        // An application writes in between: nothing of it may be lost.
        let over = matches!(self.stage.state().mode, Mode::Ended(_));
        if abort && !over {
            match block_on(self.stage.executor(&segue_journal::NoHooks).back(None, true, "0 rows")) {
                Ok(End::RolledBack { .. }) => return false,
                Ok(End::Failed { code, .. }) => assert_eq!(code, "SG-RUN-006", "{what}"),
                other => panic!("{what}: {other:?}"),
            }
        }
        match self.stage.forward() {
            End::Done | End::AlreadyDone => true,
            End::RolledBack { .. } => {
                assert!(self.stage.state().mode == Mode::Ended(Outcome::RolledBack), "{what}");
                false
            }
            end => panic!("{what}: {end:?}"),
        }
    }
}

fn goldens() -> (Vec<String>, Vec<String>) {
    let engine = new_shop();
    let before = engine.snapshot().lines();
    assert_eq!(Stage::new(Arc::new(engine.clone()), plan()).forward(), End::Done);
    (before, engine.snapshot().lines())
}

/// The epoch differs with the number of executors: it is not part of what must be equal.
fn check(case: &Case, whole: bool, goldens: &(Vec<String>, Vec<String>), what: &str) {
    let expect = if whole { &goldens.1 } else { &goldens.0 };
    assert_eq!(&case.engine.snapshot().lines(), expect, "{what}");
    case.stage.store.state(&case.stage.run).expect("the journal replays legally");
}

#[test]
fn every_point_of_the_executor_and_the_steps() {
    let goldens = goldens();
    for back in [false, true] {
        let count = CrashAt { at: u64::MAX, seen: AtomicU64::new(0) };
        let probe = Case::begin(back);
        probe.go(back, &count).expect("no crash");
        let points = count.seen.load(Ordering::SeqCst);
        assert!(points > 50, "only {points} points");
        for at in 0..points {
            for abort in [false, true] {
                let what = format!("point {at} of {points}, back {back}, abort {abort}");
                let mut case = Case::begin(back);
                assert!(matches!(case.go(back, &CrashAt { at, seen: AtomicU64::new(0) }), Err(ExecError::Crashed)), "{what}");
                case.restart();
                let whole = case.settle(abort, &what);
                check(&case, whole, &goldens, &what);
            }
        }
    }
}

#[test]
fn every_point_of_the_engine() {
    let goldens = goldens();
    for back in [false, true] {
        let probe = Case::begin(back);
        let before = probe.engine.faults().count();
        probe.go(back, &segue_journal::NoHooks).expect("no crash");
        let points = probe.engine.faults().count() - before;
        assert!(points > 15, "only {points} points");
        for at in 1..=points {
            for abort in [false, true] {
                let what = format!("engine point {at} of {points}, back {back}, abort {abort}");
                let mut case = Case::begin(back);
                // The journal dies with the process: the fault's error ends the call, and nothing after it counts.
                case.engine.faults().fail_at(at);
                let dead = Arc::clone(case.engine.faults());
                let end = case.go(back, &DeadWith(Arc::clone(&dead)));
                assert!(dead.dead(), "{what}: {end:?}");
                case.restart();
                let whole = case.settle(abort, &what);
                check(&case, whole, &goldens, &what);
                if whole {
                    let rows =
                        case.engine.client(Side::Base).rows("select full_name, age, greeting from users where id = 3").expect("reads");
                    assert_eq!(rows, [["user 3", "3", "dear user 3"]], "{what}");
                }
            }
        }
    }
}

/// The executor dies at its next point once the engine's process is dead.
struct DeadWith(Arc<Faults>);

impl Hooks for DeadWith {
    fn at(&self, _point: CrashPoint<'_>) -> ControlFlow<()> {
        if self.0.dead() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
