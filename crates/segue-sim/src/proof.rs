//! The proof of a step kind, on any engine: fail at each of its journal points, perform twice, undo twice, undo
//! after a crash, start → undo → start → finish equals start → finish, in catalog and rows.
//!
//! Runs the real executor on a plan of the real planner. A kind that cannot be undone proves all but undo. Must
//! never count a step that did not run. Run by `tests/it/proof_*.rs`.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use segue_engine::memory::Side;
use segue_engine::quote;
use segue_journal::{Context, CrashPoint, End, ExecError, Hooks, NoHooks, Observed, Step, StepError, StepSource, Verdict};
use segue_model::catalog::Catalog;
use segue_model::change::Change;
use segue_model::event::Event;
use segue_model::plan::{Plan, Step as Card};
use serde_json::{Value, json};

use crate::conformance::Fixture;
use crate::journey::{Journey, Source};
use crate::planning::change;
use crate::repair;

/// How much of the proof is run.
#[derive(Debug, Clone, Copy)]
pub struct Thoroughness {
    /// Every point whose number leaves this rest…
    pub rest: u64,
    /// …of this; 1 is every point.
    pub of: u64,
}

/// What was proved of a kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Proved {
    /// Crash points taken, each with both ends where there are two.
    pub points: u64,
    /// Crash points there are.
    pub of: u64,
    /// Performs that were done twice.
    pub performed_twice: u64,
    /// Undos that were done twice.
    pub undone_twice: u64,
}

/// Statements that make the database that a proof changes.
const SETUP: [&str; 7] = [
    "create table users (id bigint primary key, name text not null, age text, nick text)",
    "insert into users (id, name, age, nick) values (1, 'Ann', '1', 'a'), (2, 'Bob', null, 'b'), (3, 'Cid', '3', null)",
    "create table orders (id bigint primary key, user_id bigint, total bigint)",
    "insert into orders (id, user_id, total) values (1, 2, 10), (2, 3, 20)",
    "create index orders_total on orders (total)",
    "create table gone (id bigint primary key)",
    "insert into gone (id) values (1)",
];

/// Changes whose plan has a step of every kind.
fn changes() -> Vec<Change> {
    [
        json!({"create_table": {"table": "reviews", "columns": {"id": {"type": "bigint", "primary_key": true}, "words": {"type": "text"}}}}),
        json!({"rename_column": {"table": "users", "from": "name", "to": "full_name"}}),
        json!({"change_type": {"table": "users", "column": "age", "to": "bigint", "up": "cast(age as bigint)", "down": "cast(age as text)"}}),
        json!({"add_check": {"table": "orders", "name": "total_fits", "check": "total < 1000"}}),
        json!({"create_index": {"table": "users", "name": "users_nick", "columns": ["nick"]}}),
        json!({"drop_index": {"name": "orders_total"}}),
        json!({"drop_table": {"table": "gone"}}),
    ]
    .map(change)
    .to_vec()
}

/// Catalog and rows: what must be equal.
type Picture = (Catalog, BTreeMap<String, Vec<Vec<String>>>);

async fn picture(fixture: &dyn Fixture) -> Picture {
    let tables = fixture.engine().tables().await.expect("tables");
    let catalog = fixture.engine().catalog(&tables).await.expect("a catalog");
    let mut rows = BTreeMap::new();
    for table in &catalog.tables {
        let mut names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        names.sort_unstable();
        let key = table.walk_key().unwrap_or_default();
        let (list, order) = (quote::names(names), quote::names(key.iter().map(String::as_str)));
        let sql = format!("select {list} from {} order by {order}", quote::table(&table.name));
        let read = fixture.rows(Side::Base, None, &sql).await;
        rows.insert(table.name.to_string(), read.unwrap_or_else(|error| panic!("{sql}: {error}")));
    }
    (catalog, rows)
}

fn same(one: &Picture, other: &Picture, when: &str) {
    let differences = segue_model::catalog::differences(&one.0, &other.0);
    assert!(one.0 == other.0, "{when}: the catalog is another: {differences:?}\n{:#?}\n{:#?}", one.0, other.0);
    assert_eq!(one.1, other.1, "{when}: the rows are others");
}

