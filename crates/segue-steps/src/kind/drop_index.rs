//! An index goes, while writers go on. It cannot be undone once it is done.
//! Page: `docs/steps/drop_index.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::failure::failed;
use crate::piece::{PieceKind, Undoable};

/// Drops an index.
pub struct DropIndex {
    /// What it has at hand.
    pub desk: Desk,
    /// Its table.
    pub table: TableName,
    /// The index.
    pub index: String,
}

#[async_trait]
impl PieceKind for DropIndex {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::DropIndex(&self.table, &self.index)
    }

    fn tables(&self) -> Vec<&TableName> {
        vec![&self.table]
    }

    fn undoable(&self) -> Undoable {
        Undoable::No
    }

    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({ "table": self.table.to_string(), "index": self.index }))
    }

    async fn doubt(&self) -> Result<Option<String>, StepError> {
        let catalog = self.desk.engine.catalog(std::slice::from_ref(&self.table)).await.map_err(failed)?;
        let there = catalog.table(&self.table).is_some_and(|table| table.indexes.iter().any(|index| index.name == self.index));
        Ok(there.then(|| format!("index {} is still there", self.index)))
    }
}
