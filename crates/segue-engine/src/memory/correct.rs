//! Putting rows right in the reference engine: one transaction on a copy of the database, like every other effect.
//!
//! Must never: write a row whose constraints were not looked at. Tests: `tests/it/repair.rs` and the proofs of
//! `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use segue_model::change::ReferenceAction;
use segue_model::ident::TableName;

use super::client::database_name;
use super::constraint;
use super::engine::{MemoryEngine, fenced};
use super::failure::Failure;
use super::table::{Database, Rule, Table};
use super::value::Value;
use crate::rows::apply::{self, Hands};
use crate::rows::{self, Batch, Change, Copies, Correct, Datum, Outcome, Read};
use crate::{Engine as _, EngineError, ErrorKind, Fence, Guard, Piece, Reshape as _};

#[async_trait]
impl Correct for MemoryEngine {
    fn fence(&self) -> &dyn Fence {
        self
    }

    async fn prepare(&self, guard: &Guard) -> Result<(), EngineError> {
        self.make(guard, Piece::Control).await
    }

    async fn finish(&self, guard: &Guard) -> Result<(), EngineError> {
        self.unmake(guard, Piece::Control).await
    }

    async fn correct(&self, guard: &Guard, read: &Read, changes: &[Change]) -> Result<Vec<Outcome>, EngineError> {
        let mut failed = None;
        let done = self
            .transact("correct rows", |database| {
                if database.control.is_none() {
                    return Err(Failure::fenced("this run does not hold the database"));
                }
                fenced(database, guard)?;
                let mut hands = MemoryHands { database, marked: None };
                // Nothing here ever waits.
                match pin!(apply::apply(&mut hands, read, changes)).poll(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready(Ok(outcomes)) => Ok(outcomes),
                    Poll::Ready(Err(error)) => {
                        let failure = Failure::new(error.kind, "a correction failed");
                        failed = Some(error);
                        Err(failure)
                    }
                    Poll::Pending => Err(Failure::new(ErrorKind::Other, "the memory engine waited")),
                }
            })
            .await;
        match failed {
            Some(error) => Err(error),
            None => done,
        }
    }

    fn statement(&self, _read: &Read, _before: Option<&[Datum]>, _after: Option<&[Datum]>) -> Result<String, EngineError> {
        Err(no_scripts())
    }

    fn copies_statement(&self, _read: &Read, _row: &[Datum], _copies: Copies) -> Result<String, EngineError> {
        Err(no_scripts())
    }

    fn script_frame(&self) -> (&'static str, &'static str) {
        ("", "")
    }

    async fn references(&self) -> Result<Vec<(TableName, TableName)>, EngineError> {
        self.alive().await?;
        Ok(self.read(|database| {
            let mut found = Vec::new();
            for (name, table) in &database.tables {
                for constraint in table.constraints.values() {
                    if let Rule::Foreign(foreign) = &constraint.rule {
                        found.push((name.clone(), foreign.target.clone()));
                    }
                }
            }
            found
        }))
    }

    async fn warnings(&self, _table: &TableName) -> Result<Vec<String>, EngineError> {
        self.facts().await.map(|_| Vec::new())
    }
}

struct MemoryHands<'a> {
    database: &'a mut Database,
    marked: Option<Database>,
}

