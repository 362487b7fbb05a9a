//! Repairs to prove: a source that says how rows shall be, the differences by a reader that compares everything, and
//! the plan that puts the target right.
//!
//! The differences are found here by reading both sides whole, not by the engines of comparison. Must never look at a
//! row by another way than the readers' own. Used by `proof` and `tests/it/repair.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;

use segue_engine::memory::{MemoryEngine, Side};
use segue_engine::rows::{Batch, Class, Mendable, Read, ReadColumn, hash};
use segue_journal::{
    Clock as _, End, ExecError, Executor, Hooks, JournalStore as _, MemoryStore, Request, RetryPolicy, Silent, StepSource as _, StepState,
    StopFlag,
};
use segue_model::ident::TableName;
use segue_model::plan::{Phase, Plan};
use segue_model::verify::DifferenceKind;
use segue_steps::kind::repair_rows::Repaired;
use segue_steps::{NoGates, Repairs};
use segue_verify::repair::{Direction, Limits, Mend, Repair, STEP, Where, gather, plan, write};
use segue_verify::{Difference, TablePair};

use crate::conformance::Fixture;
use crate::journey::Journey;
use crate::stage::JumpClock;

/// A pair of tables of the same name and the same columns; `key`: how many of the first columns.
pub fn pair(source: &TableName, target: &TableName, columns: &[(&str, Class)], key: usize) -> TablePair {
    let reads: Vec<ReadColumn> =
        columns.iter().map(|(name, class)| ReadColumn { name: (*name).to_owned(), expression: None, class: class.clone() }).collect();
    TablePair {
        source: Read::new(source.clone(), reads.clone(), (0..key).collect()),
        target: Read::new(target.clone(), reads, (0..key).collect()),
        names: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
        rows: 0,
        ranges: false,
        not_compared: Vec::new(),
        only_in_source: Vec::new(),
        only_in_target: Vec::new(),
        notes: Vec::new(),
    }
}

/// All rows: hash → (key, how many).
async fn all(engine: &dyn Mendable, read: &Read) -> BTreeMap<(Vec<u8>, u128), u64> {
    let now = engine.snapshot(1).await.expect("a snapshot");
    let mut out = BTreeMap::new();
    let mut stream = now.stream(read).await.unwrap_or_else(|error| panic!("{}: {error}", read.table));
    let mut batch = Batch::default();
    while stream.next(&mut batch).await.expect("rows") {
        for (key, row) in batch.iter() {
            *out.entry((key.to_vec(), hash(row))).or_insert(0) += 1;
        }
    }
    drop(stream);
    now.close().await.expect("closed");
    out
}

/// What differs, by reading everything.
pub async fn differences(source: &dyn Mendable, target: &dyn Mendable, pair: &TablePair) -> Vec<Difference> {
    let (left, right) = (all(source, &pair.source).await, all(target, &pair.target).await);
    let difference = |kind, key: &[u8], source, target, count| Difference {
        kind,
        key: key.to_vec(),
        source,
        target,
        columns: Vec::new(),
        count,
        source_row: None,
        target_row: None,
    };
    let mut out = Vec::new();
    if pair.source.key.is_empty() {
        for (key, count) in &left {
            let other = right.get(key).copied().unwrap_or(0);
            if *count > other {
                out.push(difference(DifferenceKind::MissingInTarget, &[], Some(key.1), None, count - other));
            }
        }
        for (key, count) in &right {
            let other = left.get(key).copied().unwrap_or(0);
            if *count > other {
                out.push(difference(DifferenceKind::ExtraInTarget, &[], None, Some(key.1), count - other));
            }
        }
        return out;
    }
    let by_key = |rows: &BTreeMap<(Vec<u8>, u128), u64>| rows.keys().cloned().collect::<BTreeMap<Vec<u8>, u128>>();
    let (left, right) = (by_key(&left), by_key(&right));
    for (key, hash) in &left {
        match right.get(key) {
            None => out.push(difference(DifferenceKind::MissingInTarget, key, Some(*hash), None, 1)),
            Some(other) if other != hash => out.push(difference(DifferenceKind::Changed, key, Some(*hash), Some(*other), 1)),
            Some(_) => {}
        }
    }
    for (key, hash) in right.iter().filter(|(key, _)| !left.contains_key(*key)) {
        out.push(difference(DifferenceKind::ExtraInTarget, key, None, Some(*hash), 1));
    }
    out
}

