//! Looking at a server: [`Inspect`] for both flavours, each question in a file of its own.
//!
//! Each call opens a connection, asks, and closes it. It must never hide a broken connection, never read a row but in
//! `sample`, and never show the text of a query. Tests: `segue_sim::inspect`, `tests/it/inspect.rs`.

mod baseline;
mod measure;
mod sample;
mod settings;
mod states;
mod tables;
mod usage;

use async_trait::async_trait;
use segue_engine::inspect::{Bound, CatalogSeen, Collect, Inspect, Look, Sample, Seen, Taken};
use segue_engine::{EngineError, ServerFacts};
use segue_model::assessment::SystemSeen;
use segue_model::finding::Finding;
use segue_model::ident::TableName;

use crate::MysqlEngine;
use crate::catalog::{self, Rights};
use crate::session::{Purpose, Session};

/// What a look works with.
pub(crate) struct View<'a> {
    session: &'a mut Session,
    rights: Rights,
    collect: Collect,
    findings: Vec<Finding>,
    system: SystemSeen,
    look: Look,
}

#[async_trait]
impl Inspect for MysqlEngine {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let facts = facts(&mut session, self.target.shown()).await;
        session.close().await;
        facts
    }

    async fn seen(&self, look: Look) -> Result<Seen, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let seen = seen(&mut session, look).await;
        session.close().await;
        seen
    }

    async fn catalog_of(&self, tables: &[TableName]) -> Result<CatalogSeen, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let catalog = catalog::read(&mut session, Some(tables)).await;
        session.close().await;
        catalog
    }

    async fn catalog_all(&self) -> Result<CatalogSeen, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let catalog = catalog::read(&mut session, None).await;
        session.close().await;
        catalog
    }

    async fn definitions(&self) -> Result<Option<String>, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let text = catalog::beside::read(&mut session).await;
        session.close().await;
        text
    }

    async fn read_sample(&self, table: &TableName, bound: Bound) -> Result<Taken, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        // Not closed in order: rows of the sample may still be on their way.
        sample::read(&mut session, table, bound).await
    }

    async fn write_sample(&self, taken: &Taken) -> Result<Sample, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Measure).await?;
        let sample = measure::write(&mut session, taken).await;
        session.close().await;
        sample
    }
}

async fn facts(session: &mut Session, shown: String) -> Result<ServerFacts, EngineError> {
    let rows = session.rows("SELECT @@global.read_only, @@global.innodb_flush_log_at_trx_commit, @@global.sql_mode", ()).await?;
    let said = |at: usize| rows.first().map(|row| row.text(at)).unwrap_or_default();
    let read_only = said(0) == "1";
    let mut warnings = Vec::new();
    if read_only {
        warnings.push("this server is set to read_only: it is a replica, or somebody stopped its writers".to_owned());
    }
    if said(1) != "1" {
        warnings
            .push("innodb_flush_log_at_trx_commit is not 1: a crash of this server can lose transactions that it acknowledged".to_owned());
    }
    if !said(2).contains("STRICT_") {
        warnings.push("sql_mode is not strict: values that do not fit were cut and stored".to_owned());
    }
    let (major, minor, patch) = session.version;
    let version = format!("{major}.{minor}.{patch}");
    Ok(ServerFacts { engine: session.flavour.name(), version, database: shown, read_only, warnings })
}

async fn seen(session: &mut Session, look: Look) -> Result<Seen, EngineError> {
    let mut collect = Collect::default();
    let rights = Rights::read(session, &mut collect).await?;
    rights.say_for_catalog(&mut collect);
    let (major, minor, patch) = session.version;
    let system = SystemSeen {
        engine: session.flavour.name().to_owned(),
        version: format!("{major}.{minor}.{patch}"),
        how: "live".to_owned(),
        ..SystemSeen::default()
    };
    let mut at = View { session, rights, collect, findings: Vec::new(), system, look };
    tables::see(&mut at).await?;
    usage::see(&mut at).await?;
    settings::see(&mut at).await?;
    states::see(&mut at).await?;
    baseline::see(&mut at).await?;
    let View { collect, findings, system, look, .. } = at;
    Ok(Seen::finish(system, findings, collect.done(), look))
}
