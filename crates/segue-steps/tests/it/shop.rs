//! A small shop on the memory engine, a plan over it with every step kind, and an executor for it.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use async_trait::async_trait;
use segue_engine::Engine;
use segue_engine::memory::{Client, MemoryEngine, Side};
use segue_journal::*;
use segue_model::ident::TableName;
use segue_model::plan::Plan;
use segue_steps::{Gates, KINDS, Steps};
use serde_json::{Value, json};

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

/// Time that only sleeping (and a test) moves.
#[derive(Default)]
pub(crate) struct Time(pub(crate) Arc<AtomicI64>);

#[async_trait]
impl Clock for Time {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    async fn sleep(&self, ms: u64) {
        self.0.fetch_add(i64::try_from(ms).expect("a short sleep"), Ordering::SeqCst);
    }
}

/// Keeps what it sees; presses stop after so many progress lines.
#[derive(Default)]
pub(crate) struct Watcher {
    pub(crate) progress: Mutex<Vec<Progress>>,
    pub(crate) notes: Mutex<Vec<String>>,
    pub(crate) stop_after: Mutex<Option<usize>>,
    pub(crate) stop: Arc<StopFlag>,
}

impl Observer for Watcher {
    fn progress(&self, _step: &str, progress: &Progress) {
        let mut seen = self.progress.lock().expect("one thread");
        seen.push(progress.clone());
        let mut after = self.stop_after.lock().expect("one thread");
        if after.is_some_and(|after| seen.len() >= after) {
            *after = None;
            self.stop.press();
        }
    }

    fn note(&self, note: &str) {
        self.notes.lock().expect("one thread").push(note.to_owned());
    }
}

pub(crate) fn users() -> TableName {
    TableName::new("public", "users")
}

/// `name → full_name`, `age: text → bigint`, `add greeting not null`, `drop nick`, as the planner resolves it.
fn change() -> Value {
    let form = |name: &str, physical: &str, kind: &str, nullable: bool| json!({ "name": name, "physical": physical, "type": kind, "nullable": nullable });
    let column = |name: &str, from: &str| json!({ "column": name, "value": { "column": from } });
    let sql = |name: &str, text: &str| json!({ "column": name, "value": { "sql": text } });
    let same = |name: &str| column(name, name);
    json!({
        "table": { "schema": "public", "name": "users" }, "tag": "proof", "key": ["id"], "backfill": true,
        "old": [form("id", "id", "bigint", false), form("name", "name", "text", false), form("age", "age", "text", true), form("nick", "nick", "text", true)],
        "new": [
            form("id", "id", "bigint", false), form("full_name", "name", "text", false), form("age", "age__proof", "bigint", true),
            form("greeting", "greeting", "text", false),
        ],
        "stages": [
            { "change": 0, "up": [same("id"), column("full_name", "name"), same("age"), same("nick")],
              "down": [same("id"), column("name", "full_name"), same("age"), same("nick")] },
            { "change": 1, "up": [same("id"), same("full_name"), sql("age", "cast(nullif(age, '') as bigint)"), same("nick")],
              "down": [same("id"), same("full_name"), sql("age", "cast(age as text)"), same("nick")] },
            { "change": 2, "up": [same("id"), same("full_name"), same("age"), same("nick"), sql("greeting", "'dear ' || full_name")],
              "down": [same("id"), same("full_name"), same("age"), same("nick")] },
            { "change": 3, "up": [same("id"), same("full_name"), same("age"), same("greeting")],
              "down": [same("id"), same("full_name"), same("age"), sql("nick", "lower(full_name)"), same("greeting")] },
        ],
        "up": [
            { "column": "full_name", "physical": "full_name", "reads": ["name"], "role": { "renamed": { "original": "name", "name": "full_name" } } },
            { "column": "age", "physical": "age__proof", "reads": ["age"], "role": { "converted": { "original": "age", "name": "age" } } },
            { "column": "greeting", "physical": "greeting", "reads": ["name"], "role": "added" },
        ],
        "down": [
            { "column": "name", "physical": "name", "reads": ["full_name"], "role": "replaced" },
            { "column": "age", "physical": "age", "reads": ["age__proof"], "role": "replaced" },
            { "column": "nick", "physical": "nick", "reads": ["name", "full_name"], "role": "dropped" },
        ],
    })
}

