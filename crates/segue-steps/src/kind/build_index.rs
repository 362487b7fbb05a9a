//! An index, built while writers go on; one that failed half-way is removed and built again. Undoing drops it.
//! Page: `docs/steps/build_index.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use segue_model::reshape::IndexBuild;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::failure::failed;
use crate::piece::PieceKind;

/// Builds an index.
pub struct BuildIndex {
    /// What it has at hand.
    pub desk: Desk,
    /// The index.
    pub index: IndexBuild,
}

#[async_trait]
impl PieceKind for BuildIndex {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::Index(&self.index)
    }

    fn tables(&self) -> Vec<&TableName> {
        vec![&self.index.table]
    }

    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({ "table": self.index.table.to_string(), "index": self.index.name }))
    }

    async fn doubt(&self) -> Result<Option<String>, StepError> {
        let catalog = self.desk.engine.catalog(std::slice::from_ref(&self.index.table)).await.map_err(failed)?;
        let indexes = catalog.table(&self.index.table).map_or(&[][..], |table| &table.indexes);
        Ok(match indexes.iter().find(|index| index.name == self.index.name) {
            Some(index) if index.valid => None,
            Some(_) => Some(format!("index {} is not valid", self.index.name)),
            None => Some(format!("index {} is not there", self.index.name)),
        })
    }
}
