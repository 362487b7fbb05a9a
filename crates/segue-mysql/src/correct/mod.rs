//! Putting rows right in MySQL and MariaDB: one fenced transaction a batch, rows locked before they are looked at.
//!
//! Triggers fire: the servers have no way to leave them out for a session, so that somebody is asked before. It must never write before it has checked
//! the epoch in the same transaction. Tests: `tests/it/repair.rs` of `segue-sim`, against MariaDB.

mod acting;
mod around;
mod counters;
mod hands;
mod statement;
mod value;

use async_trait::async_trait;
use segue_engine::rows::{Acting, Change, Copies, Correct, Datum, Firing, Outcome, Read, Unique, apply};
use segue_engine::{EngineError, ErrorKind, Fence, Guard};
use segue_model::ident::TableName;

use crate::fence::Writer;
use crate::session::{Flavour, Purpose, Session};
use crate::{MysqlEngine, control, rows};

const REFERENCES: &str = "
SELECT DISTINCT TABLE_NAME, REFERENCED_TABLE_NAME FROM information_schema.KEY_COLUMN_USAGE
WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_SCHEMA = DATABASE() ORDER BY 1, 2";

const TRANSACTIONS: &str = "
SELECT e.TRANSACTIONS FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = ?";

#[async_trait]
impl Correct for MysqlEngine {
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
        let mut writer = Writer::open(self, guard).await?;
        match begin(&mut writer, guard, read).await {
            Ok(table) => {
                let mut hands = hands::MysqlHands::new(writer, table);
                let done = made(&mut hands, read, changes).await;
                // What was not committed goes with the session.
                hands.writer.close().await;
                done
            }
            Err(error) => {
                writer.close().await;
                Err(error)
            }
        }
    }

    fn statement(&self, read: &Read, before: Option<&[Datum]>, after: Option<&[Datum]>) -> Result<String, EngineError> {
        statement::of_row(read, before, after)
    }

    fn copies_statement(&self, read: &Read, row: &[Datum], copies: Copies) -> Result<String, EngineError> {
        statement::of_copies(read, row, copies)
    }

    fn script_frame(&self) -> (&'static str, &'static str) {
        (statement::BEGIN, statement::END)
    }

    async fn references(&self) -> Result<Vec<(TableName, TableName)>, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let found = session.rows(REFERENCES, ()).await;
        session.close().await;
        Ok(found?.iter().map(|row| (TableName::bare(row.text(0)), TableName::bare(row.text(1)))).collect())
    }

    async fn acting(&self, table: &TableName) -> Result<Vec<Acting>, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let found = acting::read(&mut session, table).await;
        session.close().await;
        found
    }

    fn unreferred(&self, table: &TableName, acting: &Acting) -> Option<String> {
        acting::unreferred(table, acting)
    }

    async fn uniques(&self, table: &TableName) -> Result<Vec<Unique>, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let found = around::uniques(&mut session, table).await;
        session.close().await;
        found
    }

    async fn firing(&self, table: &TableName) -> Result<Firing, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let found = around::firing(&mut session, table).await;
        session.close().await;
        found
    }

    fn counter_statement(&self, read: &Read, column: &str) -> Option<String> {
        Some(counters::statement(&read.table, column))
    }

    async fn warnings(&self, table: &TableName) -> Result<Vec<String>, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let found = counters::warnings(&mut session, table).await;
        session.close().await;
        found
    }
}

async fn made(hands: &mut hands::MysqlHands, read: &Read, changes: &[Change]) -> Result<Vec<Outcome>, EngineError> {
    let outcomes = apply::apply(hands, read, changes).await?;
    counters::above(&mut hands.writer.session, read, changes, &outcomes).await?;
    hands.writer.commit().await?;
    Ok(outcomes)
}

async fn begin(writer: &mut Writer, guard: &Guard, read: &Read) -> Result<rows::Described, EngineError> {
    let session = &mut writer.session;
    // A zero is a value, and not a wish for the next number.
    session.run("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'").await?;
    // What the tables demand is demanded of us, whatever a server has switched off for its loads.
    session
        .run("SET SESSION foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0, sql_select_limit = 18446744073709551615")
        .await?;
    if session.is(Flavour::MariaDb, 10, 2, 1) {
        session.run("SET SESSION check_constraint_checks = 1").await?;
    }
    let table = rows::describe(session, &read.table).await?;
    let safe = session.rows(TRANSACTIONS, (table.rows.table.name.clone(),)).await?.first().is_some_and(|row| row.yes(0));
    if !safe {
        let message = format!("the storage engine of {} has no transactions: a correction could be left half made", read.table);
        return Err(
            EngineError::new("SG-FIX-014", ErrorKind::Unsupported, message).help("ALTER TABLE … ENGINE = InnoDB, or repair by script")
        );
    }
    writer.begin(guard).await?;
    Ok(table)
}
