//! Comparing the two forms of each row by an independent read: neither the triggers' nor the backfill's word counts.
//!
//! A row agrees when, for each computed new column, either `up` of the old form gives it, or `down` of the new form
//! gives the old columns: a lossy conversion makes only one of the two hold (the new side wrote 1.505, the old form
//! keeps 151 cents). When neither holds, something wrote one form and not the other. A column that only the new
//! form has may hold anything that its side wrote; it only may not be NULL where the new form takes none. An
//! expression that fails for a row counts as not holding. Tests: `tests/reshape/compare.rs`.

use segue_engine::quote::{name, table};
use segue_engine::{Comparison, EngineError, Key};
use segue_model::reshape::{FormColumn, Role, TableChange};
use serde_json::Value as Json;
use tokio_postgres::{GenericClient, Transaction};

use crate::PostgresEngine;
use crate::error::sqlstate;
use crate::reshape::base;
use crate::reshape::compose::{self, Source};
use crate::reshape::keys::Walk;
use crate::reshape::names::{Names, needs_sync};
use crate::session::db;

/// The most rows of one stretch whose keys are shown.
const EXAMPLES_MAX: usize = 10;

/// Which directions a statement evaluates.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directions {
    Both,
    Up,
    Down,
}

pub(crate) async fn range(
    engine: &PostgresEngine,
    change: &TableChange,
    after: Option<&Key>,
    limit: u64,
) -> Result<Comparison, EngineError> {
    let mut out = Comparison { next: None, compared: 0, mismatches: 0, unconverted: 0, examples: Vec::new() };
    if !needs_sync(change) || change.key.is_empty() {
        return Ok(out);
    }
    let mut session = engine.read_session("compare").await?;
    let path = base::path(session.schemas(), &change.table);
    let transaction = session.client.build_transaction().read_only(true).start().await.map_err(db)?;
    let before = base::read(&transaction, &change.table).await?;
    let names = Names::of(change);
    if !before.has(&names.side) {
        return Ok(out);
    }
    let walk = Walk::of(change, &before)?;
    transaction.batch_execute(&format!("set local search_path = {path}")).await.map_err(db)?;
    let Some(range) = walk.next(&transaction, after, limit.max(1)).await? else { return Ok(out) };
    let side = name(&names.side);
    let row = transaction
        .query_one(
            &format!(
                "select count(*), count(*) filter (where ({side} & 7) not in (2, 3)) from only {} where {}",
                table(&change.table),
                range.condition
            ),
            &[],
        )
        .await
        .map_err(db)?;
    out.next = range.next;
    out.compared = row.get::<_, i64>(0).cast_unsigned();
    // Old rows of a change that computes nothing for them are as they should be.
    out.unconverted = if change.backfill { row.get::<_, i64>(1).cast_unsigned() } else { 0 };
    let look = Look { change, walk, side };
    let wrong = look.differing(&transaction, &range.condition).await?;
    out.mismatches = wrong.len() as u64;
    out.examples = wrong.iter().take(EXAMPLES_MAX).map(|key| Walk::show(change, key)).collect();
    Ok(out)
}

struct Look<'a> {
    change: &'a TableChange,
    walk: Walk,
    side: String,
}

