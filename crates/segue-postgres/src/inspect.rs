//! Looking at a server for an assessment: [`Inspect`] in one read-only session, each question in a file of its own.
//!
//! A statement waits two seconds for a lock and thirty for its end, and each is a transaction of its own, so that one
//! that fails takes no other along. It must never hide a broken connection, never read a row but to count small
//! tables and in `sample`, and never show the text of a query. Tests: `segue_sim::inspect`, `tests/it/inspect.rs`.

mod baseline;
mod definitions;
mod measure;
mod sample;
mod settings;
mod states;
mod structure;
mod tables;

use async_trait::async_trait;
use segue_engine::inspect::{Bound, CatalogSeen, Collect, Inspect, Look, Sample, Seen, Taken};
use segue_engine::{Engine, EngineError, ServerFacts};
use segue_model::assessment::SystemSeen;
use segue_model::finding::Finding;
use segue_model::ident::TableName;

use crate::error::db;
use crate::session::Session;
use crate::{PostgresEngine, catalog};

/// What a look works with.
struct View<'a> {
    session: &'a Session,
    collect: Collect,
    findings: Vec<Finding>,
    system: SystemSeen,
    look: Look,
}

impl View<'_> {
    /// Runs a query without parameters whose failure is one sentence.
    async fn ask(&mut self, what: &str, sql: &str) -> Result<Vec<tokio_postgres::Row>, EngineError> {
        let rows = self.session.query(sql, &[]).await.map_err(db);
        self.collect.or_default(what, rows)
    }
}

/// All tables of users, partitions and foreign tables included.
const ALL_TABLES: &str = "
select n.nspname::text, c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f') and not starts_with(n.nspname::text, 'pg_')
  and n.nspname not in ('information_schema', 'segue')
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')";

impl PostgresEngine {
    /// A reading session that neither waits nor works for long.
    async fn looking_session(&self) -> Result<Session, EngineError> {
        let session = self.read_session("assess").await?;
        session.batch_execute("set statement_timeout = '30s'; set lock_timeout = '2s'").await.map_err(db)?;
        Ok(session)
    }
}

#[async_trait]
impl Inspect for PostgresEngine {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        Engine::facts(self).await
    }

    async fn seen(&self, look: Look) -> Result<Seen, EngineError> {
        let session = self.looking_session().await?;
        let version = session.query_one("select split_part(current_setting('server_version'), ' ', 1)", &[]).await.map_err(db)?;
        let system = SystemSeen { engine: "postgres".to_owned(), version: version.get(0), how: "live".to_owned(), ..SystemSeen::default() };
        let mut view = View { session: &session, collect: Collect::default(), findings: Vec::new(), system, look };
        tables::see(&mut view).await?;
        structure::see(&mut view).await?;
        settings::see(&mut view).await?;
        states::see(&mut view).await?;
        baseline::see(&mut view).await?;
        let View { collect, findings, system, .. } = view;
        Ok(Seen::finish(system, findings, collect.done(), look))
    }

    async fn catalog_of(&self, tables: &[TableName]) -> Result<CatalogSeen, EngineError> {
        let mut session = self.looking_session().await?;
        let catalog = catalog::read(&mut session, tables).await?;
        Ok(CatalogSeen { catalog, not_checked: Vec::new() })
    }

    async fn catalog_all(&self) -> Result<CatalogSeen, EngineError> {
        let mut session = self.looking_session().await?;
        let rows = session.query(ALL_TABLES, &[]).await.map_err(db)?;
        let names: Vec<_> = rows.iter().map(|row| TableName::new(row.get::<_, String>(0), row.get::<_, String>(1))).collect();
        let catalog = catalog::read(&mut session, &names).await?;
        Ok(CatalogSeen { catalog, not_checked: Vec::new() })
    }

    async fn definitions(&self) -> Result<Option<String>, EngineError> {
        definitions::read(&self.looking_session().await?).await.map(Some)
    }

    async fn read_sample(&self, table: &TableName, bound: Bound) -> Result<Taken, EngineError> {
        let mut session = self.looking_session().await?;
        sample::read(&mut session, table, bound).await
    }

    async fn write_sample(&self, taken: &Taken) -> Result<Sample, EngineError> {
        measure::write(self, taken).await
    }
}
