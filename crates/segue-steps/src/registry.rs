//! The registry: every step kind with its version, and how a card becomes a step.
//!
//! A kind's version is raised when a step begun by the old code could not be gone on with by the new. A run
//! refuses to resume with another version. Tests: `tests/it/registry.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use segue_engine::Engine;
use segue_journal::{Step, StepError, StepSource};
use segue_model::action::Action;
use segue_model::plan::{Plan, Step as Card};

use crate::desk::{Desk, change, guard};
use crate::failure::failed;
use crate::kind;
use crate::piece::PieceStep;

/// Every step kind and its version.
pub const KINDS: &[(&str, u32)] = &[
    ("install_control", 1),
    ("create_table", 1),
    ("expand_table", 1),
    ("add_constraint", 1),
    ("backfill_table", 1),
    ("build_index", 1),
    ("validate_constraint", 1),
    ("verify_table", 1),
    ("shift_table", 1),
    ("contract_table", 1),
    ("drop_index", 1),
    ("drop_table", 1),
    ("finish_run", 1),
    ("repair_rows", 1),
    // xtask:new step
];

/// The step of a card.
pub fn build(plan: &Plan, card: &Card, engine: Arc<dyn Engine>) -> Result<Box<dyn Step>, StepError> {
    if card.kind != card.action.kind() {
        let message = format!("step {} calls itself {} but its work is {}", card.id, card.kind, card.action.kind());
        return Err(StepError::new("SG-RUN-017", message).help("the plan file is not one that `segue plan` made: plan again"));
    }
    let desk = Desk::new(plan, card, engine);
    Ok(match &card.action {
        Action::InstallControl => Box::new(PieceStep(kind::install_control::InstallControl::new(desk, plan))),
        Action::CreateTable { table } => Box::new(PieceStep(kind::create_table::CreateTable { desk, table: table.clone() })),
        Action::ExpandTable { table } => Box::new(PieceStep(kind::expand_table::ExpandTable { desk, change: change(plan, table)? })),
        Action::AddConstraint { constraint } => {
            Box::new(PieceStep(kind::add_constraint::AddConstraint { desk, constraint: constraint.clone() }))
        }
        Action::BackfillTable { table } => Box::new(kind::backfill_table::BackfillTable { desk, change: change(plan, table)? }),
        Action::BuildIndex { index } => Box::new(PieceStep(kind::build_index::BuildIndex { desk, index: index.clone() })),
        Action::ValidateConstraint { constraint } => {
            Box::new(PieceStep(kind::validate_constraint::ValidateConstraint { desk, constraint: constraint.clone() }))
        }
        Action::VerifyTable { table, before } => {
            Box::new(kind::verify_table::VerifyTable { desk, change: change(plan, table)?, before: before.clone() })
        }
        Action::ShiftTable { table } => Box::new(PieceStep(kind::shift_table::ShiftTable { desk, change: change(plan, table)? })),
        Action::ContractTable { table } => Box::new(PieceStep(kind::contract_table::ContractTable { desk, change: change(plan, table)? })),
        Action::DropIndex { table, index } => {
            Box::new(PieceStep(kind::drop_index::DropIndex { desk, table: table.clone(), index: index.clone() }))
        }
        Action::DropTable { table } => Box::new(PieceStep(kind::drop_table::DropTable { desk, table: table.clone() })),
        // xtask:new build
        Action::FinishRun => Box::new(PieceStep(kind::finish_run::FinishRun { desk })),
        Action::RepairRows { .. } => {
            let message = format!("step {} is one of a repair, which has its own way in", card.id);
            return Err(
                StepError::new("SG-RUN-017", message).help("segue verify --repair apply, or segue apply in the folder of its journal")
            );
        }
        Action::Outside => {
            let message = format!("step {} is done outside of Segue", card.id);
            return Err(StepError::new("SG-RUN-020", message).help("segue runbook shows how it is done"));
        }
    })
}

/// The steps of a plan on one engine.
pub struct Steps {
    engine: Arc<dyn Engine>,
}

impl Steps {
    /// Steps that work on this database.
    pub fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }
}

#[async_trait]
impl StepSource for Steps {
    fn kinds(&self) -> BTreeMap<String, u32> {
        KINDS.iter().map(|(kind, version)| ((*kind).to_owned(), *version)).collect()
    }

    fn build(&self, plan: &Plan, card: &Card) -> Result<Box<dyn Step>, StepError> {
        build(plan, card, Arc::clone(&self.engine))
    }

    async fn enter(&self, plan: &Plan, run: &str, epoch: u64) -> Result<(), StepError> {
        let execution = &plan.execution;
        let guard = guard(&execution.tag, &execution.spec_digest, &execution.throttle, run, "", epoch);
        self.engine.fence().take(&guard).await.map_err(failed)
    }
}