impl Look<'_> {
    /// The keys of rows that do not agree. Where an expression fails, the stretch is halved until the row is found.
    async fn differing(&self, transaction: &Transaction<'_>, condition: &str) -> Result<Vec<Json>, EngineError> {
        if let Some(found) = self.ask(transaction, condition, Directions::Both).await? {
            return Ok(found);
        }
        let keys = self.walk.list(transaction, condition).await?;
        let mut out = Vec::new();
        let mut open = vec![(0, keys.len())];
        while let Some((from, to)) = open.pop() {
            if from >= to {
                continue;
            }
            let before = from.checked_sub(1).map(|at| &keys[at]);
            let stretch = format!("{condition} and {}", self.walk.between(before, &keys[to - 1])?);
            match self.ask(transaction, &stretch, Directions::Both).await? {
                Some(found) => out.extend(found),
                None if to - from > 1 => {
                    let middle = usize::midpoint(from, to);
                    open.extend([(middle, to), (from, middle)]);
                }
                None => out.extend(self.one(transaction, &stretch).await?),
            }
        }
        Ok(out)
    }

    /// One row, each direction by itself.
    async fn one(&self, transaction: &Transaction<'_>, condition: &str) -> Result<Vec<Json>, EngineError> {
        for direction in [Directions::Up, Directions::Down] {
            match self.ask(transaction, condition, direction).await? {
                Some(found) if found.is_empty() => return Ok(Vec::new()),
                _ => {}
            }
        }
        Ok(self.walk.list(transaction, condition).await?.into_iter().map(|key| key.0).collect())
    }

    /// The keys that do not agree; `None` when an expression failed for one of the rows.
    async fn ask(&self, transaction: &Transaction<'_>, condition: &str, directions: Directions) -> Result<Option<Vec<Json>>, EngineError> {
        transaction.batch_execute("savepoint segue_look").await.map_err(db)?;
        match transaction.query(&self.statement(condition, directions), &[]).await.map_err(db) {
            Ok(rows) => {
                transaction.batch_execute("release savepoint segue_look").await.map_err(db)?;
                Ok(Some(rows.iter().map(|row| row.get(0)).collect()))
            }
            Err(error) => {
                transaction.batch_execute("rollback to savepoint segue_look").await.map_err(db)?;
                let class = sqlstate(&error).and_then(|state| state.get(..2)).unwrap_or_default();
                if matches!(class, "" | "08" | "25" | "40" | "42" | "53" | "54" | "55" | "57" | "58" | "XX") {
                    Err(error)
                } else {
                    Ok(None)
                }
            }
        }
    }

    /// Rows of the stretch with both forms beside them; those that do not agree.
    fn statement(&self, condition: &str, directions: Directions) -> String {
        let change = self.change;
        let row = |physical: &str| format!("b.{}", name(physical));
        // Each form computed beside the stored row, in one pass over rows that are fixed first.
        let source = Source { leaf: &row, tail: "", extra: &[] };
        let mut physical: Vec<&str> = change.old.iter().chain(&change.new).map(|column| column.physical.as_str()).collect();
        physical.extend(change.up.iter().map(|derived| derived.physical.as_str()));
        physical.sort_unstable();
        physical.dedup();
        let columns: Vec<String> = physical.iter().map(|column| format!("t.{}", name(column))).collect();
        let mut joins = String::new();
        if directions != Directions::Down {
            joins.push_str(&format!(" cross join lateral ({}) as u", compose::new_form(change, &source)));
        }
        if directions != Directions::Up {
            joins.push_str(&format!(" cross join lateral ({}) as d", compose::old_form(change, &source)));
        }
        format!(
            "with segue_rows as materialized (select {key} as segue_json, {columns} from only {table} as t \
             where {condition} and (t.{side} & 7) = 2) select b.segue_json from segue_rows as b{joins} where not coalesce({agrees}, false) order by 1",
            key = self.walk.json("t"),
            columns = columns.join(", "),
            table = table(&change.table),
            side = self.side,
            agrees = self.agrees(directions),
        )
    }

    fn agrees(&self, directions: Directions) -> String {
        let change = self.change;
        let mut parts = vec!["true".to_owned()];
        for derived in &change.up {
            let form = change.new.iter().find(|column| column.name == derived.column);
            if let Some(form) = form.filter(|form| !form.nullable && form.physical == derived.physical) {
                parts.push(format!("b.{} is not null", name(&form.physical)));
            }
            match &derived.role {
                Role::Renamed { original, .. } => {
                    parts.push(same(&format!("b.{}", name(original)), &format!("b.{}", name(&derived.physical)), None));
                }
                Role::Converted { original, .. } => {
                    parts.push(self.converted(&derived.physical, &derived.column, original, form, directions));
                }
                Role::Added | Role::Dropped | Role::Replaced => {}
            }
        }
        parts.join(" and ")
    }

    fn converted(&self, physical: &str, column: &str, original: &str, form: Option<&FormColumn>, directions: Directions) -> String {
        let change = self.change;
        let mut either = Vec::new();
        if directions != Directions::Down {
            let stored = format!("b.{}", name(physical));
            either.push(same(&stored, &format!("u.{}", name(column)), form.map(|form| form.data_type.as_str())));
        }
        if directions != Directions::Up {
            // Every old column that reads this one; where none is computed from it, its own original.
            let mut olds: Vec<&str> = change
                .down
                .iter()
                .filter(|down| down.role == Role::Replaced && (down.physical == original || down.reads.iter().any(|read| read == physical)))
                .map(|down| down.physical.as_str())
                .collect();
            if olds.is_empty() {
                olds.push(original);
            }
            let all: Vec<String> = olds
                .iter()
                .filter_map(|old| change.old.iter().find(|column| column.physical == *old))
                .map(|old| same(&format!("b.{}", name(&old.physical)), &format!("d.{}", name(&old.name)), Some(&old.data_type)))
                .collect();
            if !all.is_empty() {
                either.push(format!("({})", all.join(" and ")));
            }
        }
        format!("({})", either.join(" or "))
    }
}

/// Two values are the same, byte by byte once they are of the column's type: works for types without an equality.
fn same(stored: &str, computed: &str, data_type: Option<&str>) -> String {
    let computed = data_type.map_or_else(|| computed.to_owned(), |data_type| format!("({computed})::{data_type}"));
    format!("row({stored})::record operator(pg_catalog.*=) row({computed})::record")
}

/// How many rows are still to be converted.
pub(crate) async fn unconverted(engine: &PostgresEngine, change: &TableChange) -> Result<u64, EngineError> {
    if !change.backfill || !needs_sync(change) {
        return Ok(0);
    }
    let session = engine.read_session("unconverted").await?;
    let client: &tokio_postgres::Client = &session;
    count_open(client, change).await
}

async fn count_open(client: &impl GenericClient, change: &TableChange) -> Result<u64, EngineError> {
    let names = Names::of(change);
    let before = base::read(client, &change.table).await?;
    if !before.has(&names.side) {
        return Ok(0);
    }
    let side = name(&names.side);
    let sql = format!("select count(*) from only {} where {side} <> 2 and ({side} & 7) not in (2, 3)", table(&change.table));
    Ok(client.query_one(&sql, &[]).await.map_err(db)?.get::<_, i64>(0).cast_unsigned())
}
