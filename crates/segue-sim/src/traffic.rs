//! Random changes on several tables, with clients of both versions between every two effects of the executor, and
//! a model that knows what each acknowledged write made.
//!
//! No statement of a client may fail, no acknowledged write may be lost, and each side sees the other's writes, at
//! every moment. Must never look at how the engine keeps the two forms. Run by `tests/it/simulation.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use segue_engine::memory::fault::Faults;
use segue_engine::memory::{MemoryEngine, Planted, Side};
use segue_journal::{End, Mode};
use segue_model::ident::TableName;
use serde_json::json;

use crate::planning::{change, plan_on, spec};
use crate::seed::Seed;
use crate::stage::{Ran, Stage, block_on};

/// What a row of a table is, whatever form it has: `a` a text, `b` a number (a text of digits in the old form of a
/// table that converts it), `c` a number.
type Row = (String, i64, i64);

/// One table, its changes, and its rows as they must be.
struct Sheet {
    name: String,
    renamed: bool,
    converted: bool,
    rows: BTreeMap<i64, Row>,
    /// Rows written since both forms live: they have both, backfill or not.
    fresh: BTreeSet<i64>,
    next: i64,
}

/// What a statement makes of a table.
struct Operation {
    sql: String,
    id: i64,
    rows: BTreeMap<i64, Row>,
    next: i64,
}

/// The clients: what they know, and how often they did something.
pub struct Traffic {
    engine: MemoryEngine,
    sheets: Vec<Sheet>,
    seed: Seed,
    /// Statements that were acknowledged.
    pub acknowledged: u64,
    /// Comparisons of a side's view with the model.
    pub looks: u64,
    /// The first thing that was wrong.
    pub wrong: Option<String>,
}

/// What one seed did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Drove {
    /// Statements of clients that were acknowledged.
    pub acknowledged: u64,
    /// Comparisons of a side's view with the model.
    pub looks: u64,
    /// Processes that were killed.
    pub kills: u64,
    /// The run came to its end; else it was called off.
    pub done: bool,
}

impl Sheet {
    fn draw(number: u64, seed: &mut Seed) -> (Self, Vec<segue_model::change::Change>) {
        let name = format!("t{number}");
        let mut changes = Vec::new();
        let (renamed, converted, added) = (seed.percent(50), seed.percent(60), seed.percent(40));
        if renamed {
            changes.push(json!({"rename_column": {"table": name, "from": "a", "to": "a2"}}));
        }
        if converted {
            let (up, down) = ("cast(b as bigint)", "cast(b as text)");
            changes.push(json!({"change_type": {"table": name, "column": "b", "to": "bigint", "up": up, "down": down}}));
        }
        if added {
            let up = if renamed { "'e' || a2" } else { "'e' || a" };
            changes
                .push(json!({"add_column": {"table": name, "column": "e", "type": "text", "null": false, "default": "'new'", "up": up}}));
        }
        if seed.percent(30) {
            changes.push(json!({"drop_column": {"table": name, "column": "d"}}));
        }
        if seed.percent(30) {
            changes.push(json!({"set_not_null": {"table": name, "column": "c", "up": "0"}}));
        }
        if seed.percent(30) {
            changes.push(json!({"add_check": {"table": name, "name": format!("{name}_small"), "check": "c < 1000000"}}));
        }
        if seed.percent(30) || changes.is_empty() {
            changes.push(json!({"create_index": {"table": name, "name": format!("{name}_c"), "columns": ["c"]}}));
        }
        let sheet = Self { name, renamed, converted, rows: BTreeMap::new(), fresh: BTreeSet::new(), next: 1 };
        (sheet, changes.into_iter().map(change).collect())
    }

    /// How a side calls `a`.
    fn a(&self, side: Side) -> &'static str {
        if self.renamed && side == Side::New { "a2" } else { "a" }
    }

    /// How a side writes `b`.
    fn b(&self, side: Side, value: i64) -> String {
        if self.converted && side == Side::New { value.to_string() } else { format!("'{value}'") }
    }

    fn select(&self, side: Side) -> String {
        format!("select id, {}, b, c from {} order by id", self.a(side), self.name)
    }
}

impl Traffic {
    /// Sides that a table has now: both in a transition, else the one whose form it has.
    fn sides(&self, sheet: &Sheet) -> Vec<Side> {
        if self.engine.in_transition(&TableName::bare(&sheet.name)) {
            return vec![Side::Old, Side::New];
        }
        let name = TableName::new("public", &sheet.name);
        let catalog = block_on(segue_engine::Engine::catalog(&self.engine, std::slice::from_ref(&name)));
        let table = catalog.ok().and_then(|catalog| catalog.tables.into_iter().next());
        let over = table.is_some_and(|table| {
            let has = |column: &str| table.column(column).is_some();
            has("a2") || has("e") || table.column("b").is_some_and(|b| b.data_type == "bigint")
        });
        vec![if over { Side::New } else { Side::Old }]
    }

