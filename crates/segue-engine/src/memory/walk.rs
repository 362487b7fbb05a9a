//! Walking over a table's rows in key order: the backfill, the comparison, what was kept aside, what would be lost.
//!
//! Must never show a value other than a key's. Tests: `conformance` in `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use segue_model::finding::{Finding, Severity};
use segue_model::ident::TableName;
use segue_model::plan::Throttle;
use segue_model::reshape::{Carry, CarryKind, Derived, NewTable, Role, Survey, TableChange};
use segue_model::units::counted;

use super::client::{Side, database_name, remember_rejected};
use super::constraint;
use super::engine::{MemoryEngine, fenced};
use super::failure::Failure;
use super::form::{Stages, stored};
use super::sync::{CONVERTED, OLD, REJECTED, Sync, Write};
use super::table::{Database, Index, Rule, Table, side_column};
use super::value::Value;
use super::{describe, piece};
use crate::{Batch, Comparison, EngineError, Guard, Key, Load, Loss, Piece, PieceState, Rejected, Reshape};

type Range = Vec<(Vec<Value>, Vec<Value>)>;

/// The next rows after a key: `(walk key, storage key)`; and whether more follow.
fn range(table: &Table, key: &[String], after: Option<&Key>, limit: u64) -> Result<(Range, bool), Failure> {
    let after = after.map(read_key).transpose()?;
    let beyond = |values: &Vec<Value>| after.as_ref().is_none_or(|after| values > after);
    let mut all: Range = Vec::new();
    for (storage, row) in &table.rows {
        let values = table.values(row, key)?;
        if beyond(&values) {
            all.push((values, storage.clone()));
        }
    }
    all.sort();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX).max(1);
    let more = all.len() > limit;
    all.truncate(limit);
    Ok((all, more))
}

fn read_key(key: &Key) -> Result<Vec<Value>, Failure> {
    let values = key.0.as_array().and_then(|list| list.iter().map(Value::from_json).collect::<Option<Vec<_>>>());
    values.ok_or_else(|| Failure::value("a checkpoint's key does not read back"))
}

fn write_key(values: &[Value]) -> Key {
    Key(serde_json::Value::Array(values.iter().map(Value::to_json).collect()))
}

fn show_key(key: &[String], values: &[Value]) -> String {
    key.iter().zip(values).map(|(name, value)| format!("{name}={}", value.show())).collect::<Vec<_>>().join(", ")
}

