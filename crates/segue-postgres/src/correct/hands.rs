//! What a batch of corrections does with its own hands in PostgreSQL.
//!
//! A row is found again by where it stands (`tableoid`, `ctid`): it is locked, so that it stays there. Values go as
//! text parameters and are cast to their column's own type without its modifier, whose check is the assignment's. Must
//! never touch a row that it did not read in this transaction. Tests: `tests/it/repair.rs` of `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use segue_engine::rows::apply::{Hands, no_form, referred, torn};
use segue_engine::rows::{Batch, Class, Datum, Read, ReadColumn, Unique, canonical, hash};
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;
use tokio_postgres::Transaction;
use tokio_postgres::types::ToSql;

use super::relation::Relation;
use super::value::text;
use crate::error::db;
use crate::rows::present;

/// Where a row stands.
type Place = (i64, String);

/// One transaction.
pub(super) struct PostgresHands<'a> {
    pub(super) transaction: Transaction<'a>,
    table: TableName,
    relation: Relation,
    places: BTreeMap<Vec<u8>, Place>,
    copies: BTreeMap<u128, Vec<Place>>,
}

impl<'a> PostgresHands<'a> {
    pub(super) fn new(transaction: Transaction<'a>, table: TableName, relation: Relation) -> Self {
        Self { transaction, table, relation, places: BTreeMap::new(), copies: BTreeMap::new() }
    }

    /// Reads rows with where each stands.
    async fn with_places(&self, read: &Read, lock: bool) -> Result<(Batch, Vec<Place>), EngineError> {
        let mut wide = read.clone();
        let column = |expression: &str, class| ReadColumn { name: String::new(), expression: Some(expression.to_owned()), class };
        wide.columns.push(column("tableoid::pg_catalog.int8", Class::Integer));
        wide.columns.push(column("ctid::pg_catalog.text", Class::Text));
        let (mut out, mut places) = (Batch::default(), Vec::new());
        for (key, row) in present(self.transaction.client(), &wide, lock).await?.iter() {
            let columns = canonical::columns(row).map_err(|_| torn())?;
            let (row, place) = columns.split_at(read.columns.len());
            match Datum::row(&place.concat()).map_err(|_| torn())?.as_slice() {
                [Datum::Integer(table), Datum::Text(tid)] => places.push((*table as i64, String::from_utf8_lossy(tid).into_owned())),
                _ => return Err(torn()),
            }
            out.push(key, &row.concat());
        }
        Ok((out, places))
    }

    /// Runs a statement with texts for parameters.
    async fn run(&self, sql: &str, values: &[Option<String>]) -> Result<u64, EngineError> {
        let parameters: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.transaction.execute(sql, &parameters).await.map_err(db)
    }

    async fn exists(&self, sql: &str, values: &[Option<String>]) -> Result<bool, EngineError> {
        let parameters: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        Ok(self.transaction.query_one(sql, &parameters).await.map_err(db)?.get(0))
    }

    /// The values of a row, and the casts that make them their columns' types, from the n-th parameter on.
    fn values(&self, read: &Read, row: &[Datum], from: usize) -> Result<(Vec<String>, Vec<Option<String>>), EngineError> {
        let (mut casts, mut values) = (Vec::new(), Vec::new());
        for (at, (datum, column)) in row.iter().zip(&read.columns).enumerate() {
            let kind = self.relation.types.get(&column.name).ok_or_else(|| no_form(&column.name))?;
            values.push(text(datum, &column.name, Some(&kind.name))?);
            casts.push(format!("cast(${}::pg_catalog.text as {})", from + at, kind.sql()));
        }
        Ok((casts, values))
    }

    fn place(&self, key: &[u8]) -> Result<String, EngineError> {
        self.places.get(key).map(at).ok_or_else(torn)
    }

