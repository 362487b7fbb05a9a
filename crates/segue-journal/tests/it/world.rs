//! A small world for the executor: steps with effects in halves, a clock that only sleeping moves, crash hooks.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};

use async_trait::async_trait;
use segue_journal::*;
use segue_model::action::Action;
use segue_model::event::Entry;
use segue_model::plan::{self, Condition, Estimate, Execution, Gate, Pattern, Phase, Plan, Throttle, Undo};
use serde_json::{Value, json};

/// Runs a future that never waits for anything but itself.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut cx = std::task::Context::from_waker(Waker::noop());
    for _ in 0..1_000_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return value;
        }
    }
    panic!("a future that never ends");
}

/// Time that only sleeping moves.
#[derive(Default)]
pub(crate) struct Time {
    pub(crate) now_ms: AtomicI64,
    pub(crate) sleeps: AtomicU64,
    /// Pressed twice after so many sleeps.
    pub(crate) stop_after: Option<(u64, Arc<StopFlag>)>,
}

#[async_trait]
impl Clock for Time {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    async fn sleep(&self, ms: u64) {
        self.now_ms.fetch_add(i64::try_from(ms).expect("a short sleep"), Ordering::SeqCst);
        let sleeps = self.sleeps.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some((after, flag)) = &self.stop_after
            && sleeps == *after
        {
            flag.press();
            flag.press();
        }
    }
}

/// Ends the process at the n-th point; counts all of them.
#[derive(Default)]
pub(crate) struct CrashAt {
    pub(crate) at: Option<u64>,
    pub(crate) seen: AtomicU64,
}

impl CrashAt {
    pub(crate) fn point(n: u64) -> Self {
        Self { at: Some(n), seen: AtomicU64::new(0) }
    }
}

impl Hooks for CrashAt {
    fn at(&self, _point: CrashPoint<'_>) -> ControlFlow<()> {
        let n = self.seen.fetch_add(1, Ordering::SeqCst);
        if self.at == Some(n) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Keeps what an observer sees.
#[derive(Default)]
pub(crate) struct Watcher {
    pub(crate) notes: Mutex<Vec<String>>,
    pub(crate) events: Mutex<Vec<Entry>>,
}

impl Observer for Watcher {
    fn event(&self, entry: &Entry) {
        self.events.lock().expect("one thread").push(entry.clone());
    }

    fn note(&self, note: &str) {
        self.notes.lock().expect("one thread").push(note.to_owned());
    }
}

pub(crate) const BATCHES: u64 = 5;

/// The "database": which halves of which steps are there, and what it will do wrong.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) parts: Mutex<BTreeSet<String>>,
    /// Errors to give, by `step/verb`, in order.
    pub(crate) errors: Mutex<BTreeMap<String, Vec<StepError>>>,
    /// How often each `step/verb` ran.
    pub(crate) calls: Mutex<BTreeMap<String, u32>>,
    /// A request to leave in the store when `step/verb` runs.
    pub(crate) request_at: Mutex<Option<(String, Request)>>,
    pub(crate) gate_open: Mutex<bool>,
    pub(crate) versions: BTreeMap<String, u32>,
    /// The step that never returns from `perform`.
    pub(crate) hangs: Option<String>,
    pub(crate) mismatch: Option<String>,
}

impl World {
    pub(crate) fn new() -> Self {
        let versions = [("plain", 1), ("walk", 1)].map(|(kind, version)| (kind.to_owned(), version));
        Self { gate_open: Mutex::new(true), versions: versions.into(), ..Self::default() }
    }

    pub(crate) fn parts(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.parts.lock().expect("one thread")
    }

    pub(crate) fn fail(&self, call: &str, error: StepError) {
        self.errors.lock().expect("one thread").entry(call.to_owned()).or_default().push(error);
    }

    pub(crate) fn calls(&self, call: &str) -> u32 {
        self.calls.lock().expect("one thread").get(call).copied().unwrap_or(0)
    }

    fn call(&self, step: &str, verb: &str, store: &dyn JournalStore, run: &str) -> Result<(), StepError> {
        let call = format!("{step}/{verb}");
        *self.calls.lock().expect("one thread").entry(call.clone()).or_default() += 1;
        let asks = self.request_at.lock().expect("one thread").take_if(|(at, _)| *at == call);
        if let Some((_, request)) = asks {
            store.request(run, &request, "ada", 0).expect("memory");
        }
        let mut errors = self.errors.lock().expect("one thread");
        match errors.get_mut(&call).filter(|errors| !errors.is_empty()) {
            Some(errors) => Err(errors.remove(0)),
            None => Ok(()),
        }
    }
}

struct Fake {
    card: plan::Step,
    world: Arc<World>,
    store: Arc<MemoryStore>,
}

impl Fake {
    fn names(&self) -> Vec<String> {
        let count = if self.card.kind == "walk" { BATCHES } else { 2 };
        (0..count).map(|part| format!("{}#{part}", self.card.id)).collect()
    }
}

#[async_trait]
impl Step for Fake {
    fn card(&self) -> &plan::Step {
        &self.card
    }

