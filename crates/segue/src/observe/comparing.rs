//! `assess --probe`: how fast rows are read for a comparison, by the reader of `verify`, on a bounded sample of each side.
//!
//! Rows are read in a session that cannot write, hashed and let go. Where the target has no such table yet, the source alone
//! is measured, and the rate says so. A part of a table is read whole: no stream is left half read. Tests:
//! `tests/it/assess.rs`.

use std::time::Instant;

use segue_engine::inspect::{Bound, Collect};
use segue_engine::rows::{self, Batch, KeyRange, Read, ReadColumn, Rows, Snapshot, TableRows};
use segue_engine::{EngineError, ErrorKind};
use segue_model::assessment::MeasuredRate;
use segue_model::ident::TableName;

/// A database with its name in the spec.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) name: &'a str,
    pub(super) rows: &'a dyn Rows,
}

/// Rows, their canonical bytes, and how long they took.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    rows: u64,
    bytes: u64,
    micros: u64,
}

impl Taken {
    fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.bytes += other.bytes;
        self.micros += other.micros;
    }

    fn a_second(self) -> (u64, u64) {
        let a_second = |count: u64| u64::try_from(u128::from(count) * 1_000_000 / u128::from(self.micros.max(1))).unwrap_or(u64::MAX);
        (a_second(self.bytes), a_second(self.rows))
    }
}

/// The rate `verify`: that of the slower side. Fails only where a connection breaks.
pub(super) async fn rate(
    source: Side<'_>,
    target: Option<Side<'_>>,
    tables: &[TableName],
    bound: Bound,
) -> Result<(Option<MeasuredRate>, Vec<String>), EngineError> {
    let mut collect = Collect::default();
    let (mut read, mut compared) = (Taken::default(), Taken::default());
    for table in tables {
        let what = format!("the rate of comparing {table} in {}", source.name);
        match collect.take(&what, sample(source.rows, table, bound).await)? {
            Some(Some(taken)) => read.add(taken),
            Some(None) => collect.say(format!("{what}: it cannot be cut by its key, and the whole is more than a sample")),
            None => {}
        }
        let Some(target) = target else { continue };
        // The target keeps it in its own schema, if it has it.
        let result = sample(target.rows, &TableName::bare(table.name.as_str()), bound).await;
        if result.as_ref().is_err_and(|error| error.kind == ErrorKind::Object) {
            continue;
        }
        let taken = collect.take(&format!("the rate of comparing {table} in {}", target.name), result)?.flatten();
        compared.add(taken.unwrap_or_default());
    }
    if read.rows == 0 {
        collect.say("the rate of comparing both sides (`rates.verify`): no sample could be read");
        return Ok((None, collect.done()));
    }
    let both = target.filter(|_| compared.rows > 0);
    let (slower, name) = match both {
        Some(target) if compared.a_second() < read.a_second() => (compared, target.name),
        _ => (read, source.name),
    };
    let words = match (both, target) {
        (Some(_), _) => format!("read and hashed on both sides, {name} the slower one"),
        (None, Some(target)) => format!("read and hashed in {} alone: {} has none of these rows yet", source.name, target.name),
        (None, None) => format!("read and hashed in {} alone", source.name),
    };
    let (bytes_per_s, rows_per_s) = slower.a_second();
    let sample = format!("{} rows, {} bytes in {} ms, {words}", slower.rows, slower.bytes, slower.micros.div_ceil(1_000));
    let target = both.map_or_else(String::new, |target| target.name.to_owned());
    let rate = MeasuredRate { what: "verify".to_owned(), source: source.name.to_owned(), target, bytes_per_s, rows_per_s, sample };
    Ok((Some(rate), collect.done()))
}

/// Reads a part of a table as a comparison would. `None` where no part of it can be read by itself.
async fn sample(database: &dyn Rows, table: &TableName, bound: Bound) -> Result<Option<Taken>, EngineError> {
    let seen = database.describe(table).await?;
    let read = whole(&seen);
    if read.columns.is_empty() {
        return Ok(None);
    }
    let width = (seen.bytes / seen.rows.max(1)).max(1);
    let count = bound.max_rows.min(bound.max_bytes / width).max(2);
    let snapshot = database.snapshot(1).await?;
    let taken = part(snapshot.as_ref(), &read, seen.rows, count).await;
    snapshot.close().await?;
    taken
}

/// All columns that can be read, as they are.
fn whole(seen: &TableRows) -> Read {
    let readable = seen.columns.iter().filter(|column| column.unreadable.is_none());
    let columns: Vec<ReadColumn> =
        readable.map(|column| ReadColumn { name: column.name.clone(), expression: None, class: column.class.clone() }).collect();
    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    let key = seen.key.as_ref().and_then(|key| key.iter().map(place).collect::<Option<Vec<usize>>>()).unwrap_or_default();
    Read::new(seen.table.clone(), columns, key)
}

async fn part(snapshot: &dyn Snapshot, read: &Read, about: u64, count: u64) -> Result<Option<Taken>, EngineError> {
    let first = snapshot.splits(read, count).await?.into_iter().next();
    if first.is_none() && about > count.saturating_mul(4) {
        return Ok(None);
    }
    let read = if first.is_some() { read.within(KeyRange { from: None, below: first }) } else { read.clone() };
    let begun = Instant::now();
    let mut stream = snapshot.stream(&read).await?;
    let (mut batch, mut taken, mut sum) = (Batch::default(), Taken::default(), 0_u128);
    loop {
        batch.clear();
        let more = stream.next(&mut batch).await?;
        for (key, row) in batch.iter() {
            sum = sum.wrapping_add(rows::hash(row));
            taken.rows += 1;
            taken.bytes += (key.len() + row.len()) as u64;
        }
        if !more {
            break;
        }
    }
    // The hashes are the work that is measured, and not thrown away before they were made.
    std::hint::black_box(sum);
    taken.micros = begun.elapsed().as_micros() as u64;
    Ok(Some(taken))
}