    /// Where foreign keys are not looked at by the server, we look.
    async fn refers_well(&self, read: &Read, row: &[Datum]) -> Result<(), EngineError> {
        if !self.relation.as_replica || self.relation.refers.is_empty() {
            return Ok(());
        }
        let (casts, values) = self.values(read, row, 1)?;
        for foreign in &self.relation.refers {
            let mut own = Vec::new();
            for (column, _) in &foreign.pairs {
                match read.columns.iter().position(|known| known.name == *column) {
                    // A column that is not written is NULL or its default, which the table was made with.
                    None => return Ok(()),
                    Some(at) => own.push(at),
                }
            }
            if own.iter().any(|at| values[*at].is_none()) {
                continue;
            }
            let test: Vec<String> =
                own.iter().zip(&foreign.pairs).map(|(at, (_, theirs))| format!("{} = {}", quote::name(theirs), casts[*at])).collect();
            let used = used(&test, &casts);
            let sql = format!(
                "with parent as (select 1 from {} where {} for key share) select exists (select from parent){used}",
                foreign.table,
                test.join(" and ")
            );
            if !self.exists(&sql, &values).await? {
                return Err(EngineError::new(
                    "SG-PG-011",
                    segue_engine::ErrorKind::Constraint,
                    format!("data violates a constraint: constraint `{}`", foreign.name),
                ));
            }
        }
        Ok(())
    }

