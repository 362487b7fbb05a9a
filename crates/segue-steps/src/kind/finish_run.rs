//! The control table remembers that the spec was applied, and the database is free for the next run.
//! Page: `docs/steps/finish_run.md`. Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;

use crate::desk::Desk;
use crate::failure::failed;
use crate::piece::{PieceKind, Undoable};

/// Ends a run in the database.
pub struct FinishRun {
    /// What it has at hand.
    pub desk: Desk,
}

#[async_trait]
impl PieceKind for FinishRun {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::Finish
    }

    fn tables(&self) -> Vec<&TableName> {
        Vec::new()
    }

    fn undoable(&self) -> Undoable {
        Undoable::No
    }

    async fn doubt(&self) -> Result<Option<String>, StepError> {
        let state = self.desk.engine.fence().state().await.map_err(failed)?;
        // Another run may hold the database by now: only our own tag is a doubt.
        let ours = state.active.filter(|(_, tag, _)| tag == self.desk.tag());
        Ok(ours.map(|(run, ..)| format!("the control table still says that run {run} is under way")))
    }
}