fn step(id: &str, reversible: &str, action: Value) -> Value {
    let kind = action["kind"].clone();
    json!({
        "id": id, "kind": kind, "version": 1, "by": "run", "what": "it", "why": "a test", "lock": "short", "reversible": reversible,
        "undo": { "what": "the old form is gone", "loses": "0 rows" }, "action": action,
    })
}

fn phase(name: &str, steps: Vec<Value>, gates: Vec<Value>) -> Value {
    json!({
        "name": name, "goal": "there", "user_impact": "none", "risk": "low", "estimate": { "seconds": 1, "from": "test" },
        "entry": [], "steps": steps, "gates": gates,
    })
}

/// Every step kind once (`verify_table` twice).
pub(crate) fn plan() -> Plan {
    let table = json!({ "schema": "public", "name": "users" });
    let reviews = json!({
        "table": { "schema": "public", "name": "reviews" },
        "define": { "table": "reviews", "columns": { "id": { "type": "bigint", "primary_key": true }, "stars": { "type": "bigint" } } },
    });
    let check = json!({
        "table": table, "tag": "proof", "name": "greeting_set",
        "what": { "check": { "check": "greeting <> ''", "physical": [] } },
    });
    let index = json!({
        "table": table, "tag": "proof", "name": "users_greeting", "unique": false,
        "source": { "define": { "define": { "table": "users", "name": "users_greeting", "columns": ["greeting"] }, "physical": [] } },
    });
    let of = |kind: &str| json!({ "kind": kind, "table": table });
    let verify = |before: &str| json!({ "kind": "verify_table", "table": table, "before": before });
    let gate = |id: &str, condition: Value| json!({ "id": id, "what": "may it go on", "condition": condition, "from": "test" });
    let phases = vec![
        phase("prepare", vec![step("prepare/control", "yes", json!({ "kind": "install_control" }))], vec![]),
        phase(
            "expand",
            vec![
                step("expand/reviews", "yes", json!({ "kind": "create_table", "table": reviews })),
                step("expand/users", "yes", of("expand_table")),
                step("expand/check", "yes", json!({ "kind": "add_constraint", "constraint": check })),
            ],
            vec![],
        ),
        phase(
            "backfill",
            vec![
                step("backfill/users", "yes", of("backfill_table")),
                step("backfill/index", "yes", json!({ "kind": "build_index", "index": index })),
                step("backfill/check", "yes", json!({ "kind": "validate_constraint", "constraint": check })),
            ],
            vec![
                gate("backfill/rejected", json!({ "type": "rows_rejected", "table": table })),
                gate("backfill/sum", json!({ "type": "check", "name": "people" })),
            ],
        ),
        phase("verify", vec![step("verify/users", "yes", verify("shift"))], vec![]),
        phase(
            "shift",
            vec![step("shift/users", "yes", of("shift_table"))],
            vec![gate("shift/waited", json!({ "type": "waited", "since": "verify", "at_least_ms": 0 }))],
        ),
        phase(
            "contract",
            vec![
                step("contract/verify", "yes", verify("contract")),
                step("contract/users", "no", of("contract_table")),
                step(
                    "contract/index",
                    "no",
                    json!({ "kind": "drop_index", "table": { "schema": "public", "name": "orders" }, "index": "orders_total" }),
                ),
                step("contract/old", "no", json!({ "kind": "drop_table", "table": { "schema": "public", "name": "archive" } })),
                step("contract/finish", "no", json!({ "kind": "finish_run" })),
            ],
            vec![],
        ),
    ];
    let plan = json!({
        "format_version": 1, "segue": "0.1.0", "digest": "", "id": "PROOF", "kinds": ["schema"], "risk": "low", "pause_ms": 0,
        "rollback": "automated", "pattern": { "name": "expand-contract", "why": "a test" }, "phases": phases,
        "execution": {
            "system": "shop", "engine": "memory", "location": "memory", "tag": "proof", "spec_digest": "d", "tables": [change()],
            "catalog": { "tables": [] }, "checks": { "people": "select count(*) from users" },
            "throttle": {
                "max_replication_lag_ms": 5_000, "max_load": { "threads_running": 40 }, "batch_target_ms": 200, "ddl_lock_timeout_ms": 1_000,
                "max_wal_bytes": 1_000_000, "downtime_ms": 0,
            },
        },
    });
    let plan: Plan = serde_json::from_value(plan).expect("a plan");
    plan.sealed().expect("canonical")
}

