//! New columns, triggers and version views: from here on both forms live. Undoing leaves the old form as it was.
//! Page: `docs/steps/expand_table.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::failure::failed;
use crate::piece::PieceKind;

/// Lets both forms of a table live.
pub struct ExpandTable {
    /// What it has at hand.
    pub desk: Desk,
    /// How the table changes.
    pub change: TableChange,
}

#[async_trait]
impl PieceKind for ExpandTable {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::Expand(&self.change)
    }

    fn tables(&self) -> Vec<&TableName> {
        vec![&self.change.table]
    }

    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({ "table": self.change.table.to_string(), "columns": self.change.up.len() }))
    }

    async fn doubt(&self) -> Result<Option<String>, StepError> {
        let catalog = self.desk.engine.catalog(std::slice::from_ref(&self.change.table)).await.map_err(failed)?;
        let Some(table) = catalog.table(&self.change.table) else {
            return Ok(Some(format!("table {} is not there", self.change.table)));
        };
        let missing = self.change.new.iter().find(|column| table.column(&column.physical).is_none());
        Ok(missing.map(|column| format!("column {} of {} is not there", column.physical, self.change.table)))
    }
}