    /// Rows that refer to this one would go with it, or be left without it.
    async fn takes_along(&self, read: &Read, place: &str) -> Result<bool, EngineError> {
        for foreign in self.relation.referred.iter().filter(|foreign| foreign.acts_on_delete || self.relation.as_replica) {
            let on: Vec<String> =
                foreign.pairs.iter().map(|(ours, theirs)| format!("c.{} = t.{}", quote::name(theirs), quote::name(ours))).collect();
            let sql = format!(
                "select exists (select from {} c join (select * from {} where {place}) t on {})",
                foreign.table,
                quote::table(&read.table),
                on.join(" and ")
            );
            if self.exists(&sql, &[]).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The same for a change of what others refer to beside the key.
    async fn moves_along(&self, read: &Read, place: &str, row: &[Datum]) -> Result<bool, EngineError> {
        for foreign in self.relation.referred.iter().filter(|foreign| foreign.acts_on_update || self.relation.as_replica) {
            let written = |name: &str| read.columns.iter().enumerate().find(|(at, column)| column.name == name && !read.key.contains(at));
            let Some(_) = foreign.pairs.iter().find_map(|(ours, _)| written(ours)) else { continue };
            let (casts, values) = self.values(read, row, 1)?;
            let changed = foreign
                .pairs
                .iter()
                .filter_map(|(ours, _)| written(ours).map(|(at, _)| format!("t.{} is distinct from {}", quote::name(ours), casts[at])));
            let changed: Vec<String> = changed.collect();
            let on: Vec<String> =
                foreign.pairs.iter().map(|(ours, theirs)| format!("c.{} = t.{}", quote::name(theirs), quote::name(ours))).collect();
            let sql = format!(
                "select exists (select from {} c join (select * from {} where {place}) t on {} where {}){}",
                foreign.table,
                quote::table(&read.table),
                on.join(" and "),
                changed.join(" or "),
                used(&changed, &casts)
            );
            if self.exists(&sql, &values).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Parameters that a statement does not name have no type: they are named where they do nothing.
fn used(named: &[String], casts: &[String]) -> String {
    let unused: Vec<String> = casts.iter().filter(|cast| !named.iter().any(|text| text.ends_with(cast.as_str()))).cloned().collect();
    if unused.is_empty() { String::new() } else { format!(" from (select {}) unused", unused.join(", ")) }
}

fn at((table, tid): &Place) -> String {
    format!("tableoid = {table}::pg_catalog.oid and ctid = {}::pg_catalog.tid", quote::text(tid))
}

#[async_trait]
impl Hands for PostgresHands<'_> {
    async fn present(&mut self, read: &Read, keys: &[Vec<Datum>]) -> Result<Batch, EngineError> {
        let (batch, places) = self.with_places(&read.of_keys(keys.to_vec()), true).await?;
        self.places.extend(batch.iter().map(|(key, _)| key.to_vec()).zip(places));
        Ok(batch)
    }

    async fn copies(&mut self, read: &Read, wanted: &BTreeSet<u128>) -> Result<BTreeMap<u128, u64>, EngineError> {
        let lock = format!("lock table {} in share row exclusive mode", quote::table(&read.table));
        self.transaction.batch_execute(&lock).await.map_err(db)?;
        let (batch, places) = self.with_places(read, false).await?;
        self.copies.clear();
        for ((_, row), place) in batch.iter().zip(places) {
            let hash = hash(row);
            if wanted.contains(&hash) {
                self.copies.entry(hash).or_default().push(place);
            }
        }
        Ok(self.copies.iter().map(|(hash, places)| (*hash, places.len() as u64)).collect())
    }

    async fn insert(&mut self, read: &Read, row: &[Datum]) -> Result<(), EngineError> {
        self.refers_well(read, row).await?;
        let (casts, values) = self.values(read, row, 1)?;
        let names = quote::names(read.columns.iter().map(|column| column.name.as_str()));
        let sql = format!("insert into {} ({names}) overriding system value values ({})", quote::table(&read.table), casts.join(", "));
        self.run(&sql, &values).await.map(|_| ())
    }

    async fn update(&mut self, read: &Read, key: &[u8], row: &[Datum]) -> Result<(), EngineError> {
        let place = self.place(key)?;
        if self.moves_along(read, &place, row).await? {
            return Err(referred());
        }
        self.refers_well(read, row).await?;
        let mut bare = Read::new(read.table.clone(), Vec::new(), Vec::new());
        let mut written = Vec::new();
        // The server lets nobody change a number of its own. Where it had to be another one, that is seen afterwards.
        let always = |at: usize| self.relation.types.get(&read.columns[at].name).is_some_and(|kind| kind.always);
        for (at, datum) in row.iter().enumerate().filter(|(at, _)| !read.key.contains(at) && !always(*at)) {
            bare.columns.push(read.columns[at].clone());
            written.push(datum.clone());
        }
        if bare.columns.is_empty() {
            return Ok(());
        }
        let (casts, values) = self.values(&bare, &written, 1)?;
        let set: Vec<String> =
            bare.columns.iter().zip(casts).map(|(column, cast)| format!("{} = {cast}", quote::name(&column.name))).collect();
        let sql = format!("update {} set {} where {place}", quote::table(&read.table), set.join(", "));
        self.run(&sql, &values).await.map(|_| ())
    }

    async fn delete(&mut self, read: &Read, key: &[u8]) -> Result<(), EngineError> {
        let place = self.place(key)?;
        if self.takes_along(read, &place).await? {
            return Err(referred());
        }
        self.run(&format!("delete from {} where {place}", quote::table(&read.table)), &[]).await.map(|_| ())
    }

    async fn delete_copies(&mut self, read: &Read, hash: u128, count: u64) -> Result<(), EngineError> {
        let places = self.copies.get(&hash).cloned().unwrap_or_default();
        for place in places.iter().take(usize::try_from(count).unwrap_or(usize::MAX)).map(at) {
            if self.takes_along(read, &place).await? {
                return Err(referred());
            }
            self.run(&format!("delete from {} where {place}", quote::table(&read.table)), &[]).await?;
        }
        Ok(())
    }

    async fn uniques(&mut self) -> Result<Vec<Unique>, EngineError> {
        if self.relation.sees_changes {
            return Ok(Vec::new());
        }
        super::relation::uniques(&self.transaction, &self.table).await
    }

    async fn mark(&mut self) -> Result<(), EngineError> {
        self.transaction.batch_execute("savepoint segue_batch").await.map_err(db)
    }

    async fn back(&mut self) -> Result<(), EngineError> {
        self.transaction.batch_execute("rollback to savepoint segue_batch; release savepoint segue_batch").await.map_err(db)
    }

    async fn keep(&mut self) -> Result<(), EngineError> {
        self.transaction.batch_execute("release savepoint segue_batch").await.map_err(db)
    }
}
