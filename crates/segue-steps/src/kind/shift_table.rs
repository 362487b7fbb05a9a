//! The new form becomes strict and is announced as ready. Undoing makes it lenient again.
//! Page: `docs/steps/shift_table.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::piece::PieceKind;

/// Makes the new form of a table strict.
pub struct ShiftTable {
    /// What it has at hand.
    pub desk: Desk,
    /// How the table changes.
    pub change: TableChange,
}

#[async_trait]
impl PieceKind for ShiftTable {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::Shift(&self.change)
    }

    fn tables(&self) -> Vec<&TableName> {
        vec![&self.change.table]
    }

    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({ "table": self.change.table.to_string() }))
    }
}
