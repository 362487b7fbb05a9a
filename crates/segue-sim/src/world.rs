//! Every crash point of a run, both ends: the database is one of exactly two goldens, and nothing is left over.
//!
//! Must never take a state for good that it did not compare whole. Run by `tests/it/simulation.rs`.

use segue_engine::memory::{MemoryEngine, Planted, Side, Snapshot};
use segue_journal::{End, Mode};
use segue_model::change::Change;
use segue_model::event::Outcome;
use segue_model::plan::Plan;

use crate::planning::{plan_on, spec};
use crate::seed::Seed;
use crate::stage::{Ran, Stage, block_on};

/// A database, a change, and the only two databases that may come of it.
pub struct Case {
    /// For messages.
    pub name: String,
    start: Snapshot,
    plan: Plan,
    done: Snapshot,
    /// Crash points of a run without crashes.
    pub points: u64,
    /// Crash points of calling it off after `shift`.
    pub back_points: u64,
}

/// What a matrix covered.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// Crash points taken.
    pub points: u64,
    /// Crash points there are.
    pub of: u64,
    /// Runs that were called off.
    pub back: u64,
    /// Runs that came to their end.
    pub forward: u64,
}

impl Case {
    /// A case from statements that make the database and the changes of a spec.
    pub fn new(name: &str, setup: &[&str], changes: Vec<Change>) -> Self {
        let engine = MemoryEngine::default().with_batches_of(3);
        for sql in setup {
            engine.client(Side::Base).execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        let start = engine.snapshot();
        let plan = block_on(plan_on(&engine, &spec("SIM-1", changes))).unwrap_or_else(|findings| panic!("{name}: {findings:#?}"));
        let stage = Stage::new(engine.clone(), &plan, 0);
        let faults = stage.faults(0);
        match stage.forward(&faults, None) {
            Ran::End(End::Done) => {}
            other => panic!("{name}: a run without crashes: {other:?}"),
        }
        let done = engine.snapshot();
        assert!(done != start, "{name}: a change that changes nothing proves nothing");
        let mut case = Self { name: name.to_owned(), start, plan, done, points: faults.count(), back_points: 0 };
        let stage = case.stage(0);
        case.until_shift(&stage);
        let faults = stage.faults(0);
        assert!(matches!(stage.abort(&faults), Ran::End(End::RolledBack { .. })), "{name}: going back without crashes");
        case.same(&stage, false, "going back without crashes");
        case.back_points = faults.count();
        case
    }

    fn stage(&self, seed: u64) -> Stage {
        let engine = MemoryEngine::default().with_batches_of(3);
        engine.restore(&self.start);
        Stage::new(engine, &self.plan, seed)
    }

    fn until_shift(&self, stage: &Stage) {
        let last = self.plan.phases.iter().rev().nth(1).map(|phase| phase.name.clone());
        match stage.forward(&stage.faults(0), last.as_deref()) {
            Ran::End(End::ReachedPhase(_)) => {}
            other => panic!("{}: until {last:?}: {other:?}", self.name),
        }
    }

    /// Exactly one of the two goldens, and a journal that says so.
    fn same(&self, stage: &Stage, done: bool, when: &str) {
        let (is, golden) = (stage.snapshot(), if done { &self.done } else { &self.start });
        if is != *golden {
            let (is, golden) = (is.lines(), golden.lines());
            let more: Vec<_> = is.iter().filter(|line| !golden.contains(line)).collect();
            let less: Vec<_> = golden.iter().filter(|line| !is.contains(line)).collect();
            panic!("{}: {when}: not the golden\nleft over {more:#?}\nmissing {less:#?}", self.name);
        }
        let ended = if done { Outcome::Done } else { Outcome::RolledBack };
        assert_eq!(stage.replays(), Mode::Ended(ended), "{}: {when}", self.name);
    }

    fn settle(&self, stage: &Stage, back: bool, when: &str, covered: &mut Covered) {
        let done = if back { !stage.call_off() } else { matches!(stage.finish(), End::Done | End::AlreadyDone) };
        self.same(stage, done, when);
        if done { covered.forward += 1 } else { covered.back += 1 }
    }

    /// A crash at every point of going forward, then both ends.
    pub fn every_point_forward(&self) -> Covered {
        let mut covered = Covered { of: self.points, ..Covered::default() };
        for point in 1..=self.points {
            for back in [false, true] {
                let stage = self.stage(point);
                let faults = stage.faults(point);
                let ran = stage.forward(&faults, None);
                let when = format!(
                    "killed at point {point} of {} ({}), then {}",
                    self.points,
                    faults.last(),
                    if back { "back" } else { "forward" }
                );
                assert!(matches!(ran, Ran::Killed), "{}: {when}: {ran:?}", self.name);
                self.settle(&stage, back, &when, &mut covered);
            }
            covered.points += 1;
        }
        covered
    }

    /// A crash at every point of going back from `shift`, then on going back.
    pub fn every_point_back(&self) -> Covered {
        let mut covered = Covered { of: self.back_points, ..Covered::default() };
        for point in 1..=self.back_points {
            let stage = self.stage(point);
            self.until_shift(&stage);
            let faults = stage.faults(point);
            let ran = stage.abort(&faults);
            let when = format!("killed going back at point {point} of {} ({})", self.back_points, faults.last());
            assert!(matches!(ran, Ran::Killed), "{}: {when}: {ran:?}", self.name);
            self.settle(&stage, true, &when, &mut covered);
            covered.points += 1;
        }
        covered
    }

    /// A crash in the middle, then damage, then the end: the comparison with the goldens must panic.
    pub fn with_damage(&self, damage: impl Fn(&MemoryEngine)) {
        let stage = self.stage(1);
        let faults = stage.faults(self.points / 2);
        assert!(matches!(stage.forward(&faults, None), Ran::Killed), "{}: nobody was killed", self.name);
        damage(&stage.engine);
        self.settle(&stage, false, "damaged", &mut Covered::default());
    }

    /// A row that says it is converted and is not: how the run ends, which must not be at its end.
    pub fn with_a_row_skipped(&self) -> End {
        let stage = self.stage(1);
        let reached = stage.forward(&stage.faults(0), Some("expand"));
        assert!(matches!(reached, Ran::End(End::ReachedPhase(_))), "{}: {reached:?}", self.name);
        let change = self.plan.execution.tables.iter().find(|change| change.backfill).expect("a table that is backfilled");
        stage.engine.plant(&change.table, Planted::RowSkipped).expect("a row to skip");
        match stage.forward(&stage.faults(0), None) {
            Ran::End(end) => end,
            Ran::Killed => panic!("{}: nobody was to be killed", self.name),
        }
    }

    /// A crash, another crash of the process that recovers, perhaps a third, then an end: all chosen by seed.
    pub fn crashes_by_seed(&self, number: u64) -> Covered {
        let mut seed = Seed::new(number);
        let stage = self.stage(number);
        let mut covered = Covered::default();
        let mut when = format!("seed {number}:");
        for _ in 0..2 + seed.below(2) {
            let (point, back) = (1 + seed.below(self.points), seed.percent(20));
            let faults = stage.faults(point);
            let ran = if back { stage.abort(&faults) } else { stage.forward(&faults, None) };
            when.push_str(&format!(" {} to point {point} ({})", if back { "back" } else { "forward" }, faults.last()));
            covered.points += u64::from(matches!(ran, Ran::Killed));
        }
        self.settle(&stage, seed.percent(50), &when, &mut covered);
        covered
    }
}