    async fn observe(&self, cx: &mut Context<'_>) -> Result<Observed, StepError> {
        self.world.call(&self.card.id, "observe", self.store.as_ref(), cx.run())?;
        let parts = self.world.parts();
        let there = self.names().iter().filter(|name| parts.contains(*name)).count();
        Ok(match there {
            0 => Observed::NotDone,
            n if n == self.names().len() => Observed::Done(json!({ "parts": n })),
            _ => Observed::Partial,
        })
    }

    async fn perform(&self, cx: &mut Context<'_>, resume: Option<Value>) -> Result<Value, StepError> {
        self.world.call(&self.card.id, "perform", self.store.as_ref(), cx.run())?;
        if self.world.hangs.as_deref() == Some(self.card.id.as_str()) {
            std::future::pending::<()>().await;
        }
        let names = self.names();
        let from = resume.and_then(|data| data["next"].as_u64()).unwrap_or(0);
        for (at, name) in names.iter().enumerate().skip(usize::try_from(from).expect("small")) {
            if cx.stopping() != Stop::No {
                return Err(StepError::interrupted());
            }
            cx.point("before part")?;
            self.world.parts().insert(name.clone());
            cx.point("after part")?;
            if self.card.kind == "walk" {
                cx.checkpoint(json!({ "next": at + 1 }))?;
            }
        }
        Ok(json!({ "parts": names.len() }))
    }

    async fn verify(&self, cx: &mut Context<'_>, _output: &Value) -> Result<Verdict, StepError> {
        self.world.call(&self.card.id, "verify", self.store.as_ref(), cx.run())?;
        let parts = self.world.parts();
        let whole = self.names().iter().all(|name| parts.contains(name));
        if whole && self.world.mismatch.as_deref() != Some(self.card.id.as_str()) {
            return Ok(Verdict::Ok(json!({ "seen": true })));
        }
        Ok(Verdict::Mismatch { evidence: json!({}), code: "SG-TEST-009".to_owned(), message: "parts are missing".to_owned() })
    }

    async fn undo(&self, cx: &mut Context<'_>) -> Result<(), StepError> {
        self.world.call(&self.card.id, "undo", self.store.as_ref(), cx.run())?;
        for name in self.names().iter().rev() {
            cx.point("before unpart")?;
            self.world.parts().remove(name);
            cx.point("after unpart")?;
        }
        Ok(())
    }
}

/// The fake registry and gates.
pub(crate) struct Source {
    pub(crate) world: Arc<World>,
    pub(crate) store: Arc<MemoryStore>,
}

#[async_trait]
impl StepSource for Source {
    fn kinds(&self) -> BTreeMap<String, u32> {
        self.world.versions.clone()
    }

    fn build(&self, _plan: &Plan, card: &plan::Step) -> Result<Box<dyn Step>, StepError> {
        Ok(Box::new(Fake { card: card.clone(), world: Arc::clone(&self.world), store: Arc::clone(&self.store) }))
    }

    async fn enter(&self, _plan: &Plan, run: &str, _epoch: u64) -> Result<(), StepError> {
        self.world.call("", "enter", self.store.as_ref(), run)
    }
}

#[async_trait]
impl GateSource for Source {
    async fn measure(&self, _plan: &Plan, gate: &Gate, view: &GateView<'_>) -> Result<GateReading, StepError> {
        let open = match &gate.condition {
            Condition::Waited { since, at_least_ms } => {
                view.now_ms - view.state.phase_ended_at(since).expect("it is over") >= i64::try_from(*at_least_ms).expect("small")
            }
            _ => *self.world.gate_open.lock().expect("one thread"),
        };
        Ok(GateReading { open, value: format!("{open}"), threshold: "true".to_owned() })
    }
}

/// A run in the world, and all that an executor needs.
pub(crate) struct Stage {
    pub(crate) world: Arc<World>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) source: Source,
    pub(crate) time: Time,
    pub(crate) stop: Arc<StopFlag>,
    pub(crate) watcher: Watcher,
    pub(crate) run: String,
    pub(crate) beat_ms: u64,
}

impl Stage {
    pub(crate) fn new(plan: &Plan, world: World) -> Self {
        let (world, store) = (Arc::new(world), Arc::new(MemoryStore::default()));
        let run = store.create(plan, "0.1.0", &world.versions, 0).expect("memory");
        let source = Source { world: Arc::clone(&world), store: Arc::clone(&store) };
        let stage = Self {
            world,
            store,
            source,
            run,
            time: Time::default(),
            stop: Arc::new(StopFlag::new()),
            watcher: Watcher::default(),
            beat_ms: 0,
        };
        stage.approve();
        stage
    }

    /// Leaves a plan's approval for the executor.
    pub(crate) fn approve(&self) {
        let digest = self.state().plan.digest.clone();
        self.ask(Request::Approve { what: "plan".to_owned(), digest });
    }

    pub(crate) fn ask(&self, request: Request) {
        self.store.request(&self.run, &request, "ada", 0).expect("memory");
    }

    pub(crate) fn state(&self) -> State {
        self.store.state(&self.run).expect("a legal journal")
    }