/// The repair of some tables, from the source to the target, also where triggers fire.
pub async fn repair(source: &dyn Mendable, target: &dyn Mendable, pairs: &[TablePair]) -> Repair {
    limited(source, target, pairs, Limits { fire_triggers: true, ..Limits::default() }).await
}

/// The same within some limits.
pub async fn limited(source: &dyn Mendable, target: &dyn Mendable, pairs: &[TablePair], limits: Limits) -> Repair {
    let mut found = Vec::new();
    for pair in pairs {
        found.push(differences(source, target, pair).await);
    }
    let tables: Vec<Mend<'_>> = pairs.iter().zip(&found).map(|(pair, differences)| Mend { pair, differences }).collect();
    gather(source, target, &tables, Direction::SourceToTarget, limits).await.unwrap_or_else(|error| panic!("{}: {error}", error.code()))
}

/// Whether nothing differs any more.
pub async fn equal(source: &dyn Mendable, target: &dyn Mendable, pairs: &[TablePair]) -> bool {
    for pair in pairs {
        if !differences(source, target, pair).await.is_empty() {
            return false;
        }
    }
    true
}

/// The plan of a repair, its files written into a new folder.
pub fn filed(repair: &Repair, engine: &str) -> (Plan, tempfile::TempDir) {
    throttled(repair, engine, segue_model::plan::Throttle::default())
}

fn throttled(repair: &Repair, engine: &str, throttle: segue_model::plan::Throttle) -> (Plan, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = write(folder.path(), "repair.rows", "repair", repair).expect("written");
    let undo = write(folder.path(), "undo.rows", "undo", &repair.inverse()).expect("written");
    let place = Where {
        segue: "0.0.0-sim".to_owned(),
        engine: engine.to_owned(),
        location: segue_model::secret::Reference::Plain("memory".to_owned()),
        system: "target".to_owned(),
        throttle,
    };
    (plan(&place, repair, &rows, &undo).expect("a plan"), folder)
}

/// The tables of the proof.
pub fn proof_pairs(schema: &str) -> Vec<TablePair> {
    let name = |schema: &str, table: &str| TableName { schema: schema.to_owned(), name: table.to_owned() };
    let users = [("id", Class::Integer), ("name", Class::Text), ("age", Class::Text), ("nick", Class::Text)];
    let orders = [("id", Class::Integer), ("user_id", Class::Integer), ("total", Class::Integer)];
    vec![
        pair(&TableName::new("public", "users"), &name(schema, "users"), &users, 1),
        pair(&TableName::new("public", "orders"), &name(schema, "orders"), &orders, 1),
    ]
}

/// What differs at the source of the proof: rows that come, go and change.
const EDITS: [&str; 6] = [
    "update users set name = 'Anne' where id = 1",
    "delete from users where id = 2",
    "insert into users (id, name, age, nick) values (9, 'Zoe', null, 'it''s'), (10, 'Yan', '5', null)",
    "update orders set total = 11 where id = 1",
    "delete from orders where id = 2",
    "insert into orders (id, user_id, total) values (7, 9, 70)",
];

/// A run of a repair on a fixture whose database was made by these statements.
pub(crate) async fn of_proof<'a>(fixture: &'a dyn Fixture, setup: &[&str]) -> Journey<'a> {
    let source = MemoryEngine::default();
    for sql in setup.iter().chain(&EDITS) {
        source.client(Side::Base).execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let target = fixture.mendable();
    let schema = target.tables().await.expect("tables").first().map(|table| table.schema.clone()).unwrap_or_default();
    let repair = repair(&source, target.as_ref(), &proof_pairs(&schema)).await;
    assert_eq!((repair.corrections.len(), repair.left.len(), repair.moved.len()), (7, 0, 0), "{:?}", repair.left);
    let (mut plan, folder) = filed(&repair, fixture.engine().name());
    // A run that is over is not taken back: something comes after the repair.
    plan.phases.push(Phase { name: "after".to_owned(), ..Phase::default() });
    Journey::repair(fixture, plan.sealed().expect("a plan"), folder)
}