    /// One client does one thing, and both sides look.
    fn turn(&mut self) {
        if self.wrong.is_some() {
            return;
        }
        let at = usize::try_from(self.seed.below(self.sheets.len() as u64)).unwrap_or(0);
        let sides = self.sides(&self.sheets[at]);
        let side = *self.seed.pick(&sides);
        let Operation { sql, id, rows, next } = self.operation(at, side);
        match self.engine.client(side).execute(&sql) {
            Ok(_) => {
                self.acknowledged += 1;
                let sheet = &mut self.sheets[at];
                (sheet.rows, sheet.next) = (rows, next);
                if sides.len() > 1 {
                    sheet.fresh.insert(id);
                } else {
                    sheet.fresh.clear();
                }
                self.look(at);
            }
            Err(error) => self.wrong = Some(format!("{side:?}: {sql}: {} {error}", error.code)),
        }
    }

    fn operation(&mut self, at: usize, side: Side) -> Operation {
        let sheet = &self.sheets[at];
        let (table, a, mut rows, next) = (&sheet.name, sheet.a(side), sheet.rows.clone(), sheet.next);
        let (text, b, c) = (format!("v{}", self.seed.below(1000)), i64::try_from(self.seed.below(1000)).unwrap_or(0), next);
        let keys: Vec<i64> = rows.keys().copied().collect();
        if keys.len() < 4 || self.seed.percent(20) {
            // Inserted keys go both ways, so that some are behind the backfill and some before it.
            let id = if next % 2 == 0 { next } else { -next };
            rows.insert(id, (text.clone(), b, c));
            let sql = format!("insert into {table} (id, {a}, b, c) values ({id}, '{text}', {}, {c})", sheet.b(side, b));
            return Operation { sql, id, rows, next: next + 1 };
        }
        let id = *self.seed.pick(&keys);
        if self.seed.percent(15) {
            rows.remove(&id);
            return Operation { sql: format!("delete from {table} where id = {id}"), id, rows, next };
        }
        let row = rows.entry(id).or_default();
        let set = match self.seed.below(4) {
            0 => {
                row.0.clone_from(&text);
                format!("{a} = '{text}'")
            }
            1 => {
                row.1 = b;
                format!("b = {}", sheet.b(side, b))
            }
            2 => {
                row.2 = c;
                format!("c = {c}")
            }
            _ => {
                *row = (text.clone(), b, c);
                format!("{a} = '{text}', b = {}, c = {c}", sheet.b(side, b))
            }
        };
        Operation { sql: format!("update {table} set {set} where id = {id}"), id, rows, next }
    }

    /// Each side that there is sees what the model says. The new side may not see a converted column of a row that
    /// nobody wrote and the backfill has not come to: then it sees NULL, never another value.
    fn look(&mut self, at: usize) {
        let sheet = &self.sheets[at];
        let ready = !self.engine.in_transition(&TableName::bare(&sheet.name));
        for side in self.sides(sheet) {
            let seen = match self.engine.client(side).rows(&sheet.select(side)) {
                Ok(seen) => seen,
                Err(error) => {
                    self.wrong = Some(format!("{side:?}: {}: {error}", sheet.select(side)));
                    return;
                }
            };
            self.looks += 1;
            let expect: Vec<Vec<String>> =
                sheet.rows.iter().map(|(id, (a, b, c))| vec![id.to_string(), a.clone(), b.to_string(), c.to_string()]).collect();
            let early = side == Side::New && !ready;
            let fits = |((seen, expect), id): ((&Vec<String>, &Vec<String>), &i64)| {
                let waits = |at: usize, seen: &str| early && at >= 2 && seen == "NULL" && !sheet.fresh.contains(id);
                seen.iter().zip(expect).enumerate().all(|(at, (seen, expect))| seen == expect || waits(at, seen))
            };
            if seen.len() != expect.len() || !seen.iter().zip(&expect).zip(sheet.rows.keys()).all(fits) {
                self.wrong = Some(format!("{side:?} of {} sees {seen:?} and should see {expect:?}", sheet.name));
                return;
            }
        }
    }
}

fn lock(traffic: &Mutex<Traffic>) -> MutexGuard<'_, Traffic> {
    traffic.lock().unwrap_or_else(PoisonError::into_inner)
}

