//! A side made of values in memory, whose streams can be broken in every way that a server could break them: cut, out
//! of order, with fewer readers than somebody hopes for.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use segue_engine::rows::{Batch, ChunkDigest, Class, Datum, Decimal, Read, ReadColumn, RowStream, Snapshot, Value, canonical, hash, key};
use segue_engine::{EngineError, ErrorKind};
use segue_model::ident::TableName;
use segue_verify::{Difference, Pace, Progress, Sink, TablePair, VerifyError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Rows of one table.
pub(crate) type Values = Vec<Vec<Datum>>;

/// A side.
#[derive(Clone)]
pub(crate) struct Shelf {
    pub(crate) columns: Vec<(String, Class)>,
    pub(crate) key: Vec<usize>,
    pub(crate) rows: Arc<Values>,
    pub(crate) batch_rows: usize,
    /// Readers are as many as these permits, and no more.
    pub(crate) readers: Arc<Semaphore>,
    pub(crate) readers_max: usize,
    /// The batch, over all streams, that fails instead.
    pub(crate) cut_at: Option<u64>,
    /// Its streams open and say nothing.
    pub(crate) silent: bool,
    /// It is gone, although nobody reads it.
    pub(crate) gone: bool,
    /// Batches so far.
    pub(crate) batches: Arc<AtomicU64>,
    /// Rows so far.
    pub(crate) read: Arc<AtomicU64>,
    /// `ordered` is not kept.
    pub(crate) disorder: bool,
    /// The server cannot hash.
    pub(crate) no_digest: bool,
}

impl Shelf {
    /// A side with these rows.
    pub(crate) fn new(columns: &[(&str, Class)], key: &[usize], rows: Values) -> Self {
        Self {
            columns: columns.iter().map(|(name, class)| ((*name).to_owned(), class.clone())).collect(),
            key: key.to_vec(),
            rows: Arc::new(rows),
            batch_rows: 16,
            readers: Arc::new(Semaphore::new(2)),
            readers_max: 2,
            cut_at: None,
            silent: false,
            gone: false,
            batches: Arc::default(),
            read: Arc::default(),
            disorder: false,
            no_digest: false,
        }
    }

    /// So many readers.
    pub(crate) fn with_readers(mut self, readers: usize) -> Self {
        (self.readers, self.readers_max) = (Arc::new(Semaphore::new(readers)), readers);
        self
    }

    /// What is read of it.
    pub(crate) fn read(&self) -> Read {
        let column = |(name, class): &(String, Class)| ReadColumn { name: name.clone(), expression: None, class: class.clone() };
        Read::new(TableName::bare("t"), self.columns.iter().map(column).collect(), self.key.clone())
    }

    /// It and another as a pair.
    pub(crate) fn pair(&self, other: &Self) -> TablePair {
        let first = self.key.first().map(|at| self.columns[*at].1.splits());
        TablePair {
            source: self.read(),
            target: other.read(),
            names: self.columns.iter().map(|(name, _)| name.clone()).collect(),
            rows: self.rows.len().max(other.rows.len()) as u64,
            ranges: first == Some(true),
            not_compared: Vec::new(),
            notes: Vec::new(),
            only_in_source: Vec::new(),
            only_in_target: Vec::new(),
        }
    }

    /// All rows that a read asks for: keys and canonical rows.
    pub(crate) fn answer(&self, read: &Read) -> Vec<(Vec<u8>, Vec<u8>)> {
        let at: Vec<usize> = read
            .columns
            .iter()
            .map(|column| self.columns.iter().position(|(name, _)| *name == column.name).expect("a column of the shelf"))
            .collect();
        let classes: Vec<&Class> = read.key.iter().map(|at| &read.columns[*at].class).collect();
        let bytes = |values: &[&Datum]| key_bytes(values, &classes);
        let range = read.range.clone().unwrap_or_default();
        let (from, below) = (range.from.map(|from| bytes(&[&from])), range.below.map(|below| bytes(&[&below])));
        let only: Option<BTreeSet<Vec<u8>>> =
            read.only.as_ref().map(|keys| keys.iter().map(|key| bytes(&key.iter().collect::<Vec<_>>())).collect());
        let (mut out, mut batch) = (Vec::new(), Batch::default());
        for row in self.rows.iter() {
            batch.clear();
            for (column, at) in read.columns.iter().zip(&at) {
                batch.value(&value(&row[*at]), &column.class);
            }
            batch.end_row(&read.key);
            let (key, row) = batch.row(0);
            let inside = from.as_ref().is_none_or(|from| key >= &from[..]) && below.as_ref().is_none_or(|below| key < &below[..]);
            if inside && only.as_ref().is_none_or(|only| only.contains(key)) {
                out.push((key.to_vec(), row.to_vec()));
            }
        }
        if read.ordered && !self.disorder {
            out.sort();
        }
        out
    }
}

/// The bytes of a key.
pub(crate) fn key_bytes(values: &[&Datum], classes: &[&Class]) -> Vec<u8> {
    let mut out = Vec::new();
    for (datum, class) in values.iter().zip(classes) {
        let mut bytes = Vec::new();
        canonical::write(&mut bytes, &value(datum), class);
        key::write(&mut out, &bytes).expect("canonical");
    }
    out
}

fn value(datum: &Datum) -> Value<'_> {
    match datum {
        Datum::Null => Value::Null,
        Datum::Integer(number) => Value::Integer(*number),
        Datum::Decimal(text) => Value::Decimal(Decimal::Text(text)),
        Datum::Float(number) => Value::Float64(*number),
        Datum::Text(bytes) => Value::Text(bytes),
        Datum::Bytes(bytes) => Value::Bytes(bytes),
        _ => panic!("the shelf has no such values"),
    }
}