/// A run of a repair on any database, through any number of processes.
pub struct RepairRun {
    /// The plan.
    pub plan: Plan,
    /// The journal.
    pub store: MemoryStore,
    run: String,
    target: Arc<dyn Mendable>,
    folder: tempfile::TempDir,
    clock: JumpClock,
}

impl RepairRun {
    /// Files the repair, begins a run of it and approves it.
    pub fn new(target: Arc<dyn Mendable>, engine: &str, repair: &Repair) -> Self {
        Self::begun(target, filed(repair, engine))
    }

    /// The same of one that waits for a lock as long as it takes.
    pub fn patient(target: Arc<dyn Mendable>, engine: &str, repair: &Repair) -> Self {
        let throttle = segue_model::plan::Throttle { ddl_lock_timeout_ms: 60_000, ..segue_model::plan::Throttle::default() };
        Self::begun(target, throttled(repair, engine, throttle))
    }

    fn begun(target: Arc<dyn Mendable>, (plan, folder): (Plan, tempfile::TempDir)) -> Self {
        let store = MemoryStore::default();
        let kinds = Repairs::new(Arc::clone(&target), folder.path()).kinds();
        let run = store.create(&plan, "0.0.0-sim", &kinds, 1).expect("a run begins");
        let approve = Request::Approve { what: "plan".to_owned(), digest: plan.digest.clone() };
        store.request(&run, &approve, "sim", 1).expect("an approval");
        Self { plan, store, run, target, folder, clock: JumpClock::at(1_000) }
    }

    /// One process: forward, or back to the beginning.
    pub async fn go(&self, hooks: &dyn Hooks, back: bool) -> Result<End, ExecError> {
        self.clock.jump(60_000);
        let (steps, gates, stop) = (Repairs::new(Arc::clone(&self.target), self.folder.path()), NoGates, StopFlag::new());
        let executor = Executor {
            store: &self.store,
            run: self.run.clone(),
            steps: &steps,
            gates: &gates,
            clock: &self.clock,
            hooks,
            observer: &Silent,
            stop: &stop,
            holder: format!("repair:{}", self.clock.now_ms()),
            lease_ms: 10_000,
            beat_ms: 0,
            seed: 1,
            retry: RetryPolicy::default(),
        };
        if back { Box::pin(executor.back(None, true, "as the test says")).await } else { Box::pin(executor.forward(None)).await }
    }

    /// What the step gave.
    pub fn repaired(&self) -> Repaired {
        let state = self.store.state(&self.run).expect("a state");
        let output = match state.step(STEP) {
            StepState::Verified { output, .. } | StepState::Performed { output, .. } => output.clone(),
            other => panic!("the step is not done: {other:?}"),
        };
        Repaired::of(&output).expect("its output")
    }

    /// What is in the journal, as text.
    pub fn journal(&self) -> String {
        let entries = self.store.entries(&self.run).expect("a journal");
        entries.iter().map(|entry| serde_json::to_string(entry).unwrap_or_default()).collect::<Vec<_>>().join("\n")
    }
}

/// A picture of tables, everything as it is stored.
pub async fn picture(engine: &dyn Mendable, tables: &[TableName]) -> Vec<BTreeMap<(Vec<u8>, u128), u64>> {
    let mut out = Vec::new();
    for table in tables {
        let described = engine.describe(table).await.expect("a table");
        let columns = described.columns.iter().filter(|column| !column.generated);
        let columns =
            columns.map(|column| ReadColumn { name: column.name.clone(), expression: None, class: engine.stored_class(&column.class) });
        out.push(all(engine, &Read::new(described.table.clone(), columns.collect(), Vec::new())).await);
    }
    out
}
