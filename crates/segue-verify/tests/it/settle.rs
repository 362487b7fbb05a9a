//! Rows that differ while writes go on: a barrier finds the one that really differs, and nothing else.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use segue_engine::memory::{MemoryEngine, Side};
use segue_engine::rows::{Applied, Mark, Read, ReadColumn, Rows, Snapshot, TableRows, key};
use segue_engine::{EngineError, Load, ServerFacts};
use segue_model::ident::TableName;
use segue_model::verify::DifferenceKind;
use segue_verify::{Settled, Settling, TablePair, settle};

use crate::shelf::{Fast, runtime};

const AT_ONCE: Settling = Settling { rounds: 8, polls: 50, interval_ms: 0 };

/// A source that is written to whenever somebody looks, and a target that applies it later.
struct World {
    source: MemoryEngine,
    target: MemoryEngine,
    /// What writers will do: one statement each time that the source is looked at.
    writes: Mutex<VecDeque<String>>,
    behind: Mutex<VecDeque<String>>,
    written: AtomicU64,
    applied: AtomicU64,
    stuck: AtomicBool,
    /// How often the target was looked at.
    looks: AtomicU64,
}

impl World {
    fn new(rows: u32) -> Arc<Self> {
        let world = Self {
            source: MemoryEngine::default(),
            target: MemoryEngine::default(),
            writes: Mutex::default(),
            behind: Mutex::default(),
            written: AtomicU64::new(0),
            applied: AtomicU64::new(0),
            stuck: AtomicBool::new(false),
            looks: AtomicU64::new(0),
        };
        for engine in [&world.source, &world.target] {
            run(engine, "create table t (id bigint primary key, a text)");
            for id in 1..=rows {
                run(engine, &format!("insert into t (id, a) values ({id}, 'first')"));
            }
        }
        Arc::new(world)
    }

    fn write(&self, sql: &str) {
        run(&self.source, sql);
        self.behind.lock().expect("no panic").push_back(sql.to_owned());
        self.written.fetch_add(1, Ordering::SeqCst);
    }

    fn apply_one(&self) {
        if let Some(sql) = self.behind.lock().expect("no panic").pop_front() {
            run(&self.target, &sql);
            self.applied.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn run(engine: &MemoryEngine, sql: &str) {
    engine.client(Side::Base).execute(sql).expect("a statement of the test");
}

struct Source(Arc<World>);
struct Target(Arc<World>);

#[async_trait]
impl Rows for Source {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        Rows::facts(&self.0.source).await
    }
    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        Rows::tables(&self.0.source).await
    }
    async fn describe(&self, table: &TableName) -> Result<TableRows, EngineError> {
        self.0.source.describe(table).await
    }
    async fn snapshot(&self, readers: usize) -> Result<Box<dyn Snapshot>, EngineError> {
        let next = self.0.writes.lock().expect("no panic").pop_front();
        if let Some(sql) = next {
            self.0.write(&sql);
        }
        Rows::snapshot(&self.0.source, readers).await
    }
    async fn load(&self) -> Result<Load, EngineError> {
        Rows::load(&self.0.source).await
    }
    async fn mark(&self) -> Result<Option<Mark>, EngineError> {
        Ok(Some(Mark { kind: "memory".to_owned(), at: self.0.written.load(Ordering::SeqCst).to_string() }))
    }
    async fn applied(&self, _mark: &Mark) -> Result<Applied, EngineError> {
        Ok(Applied::NoStream("it is the source".to_owned()))
    }
}

#[async_trait]
impl Rows for Target {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        Rows::facts(&self.0.target).await
    }
    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        Rows::tables(&self.0.target).await
    }
    async fn describe(&self, table: &TableName) -> Result<TableRows, EngineError> {
        self.0.target.describe(table).await
    }
    async fn snapshot(&self, readers: usize) -> Result<Box<dyn Snapshot>, EngineError> {
        self.0.looks.fetch_add(1, Ordering::SeqCst);
        Rows::snapshot(&self.0.target, readers).await
    }
    async fn load(&self) -> Result<Load, EngineError> {
        Rows::load(&self.0.target).await
    }
    async fn mark(&self) -> Result<Option<Mark>, EngineError> {
        Ok(None)
    }
    async fn applied(&self, mark: &Mark) -> Result<Applied, EngineError> {
        let applied = self.0.applied.load(Ordering::SeqCst);
        if applied >= mark.at.parse().expect("a number") {
            return Ok(Applied::Yes);
        }
        if !self.0.stuck.load(Ordering::SeqCst) {
            self.0.apply_one();
        }
        Ok(Applied::NotYet(Mark { kind: "memory".to_owned(), at: applied.to_string() }))
    }
}

fn pair(runtime: &tokio::runtime::Runtime, engine: &MemoryEngine) -> TablePair {
    let table = runtime.block_on(engine.describe(&TableName::bare("t"))).expect("the table");
    let column =
        |column: &segue_engine::rows::ColumnRows| ReadColumn { name: column.name.clone(), expression: None, class: column.class.clone() };
    let read = Read::new(TableName::bare("t"), table.columns.iter().map(column).collect(), vec![0]);
    TablePair {
        source: read.clone(),
        target: read,
        names: vec!["id".to_owned(), "a".to_owned()],
        rows: 10,
        ranges: true,
        not_compared: Vec::new(),
        notes: Vec::new(),
        only_in_source: Vec::new(),
        only_in_target: Vec::new(),
    }
}

