//! The old form goes, in one transaction with bounded locks. It cannot be undone once it is done.
//! Page: `docs/steps/contract_table.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::failure::failed;
use crate::piece::{PieceKind, Undoable};

/// Ends the old form of a table.
pub struct ContractTable {
    /// What it has at hand.
    pub desk: Desk,
    /// How the table changes.
    pub change: TableChange,
}

#[async_trait]
impl PieceKind for ContractTable {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::Contract(&self.change)
    }

    fn tables(&self) -> Vec<&TableName> {
        vec![&self.change.table]
    }

    fn undoable(&self) -> Undoable {
        Undoable::No
    }

    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({ "table": self.change.table.to_string() }))
    }

    async fn doubt(&self) -> Result<Option<String>, StepError> {
        let catalog = self.desk.engine.catalog(std::slice::from_ref(&self.change.table)).await.map_err(failed)?;
        let Some(table) = catalog.table(&self.change.table) else {
            return Ok(Some(format!("table {} is not there", self.change.table)));
        };
        let missing = self.change.new.iter().find(|column| table.column(&column.name).is_none());
        if let Some(column) = missing {
            return Ok(Some(format!("column {} of {} is not there", column.name, self.change.table)));
        }
        let extra = table.columns.iter().find(|column| self.change.new.iter().all(|new| new.name != column.name));
        Ok(extra.map(|column| format!("column {} of {} is still there", column.name, self.change.table)))
    }
}