fn backfill(database: &mut Database, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Batch, Failure> {
    let stages = Stages::compile(change)?;
    let table = database.table(&change.table)?;
    let Some(journey) = &table.journey else { return Err(Failure::object("the table is not in transition")) };
    let strict = journey.strict;
    let at = table.at(&side_column(&change.tag))?;
    let (rows, more) = range(table, &change.key, after, limit)?;
    let next = rows.last().filter(|_| more).map(|(values, _)| write_key(values));
    let mut batch = Batch { next, walked: rows.len() as u64, converted: 0, rejected: 0, skipped: 0 };
    for (_, storage) in rows {
        let table = database.table(&change.table)?;
        let row = &table.rows[&storage];
        if row[at] != OLD {
            continue;
        }
        let write = Write { before: Some(row), after: row.clone(), assigned: BTreeSet::new(), side: Side::Base };
        let synced = Sync { table, change, stages: &stages, strict }.apply(write)?;
        match synced.rejected {
            Some(_) => batch.rejected += 1,
            None => batch.converted += 1,
        }
        database.table_mut(&change.table)?.rows.insert(storage.clone(), synced.row);
        remember_rejected(database, &change.table, &storage, synced.rejected);
    }
    // A value that two rows share in a unique index of the new form is a failure of the batch.
    constraint::rows_hold(database, &change.table, &BTreeSet::new())?;
    Ok(batch)
}

fn compare(database: &Database, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Comparison, Failure> {
    let stages = Stages::compile(change)?;
    let table = database.table(&change.table)?;
    let at = table.at(&side_column(&change.tag))?;
    let (rows, more) = range(table, &change.key, after, limit)?;
    let next = rows.last().filter(|_| more).map(|(values, _)| write_key(values));
    let mut out = Comparison { next, compared: 0, mismatches: 0, unconverted: 0, examples: Vec::new() };
    for (values, storage) in &rows {
        let row = &table.rows[storage];
        if row[at] == REJECTED {
            continue;
        }
        if row[at] == OLD && change.backfill {
            out.unconverted += 1;
            continue;
        }
        out.compared += 1;
        if row[at] == CONVERTED && !agrees(table, change, &stages, row)? {
            out.mismatches += 1;
            if out.examples.len() < 10 {
                out.examples.push(show_key(&change.key, values));
            }
        }
    }
    Ok(out)
}

/// Whether each column that has a twin is what one of the two conversions gives.
fn agrees(table: &Table, change: &TableChange, stages: &Stages, row: &[Value]) -> Result<bool, Failure> {
    let new = stages.to_new(stored(table, &change.old, row));
    let mut whole = stored(table, &change.new, row);
    for up in &change.up {
        whole.set(&up.column, Ok(row[table.at(&up.physical)?].clone()));
    }
    let old = stages.to_old(whole);
    for up in &change.up {
        let at = table.at(&up.physical)?;
        let forward = new.get(&up.column).and_then(|value| value.assign(&table.columns[at].data_type)).is_ok_and(|value| value == row[at]);
        let strict = change.new.iter().any(|column| column.name == up.column && !column.nullable);
        let fits = match counterpart(change, up) {
            Some(down) => {
                let there = table.at(&down.physical)?;
                let back = old.get(&down.column).and_then(|value| value.assign(&table.columns[there].data_type));
                forward || back.is_ok_and(|value| value == row[there])
            }
            // A new column may hold whatever its writers gave it; NULL is a value only where it may be one.
            None => forward || !row[at].is_null() || !strict,
        };
        if !fits || (strict && row[at].is_null()) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn counterpart<'a>(change: &'a TableChange, up: &Derived) -> Option<&'a Derived> {
    let (Role::Renamed { original, .. } | Role::Converted { original, .. }) = &up.role else { return None };
    change.down.iter().find(|down| down.physical == *original)
}

/// What a change of the table would lose if nobody carried it over: indexes and constraints on converted columns.
fn carries(name: &TableName, table: &Table, change: &TableChange) -> Vec<Carry> {
    let mut out = Vec::new();
    let converted: Vec<(String, String)> = change
        .up
        .iter()
        .filter_map(|up| match &up.role {
            Role::Converted { original, .. } => Some((original.clone(), up.physical.clone())),
            _ => None,
        })
        .collect();
    let rename = |column: &str| {
        converted.iter().find(|(original, _)| original == column).map_or_else(|| column.to_owned(), |(_, twin)| twin.clone())
    };
    let touched = |columns: &[String]| columns.iter().any(|column| converted.iter().any(|(original, _)| original == column));
    for (index, it) in table.indexes.iter().filter(|(_, it)| converted.iter().any(|(original, _)| it.reads(original))) {
        let twin = format!("{index}__{}", change.tag);
        let moved = Index {
            parts: it.parts.iter().map(|part| part.renamed(&rename)).collect(),
            predicate: it.predicate.as_ref().map(|predicate| predicate.renamed(&rename)),
            constraint: None,
            ..it.clone()
        };
        let kind = if it.constraint.is_some() { CarryKind::Unique } else { CarryKind::Index };
        let definition = describe::index_definition(name, &twin, &moved);
        out.push(Carry { object: format!("index `{index}`"), kind, name: index.clone(), twin, definition });
    }
    for (constraint, it) in &table.constraints {
        if matches!(it.rule, Rule::Check(_) | Rule::Foreign(_)) && touched(&it.rule.columns()) {
            out.push(Carry {
                object: format!("constraint `{constraint}`"),
                kind: CarryKind::Constraint,
                name: constraint.clone(),
                twin: format!("{constraint}__{}", change.tag),
                definition: describe::rule_definition(&it.rule.renamed(&rename)),
            });
        }
    }
    out
}

fn survey(database: &Database, change: &TableChange) -> Survey {
    let mut out = Survey::default();
    let mut refuse = |failure: Failure| {
        let code = EngineError::from(failure.clone()).code.to_owned();
        let fix = "Correct the change or the table, then plan again.".to_owned();
        out.findings.push(Finding { code, severity: Severity::Critical, object: change.table.to_string(), message: failure.message, fix });
    };
    if let Err(failure) = Stages::compile(change).and_then(|stages| stages.probe(change)) {
        refuse(failure);
    }
    let Some(table) = database.tables.get(&change.table) else {
        refuse(Failure::object(format!("there is no table {}", change.table)));
        return out;
    };
    if table.journey.is_some() {
        refuse(Failure::object("the table is in another transition"));
    }
    for name in change.up.iter().map(|up| up.physical.clone()).chain([side_column(&change.tag)]) {
        if table.has(&name) {
            refuse(Failure::object(format!("there is a column {name} already")));
        }
    }
    for up in &change.up {
        let Role::Converted { original, .. } = &up.role else { continue };
        if table.primary().contains(original) {
            refuse(Failure::object(format!("column {original} is part of the primary key, which never changes in a run")));
        }
        for (other, holder) in &database.tables {
            let refers = |rule: &Rule| matches!(rule, Rule::Foreign(f) if f.target == change.table && f.target_columns.contains(original));
            if holder.constraints.values().any(|constraint| refers(&constraint.rule)) {
                refuse(Failure::object(format!("table {other} refers to column {original}")));
            }
        }
    }
    out.carries = carries(&change.table, table, change);
    out.rows = table.rows.len() as u64;
    out.bytes = out.rows * 64;
    out
}

#[async_trait]
impl Reshape for MemoryEngine {
    async fn survey(&self, change: &TableChange, _throttle: &Throttle) -> Result<Survey, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| survey(database, change)))
    }

    async fn observe(&self, guard: &Guard, piece: Piece<'_>) -> Result<PieceState, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| piece::observe(database, guard, piece)))
    }

    async fn make(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
        piece::make(self, guard, piece).await
    }

    async fn unmake(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
        piece::unmake(self, guard, piece).await
    }

    async fn backfill(&self, guard: &Guard, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Batch, EngineError> {
        self.transact("backfill", |database| {
            fenced(database, guard)?;
            backfill(database, change, after, self.batch_rows(limit))
        })
        .await
    }

    async fn unconverted(&self, change: &TableChange) -> Result<u64, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| -> Result<u64, Failure> {
            let table = database.table(&change.table)?;
            let at = table.at(&side_column(&change.tag))?;
            Ok(if change.backfill { table.rows.values().filter(|row| row[at] == OLD).count() as u64 } else { 0 })
        })?)
    }

    async fn compare(&self, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Comparison, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| compare(database, change, after, self.batch_rows(limit)))?)
    }

    async fn rejected(&self, change: &TableChange) -> Result<Rejected, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| rejected(database, change))?)
    }

    async fn row_estimate(&self, table: &TableName) -> Result<u64, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| database.table(&database_name(table)).map(|table| table.rows.len() as u64))?)
    }

    async fn load(&self) -> Result<Load, EngineError> {
        self.alive().await?;
        let figures = BTreeMap::from([("threads_running".to_owned(), 0), ("connections".to_owned(), 1)]);
        Ok(Load { replication_lag_ms: None, figures, wal_bytes: 0 })
    }

    async fn loss(&self, guard: &Guard, changes: &[TableChange], created: &[NewTable]) -> Result<Loss, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| loss(database, guard, changes, created))?)
    }

    fn versions(&self, changes: &[TableChange]) -> Option<(String, String)> {
        let first = changes.first()?;
        Some(describe::version_schemas(&database_name(&first.table).schema, &first.tag))
    }
}