fn let_in(traffic: &Arc<Mutex<Traffic>>, faults: &Arc<Faults>) {
    let traffic = Arc::clone(traffic);
    faults.on_point(move |_| {
        let mut traffic = lock(&traffic);
        for _ in 0..traffic.seed.below(3) {
            traffic.turn();
        }
    });
}

/// Runs one seed: what it draws, up to three kills, one of both ends. Panics with the seed on what must not be;
/// with a planted fault, gives what was found instead.
pub fn drive(number: u64, planted: Option<Planted>) -> Result<Drove, String> {
    let mut seed = Seed::new(number);
    let engine = MemoryEngine::default().with_batches_of(2);
    let (mut sheets, mut changes) = (Vec::new(), Vec::new());
    for at in 0..=seed.below(3) {
        let (sheet, more) = Sheet::draw(at, &mut seed);
        let sql = format!("create table {} (id bigint primary key, a text not null, b text not null, c bigint, d text)", sheet.name);
        engine.client(Side::Base).execute(&sql).map_err(|error| error.to_string())?;
        sheets.push(sheet);
        changes.extend(more);
    }
    let traffic = Traffic { engine: engine.clone(), sheets, seed: Seed::new(seed.draw()), acknowledged: 0, looks: 0, wrong: None };
    let traffic = Arc::new(Mutex::new(traffic));
    for _ in 0..20 {
        lock(&traffic).turn();
    }
    let before = block_on(segue_engine::Engine::tables(&engine)).map_err(|error| error.to_string())?;
    let old_catalog = block_on(segue_engine::Engine::catalog(&engine, &before)).map_err(|error| error.to_string())?;
    let plan = block_on(plan_on(&engine, &spec("SIM-1", changes))).map_err(|findings| format!("seed {number}: {findings:#?}"))?;
    let stage = Stage::new(engine.clone(), &plan, number);
    let mut drove = Drove::default();
    if let Some(fault) = planted {
        let faults = stage.faults(0);
        let end = stage.forward(&faults, Some("expand"));
        plan.execution
            .tables
            .iter()
            .try_for_each(|change| engine.plant(&change.table, fault))
            .map_err(|error| format!("{end:?} {error}"))?;
    }
    for _ in 0..seed.below(4) {
        let faults = stage.faults(1 + seed.below(150));
        let_in(&traffic, &faults);
        drove.kills += u64::from(matches!(stage.forward(&faults, None), Ran::Killed));
    }
    let faults = stage.faults(0);
    let_in(&traffic, &faults);
    let back = seed.percent(40);
    let end = if back { stage.abort(&faults) } else { stage.forward(&faults, None) };
    drove.done = match end {
        Ran::End(End::RolledBack { .. }) => false,
        Ran::End(End::Done | End::AlreadyDone) => true,
        Ran::End(End::Failed { code, .. }) if back && code == "SG-RUN-006" => {
            stage.finish();
            true
        }
        other => return Err(format!("seed {number}: {other:?}, {:?}", lock(&traffic).wrong)),
    };
    settle(number, &stage, &traffic, &old_catalog, drove)
}

/// What must hold when the run is over: the model, the catalog, the journal.
fn settle(
    number: u64,
    stage: &Stage,
    traffic: &Mutex<Traffic>,
    old_catalog: &segue_model::catalog::Catalog,
    mut drove: Drove,
) -> Result<Drove, String> {
    let mut traffic = lock(traffic);
    for at in 0..traffic.sheets.len() {
        traffic.look(at);
    }
    drove.acknowledged = traffic.acknowledged;
    drove.looks = traffic.looks;
    if let Some(wrong) = &traffic.wrong {
        return Err(format!("seed {number}: {wrong}"));
    }
    let tables = block_on(segue_engine::Engine::tables(&stage.engine)).map_err(|error| error.to_string())?;
    let catalog = block_on(segue_engine::Engine::catalog(&stage.engine, &tables)).map_err(|error| error.to_string())?;
    if !drove.done && catalog != *old_catalog {
        return Err(format!("seed {number}: called off, and {:?}", segue_model::catalog::differences(old_catalog, &catalog)));
    }
    let leftover =
        catalog.tables.iter().flat_map(|table| &table.columns).find(|column| column.name.contains("segue_") || column.name.contains("__"));
    if let Some(column) = leftover {
        return Err(format!("seed {number}: column {} is left over", column.name));
    }
    if !catalog.views.is_empty() {
        return Err(format!("seed {number}: {} views are left over", catalog.views.len()));
    }
    if !matches!(stage.replays(), Mode::Ended(_)) {
        return Err(format!("seed {number}: the journal does not end"));
    }
    Ok(drove)
}