/// A fresh database with the proof's run on it, and how it looked at first.
async fn begin<'a>(fixture: &'a dyn Fixture, kind: &str) -> (Journey<'a>, Picture) {
    for sql in SETUP {
        fixture.execute(Side::Base, None, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let start = picture(fixture).await;
    if kind == "repair_rows" {
        return (repair::of_proof(fixture, &SETUP).await, start);
    }
    (Journey::new(fixture, "PROOF-1", changes()).await, start)
}

/// Ends the process at the n-th point of one step.
struct AtStep<'a> {
    step: &'a str,
    inside: AtomicBool,
    seen: AtomicU64,
    fail_at: u64,
}

impl<'a> AtStep<'a> {
    fn new(step: &'a str, fail_at: u64) -> Self {
        Self { step, inside: AtomicBool::new(false), seen: AtomicU64::new(0), fail_at }
    }
}

impl Hooks for AtStep<'_> {
    fn at(&self, point: CrashPoint<'_>) -> ControlFlow<()> {
        if let CrashPoint::BeforeAppend(Event::StepStarted { step, .. }) = point {
            self.inside.store(step == self.step, Ordering::SeqCst);
        }
        if !self.inside.load(Ordering::SeqCst) {
            return ControlFlow::Continue(());
        }
        if let CrashPoint::Appended(Event::StepVerified { .. }) = point {
            self.inside.store(false, Ordering::SeqCst);
        }
        let seen = self.seen.fetch_add(1, Ordering::SeqCst) + 1;
        if seen == self.fail_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Steps that do everything twice: perform, and undo.
struct Twice {
    steps: Source,
    kind: String,
    performed: Arc<AtomicU64>,
    undone: Arc<AtomicU64>,
}

struct Doubled {
    step: Box<dyn Step>,
    performed: Arc<AtomicU64>,
    undone: Arc<AtomicU64>,
}

#[async_trait]
impl StepSource for Twice {
    fn kinds(&self) -> BTreeMap<String, u32> {
        self.steps.kinds()
    }

    fn build(&self, plan: &Plan, card: &Card) -> Result<Box<dyn Step>, StepError> {
        let step = self.steps.build(plan, card)?;
        if card.kind != self.kind {
            return Ok(step);
        }
        Ok(Box::new(Doubled { step, performed: Arc::clone(&self.performed), undone: Arc::clone(&self.undone) }))
    }

    async fn enter(&self, plan: &Plan, run: &str, epoch: u64) -> Result<(), StepError> {
        self.steps.enter(plan, run, epoch).await
    }
}

#[async_trait]
impl Step for Doubled {
    fn card(&self) -> &Card {
        self.step.card()
    }

    async fn observe(&self, cx: &mut Context<'_>) -> Result<Observed, StepError> {
        self.step.observe(cx).await
    }

    async fn perform(&self, cx: &mut Context<'_>, resume: Option<Value>) -> Result<Value, StepError> {
        let first = self.step.perform(cx, resume).await?;
        self.step.perform(cx, None).await?;
        self.performed.fetch_add(1, Ordering::SeqCst);
        Ok(first)
    }

    async fn verify(&self, cx: &mut Context<'_>, output: &Value) -> Result<Verdict, StepError> {
        self.step.verify(cx, output).await
    }

    async fn undo(&self, cx: &mut Context<'_>) -> Result<(), StepError> {
        self.step.undo(cx).await?;
        self.step.undo(cx).await?;
        self.undone.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// The kinds of step that a plan on this engine has.
pub async fn kinds(fixture: &dyn Fixture) -> Vec<String> {
    let (run, _) = begin(fixture, "").await;
    let mut kinds: Vec<String> = run.plan.phases.iter().flat_map(|phase| &phase.steps).map(|card| card.kind.clone()).collect();
    // A repair is a plan of its own.
    kinds.push("repair_rows".to_owned());
    kinds.sort();
    kinds.dedup();
    kinds
}

/// Proves one kind. Panics on what does not hold.
pub async fn prove_step<F: Fixture>(kind: &str, make: impl AsyncFn() -> F, thoroughness: Thoroughness) -> Proved {
    let fixture = make().await;
    let (run, _) = begin(&fixture, kind).await;
    let cards: Vec<Card> = run.plan.phases.iter().flat_map(|phase| &phase.steps).filter(|card| card.kind == kind).cloned().collect();
    let card = cards.first().unwrap_or_else(|| panic!("the proof's plan has no step of kind {kind}"));
    let hooks = AtStep::new(&card.id, 0);
    let end = run.go(&hooks, &run.steps(), None, None).await;
    assert!(matches!(end, Ok(End::Done)), "{kind}: {end:?}");
    let golden = picture(&fixture).await;
    let mut proved = Proved { of: hooks.seen.load(Ordering::SeqCst), ..Proved::default() };
    assert!(proved.of >= 6, "{kind}: only {} journal points", proved.of);
    for point in (1..=proved.of).filter(|point| point % thoroughness.of == thoroughness.rest) {
        Box::pin(crash_at(card, &make, point, &golden)).await;
        proved.points += 1;
    }
    Box::pin(twice(card, &make, &golden, &mut proved)).await;
    proved
}

async fn crash_at<F: Fixture>(card: &Card, make: &impl AsyncFn() -> F, point: u64, golden: &Picture) {
    let kind = &card.kind;
    for back in [false, true] {
        if back && card.reversible == "no" {
            continue;
        }
        let fixture = make().await;
        let (run, start) = begin(&fixture, kind).await;
        let when = format!("{kind}, killed at its point {point}, then {}", if back { "back" } else { "forward" });
        let killed = run.go(&AtStep::new(&card.id, point), &run.steps(), None, None).await;
        assert!(matches!(killed, Err(ExecError::Crashed)), "{when}: {killed:?}");
        run.store.crash(0);
        if back {
            run.call_off(&when).await;
            same(&start, &picture(&fixture).await, &when);
        } else {
            run.finish(&when).await;
            same(golden, &picture(&fixture).await, &when);
        }
    }
}

/// Start → undo → start → finish, with each perform and each undo of the kind done twice.
async fn twice<F: Fixture>(card: &Card, make: &impl AsyncFn() -> F, golden: &Picture, proved: &mut Proved) {
    let kind = &card.kind;
    let fixture = make().await;
    let (run, start) = begin(&fixture, kind).await;
    let (performed, undone) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let steps = Twice { steps: run.steps(), kind: kind.clone(), performed: Arc::clone(&performed), undone: Arc::clone(&undone) };
    if card.reversible != "no" {
        let phase = card.id.split('/').next().unwrap_or_default();
        let end = run.go(&NoHooks, &steps, None, Some(phase)).await;
        assert!(matches!(&end, Ok(End::ReachedPhase(reached)) if reached == phase), "{kind}: until {phase}: {end:?}");
        let end = run.go(&NoHooks, &steps, Some(false), None).await;
        assert!(matches!(end, Ok(End::RolledBack { .. })), "{kind}: undone twice: {end:?}");
        same(&start, &picture(&fixture).await, &format!("{kind}, performed twice and undone twice"));
    }
    run.approve();
    let end = run.go(&NoHooks, &steps, None, None).await;
    assert!(matches!(end, Ok(End::Done)), "{kind}: started again: {end:?}");
    same(golden, &picture(&fixture).await, &format!("{kind}, started, undone, started again, finished"));
    proved.performed_twice = performed.load(Ordering::SeqCst);
    proved.undone_twice = undone.load(Ordering::SeqCst);
    assert!(proved.performed_twice > 0, "{kind}: nothing was performed twice");
    assert!(card.reversible == "no" || proved.undone_twice > 0, "{kind}: nothing was undone twice");
}

/// Makes one test for a step kind: `prove_step!(expand_table, fixture, thoroughness)`.
#[macro_export]
macro_rules! prove_step {
    ($($kind:ident),+ $(,)? ; $make:expr ; $thoroughness:expr) => {$(
        #[tokio::test]
        async fn $kind() {
            let thoroughness: $crate::proof::Thoroughness = $thoroughness;
            let proved = $crate::proof::prove_step(stringify!($kind), $make, thoroughness).await;
            assert!(proved.points >= proved.of / thoroughness.of, "{proved:?}");
        }
    )+};
}