fn rejected(database: &Database, change: &TableChange) -> Result<Rejected, Failure> {
    let table = database.table(&change.table)?;
    let kept = database.control.iter().flat_map(|control| &control.rejected).filter(|((name, _), _)| *name == change.table);
    let mut out = Rejected { count: 0, examples: Vec::new() };
    for ((_, storage), reason) in kept {
        let Some(row) = table.rows.get(storage) else { continue };
        out.count += 1;
        if out.examples.len() < 10 {
            out.examples.push((show_key(&change.key, &table.values(row, &change.key)?), reason.clone()));
        }
    }
    Ok(out)
}

fn loss(database: &Database, guard: &Guard, changes: &[TableChange], created: &[NewTable]) -> Result<Loss, Failure> {
    let mut out = Loss::default();
    for new in created {
        let rows = database.tables.get(&new.table).map_or(0, |table| table.rows.len() as u64);
        if rows > 0 && piece::observe(database, guard, Piece::Create(new)) == PieceState::Present {
            out.rows += rows;
            out.what.push(format!("{} of table {}, which the old form does not have", counted(rows, "row"), new.table));
        }
    }
    for change in changes {
        let Some(table) = database.tables.get(&change.table).filter(|table| table.journey.is_some()) else { continue };
        let stages = Stages::compile(change)?;
        let side = table.at(&side_column(&change.tag))?;
        for up in change.up.iter().filter(|up| matches!(up.role, Role::Added)) {
            let at = table.at(&up.physical)?;
            let given = |row: &&Vec<Value>| {
                let computed = stages.to_new(stored(table, &change.old, row)).get(&up.column);
                row[side] == CONVERTED && !row[at].is_null() && computed.is_ok_and(|value| value != row[at])
            };
            let values = table.rows.values().filter(given).count() as u64;
            if values > 0 {
                out.values += values;
                let what = counted(values, "value");
                out.what.push(format!("{what} of column {} of table {}, which the old form does not have", up.column, change.table));
            }
        }
    }
    Ok(out)
}
