//! Business rules (`checks:`) asked now, beside what they gave before anything changed: what `verify` tells.
//!
//! It only reads, and holds counts and digests, never what a rule returned. Tests: `tests/it/gates.rs`.

use segue_engine::Engine;
use segue_journal::State;
use segue_model::action::Action;
use segue_model::plan::Plan;
use serde_json::Value;

use crate::amount::rows;

/// What one rule gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReading {
    /// Its name in the spec.
    pub name: String,
    /// It gives what it gave before; `None` where that is not known, or where it could not be asked.
    pub agrees: Option<bool>,
    /// In words: rows and digest now, and before where they differ; or the code why it could not be asked.
    pub what: String,
}

/// Asks every rule of the plan. One that fails is undecided; the others are asked all the same.
pub async fn readings(engine: &dyn Engine, plan: &Plan, state: &State) -> Vec<CheckReading> {
    let mut out = Vec::new();
    for (name, sql) in &plan.execution.checks {
        let (agrees, what) = match engine.query_digest(sql).await {
            Err(error) => (None, format!("could not be asked: {} {}", error.code, error.message)),
            Ok((digest, count)) => {
                let now = shown(&digest, count);
                match recorded(plan, name, state) {
                    None => (None, format!("{now}; nothing was recorded before")),
                    Some((was, _)) if was == digest => (Some(true), now),
                    Some((was, was_count)) => (Some(false), format!("{now}; before: {}", shown(&was, was_count))),
                }
            }
        };
        out.push(CheckReading { name: name.clone(), agrees, what });
    }
    out
}

/// `1 row, digest 5f70bf18a086`.
pub(crate) fn shown(digest: &str, count: u64) -> String {
    format!("{}, digest {}", rows(count), digest.get(..12).unwrap_or(digest))
}

/// What the check gave before anything changed: `(digest, rows)`.
pub(crate) fn recorded(plan: &Plan, name: &str, state: &State) -> Option<(String, u64)> {
    let install = plan.phases.iter().flat_map(|phase| &phase.steps).find(|card| card.action == Action::InstallControl)?;
    let was = state.step(&install.id).output()?.get("checks")?.get(name)?;
    Some((was.get("digest")?.as_str()?.to_owned(), was.get("rows").and_then(Value::as_u64)?))
}
