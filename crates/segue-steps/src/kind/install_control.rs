//! Segue's own control table with the fence, and the table of rejected rows.
//!
//! It also records what the business rules of the spec give before anything changes; `check` gates compare with
//! that. Page: `docs/steps/install_control.md`. Tests: `tests/it/pieces.rs`, `tests/it/gates.rs`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use segue_engine::Piece;
use segue_journal::StepError;
use segue_model::ident::TableName;
use segue_model::plan::Plan;
use serde_json::{Map, Value, json};

use crate::desk::Desk;
use crate::failure::failed;
use crate::piece::PieceKind;

/// Installs the control table.
pub struct InstallControl {
    desk: Desk,
    checks: BTreeMap<String, String>,
}

impl InstallControl {
    /// The step with the plan's business rules.
    pub fn new(desk: Desk, plan: &Plan) -> Self {
        Self { desk, checks: plan.execution.checks.clone() }
    }
}

#[async_trait]
impl PieceKind for InstallControl {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn piece(&self) -> Piece<'_> {
        Piece::Control
    }

    fn tables(&self) -> Vec<&TableName> {
        Vec::new()
    }

    async fn output(&self) -> Result<Value, StepError> {
        let mut checks = Map::new();
        for (name, sql) in &self.checks {
            let (digest, rows) = self.desk.engine.query_digest(sql).await.map_err(failed)?;
            checks.insert(name.clone(), json!({ "digest": digest, "rows": rows }));
        }
        Ok(json!({ "checks": checks }))
    }
}