    pub(crate) fn executor<'a>(&'a self, hooks: &'a dyn Hooks) -> Executor<'a> {
        Executor {
            store: self.store.as_ref(),
            run: self.run.clone(),
            steps: &self.source,
            gates: &self.source,
            clock: &self.time,
            hooks,
            observer: &self.watcher,
            stop: &self.stop,
            holder: "host:1".to_owned(),
            lease_ms: 10_000,
            beat_ms: self.beat_ms,
            seed: 7,
            retry: RetryPolicy::default(),
        }
    }

    pub(crate) fn forward(&self) -> Result<End, ExecError> {
        block_on(self.executor(&NoHooks).forward(None))
    }

    pub(crate) fn until(&self, phase: &str) -> Result<End, ExecError> {
        block_on(self.executor(&NoHooks).forward(Some(phase)))
    }

    pub(crate) fn back(&self, to: Option<&str>, ends: bool) -> Result<End, ExecError> {
        block_on(self.executor(&NoHooks).back(to, ends, "0 rows"))
    }

    /// The process died: a power cut may take unsynced entries, and the lease runs out.
    pub(crate) fn after_crash(&self, keep: usize) {
        self.store.crash(keep);
        self.time.now_ms.fetch_add(60_000, Ordering::SeqCst);
        self.stop.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.world.parts().is_empty()
    }

    pub(crate) fn is_full(&self) -> bool {
        let plan = Arc::clone(&self.state().plan);
        let count: u64 = plan.phases.iter().flat_map(|phase| &phase.steps).map(|card| if card.kind == "walk" { BATCHES } else { 2 }).sum();
        self.world.parts().len() as u64 == count
    }
}

pub(crate) fn card(id: &str, kind: &str, reversible: &str) -> plan::Step {
    plan::Step {
        id: id.to_owned(),
        kind: kind.to_owned(),
        version: 1,
        by: "run".to_owned(),
        what: "does it".to_owned(),
        why: "to test".to_owned(),
        lock: "none".to_owned(),
        reversible: reversible.to_owned(),
        undo: Undo { what: "the old form is gone".to_owned(), loses: "0 rows".to_owned(), ..Undo::default() },
        outside: plan::Outside::default(),
        action: Action::FinishRun,
    }
}

pub(crate) fn gate(id: &str, condition: Condition) -> Gate {
    Gate { id: id.to_owned(), what: "may it go on".to_owned(), condition, from: "test".to_owned() }
}

pub(crate) fn phase(name: &str, entry: Vec<Gate>, steps: Vec<plan::Step>, gates: Vec<Gate>) -> Phase {
    Phase {
        name: name.to_owned(),
        goal: "there".to_owned(),
        user_impact: "none".to_owned(),
        risk: "low".to_owned(),
        estimate: Estimate { seconds: 1, from: "test".to_owned() },
        entry,
        steps,
        gates,
        project: plan::PhaseProject::default(),
    }
}

/// Five phases, six steps, gates of three kinds, a last step that cannot be undone.
pub(crate) fn plan() -> Plan {
    let check = || Condition::Check { name: "sum".to_owned() };
    let phases = vec![
        phase("prepare", vec![], vec![card("prepare/control", "plain", "yes")], vec![]),
        phase("expand", vec![], vec![card("expand/a", "plain", "yes"), card("expand/b", "plain", "yes")], vec![]),
        phase("backfill", vec![], vec![card("backfill/a", "walk", "yes")], vec![gate("backfill/rows", check())]),
        phase("shift", vec![gate("shift/approval", Condition::Approval)], vec![card("shift/a", "plain", "yes")], vec![]),
        phase(
            "contract",
            vec![gate("contract/waited", Condition::Waited { since: "shift".to_owned(), at_least_ms: 0 })],
            vec![card("contract/a", "plain", "no")],
            vec![],
        ),
    ];
    of_phases(phases)
}

pub(crate) fn of_phases(phases: Vec<Phase>) -> Plan {
    let plan = Plan {
        format_version: plan::FORMAT_VERSION,
        segue: "0.1.0".to_owned(),
        digest: String::new(),
        id: "MIG-042".to_owned(),
        name: String::new(),
        kinds: vec!["schema".to_owned()],
        pattern: Pattern { name: "expand-contract".to_owned(), why: "test".to_owned(), not: vec![] },
        risk: "low".to_owned(),
        pause_ms: 0,
        rollback: "automated".to_owned(),
        phases,
        findings: vec![],
        not_checked: vec![],
        program: plan::Program::default(),
        execution: Execution {
            system: "shop".to_owned(),
            engine: "memory".to_owned(),
            location: segue_model::secret::Reference::Plain("memory".to_owned()),
            tag: "mig_042".to_owned(),
            spec_digest: "d".to_owned(),
            tables: vec![],
            new_tables: vec![],
            catalog: segue_model::catalog::Catalog::default(),
            throttle: Throttle::default(),
            checks: BTreeMap::new(),
            owners: BTreeMap::new(),
        },
    };
    plan.sealed().expect("canonical")
}
