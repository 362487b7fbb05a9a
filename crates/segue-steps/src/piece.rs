//! The steps that make one [`Piece`] of a schema change: observe, make, verify by looking again, unmake.
//!
//! A kind says which piece it is and what is its own; the contract's loop stands here once.
//! Tests: `tests/it/pieces.rs`.

use async_trait::async_trait;
use segue_engine::{Piece, PieceState};
use segue_journal::{Context, Observed, Step, StepError, Verdict};
use segue_model::ident::TableName;
use segue_model::plan::Step as Card;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::failure::{failed, failed_on};

/// Whether a piece can be unmade once it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undoable {
    /// The engine unmakes it.
    Yes,
    /// It cannot be: undo succeeds only while nothing of it is there.
    No,
}

/// What is particular to a kind that makes one piece.
#[async_trait]
pub trait PieceKind: Send + Sync {
    /// Its desk.
    fn desk(&self) -> &Desk;

    /// Its piece.
    fn piece(&self) -> Piece<'_>;

    /// The users' tables that it locks, for naming who stands in the way.
    fn tables(&self) -> Vec<&TableName>;

    /// Whether it can be unmade.
    fn undoable(&self) -> Undoable {
        Undoable::Yes
    }

    /// What it gives, read when its effect is there: names and counts.
    async fn output(&self) -> Result<Value, StepError> {
        Ok(json!({}))
    }

    /// What another read than the engine's own `observe` says: `None` is nothing against it, else one sentence.
    async fn doubt(&self) -> Result<Option<String>, StepError> {
        Ok(None)
    }
}

/// A [`PieceKind`] as a step.
pub struct PieceStep<K>(pub K);

#[async_trait]
impl<K: PieceKind> Step for PieceStep<K> {
    fn card(&self) -> &Card {
        &self.0.desk().card
    }

    async fn observe(&self, cx: &mut Context<'_>) -> Result<Observed, StepError> {
        let desk = self.0.desk();
        match desk.reshape().observe(&desk.guard(cx), self.0.piece()).await.map_err(failed)? {
            PieceState::Absent => Ok(Observed::NotDone),
            PieceState::Partial => Ok(Observed::Partial),
            PieceState::Present => Ok(Observed::Done(self.0.output().await?)),
        }
    }

    async fn perform(&self, cx: &mut Context<'_>, _resume: Option<Value>) -> Result<Value, StepError> {
        let desk = self.0.desk();
        cx.point("before make")?;
        if let Err(error) = desk.reshape().make(&desk.guard(cx), self.0.piece()).await {
            return Err(failed_on(desk.engine.as_ref(), &self.0.tables(), error).await);
        }
        cx.point("after make")?;
        self.0.output().await
    }

    async fn verify(&self, cx: &mut Context<'_>, _output: &Value) -> Result<Verdict, StepError> {
        let desk = self.0.desk();
        let state = desk.reshape().observe(&desk.guard(cx), self.0.piece()).await.map_err(failed)?;
        let doubt = if state == PieceState::Present {
            self.0.doubt().await?
        } else {
            Some(format!("it is {state:?} in the catalog").to_lowercase())
        };
        Ok(match doubt {
            None => Verdict::Ok(json!({ "state": "present" })),
            Some(doubt) => Verdict::Mismatch {
                evidence: json!({ "state": format!("{state:?}").to_lowercase() }),
                code: "SG-RUN-013".to_owned(),
                message: format!("step {} was done, but {doubt}", self.card().id),
            },
        })
    }

    async fn undo(&self, cx: &mut Context<'_>) -> Result<(), StepError> {
        let desk = self.0.desk();
        let guard = desk.guard(cx);
        if self.0.undoable() == Undoable::No {
            return match desk.reshape().observe(&guard, self.0.piece()).await.map_err(failed)? {
                PieceState::Absent => Ok(()),
                PieceState::Partial | PieceState::Present => Err(cannot_be_undone(self.card())),
            };
        }
        cx.point("before unmake")?;
        if let Err(error) = desk.reshape().unmake(&guard, self.0.piece()).await {
            return Err(failed_on(desk.engine.as_ref(), &self.0.tables(), error).await);
        }
        cx.point("after unmake")
    }
}

fn cannot_be_undone(card: &Card) -> StepError {
    StepError::new("SG-RUN-010", format!("step {} was done and has no undo ({})", card.id, card.undo.what))
        .help("the way from here is forward: `segue apply` finishes the run; a new spec can bring the old form back")
}
