//! A constraint is checked against every row, while writers go on. There is nothing to undo.
//! Page: `docs/steps/validate_constraint.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use segue_model::reshape::ConstraintAdd;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::kind::add_constraint::locked_tables;
use crate::piece::PieceKind;

/// Checks a constraint against every row.
pub struct ValidateConstraint {
    /// What it has at hand.
    pub desk: Desk,
    /// The constraint.
    pub constraint: ConstraintAdd,
}

#[async_trait]
impl PieceKind for ValidateConstraint {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::Validate(&self.constraint)
    }

    fn tables(&self) -> Vec<&TableName> {
        locked_tables(&self.constraint)
    }

    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({ "table": self.constraint.table.to_string(), "constraint": self.constraint.name }))
    }
}
