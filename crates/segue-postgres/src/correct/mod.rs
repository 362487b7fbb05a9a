//! Putting rows right in PostgreSQL: one fenced transaction a batch, rows locked before they are looked at.
//!
//! Where a table has triggers of users and the role may say so, the transaction is one of a replica: they do not fire,
//! and what foreign keys demand is looked at by us (not so with a deferrable unique constraint, which nobody would look at). It must never write before it has checked the epoch in the same
//! transaction. Tests: `tests/it/repair.rs` of `segue-sim`.

mod acting;
mod counters;
mod hands;
mod relation;
mod statement;
mod value;

use async_trait::async_trait;
use segue_engine::rows::{Acting, Change, Copies, Correct, Datum, Firing, Outcome, Read, Unique, apply};
use segue_engine::{EngineError, Fence, Guard, quote};
use segue_model::ident::TableName;

use crate::error::db;
use crate::session::fenced;
use crate::{PostgresEngine, control};

const REFERENCES: &str = "
select distinct cn.nspname::text, c.relname::text, pn.nspname::text, p.relname::text
from pg_catalog.pg_constraint f
join pg_catalog.pg_class c on c.oid = f.conrelid join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace
join pg_catalog.pg_class p on p.oid = f.confrelid join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
where f.contype = 'f' order by 1, 2, 3, 4";

/// Tables that inherit from a table in the old way; partitions are its own parts.
const INHERITED: &str = "
select pg_catalog.string_agg(i.inhrelid::pg_catalog.regclass::text, ', ' order by i.inhrelid::pg_catalog.regclass::text)
from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhparent
where i.inhparent = $1::text::pg_catalog.regclass and c.relkind = 'r'";

#[async_trait]
impl Correct for PostgresEngine {
    fn fence(&self) -> &dyn Fence {
        self
    }

    async fn prepare(&self, guard: &Guard) -> Result<(), EngineError> {
        control::install(self, guard).await
    }

    async fn finish(&self, guard: &Guard) -> Result<(), EngineError> {
        control::uninstall(self, guard).await
    }

    async fn correct(&self, guard: &Guard, read: &Read, changes: &[Change]) -> Result<Vec<Outcome>, EngineError> {
        let mut session = self.write_session(guard).await?;
        let transaction = fenced(&mut session, guard).await?;
        let milliseconds = guard.lock_timeout_ms.clamp(1, 60_000);
        // What is deferred would be refused at the commit, when nobody can tell any more which row it was.
        let settings = format!("set local lock_timeout = {milliseconds}; set constraints all immediate");
        transaction.batch_execute(&settings).await.map_err(db)?;
        let relation = relation::Relation::enter(transaction.client(), &read.table).await?;
        let mut hands = hands::PostgresHands::new(transaction, read.table.clone(), relation);
        let outcomes = apply::apply(&mut hands, read, changes).await?;
        counters::above(&hands.transaction, read, changes, &outcomes).await?;
        hands.transaction.commit().await.map_err(db)?;
        Ok(outcomes)
    }

    fn statement(&self, read: &Read, before: Option<&[Datum]>, after: Option<&[Datum]>) -> Result<String, EngineError> {
        statement::of_row(read, before, after)
    }

    fn copies_statement(&self, read: &Read, row: &[Datum], copies: Copies) -> Result<String, EngineError> {
        statement::of_copies(read, row, copies)
    }

    fn counter_statement(&self, read: &Read, column: &str) -> Option<String> {
        Some(counters::statement(&read.table, column))
    }

    fn text_of(&self, column: &str) -> Option<String> {
        Some(format!("{}::pg_catalog.text", quote::name(column)))
    }

    fn script_frame(&self) -> (&'static str, &'static str) {
        (statement::BEGIN, statement::END)
    }

    async fn references(&self) -> Result<Vec<(TableName, TableName)>, EngineError> {
        let session = self.read_session("repair").await?;
        let rows = session.query(REFERENCES, &[]).await.map_err(db)?;
        let name = |schema: &str, name: &str| TableName::new(schema, name);
        Ok(rows.iter().map(|row| (name(row.get(0), row.get(1)), name(row.get(2), row.get(3)))).collect())
    }

    async fn unmendable(&self, table: &TableName) -> Result<Option<String>, EngineError> {
        let session = self.read_session("repair").await?;
        let row = session.query_one(INHERITED, &[&quote::table(table)]).await.map_err(db)?;
        let heirs: Option<String> = row.get(0);
        Ok(heirs.map(|heirs| format!("its rows stand in tables that inherit from it as well ({heirs}): repair those by themselves")))
    }

    async fn acting(&self, table: &TableName) -> Result<Vec<Acting>, EngineError> {
        let session = self.read_session("repair").await?;
        acting::read(&session.client, table).await
    }

    fn unreferred(&self, table: &TableName, acting: &Acting) -> Option<String> {
        acting::unreferred(table, acting)
    }

    async fn uniques(&self, table: &TableName) -> Result<Vec<Unique>, EngineError> {
        let session = self.read_session("repair").await?;
        relation::uniques(&*session.client, table).await
    }

    async fn firing(&self, table: &TableName) -> Result<Firing, EngineError> {
        let session = self.read_session("repair").await?;
        relation::firing(&*session.client, session.version(), table).await
    }

    async fn warnings(&self, table: &TableName) -> Result<Vec<String>, EngineError> {
        let session = self.read_session("repair").await?;
        counters::warnings(&*session.client, table).await
    }
}
