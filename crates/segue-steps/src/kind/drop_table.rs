//! A table goes with its rows. It cannot be undone once it is done.
//! Page: `docs/steps/drop_table.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::failure::failed;
use crate::piece::{PieceKind, Undoable};

/// Drops a table.
pub struct DropTable {
    /// What it has at hand.
    pub desk: Desk,
    /// The table.
    pub table: TableName,
}

#[async_trait]
impl PieceKind for DropTable {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::DropTable(&self.table)
    }

    fn tables(&self) -> Vec<&TableName> {
        vec![&self.table]
    }

    fn undoable(&self) -> Undoable {
        Undoable::No
    }

    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({ "table": self.table.to_string() }))
    }

    async fn doubt(&self) -> Result<Option<String>, StepError> {
        let tables = self.desk.engine.tables().await.map_err(failed)?;
        Ok(tables.contains(&self.table).then(|| format!("table {} is still there", self.table)))
    }
}
