//! What every step has at hand: its card, the engine, the plan's limits, its right to write.
//!
//! The [`Guard`] is made anew for each call from the executor's own epoch; nothing keeps one.
//! Tests: with the kinds, `tests/it/`.

use std::sync::Arc;

use segue_engine::{Engine, Guard, Reshape};
use segue_journal::{Context, StepError};
use segue_model::ident::TableName;
use segue_model::plan::{Plan, Step as Card, Throttle};
use segue_model::reshape::TableChange;

/// What a step has at hand.
#[derive(Clone)]
pub struct Desk {
    /// What the plan says of the step.
    pub card: Card,
    /// The database.
    pub engine: Arc<dyn Engine>,
    /// The plan's limits on what a run may cost others.
    pub throttle: Throttle,
    tag: String,
    spec_digest: String,
}

impl Desk {
    /// The desk of one step of a plan.
    pub fn new(plan: &Plan, card: &Card, engine: Arc<dyn Engine>) -> Self {
        Self {
            card: card.clone(),
            engine,
            throttle: plan.execution.throttle.clone(),
            tag: plan.execution.tag.clone(),
            spec_digest: plan.execution.spec_digest.clone(),
        }
    }

    /// The right to write, for one call.
    pub fn guard(&self, cx: &Context<'_>) -> Guard {
        guard(&self.tag, &self.spec_digest, &self.throttle, cx.run(), cx.step(), cx.epoch())
    }

    /// The run's tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Changing the form of tables.
    pub fn reshape(&self) -> &dyn Reshape {
        self.engine.reshape()
    }
}

/// The right to write of one run, step and epoch.
pub(crate) fn guard(tag: &str, spec_digest: &str, throttle: &Throttle, run: &str, step: &str, epoch: u64) -> Guard {
    Guard {
        run: run.to_owned(),
        tag: tag.to_owned(),
        step: step.to_owned(),
        epoch,
        lock_timeout_ms: throttle.ddl_lock_timeout_ms,
        spec_digest: spec_digest.to_owned(),
    }
}

/// The change of a table, which a plan that names the table must have.
pub(crate) fn change(plan: &Plan, table: &TableName) -> Result<TableChange, StepError> {
    plan.table_change(table).cloned().ok_or_else(|| {
        StepError::new("SG-RUN-017", format!("the plan names table {table} in a step but does not say how it changes"))
            .help("the plan file is not one that `segue plan` made: plan again")
    })
}
