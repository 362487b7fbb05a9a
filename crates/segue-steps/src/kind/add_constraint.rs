//! A constraint for new writes; old rows are not scanned, so writers do not wait. Undoing drops it.
//! Page: `docs/steps/add_constraint.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use segue_model::reshape::{ConstraintAdd, ConstraintWhat};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::piece::PieceKind;

/// Adds a constraint for new writes.
pub struct AddConstraint {
    /// What it has at hand.
    pub desk: Desk,
    /// The constraint.
    pub constraint: ConstraintAdd,
}

#[async_trait]
impl PieceKind for AddConstraint {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::Constraint(&self.constraint)
    }

    fn tables(&self) -> Vec<&TableName> {
        locked_tables(&self.constraint)
    }

    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({ "table": self.constraint.table.to_string(), "constraint": self.constraint.name }))
    }
}

/// A foreign key locks the table it points to as well.
pub(crate) fn locked_tables(constraint: &ConstraintAdd) -> Vec<&TableName> {
    match &constraint.what {
        ConstraintWhat::ForeignKey { target, .. } if *target != constraint.table => vec![&constraint.table, target],
        _ => vec![&constraint.table],
    }
}