struct Stream {
    shelf: Shelf,
    rows: std::vec::IntoIter<(Vec<u8>, Vec<u8>)>,
    _permit: OwnedSemaphorePermit,
}

#[async_trait]
impl RowStream for Stream {
    async fn next(&mut self, batch: &mut Batch) -> Result<bool, EngineError> {
        batch.clear();
        if self.shelf.silent {
            std::future::pending::<()>().await;
        }
        let at = self.shelf.batches.fetch_add(1, Ordering::SeqCst);
        if self.shelf.cut_at == Some(at) {
            return Err(EngineError::new("SG-MEM-007", ErrorKind::Connection, "the connection was cut"));
        }
        tokio::task::yield_now().await;
        for (key, row) in self.rows.by_ref().take(self.shelf.batch_rows) {
            batch.push(&key, &row);
        }
        self.shelf.read.fetch_add(batch.len() as u64, Ordering::SeqCst);
        Ok(!batch.is_empty())
    }
}

#[async_trait]
impl Snapshot for Shelf {
    fn readers(&self) -> usize {
        self.readers_max
    }

    fn moment(&self) -> String {
        "now".to_owned()
    }

    async fn stream(&self, read: &Read) -> Result<Box<dyn RowStream>, EngineError> {
        let permit = Arc::clone(&self.readers).acquire_owned().await.expect("the shelf is open");
        Ok(Box::new(Stream { shelf: self.clone(), rows: self.answer(read).into_iter(), _permit: permit }))
    }

    async fn count(&self, read: &Read) -> Result<u64, EngineError> {
        Ok(self.answer(read).len() as u64)
    }

    async fn splits(&self, read: &Read, rows: u64) -> Result<Vec<Datum>, EngineError> {
        let first = read.columns[read.key[0]].clone();
        assert!(first.class.splits(), "only what splits is split");
        let values = Read { columns: vec![first], key: vec![0], ordered: true, ..read.clone() };
        let mut out: Vec<Datum> = Vec::new();
        for (key, _) in self.answer(&values).iter().step_by(usize::try_from(rows).expect("few rows").max(1)).skip(1) {
            let value = key::read(key).expect("a key").remove(0);
            if value != Datum::Null && out.last() != Some(&value) {
                out.push(value);
            }
        }
        Ok(out)
    }

    async fn digest(&self, read: &Read) -> Result<Option<ChunkDigest>, EngineError> {
        let mut hashes: Vec<[u8; 16]> = self.answer(read).iter().map(|(_, row)| hash(row).to_be_bytes()).collect();
        hashes.sort_unstable();
        let text = if hashes.is_empty() { String::new() } else { format!("{:032x}", hash(&hashes.concat())) };
        Ok((!self.no_digest).then_some(ChunkDigest { rows: hashes.len() as u64, hash: text }))
    }

    async fn lost(&self) -> EngineError {
        if !self.gone {
            std::future::pending::<()>().await;
        }
        EngineError::new("SG-MEM-007", ErrorKind::Connection, "the session was cut off")
    }

    async fn close(self: Box<Self>) -> Result<(), EngineError> {
        Ok(())
    }
}

/// Keeps what it is told.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) found: Vec<Difference>,
    pub(crate) done: Vec<(Option<Vec<u8>>, Progress)>,
    /// The most differences of one call.
    pub(crate) largest: usize,
}

impl Sink for Kept {
    fn differences(&mut self, found: &[Difference]) -> Result<(), VerifyError> {
        self.largest = self.largest.max(found.len());
        self.found.extend_from_slice(found);
        Ok(())
    }

    fn range_done(&mut self, below: Option<&[u8]>, progress: Progress) -> Result<(), VerifyError> {
        self.done.push((below.map(<[u8]>::to_vec), progress));
        Ok(())
    }
}

/// As fast as it goes; stops after so many batches, if it is told to.
#[derive(Default)]
pub(crate) struct Fast {
    pub(crate) stop_after: Option<u64>,
    pub(crate) breaths: Mutex<u64>,
}

#[async_trait]
impl Pace for Fast {
    async fn breathe(&self) -> Result<(), VerifyError> {
        let mut breaths = self.breaths.lock().expect("no test panicked");
        *breaths += 1;
        if self.stop_after.is_some_and(|after| *breaths > after) { Err(VerifyError::Interrupted) } else { Ok(()) }
    }
}

/// A runtime with two threads.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}