fn key_of(id: i128) -> Vec<u8> {
    let class = segue_engine::rows::Class::Integer;
    crate::shelf::key_bytes(&[&segue_engine::rows::Datum::Integer(id)], &[&class])
}

fn ids(keys: impl IntoIterator<Item = Vec<u8>>) -> Vec<String> {
    keys.into_iter().map(|bytes| key::read(&bytes).expect("a key")[0].show()).collect()
}

fn settled(world: &Arc<World>, keys: &[i128], how: Settling) -> Settled {
    let runtime = runtime();
    let pair = pair(&runtime, &world.source);
    let keys: Vec<Vec<u8>> = keys.iter().map(|id| key_of(*id)).collect();
    let (source, target) = (Source(Arc::clone(world)), Target(Arc::clone(world)));
    runtime.block_on(settle(&source, &target, &pair, &keys, how, &Fast::default())).expect("settled")
}

#[test]
fn behind_a_barrier_only_what_really_differs_is_different() {
    let world = World::new(9);
    // Written before the comparison and not applied yet: an update, an insert, a delete.
    world.write("update t set a = 'late' where id = 2");
    world.write("insert into t (id, a) values (20, 'late')");
    world.write("delete from t where id = 3");
    // Planted at the target alone: a wrong value, a row too many, a row too few.
    run(&world.target, "update t set a = 'wrong' where id = 5");
    run(&world.target, "insert into t (id, a) values (30, 'wrong')");
    run(&world.target, "delete from t where id = 6");
    // And row 7 is written all the time.
    let hot = (0..200).map(|turn| format!("update t set a = 'hot {turn}' where id = 7"));
    world.writes.lock().expect("no panic").extend(hot);
    let settled = settled(&world, &[2, 20, 3, 5, 30, 6, 7, 1], AT_ONCE);
    let mut different: Vec<(String, DifferenceKind)> =
        settled.different.iter().map(|found| (ids([found.key.clone()]).remove(0), found.kind)).collect();
    different.sort();
    let wanted = [
        ("30".to_owned(), DifferenceKind::ExtraInTarget),
        ("5".to_owned(), DifferenceKind::Changed),
        ("6".to_owned(), DifferenceKind::MissingInTarget),
    ];
    assert_eq!(different, wanted);
    assert_eq!(ids(settled.moving), ["7"]);
    assert_eq!(settled.equal, 4);
    let columns: Vec<&[usize]> = settled.different.iter().map(|found| &found.columns[..]).filter(|columns| !columns.is_empty()).collect();
    assert_eq!(columns, [&[1_usize][..]]);
}

#[test]
fn a_row_that_changes_and_changes_back_is_never_called_different() {
    let world = World::new(3);
    let there_and_back = (0..100).map(|turn| format!("update t set a = '{}' where id = 1", if turn % 2 == 0 { "there" } else { "first" }));
    world.writes.lock().expect("no panic").extend(there_and_back);
    let settled = settled(&world, &[1], AT_ONCE);
    assert!(settled.different.is_empty(), "{} rows are called different", settled.different.len());
}

#[test]
fn what_the_target_has_not_applied_in_time_is_moving() {
    let world = World::new(3);
    world.write("update t set a = 'late' where id = 2");
    world.stuck.store(true, Ordering::SeqCst);
    let settled = settled(&world, &[1, 2], AT_ONCE);
    assert_eq!((settled.equal, settled.different.len()), (0, 0));
    assert_eq!(ids(settled.moving), ["1", "2"]);
    assert!(settled.why.contains("not applied it in time"), "{}", settled.why);
}

#[test]
fn thousands_of_keys_share_their_looks_and_waits() {
    let world = World::new(0);
    for id in 1..=2_000 {
        run(&world.target, &format!("insert into t (id, a) values ({id}, 'wrong')"));
    }
    let keys: Vec<i128> = (1..=2_000).collect();
    let settled = settled(&world, &keys, AT_ONCE);
    assert_eq!((settled.equal, settled.different.len(), settled.moving.len()), (0, 2_000, 0));
    let looks = world.looks.load(Ordering::SeqCst);
    assert!(looks <= 4, "each look costs a connection and a wait: {looks}");
}

#[test]
fn without_a_stream_rows_are_read_until_they_stay_as_they_are() {
    let world = World::new(4);
    run(&world.target, "update t set a = 'wrong' where id = 2");
    let runtime = runtime();
    let pair = pair(&runtime, &world.source);
    let keys: Vec<Vec<u8>> = [1, 2, 3].into_iter().map(key_of).collect();
    let pace = Fast::default();
    let settled = runtime.block_on(settle(&world.source, &world.target, &pair, &keys, AT_ONCE, &pace)).expect("settled");
    assert_eq!((settled.equal, settled.different.len(), settled.moving.len()), (2, 1, 0));
    assert!(settled.why.contains("keeps no position"), "{}", settled.why);
}
