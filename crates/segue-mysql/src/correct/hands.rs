//! What a batch of corrections does with its own hands in MySQL and MariaDB.
//!
//! A row is found again by its key, which an index answers; that exactly one row was touched, and that it is the one, is
//! looked at afterwards. Must never go on when a statement touched more rows than it was for. Tests:
//! `tests/it/repair.rs` of `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use mysql_async::Value as Wire;
use mysql_async::prelude::Queryable as _;
use segue_engine::rows::apply::{Hands, no_form, referred, torn};
use segue_engine::rows::{Acting, Batch, Datum, Read, Unique, hash};
use segue_engine::{EngineError, ErrorKind, quote};

use super::value::bound;
use super::{acting, around};
use crate::fence::Writer;
use crate::rows::{Described, Form, Seen, present};
use crate::session::in_time;

/// One transaction.
pub(super) struct MysqlHands {
    pub(super) writer: Writer,
    table: Described,
    /// What the key of each row that was read holds.
    keys: BTreeMap<Vec<u8>, Vec<Wire>>,
    /// One of the equal rows of each hash.
    equal: BTreeMap<u128, Vec<Wire>>,
    acting: Option<Vec<Acting>>,
}

impl MysqlHands {
    pub(super) fn new(writer: Writer, table: Described) -> Self {
        Self { writer, table, keys: BTreeMap::new(), equal: BTreeMap::new(), acting: None }
    }

    fn form(&self, column: &str) -> Option<&Form> {
        self.table.natives.get(column).map(|native| &native.form)
    }

    fn name(&self) -> String {
        quote::backtick_table(&self.table.rows.table)
    }

    async fn run(&mut self, sql: &str, values: Vec<Wire>) -> Result<u64, EngineError> {
        let conn = &mut self.writer.session.conn;
        in_time(conn.exec_drop(sql, values)).await?;
        Ok(conn.affected_rows())
    }

    /// A statement for one row that touches several was not for what it was meant.
    async fn run_one(&mut self, sql: &str, values: Vec<Wire>) -> Result<(), EngineError> {
        match self.run(sql, values).await? {
            0 | 1 => Ok(()),
            _ => Err(EngineError::new(
                "SG-FIX-013",
                ErrorKind::Other,
                "a correction of one row would have changed several; nothing was done",
            )),
        }
    }

    fn values(&self, read: &Read, row: &[Datum]) -> Result<Vec<(String, Option<Wire>)>, EngineError> {
        let each = row.iter().zip(&read.columns).map(|(datum, column)| bound(datum, &column.name, self.form(&column.name)));
        each.collect()
    }

    /// The condition that finds the row of a key.
    fn place(&self, read: &Read, key: &[u8]) -> Result<(String, Vec<Wire>), EngineError> {
        let (mut all, mut values) = (Vec::new(), Vec::new());
        for (at, value) in read.key.iter().zip(self.keys.get(key).ok_or_else(torn)?) {
            let column = &read.columns[*at].name;
            let name = quote::backtick(column);
            if matches!(self.form(column), Some(Form::Text(_))) {
                // An index answers by the collation, and two keys may be equal by that.
                all.push(self.exactly(&name, column, "?")?);
                values.push(value.clone());
            }
            values.push(value.clone());
            all.push(match self.form(column) {
                Some(Form::Float | Form::Bits(_) | Form::Json | Form::Geometry | Form::Own) | None => return Err(no_form(column)),
                Some(Form::Decimal) => format!("{name} <=> CAST(? AS DECIMAL(65, 30))"),
                Some(_) => format!("{name} <=> ?"),
            });
        }
        Ok((all.join(" AND "), values))
    }

    /// The condition that a column of that name, as it is spelt here, has exactly the value of a parameter.
    fn exactly(&self, name: &str, column: &str, place: &str) -> Result<String, EngineError> {
        Ok(match self.form(column) {
            Some(Form::Text(_)) => format!("CAST(CONVERT({name} USING utf8mb4) AS BINARY) <=> CAST({place} AS BINARY)"),
            Some(Form::Decimal) => format!("{name} <=> CAST({place} AS DECIMAL(65, 30))"),
            Some(Form::Bits(_)) => format!("CAST({name} AS BINARY) <=> CAST({place} AS BINARY)"),
            Some(Form::Json) => format!("CAST({name} AS CHAR CHARACTER SET utf8mb4) <=> {place}"),
            // Two of its values are one text.
            Some(Form::Labels { .. } | Form::Geometry | Form::Own) | None => return Err(no_form(column)),
            Some(_) => format!("{name} <=> {place}"),
        })
    }

    /// The condition that finds all rows that are this one.
    fn alike(&self, read: &Read) -> Result<String, EngineError> {
        let each = read.columns.iter().map(|column| self.exactly(&quote::backtick(&column.name), &column.name, "?"));
        Ok(each.collect::<Result<Vec<_>, _>>()?.join(" AND "))
    }

    async fn acting(&mut self) -> Result<Vec<Acting>, EngineError> {
        if self.acting.is_none() {
            self.acting = Some(acting::read(&mut self.writer.session, &self.table.rows.table).await?);
        }
        Ok(self.acting.clone().unwrap_or_default())
    }

    /// Rows of others refer to a row of this place, of which `besides` is true. What is asked is what is committed now.
    async fn followed(&mut self, by: &Acting, place: &str, besides: &str, values: Vec<Wire>) -> Result<bool, EngineError> {
        let pairs = by.pairs.iter().map(|(own, theirs)| format!("c.{} = t.{}", quote::backtick(theirs), quote::backtick(own)));
        let sql = format!(
            "SELECT 1 FROM {} AS c JOIN (SELECT * FROM {} WHERE {place}) AS t ON {} WHERE {besides} LIMIT 1 LOCK IN SHARE MODE",
            quote::backtick_table(&by.table),
            self.name(),
            pairs.collect::<Vec<_>>().join(" AND ")
        );
        Ok(!self.writer.session.rows(&sql, values).await?.is_empty())
    }

