//! A run of the real executor on any fixture, through any number of processes: what `proof` and the bank drive.
//!
//! The journal is in memory and forgets what was not synced. Must never choose an end by itself. Used by `proof`
//! and `tests/it/bank.rs`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use segue_journal::{
    Clock, End, ExecError, Executor, Hooks, JournalStore, MemoryStore, NoHooks, Request, RetryPolicy, Silent, Step, StepError, StepSource,
    StopFlag,
};
use segue_model::change::Change;
use segue_model::plan::{Plan, Step as Card};
use segue_steps::{Gates, Repairs, Steps};

use crate::conformance::Fixture;
use crate::planning::{plan_on, spec};
use crate::stage::JumpClock;

/// A run of one plan on one fixture.
pub struct Journey<'a> {
    fixture: &'a dyn Fixture,
    /// The plan.
    pub plan: Plan,
    /// The journal.
    pub store: MemoryStore,
    run: String,
    clock: JumpClock,
    /// The files of a repair.
    files: Option<tempfile::TempDir>,
}

/// Where the steps of a run come from.
pub enum Source {
    /// The registry.
    Registry(Steps),
    /// A repair's own.
    Repair(Repairs),
}

impl Source {
    fn inner(&self) -> &dyn StepSource {
        match self {
            Self::Registry(steps) => steps,
            Self::Repair(steps) => steps,
        }
    }
}

#[async_trait]
impl StepSource for Source {
    fn kinds(&self) -> BTreeMap<String, u32> {
        self.inner().kinds()
    }

    fn build(&self, plan: &Plan, card: &Card) -> Result<Box<dyn Step>, StepError> {
        self.inner().build(plan, card)
    }

    async fn enter(&self, plan: &Plan, run: &str, epoch: u64) -> Result<(), StepError> {
        self.inner().enter(plan, run, epoch).await
    }
}

impl<'a> Journey<'a> {
    /// Plans the changes on the fixture's database as it is, begins a run and approves it.
    pub async fn new(fixture: &'a dyn Fixture, id: &str, changes: Vec<Change>) -> Self {
        let plan = plan_on(fixture.engine(), &spec(id, changes)).await.unwrap_or_else(|findings| panic!("{findings:#?}"));
        Self::of(fixture, plan, None)
    }

    /// Begins a run of a repair, whose files are in the folder, and approves it.
    pub fn repair(fixture: &'a dyn Fixture, plan: Plan, files: tempfile::TempDir) -> Self {
        Self::of(fixture, plan, Some(files))
    }

    fn of(fixture: &'a dyn Fixture, plan: Plan, files: Option<tempfile::TempDir>) -> Self {
        let store = MemoryStore::default();
        let kinds = Steps::new(fixture.shared()).kinds();
        let run = store.create(&plan, "0.0.0-sim", &kinds, 1).expect("a run begins");
        let made = Self { fixture, plan, store, run, clock: JumpClock::at(1_000), files };
        made.approve();
        made
    }

    /// What is in the journal, as text.
    pub fn journal(&self) -> String {
        let entries = self.store.entries(&self.run).expect("a journal");
        entries.iter().map(|entry| serde_json::to_string(entry).unwrap_or_default()).collect::<Vec<_>>().join("\n")
    }

    /// A person says yes. Going back takes an approval with it.
    pub fn approve(&self) {
        let approve = Request::Approve { what: "plan".to_owned(), digest: self.plan.digest.clone() };
        self.store.request(&self.run, &approve, "sim", 1).expect("an approval");
    }

    /// The steps of the registry, or of the repair.
    pub fn steps(&self) -> Source {
        match &self.files {
            None => Source::Registry(Steps::new(self.fixture.shared())),
            Some(files) => Source::Repair(Repairs::new(self.fixture.mendable(), files.path())),
        }
    }

    /// One process: forward, or back (and then at the run's end or not), until a phase if one is named.
    pub async fn go(&self, hooks: &dyn Hooks, steps: &dyn StepSource, back: Option<bool>, until: Option<&str>) -> Result<End, ExecError> {
        self.clock.jump(60_000);
        let (gates, stop) = (Gates::new(self.fixture.shared()), StopFlag::new());
        let executor = Executor {
            store: &self.store,
            run: self.run.clone(),
            steps,
            gates: &gates,
            clock: &self.clock,
            hooks,
            observer: &Silent,
            stop: &stop,
            holder: format!("journey:{}", self.clock.now_ms()),
            lease_ms: 10_000,
            beat_ms: 0,
            seed: 1,
            retry: RetryPolicy::default(),
        };
        match back {
            Some(ends) => Box::pin(executor.back(until, ends, "as the proof says")).await,
            None => Box::pin(executor.forward(until)).await,
        }
    }

    /// Forward until a phase is over. Panics if it cannot.
    pub async fn until(&self, phase: &str) {
        let end = self.go(&NoHooks, &self.steps(), None, Some(phase)).await;
        assert!(matches!(&end, Ok(End::ReachedPhase(reached)) if reached == phase), "until {phase}: {end:?}");
    }

    /// To the end. Panics if it cannot.
    pub async fn finish(&self, when: &str) {
        let end = self.go(&NoHooks, &self.steps(), None, None).await;
        assert!(matches!(end, Ok(End::Done | End::AlreadyDone)), "{when}: {end:?}");
    }

    /// Back to the beginning, and the run is over. Panics if it cannot.
    pub async fn call_off(&self, when: &str) {
        let end = self.go(&NoHooks, &self.steps(), Some(true), None).await;
        assert!(matches!(end, Ok(End::RolledBack { .. })), "{when}: {end:?}");
    }
}
