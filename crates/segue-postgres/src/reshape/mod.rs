//! Changing the form of live tables on PostgreSQL: version views over one base table, triggers that keep both forms
//! of each row, a helper column that says which side wrote it.
//!
//! One file a piece. It must never write outside a transaction that checked the epoch (a concurrent index build:
//! under the run's advisory lock), never wait for a lock longer than clients may wait for us, and never guess which
//! side wrote a row. Tests: `tests/reshape/`, against real servers.

mod backfill;
mod base;
mod compare;
mod compose;
mod constraint;
mod contract;
mod create;
pub(crate) mod earlier;
mod expand;
mod figures;
mod index;
mod keys;
mod names;
mod patience;
mod remap;
mod shift;
mod survey;
mod sync;
mod triggers;
mod unseen;
mod views;
mod witness;

pub(crate) use base::path as search_path;

use std::collections::BTreeSet;

use async_trait::async_trait;
use segue_engine::{Batch, Comparison, EngineError, Guard, Key, Load, Loss, Piece, PieceState, Rejected, Reshape, quote};
use segue_model::finding::Finding;
use segue_model::ident::TableName;
use segue_model::plan::Throttle;
use segue_model::reshape::{IndexBuild, NewTable, Survey, TableChange};

use crate::{PostgresEngine, control};

#[async_trait]
impl Reshape for PostgresEngine {
    async fn survey(&self, change: &TableChange, throttle: &Throttle) -> Result<Survey, EngineError> {
        survey::survey(self, change, throttle).await
    }

    async fn survey_made(
        &self,
        created: &[NewTable],
        indexes: &[IndexBuild],
        changes: &[TableChange],
    ) -> Result<Vec<Finding>, EngineError> {
        survey::survey_made(self, created, indexes, changes).await
    }

    async fn observe(&self, guard: &Guard, piece: Piece<'_>) -> Result<PieceState, EngineError> {
        match piece {
            Piece::Control => control::observe(self, guard).await,
            Piece::Create(new) => create::observe(self, new).await,
            Piece::Expand(change) => expand::observe(self, guard, change).await,
            Piece::Index(build) => index::observe(self, build).await,
            Piece::Constraint(add) => constraint::observe(self, add).await,
            Piece::Validate(add) => constraint::observe_validated(self, add).await,
            Piece::Shift(change) => shift::observe(self, change).await,
            Piece::Contract(change) => contract::observe(self, change).await,
            Piece::DropTable(table) => create::observe_dropped(self, table).await,
            Piece::DropIndex(table, index) => index::observe_dropped(self, table, index).await,
            Piece::Finish => control::observe_finish(self, guard).await,
        }
    }

    async fn make(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
        match piece {
            Piece::Control => control::install(self, guard).await,
            Piece::Create(new) => create::make(self, guard, new).await,
            Piece::Expand(change) => expand::make(self, guard, change).await,
            Piece::Index(build) => index::make(self, guard, build).await,
            Piece::Constraint(add) => constraint::make(self, guard, add).await,
            Piece::Validate(add) => constraint::validate(self, guard, add).await,
            Piece::Shift(change) => shift::make(self, guard, change).await,
            Piece::Contract(change) => contract::make(self, guard, change).await,
            Piece::DropTable(table) => create::drop(self, guard, table).await,
            Piece::DropIndex(table, index) => index::drop(self, guard, table, index).await,
            Piece::Finish => control::finish(self, guard).await,
        }
    }

    async fn unmake(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
        match piece {
            Piece::Control => control::uninstall(self, guard).await,
            Piece::Create(new) => create::drop(self, guard, &new.table).await,
            Piece::Expand(change) => expand::unmake(self, guard, change).await,
            Piece::Index(build) => index::unmake(self, guard, build).await,
            Piece::Constraint(add) => constraint::unmake(self, guard, add).await,
            Piece::Shift(change) => shift::unmake(self, guard, change).await,
            Piece::Validate(_) | Piece::Contract(_) | Piece::DropTable(_) | Piece::DropIndex(..) | Piece::Finish => Ok(()),
        }
    }

    async fn backfill(&self, guard: &Guard, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Batch, EngineError> {
        backfill::batch(self, guard, change, after, limit).await
    }

    async fn unconverted(&self, change: &TableChange) -> Result<u64, EngineError> {
        compare::unconverted(self, change).await
    }

    async fn compare(&self, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Comparison, EngineError> {
        compare::range(self, change, after, limit).await
    }

    async fn rejected(&self, change: &TableChange) -> Result<Rejected, EngineError> {
        figures::rejected(self, change).await
    }

    async fn row_estimate(&self, table: &TableName) -> Result<u64, EngineError> {
        let session = self.read_session("rows").await?;
        figures::row_estimate(&*session.client, table).await
    }

    async fn load(&self) -> Result<Load, EngineError> {
        figures::load(self).await
    }

    async fn loss(&self, guard: &Guard, changes: &[TableChange], created: &[NewTable]) -> Result<Loss, EngineError> {
        figures::loss(self, guard, changes, created).await
    }

    fn versions(&self, changes: &[TableChange]) -> Option<(String, String)> {
        version_paths(changes)
    }
}

/// What each side connects with while both forms live: `(old, new)` search paths; `None` where no table has two
/// forms. Known from the plan alone.
pub fn version_paths(changes: &[TableChange]) -> Option<(String, String)> {
    let changes: Vec<&TableChange> = changes.iter().filter(|change| names::forms_differ(change)).collect();
    let tag = &changes.first()?.tag;
    let schemas: BTreeSet<&str> = changes.iter().map(|change| change.table.schema.as_str()).collect();
    let path = |side: &str| {
        let of_the_side = schemas.iter().map(|schema| quote::name(&names::version_schema(schema, tag, side)));
        of_the_side.chain(schemas.iter().map(|schema| quote::name(schema))).collect::<Vec<_>>().join(", ")
    };
    Some((path("old"), path("new")))
}