    async fn takes_along(&mut self, place: &str, values: &[Wire]) -> Result<bool, EngineError> {
        for acting in self.acting().await?.iter().filter(|acting| acting.on_delete) {
            if self.followed(acting, place, "TRUE", values.to_vec()).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The same for a change of what others refer to beside the key.
    async fn moves_along(&mut self, read: &Read, key: &[u8], row: &[Datum]) -> Result<bool, EngineError> {
        for acting in self.acting().await?.iter().filter(|acting| acting.on_update) {
            let (mut same, mut values) = (Vec::new(), Vec::new());
            for (at, (column, datum)) in read.columns.iter().zip(row).enumerate() {
                if !read.key.contains(&at) && acting.pairs.iter().any(|(own, _)| own.eq_ignore_ascii_case(&column.name)) {
                    let (place, value) = bound(datum, &column.name, self.form(&column.name))?;
                    same.push(self.exactly(&format!("t.{}", quote::backtick(&column.name)), &column.name, &place)?);
                    values.extend(value);
                }
            }
            if same.is_empty() {
                continue;
            }
            let (place, mut all) = self.place(read, key)?;
            all.extend(values);
            if self.followed(acting, &place, &format!("NOT ({})", same.join(" AND ")), all).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[async_trait]
impl Hands for MysqlHands {
    async fn present(&mut self, read: &Read, keys: &[Vec<Datum>]) -> Result<Batch, EngineError> {
        let Seen { batch, wires } = present(&mut self.writer.session, &read.of_keys(keys.to_vec()), &self.table).await?;
        for ((key, _), wires) in batch.iter().zip(wires) {
            self.keys.insert(key.to_vec(), read.key.iter().map(|at| wires[*at].clone()).collect());
        }
        Ok(batch)
    }

    async fn copies(&mut self, read: &Read, wanted: &BTreeSet<u128>) -> Result<BTreeMap<u128, u64>, EngineError> {
        let Seen { batch, wires } = present(&mut self.writer.session, read, &self.table).await?;
        let mut counts = BTreeMap::new();
        for ((_, row), wires) in batch.iter().zip(wires) {
            let hash = hash(row);
            if wanted.contains(&hash) {
                *counts.entry(hash).or_insert(0) += 1;
                self.equal.insert(hash, wires);
            }
        }
        Ok(counts)
    }

    async fn insert(&mut self, read: &Read, row: &[Datum]) -> Result<(), EngineError> {
        let (places, values): (Vec<_>, Vec<_>) = self.values(read, row)?.into_iter().unzip();
        let names: Vec<String> = read.columns.iter().map(|column| quote::backtick(&column.name)).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", self.name(), names.join(", "), places.join(", "));
        self.run_one(&sql, values.into_iter().flatten().collect()).await
    }

    async fn update(&mut self, read: &Read, key: &[u8], row: &[Datum]) -> Result<(), EngineError> {
        if self.moves_along(read, key, row).await? {
            return Err(referred());
        }
        let values = self.values(read, row)?;
        let (mut set, mut all) = (Vec::new(), Vec::new());
        for (at, (place, value)) in values.into_iter().enumerate().filter(|(at, _)| !read.key.contains(at)) {
            set.push(format!("{} = {place}", quote::backtick(&read.columns[at].name)));
            all.extend(value);
        }
        let (place, key) = self.place(read, key)?;
        all.extend(key);
        let sql = format!("UPDATE {} SET {} WHERE {place}", self.name(), set.join(", "));
        self.run_one(&sql, all).await
    }

    async fn delete(&mut self, read: &Read, key: &[u8]) -> Result<(), EngineError> {
        let (place, values) = self.place(read, key)?;
        if self.takes_along(&place, &values).await? {
            return Err(referred());
        }
        let sql = format!("DELETE FROM {} WHERE {place}", self.name());
        self.run_one(&sql, values).await
    }

    async fn delete_copies(&mut self, read: &Read, hash: u128, count: u64) -> Result<(), EngineError> {
        let values = self.equal.get(&hash).ok_or_else(torn)?.clone();
        let alike = self.alike(read)?;
        if self.takes_along(&alike, &values).await? {
            return Err(referred());
        }
        // That these were rows of this hash is seen when they are counted again: so many are gone, and so many of it.
        let sql = format!("DELETE FROM {} WHERE {alike} LIMIT {count}", self.name());
        self.run(&sql, values).await.map(|_| ())
    }

    async fn uniques(&mut self) -> Result<Vec<Unique>, EngineError> {
        let table = self.table.rows.table.clone();
        let session = &mut self.writer.session;
        // A trigger would see the spare values.
        if around::firing(session, &table).await?.on_update.is_empty() { around::uniques(session, &table).await } else { Ok(Vec::new()) }
    }

    async fn mark(&mut self) -> Result<(), EngineError> {
        self.writer.session.run("SAVEPOINT segue_batch").await
    }

    async fn back(&mut self) -> Result<(), EngineError> {
        self.writer.session.run("ROLLBACK TO SAVEPOINT segue_batch").await?;
        self.keep().await
    }

    async fn keep(&mut self) -> Result<(), EngineError> {
        self.writer.session.run("RELEASE SAVEPOINT segue_batch").await
    }
}