impl MemoryHands<'_> {
    fn table(&self, read: &Read) -> Result<&Table, EngineError> {
        Ok(self.database.table(&database_name(&read.table))?)
    }

    /// The row under its columns' own kinds, the others as they were (NULL for a new row).
    fn stored(&self, read: &Read, old: Option<&[Value]>, row: &[Datum]) -> Result<Vec<Value>, EngineError> {
        let table = self.table(read)?;
        let mut out = old.map_or_else(|| vec![Value::Null; table.columns.len()], <[Value]>::to_vec);
        for (column, datum) in read.columns.iter().zip(row) {
            let at = table.at(&column.name)?;
            out[at] = value(datum, &column.name)?.assign(&table.columns[at].data_type)?;
        }
        Ok(out)
    }

    /// The storage key of the row with this key, if there is one.
    fn find(&self, read: &Read, key: &[Datum]) -> Result<Option<Vec<Value>>, EngineError> {
        let table = self.table(read)?;
        let columns = read.key.iter().map(|at| table.at(&read.columns[*at].name)).collect::<Result<Vec<_>, _>>()?;
        let wanted = read.key.iter().zip(key).map(|(at, datum)| value(datum, &read.columns[*at].name)).collect::<Result<Vec<_>, _>>()?;
        let found = table.rows.iter().find(|(_, row)| columns.iter().zip(&wanted).all(|(at, value)| row[*at] == *value));
        Ok(found.map(|(key, _)| key.clone()))
    }

    fn canonical(&self, read: &Read, batch: &mut Batch, row: &[Value]) -> Result<(), EngineError> {
        let table = self.table(read)?;
        for column in &read.columns {
            batch.value(&seen(&row[table.at(&column.name)?]), &column.class);
        }
        batch.end_row(&read.key);
        Ok(())
    }

    /// Other rows would go or change along with this one.
    fn takes_along(&self, read: &Read, row: &[Value]) -> Result<bool, EngineError> {
        let name = database_name(&read.table);
        let table = self.table(read)?;
        for holder in self.database.tables.values() {
            for constraint in holder.constraints.values() {
                let Rule::Foreign(foreign) = &constraint.rule else { continue };
                let acts = matches!(foreign.on_delete, Some(ReferenceAction::Cascade | ReferenceAction::SetNull));
                if foreign.target != name || !acts {
                    continue;
                }
                let values = table.values(row, &foreign.target_columns)?;
                for child in holder.rows.values() {
                    if holder.values(child, &foreign.columns)? == values {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    fn remove(&mut self, read: &Read, stored: &[Value]) -> Result<(), EngineError> {
        let name = database_name(&read.table);
        let table = self.database.table_mut(&name)?;
        let Some(row) = table.rows.remove(stored) else { return Ok(()) };
        let gone = BTreeMap::from([(stored.to_vec(), row)]);
        Ok(constraint::referring(self.database, &name, &gone, true)?)
    }
}

#[async_trait]
impl Hands for MemoryHands<'_> {
    async fn present(&mut self, read: &Read, keys: &[Vec<Datum>]) -> Result<Batch, EngineError> {
        let mut batch = Batch::default();
        for key in keys {
            if let Some(stored) = self.find(read, key)? {
                let row = self.table(read)?.rows[&stored].clone();
                self.canonical(read, &mut batch, &row)?;
            }
        }
        Ok(batch)
    }

    async fn copies(&mut self, read: &Read, wanted: &BTreeSet<u128>) -> Result<BTreeMap<u128, u64>, EngineError> {
        let mut batch = Batch::default();
        for row in self.table(read)?.rows.values() {
            self.canonical(read, &mut batch, row)?;
        }
        let mut counts = BTreeMap::new();
        for hash in batch.iter().map(|(_, row)| rows::hash(row)).filter(|hash| wanted.contains(hash)) {
            *counts.entry(hash).or_insert(0) += 1;
        }
        Ok(counts)
    }

    async fn insert(&mut self, read: &Read, row: &[Datum]) -> Result<(), EngineError> {
        let stored = self.stored(read, None, row)?;
        let name = database_name(&read.table);
        let table = self.database.table_mut(&name)?;
        let key = table.storage_key(&stored)?;
        if table.rows.insert(key.clone(), stored).is_some() {
            return Err(Failure::constraint(format!("the key of table {name} has this value already")).into());
        }
        Ok(constraint::rows_hold(self.database, &name, &BTreeSet::from([key]))?)
    }

    async fn update(&mut self, read: &Read, key: &[u8], row: &[Datum]) -> Result<(), EngineError> {
        let key = rows::key::read(key).map_err(|_| apply::torn())?;
        let Some(stored) = self.find(read, &key)? else { return Ok(()) };
        let name = database_name(&read.table);
        let old = self.table(read)?.rows[&stored].clone();
        let new = self.stored(read, Some(&old), row)?;
        self.database.table_mut(&name)?.rows.insert(stored.clone(), new);
        constraint::rows_hold(self.database, &name, &BTreeSet::from([stored.clone()]))?;
        Ok(constraint::referring(self.database, &name, &BTreeMap::from([(stored, old)]), false)?)
    }

    async fn delete(&mut self, read: &Read, key: &[u8]) -> Result<(), EngineError> {
        let key = rows::key::read(key).map_err(|_| apply::torn())?;
        let Some(stored) = self.find(read, &key)? else { return Ok(()) };
        if self.takes_along(read, &self.table(read)?.rows[&stored])? {
            return Err(apply::referred());
        }
        self.remove(read, &stored)
    }

    async fn delete_copies(&mut self, read: &Read, hash: u128, count: u64) -> Result<(), EngineError> {
        for _ in 0..count {
            let mut found = None;
            for (stored, row) in &self.table(read)?.rows {
                let mut batch = Batch::default();
                self.canonical(read, &mut batch, row)?;
                if rows::hash(batch.row(0).1) == hash {
                    found = Some(stored.clone());
                    break;
                }
            }
            if let Some(stored) = found {
                self.remove(read, &stored)?;
            }
        }
        Ok(())
    }

    async fn mark(&mut self) -> Result<(), EngineError> {
        self.marked = Some(self.database.clone());
        Ok(())
    }

    async fn back(&mut self) -> Result<(), EngineError> {
        if let Some(marked) = self.marked.take() {
            *self.database = marked;
        }
        Ok(())
    }

    async fn keep(&mut self) -> Result<(), EngineError> {
        self.marked = None;
        Ok(())
    }
}

/// A stored value as a reader sees it.
fn seen(value: &Value) -> rows::Value<'_> {
    match value {
        Value::Null => rows::Value::Null,
        Value::Int(number) => rows::Value::Integer(i128::from(*number)),
        Value::Text(text) => rows::Value::Text(text.as_bytes()),
        Value::Blob(bytes) => rows::Value::Bytes(bytes),
    }
}

/// A value as this engine stores it.
fn value(datum: &Datum, column: &str) -> Result<Value, EngineError> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map(Value::Text).map_err(|_| apply::no_form(column));
    match datum {
        Datum::Null => Ok(Value::Null),
        Datum::Boolean(truth) => Ok(Value::truth(*truth)),
        Datum::Integer(number) => i64::try_from(*number).map(Value::Int).map_err(|_| apply::no_form(column)),
        Datum::Text(bytes) | Datum::JsonText(bytes) | Datum::Own(bytes) => text(bytes),
        Datum::Bytes(bytes) => Ok(Value::Blob(bytes.clone())),
        Datum::Uuid(_) => Ok(Value::Text(datum.show())),
        _ => Err(apply::no_form(column)),
    }
}

fn no_scripts() -> EngineError {
    EngineError::new("SG-MEM-007", ErrorKind::Unsupported, "nobody runs scripts on the memory engine")
}
