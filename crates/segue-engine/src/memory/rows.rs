//! Rows of the memory engine for comparison, as every engine reads them.
//!
//! A snapshot is a copy of the database; each batch of a stream is a point of [`super::fault::Faults`], so that a test
//! can cut a stream wherever it likes: what is cut is an error and never an end. A batch holds as many rows as
//! [`MemoryEngine::with_batches_of`] says. It follows no stream of changes. Tests: `segue-verify`, and the conformance of
//! reading in `segue-sim`.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use segue_model::ident::TableName;

use super::client::database_name;
use super::engine::MemoryEngine;
use super::expression::Expression;
use super::failure::Failure;
use super::table::{Database, PhysicalRow, Table};
use super::value::Value;
use crate::rows::{
    Applied, BATCH_BYTES, Batch, ChunkDigest, Class, ColumnRows, Datum, Decimal, Mark, Read, RowStream, Rows, Snapshot, TableRows,
    Value as Wire, canonical, hash, key,
};
use crate::{Engine, EngineError, ErrorKind, Load, Reshape, ServerFacts};

/// One moment of the database.
struct Moment {
    engine: MemoryEngine,
    database: Arc<Database>,
    readers: usize,
}

/// Rows that are on their way.
struct Stream {
    engine: MemoryEngine,
    rows: std::vec::IntoIter<Row>,
}

#[async_trait]
impl Rows for MemoryEngine {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        Engine::facts(self).await
    }

    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        Engine::tables(self).await
    }

    async fn describe(&self, table: &TableName) -> Result<TableRows, EngineError> {
        self.alive().await?;
        let name = database_name(table);
        self.read(|database| described(&name, database.table(&name)?)).map_err(EngineError::from)
    }

    async fn snapshot(&self, readers: usize) -> Result<Box<dyn Snapshot>, EngineError> {
        self.alive().await?;
        let database = Arc::new(self.read(Database::clone));
        Ok(Box::new(Moment { engine: self.clone(), database, readers: readers.max(1) }))
    }

    async fn load(&self) -> Result<Load, EngineError> {
        Reshape::load(self).await
    }

    async fn mark(&self) -> Result<Option<Mark>, EngineError> {
        self.alive().await?;
        Ok(None)
    }

    async fn applied(&self, _mark: &Mark) -> Result<Applied, EngineError> {
        self.alive().await?;
        Ok(Applied::NoStream("the memory engine follows no stream of changes".to_owned()))
    }
}

#[async_trait]
impl Snapshot for Moment {
    fn readers(&self) -> usize {
        self.readers
    }

    fn moment(&self) -> String {
        "a copy in memory".to_owned()
    }

    async fn stream(&self, read: &Read) -> Result<Box<dyn RowStream>, EngineError> {
        self.engine.faults.point("open a stream of rows").await?;
        let rows = rows(&self.database, read)?;
        Ok(Box::new(Stream { engine: self.engine.clone(), rows: rows.into_iter() }))
    }

    async fn count(&self, read: &Read) -> Result<u64, EngineError> {
        self.engine.faults.point("count rows").await?;
        Ok(rows(&self.database, read)?.len() as u64)
    }

    async fn splits(&self, read: &Read, rows_of_range: u64) -> Result<Vec<Datum>, EngineError> {
        self.engine.faults.point("split rows").await?;
        let Some(first) = read.key.first().map(|at| &read.columns[*at]).filter(|first| first.class.splits()) else {
            return Ok(Vec::new());
        };
        let values = Read { columns: vec![first.clone()], key: vec![0], ordered: true, ..read.clone() };
        let rows = rows(&self.database, &values)?;
        let step = usize::try_from(rows_of_range).unwrap_or(usize::MAX).max(1);
        let mut out: Vec<Datum> = Vec::new();
        for (bytes, _) in rows.iter().skip(step).step_by(step) {
            let value = key::read(bytes).map_err(|_| torn())?.pop();
            if let Some(value) = value.filter(|value| *value != Datum::Null && out.last() != Some(value)) {
                out.push(value);
            }
        }
        Ok(out)
    }

    async fn digest(&self, read: &Read) -> Result<Option<ChunkDigest>, EngineError> {
        self.engine.faults.point("hash a chunk").await?;
        let rows = rows(&self.database, read)?;
        let mut hashes: Vec<u128> = rows.iter().map(|(_, row)| hash(row)).collect();
        hashes.sort_unstable();
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_be_bytes()).collect();
        let text = if rows.is_empty() { String::new() } else { format!("{:032x}", hash(&bytes)) };
        Ok(Some(ChunkDigest { rows: rows.len() as u64, hash: text }))
    }

    async fn close(self: Box<Self>) -> Result<(), EngineError> {
        Ok(())
    }
}

#[async_trait]
impl RowStream for Stream {
    async fn next(&mut self, batch: &mut Batch) -> Result<bool, EngineError> {
        self.engine.faults.point("read rows").await?;
        batch.clear();
        let rows_max = self.engine.batch_rows(u64::MAX);
        while (batch.len() as u64) < rows_max && batch.bytes() < BATCH_BYTES {
            let Some((key, row)) = self.rows.next() else { break };
            batch.push(&key, &row);
        }
        Ok(!batch.is_empty())
    }
}

fn torn() -> EngineError {
    EngineError::new("SG-MEM-007", ErrorKind::Other, "a key could not be read back")
}

/// A row: its key and its canonical bytes.
type Row = (Vec<u8>, Vec<u8>);

