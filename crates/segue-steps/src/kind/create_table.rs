//! A new table. Undoing drops it with its rows, which `segue rollback` says beforehand.
//! Page: `docs/steps/create_table.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use segue_model::reshape::NewTable;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::failure::failed;
use crate::piece::PieceKind;

/// Makes a table.
pub struct CreateTable {
    /// What it has at hand.
    pub desk: Desk,
    /// The table.
    pub table: NewTable,
}

#[async_trait]
impl PieceKind for CreateTable {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::Create(&self.table)
    }

    fn tables(&self) -> Vec<&TableName> {
        vec![&self.table.table]
    }

    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({ "table": self.table.table.to_string() }))
    }

    async fn doubt(&self) -> Result<Option<String>, StepError> {
        let tables = self.desk.engine.tables().await.map_err(failed)?;
        Ok((!tables.contains(&self.table.table)).then(|| format!("table {} is not in the list of tables", self.table.table)))
    }
}
