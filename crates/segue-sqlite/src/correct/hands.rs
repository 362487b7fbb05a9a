//! What a batch of corrections does with its own hands in SQLite.
//!
//! A row is found again by what its key holds, storage class and all; one of several equal rows by its row id. Must
//! never touch a row that it did not read in this transaction: `OR ABORT`, because a column of the users may say `ON
//! CONFLICT REPLACE`, and the row that is in the way would go without a word. Tests: `tests/it/repair.rs` of `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use segue_engine::rows::apply::{Hands, referred, torn};
use segue_engine::rows::{Acting, Batch, Class, Datum, Read, ReadColumn, Unique, canonical, hash};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::ident::TableName;

use super::value::bound;
use crate::error::{self, Doing};
use crate::rows::{UNTYPED, present};

const DOING: &str = "correcting rows";

/// One transaction.
pub(super) struct SqliteHands {
    connection: Connection,
    table: TableName,
    /// What the key of each row that was read holds, by the key's bytes.
    keys: BTreeMap<Vec<u8>, Vec<Value>>,
    /// Row ids of equal rows, by their hash.
    row_ids: BTreeMap<u128, Vec<i64>>,
    /// Foreign keys that act when one of our rows goes or changes.
    acting: Option<Vec<Acting>>,
}

impl SqliteHands {
    pub(super) fn new(connection: Connection, table: TableName) -> Self {
        Self { connection, table, keys: BTreeMap::new(), row_ids: BTreeMap::new(), acting: None }
    }

    pub(super) fn commit(&self) -> Result<(), EngineError> {
        self.connection.execute_batch("COMMIT").doing("committing")
    }

    /// Reads rows with more columns at the end, which `take` gets.
    fn with(&self, read: &Read, more: Vec<ReadColumn>, mut take: impl FnMut(&[u8], u128, &[Datum])) -> Result<Batch, EngineError> {
        let mut wide = read.clone();
        wide.columns.extend(more);
        let mut out = Batch::default();
        for (key, row) in present(&self.connection, &wide)?.iter() {
            let columns = canonical::columns(row).map_err(|_| torn())?;
            let (row, more) = columns.split_at(read.columns.len());
            let (row, more) = (row.concat(), Datum::row(&more.concat()).map_err(|_| torn())?);
            take(key, hash(&row), &more);
            out.push(key, &row);
        }
        Ok(out)
    }