/// The rows that are asked for.
fn rows(database: &Database, read: &Read) -> Result<Vec<Row>, EngineError> {
    let name = database_name(&read.table);
    let table = database.table(&name)?;
    let filter = read.filter.as_deref().map(Expression::read).transpose()?;
    let columns = read
        .columns
        .iter()
        .map(|column| match &column.expression {
            Some(text) => Expression::read(text),
            None => table.at(&column.name).map(|_| Expression::Column(None, column.name.clone())),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let first = read.key.first().map(|at| &read.columns[*at].class);
    let bound = |bound: Option<&Datum>| bound.zip(first).map(|(bound, class)| key_bytes(&[bound], &[class])).transpose();
    let from = bound(read.range.as_ref().and_then(|range| range.from.as_ref()))?;
    let below = bound(read.range.as_ref().and_then(|range| range.below.as_ref()))?;
    let classes: Vec<&Class> = read.key.iter().map(|at| &read.columns[*at].class).collect();
    let only = match &read.only {
        Some(keys) => {
            let all = keys.iter().map(|key| key_bytes(&key.iter().collect::<Vec<_>>(), &classes));
            Some(all.collect::<Result<BTreeSet<_>, _>>()?)
        }
        None => None,
    };
    let (mut out, mut batch) = (Vec::new(), Batch::default());
    for row in table.rows.values() {
        let view = PhysicalRow { name: &name.name, table, row };
        if let Some(filter) = &filter
            && !filter.evaluate(&view)?.is_true()
        {
            continue;
        }
        batch.clear();
        for (column, expression) in read.columns.iter().zip(&columns) {
            batch.value(&wire(&expression.evaluate(&view)?), &column.class);
        }
        batch.end_row(&read.key);
        let (key, row) = batch.row(0);
        let in_range = from.as_ref().is_none_or(|from| key >= &from[..]) && below.as_ref().is_none_or(|below| key < &below[..]);
        if in_range && only.as_ref().is_none_or(|only| only.contains(key)) {
            out.push((key.to_vec(), row.to_vec()));
        }
    }
    if read.ordered {
        out.sort();
    }
    Ok(out)
}

fn wire(value: &Value) -> Wire<'_> {
    match value {
        Value::Null => Wire::Null,
        Value::Int(number) => Wire::Integer(i128::from(*number)),
        Value::Text(text) => Wire::Text(text.as_bytes()),
        Value::Blob(bytes) => Wire::Bytes(bytes),
    }
}

/// The bytes of a key that is asked for.
fn key_bytes(values: &[&Datum], classes: &[&Class]) -> Result<Vec<u8>, EngineError> {
    let mut out = Vec::new();
    for (value, class) in values.iter().zip(classes) {
        let value = match value {
            Datum::Null => Wire::Null,
            Datum::Boolean(truth) => Wire::Boolean(*truth),
            Datum::Integer(number) => Wire::Integer(*number),
            Datum::Decimal(text) => Wire::Decimal(Decimal::Text(text)),
            Datum::Text(bytes) => Wire::Text(bytes),
            Datum::Bytes(bytes) => Wire::Bytes(bytes),
            Datum::Uuid(uuid) => Wire::Uuid(*uuid),
            Datum::Date(day) => Wire::Date(*day),
            Datum::Timestamp(moment) => Wire::Timestamp(*moment),
            Datum::Instant(moment) => Wire::Instant(*moment),
            _ => return Err(Failure::new(ErrorKind::Unsupported, "the memory engine has no keys of this kind").into()),
        };
        let mut bytes = Vec::new();
        canonical::write(&mut bytes, &value, class);
        key::write(&mut out, &bytes).map_err(|_| torn())?;
    }
    Ok(out)
}

fn described(name: &TableName, table: &Table) -> Result<TableRows, Failure> {
    let columns: Vec<ColumnRows> = table
        .columns
        .iter()
        .map(|column| ColumnRows {
            name: column.name.clone(),
            data_type: column.data_type.clone(),
            class: class(&column.data_type),
            nullable: column.nullable,
            generated: false,
            unreadable: None,
        })
        .collect();
    let not_null = |columns: &[String]| columns.iter().all(|name| table.at(name).is_ok_and(|at| !table.columns[at].nullable));
    let primary = table.primary();
    let key = if primary.is_empty() {
        table.constraints.values().find_map(|constraint| match &constraint.rule {
            super::table::Rule::Unique(columns) if not_null(columns) => Some(columns.clone()),
            _ => None,
        })
    } else {
        Some(primary)
    };
    let first = key.as_ref().and_then(|key| key.first()).map(|name| table.at(name)).transpose()?;
    let bytes = table.rows.values().flatten().map(|value| match value {
        Value::Null => 1,
        Value::Int(_) => 8,
        Value::Text(text) => text.len() as u64,
        Value::Blob(bytes) => bytes.len() as u64,
    });
    Ok(TableRows {
        table: name.clone(),
        ranges_are_cheap: first.is_some_and(|at| columns[at].class.splits()),
        columns,
        key,
        rows: table.rows.len() as u64,
        bytes: bytes.sum(),
    })
}

fn class(data_type: &str) -> Class {
    let lower = data_type.trim().to_ascii_lowercase();
    match (super::value::Kind::of(&lower), lower.starts_with("bool")) {
        (_, true) => Class::Boolean,
        (Some(super::value::Kind::Int), false) => Class::Integer,
        (Some(super::value::Kind::Blob), false) => Class::Bytes,
        (Some(super::value::Kind::Text) | None, false) => Class::Text,
    }
}
