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
use segue_engine::rows::{Batch, Datum, Read, hash};
use segue_engine::{EngineError, ErrorKind, quote};

use super::value::bound;
use crate::fence::Writer;
use crate::rows::{Described, Form, Seen, present};
use crate::session::in_time;

/// Foreign keys of others to a table, whose rows go or change when a row of ours goes: a row for each column.
const ACTING: &str = "
SELECT k.CONSTRAINT_NAME, k.TABLE_SCHEMA, k.TABLE_NAME, k.COLUMN_NAME, k.REFERENCED_COLUMN_NAME
FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.REFERENCED_TABLE_SCHEMA = ? AND k.REFERENCED_TABLE_NAME = ? AND r.DELETE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT')
ORDER BY 2, 3, 1, k.ORDINAL_POSITION";

/// A foreign key of another table: the table, and (its column, ours).
type Acting = (String, Vec<(String, String)>);

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
        let values = self.keys.get(key).ok_or_else(torn)?.clone();
        let mut all = Vec::new();
        for at in &read.key {
            let column = &read.columns[*at].name;
            let name = quote::backtick(column);
            all.push(match self.form(column) {
                Some(Form::Float | Form::Bits(_) | Form::Json | Form::Geometry | Form::Own) | None => return Err(no_form(column)),
                Some(Form::Decimal) => format!("{name} <=> CAST(? AS DECIMAL(65, 30))"),
                Some(_) => format!("{name} <=> ?"),
            });
        }
        Ok((all.join(" AND "), values))
    }

    /// The condition that finds all rows that are this one.
    fn alike(&self, read: &Read) -> Result<String, EngineError> {
        let mut all = Vec::new();
        for column in &read.columns {
            let name = quote::backtick(&column.name);
            all.push(match self.form(&column.name) {
                Some(Form::Text(_)) => format!("CAST(CONVERT({name} USING utf8mb4) AS BINARY) <=> CAST(? AS BINARY)"),
                Some(Form::Decimal) => format!("{name} <=> CAST(? AS DECIMAL(65, 30))"),
                Some(Form::Bits(_)) => format!("CAST({name} AS BINARY) <=> CAST(? AS BINARY)"),
                Some(Form::Json) => format!("CAST({name} AS CHAR CHARACTER SET utf8mb4) <=> ?"),
                Some(Form::Geometry | Form::Own) | None => return Err(no_form(&column.name)),
                Some(_) => format!("{name} <=> ?"),
            });
        }
        Ok(all.join(" AND "))
    }

    async fn takes_along(&mut self, place: &str, values: &[Wire]) -> Result<bool, EngineError> {
        if self.acting.is_none() {
            let table = &self.table.rows.table;
            let schema = if table.schema.is_empty() { self.writer.session.database.clone() } else { table.schema.clone() };
            let rows = self.writer.session.rows(ACTING, (schema, table.name.clone())).await?;
            let mut found: BTreeMap<(String, String, String), Vec<(String, String)>> = BTreeMap::new();
            for row in rows {
                found.entry((row.text(1), row.text(2), row.text(0))).or_default().push((row.text(3), row.text(4)));
            }
            let quoted = |schema: &str, table: &str| format!("{}.{}", quote::backtick(schema), quote::backtick(table));
            self.acting = Some(found.into_iter().map(|((schema, table, _), pairs)| (quoted(&schema, &table), pairs)).collect());
        }
        let ours = self.name();
        for (child, pairs) in self.acting.clone().unwrap_or_default() {
            let on: Vec<String> =
                pairs.iter().map(|(theirs, own)| format!("c.{} = t.{}", quote::backtick(theirs), quote::backtick(own))).collect();
            let sql = format!(
                "SELECT EXISTS (SELECT 1 FROM {child} AS c JOIN (SELECT * FROM {ours} WHERE {place}) AS t ON {})",
                on.join(" AND ")
            );
            if self.writer.session.rows(&sql, values.to_vec()).await?.first().is_some_and(|row| row.yes(0)) {
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