    fn run(&self, sql: &str, values: &[Value]) -> Result<(), EngineError> {
        self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(params_from_iter(values))).doing(DOING)?;
        Ok(())
    }

    /// The condition that finds the row of a key, and what is bound to it after `before` values.
    fn place(&self, read: &Read, key: &[u8], before: usize) -> Result<(String, Vec<Value>), EngineError> {
        let values = self.keys.get(key).ok_or_else(torn)?.clone();
        let columns = read.key.iter().enumerate();
        let each = columns.map(|(n, at)| format!("t.{} IS ?{} COLLATE BINARY", quote::name(&read.columns[*at].name), before + n + 1));
        Ok((each.collect::<Vec<_>>().join(" AND "), values))
    }

    /// Rows of others refer to a row of this place, of which `besides` is true.
    fn followed(&self, read: &Read, by: &Acting, (place, besides): (&str, &str), values: &[Value]) -> Result<bool, EngineError> {
        // The parent's column comes first: it is its collation by which the server compares.
        let on: Vec<String> = by.pairs.iter().map(|(own, theirs)| format!("t.{} = c.{}", quote::name(own), quote::name(theirs))).collect();
        let on = if on.is_empty() { "TRUE".to_owned() } else { on.join(" AND ") };
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM {} AS c JOIN {} AS t ON {on} WHERE {place} AND {besides})",
            quote::table(&by.table),
            quote::table(&read.table)
        );
        self.connection.query_row(&sql, params_from_iter(values), |row| row.get(0)).doing(DOING)
    }

    fn acting(&mut self, read: &Read) -> Result<Vec<Acting>, EngineError> {
        if self.acting.is_none() {
            self.acting = Some(super::acting::read(&self.connection, &read.table)?);
        }
        Ok(self.acting.clone().unwrap_or_default())
    }

    /// Rows that refer to this one would go or change with it.
    fn takes_along(&mut self, read: &Read, place: &str, values: &[Value]) -> Result<bool, EngineError> {
        for acting in self.acting(read)?.iter().filter(|acting| acting.on_delete) {
            if self.followed(read, acting, (place, "TRUE"), values)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The same for a change of what others refer to beside the key.
    fn moves_along(&mut self, read: &Read, key: &[u8], row: &[Datum]) -> Result<bool, EngineError> {
        for acting in self.acting(read)?.iter().filter(|acting| acting.on_update) {
            let (mut other, mut values) = (Vec::new(), Vec::new());
            for (at, (column, datum)) in read.columns.iter().zip(row).enumerate() {
                let touched = acting.pairs.is_empty() || acting.pairs.iter().any(|(own, _)| own.eq_ignore_ascii_case(&column.name));
                if touched && !read.key.contains(&at) {
                    values.push(bound(datum, &column.name)?);
                    other.push(format!("t.{} IS NOT ?{} COLLATE BINARY", quote::name(&column.name), values.len()));
                }
            }
            if other.is_empty() {
                continue;
            }
            let (place, key) = self.place(read, key, values.len())?;
            values.extend(key);
            if self.followed(read, acting, (&place, &format!("({})", other.join(" OR "))), &values)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A name of the row id that no column has.
    fn row_id(&self, read: &Read) -> Result<&'static str, EngineError> {
        let taken = |name: &str| -> Result<bool, EngineError> {
            let sql = "SELECT EXISTS (SELECT 1 FROM pragma_table_xinfo(?1) WHERE lower(name) = ?2)";
            self.connection.query_row(sql, [&read.table.name, name], |row| row.get(0)).doing(DOING)
        };
        for name in ["rowid", "_rowid_", "oid"] {
            if !taken(name)? {
                return Ok(name);
            }
        }
        Err(every_name_is_taken())
    }
}

/// Equal rows cannot be told from each other.
pub(super) fn every_name_is_taken() -> EngineError {
    EngineError::new(error::UNSUPPORTED, ErrorKind::Unsupported, "every name of the row id is a column of the table")
}

fn stored(datum: &Datum) -> Result<Value, EngineError> {
    // What was just read as it is stored.
    bound(datum, "key")
}

#[async_trait]
impl Hands for SqliteHands {
    async fn present(&mut self, read: &Read, keys: &[Vec<Datum>]) -> Result<Batch, EngineError> {
        let untyped = |at: &usize| ReadColumn { class: Class::Own(UNTYPED.to_owned()), ..read.columns[*at].clone() };
        let mut found = Vec::new();
        let batch = self.with(&read.of_keys(keys.to_vec()), read.key.iter().map(untyped).collect(), |key, _, more| {
            found.push((key.to_vec(), more.iter().map(stored).collect::<Result<Vec<_>, _>>()));
        })?;
        for (key, values) in found {
            self.keys.insert(key, values?);
        }
        Ok(batch)
    }

    async fn copies(&mut self, read: &Read, wanted: &BTreeSet<u128>) -> Result<BTreeMap<u128, u64>, EngineError> {
        let id = ReadColumn { name: String::new(), expression: Some(format!("t.{}", self.row_id(read)?)), class: Class::Integer };
        let mut found: BTreeMap<u128, Vec<i64>> = BTreeMap::new();
        self.with(read, vec![id], |_, hash, more| {
            if let (true, [Datum::Integer(id)]) = (wanted.contains(&hash), more) {
                found.entry(hash).or_default().push(*id as i64);
            }
        })?;
        self.row_ids = found;
        Ok(self.row_ids.iter().map(|(hash, ids)| (*hash, ids.len() as u64)).collect())
    }

    async fn insert(&mut self, read: &Read, row: &[Datum]) -> Result<(), EngineError> {
        let names = quote::names(read.columns.iter().map(|column| column.name.as_str()));
        let places: Vec<String> = (1..=row.len()).map(|at| format!("?{at}")).collect();
        let values = row.iter().zip(&read.columns).map(|(datum, column)| bound(datum, &column.name)).collect::<Result<Vec<_>, _>>()?;
        self.run(&format!("INSERT OR ABORT INTO {} ({names}) VALUES ({})", quote::table(&read.table), places.join(", ")), &values)
    }

    async fn update(&mut self, read: &Read, key: &[u8], row: &[Datum]) -> Result<(), EngineError> {
        if self.moves_along(read, key, row)? {
            return Err(referred());
        }
        let (mut set, mut values) = (Vec::new(), Vec::new());
        for (at, (datum, column)) in row.iter().zip(&read.columns).enumerate() {
            if !read.key.contains(&at) {
                values.push(bound(datum, &column.name)?);
                set.push(format!("{} = ?{}", quote::name(&column.name), values.len()));
            }
        }
        let (place, key) = self.place(read, key, values.len())?;
        values.extend(key);
        self.run(&format!("UPDATE OR ABORT {} AS t SET {} WHERE {place}", quote::table(&read.table), set.join(", ")), &values)
    }

    async fn delete(&mut self, read: &Read, key: &[u8]) -> Result<(), EngineError> {
        let (place, values) = self.place(read, key, 0)?;
        if self.takes_along(read, &place, &values)? {
            return Err(referred());
        }
        self.run(&format!("DELETE FROM {} AS t WHERE {place}", quote::table(&read.table)), &values)
    }

    async fn delete_copies(&mut self, read: &Read, hash: u128, count: u64) -> Result<(), EngineError> {
        let id = self.row_id(read)?;
        let sql = format!("DELETE FROM {} AS t WHERE t.{id} = ?1", quote::table(&read.table));
        let most = usize::try_from(count).unwrap_or(usize::MAX);
        let ids: Vec<i64> = self.row_ids.get(&hash).into_iter().flatten().copied().take(most).collect();
        for id_of in ids.into_iter().map(Value::Integer) {
            if self.takes_along(read, &format!("t.{id} = ?1"), std::slice::from_ref(&id_of))? {
                return Err(referred());
            }
            self.run(&sql, &[id_of])?;
        }
        Ok(())
    }

    async fn uniques(&mut self) -> Result<Vec<Unique>, EngineError> {
        super::unique::read(&self.connection, &self.table)
    }

    async fn mark(&mut self) -> Result<(), EngineError> {
        self.connection.execute_batch("SAVEPOINT segue").doing(DOING)
    }

    async fn back(&mut self) -> Result<(), EngineError> {
        self.connection.execute_batch("ROLLBACK TO segue; RELEASE segue").doing(DOING)
    }

    async fn keep(&mut self) -> Result<(), EngineError> {
        self.connection.execute_batch("RELEASE segue").doing(DOING)
    }
}