/// The shop with so many users; no age of theirs is a number where `bad` says so.
pub(crate) fn shop(rows: u64, bad: impl Fn(u64) -> bool) -> MemoryEngine {
    let engine = MemoryEngine::default();
    let base = engine.client(Side::Base);
    let run = |sql: &str| base.execute(sql).map(drop).expect(sql);
    run("create table users (id bigint primary key, name text not null, age text, nick text)");
    run("create table orders (id bigint primary key, total bigint)");
    run("create index orders_total on orders (total)");
    run("create table archive (id bigint primary key)");
    let rows: Vec<String> =
        (1..=rows).map(|id| format!("({id}, 'user {id}', '{}', 'u')", if bad(id) { "old".to_owned() } else { id.to_string() })).collect();
    for chunk in rows.chunks(500) {
        run(&format!("insert into users (id, name, age, nick) values {}", chunk.join(", ")));
    }
    engine
}

/// A run over an engine, with what an executor needs.
pub(crate) struct Stage {
    pub(crate) store: MemoryStore,
    pub(crate) steps: Steps,
    pub(crate) gates: Gates,
    pub(crate) time: Time,
    pub(crate) watcher: Watcher,
    pub(crate) run: String,
}

impl Stage {
    pub(crate) fn new(engine: Arc<dyn Engine>, plan: Plan) -> Self {
        let store = Store::memory();
        let steps = Steps::new(Arc::clone(&engine));
        let run = store.create(&plan, "0.1.0", &steps.kinds(), 0).expect("memory");
        assert_eq!(steps.kinds().len(), KINDS.len());
        Self { store, steps, gates: Gates::new(engine), time: Time::default(), watcher: Watcher::default(), run }
    }

    pub(crate) fn executor<'a>(&'a self, hooks: &'a dyn Hooks) -> Executor<'a> {
        Executor {
            store: &self.store,
            run: self.run.clone(),
            steps: &self.steps,
            gates: &self.gates,
            clock: &self.time,
            hooks,
            observer: &self.watcher,
            stop: &self.watcher.stop,
            holder: "host:1".to_owned(),
            lease_ms: 10_000,
            beat_ms: 0,
            seed: 3,
            retry: RetryPolicy::default(),
        }
    }

    /// Another process works on another handle of the database.
    pub(crate) fn reopen(&mut self, engine: Arc<dyn Engine>) {
        self.steps = Steps::new(Arc::clone(&engine));
        self.gates = Gates::new(engine);
    }

    pub(crate) fn until(&self, phase: &str) -> End {
        block_on(self.executor(&NoHooks).forward(Some(phase))).expect("the journal works")
    }

    pub(crate) fn forward(&self) -> End {
        block_on(self.executor(&NoHooks).forward(None)).expect("the journal works")
    }

    pub(crate) fn back(&self, to: Option<&str>) -> End {
        block_on(self.executor(&NoHooks).back(to, to.is_none(), "0 rows")).expect("the journal works")
    }

    pub(crate) fn state(&self) -> State {
        self.store.state(&self.run).expect("a legal journal")
    }

    pub(crate) fn output(&self, step: &str) -> Value {
        self.state().step(step).output().expect("it was performed").clone()
    }
}

pub(crate) fn clients(engine: &MemoryEngine) -> (Client, Client, Client) {
    (engine.client(Side::Old), engine.client(Side::New), engine.client(Side::Base))
}
