//! Gates that are measured: rows kept aside, time waited, business rules. Approvals are the executor's.
//!
//! Measuring only reads. Tests: `tests/it/gates.rs`.

use std::sync::Arc;

use async_trait::async_trait;
use segue_engine::Engine;
use segue_journal::{GateReading, GateSource, GateView, StepError};
use segue_model::ident::TableName;
use segue_model::plan::{Condition, Gate, Plan};

use crate::amount::rows;
use crate::checks::{recorded, shown};
use crate::desk::change;
use crate::failure::failed;

/// Measures gates on one engine.
pub struct Gates {
    engine: Arc<dyn Engine>,
}

impl Gates {
    /// Gates on this database.
    pub fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }

    async fn rows_rejected(&self, plan: &Plan, table: &TableName) -> Result<GateReading, StepError> {
        let rejected = self.engine.reshape().rejected(&change(plan, table)?).await.map_err(failed)?;
        Ok(GateReading {
            open: rejected.count == 0,
            value: format!("{} of {table} kept aside", rows(rejected.count)),
            threshold: "0 rows".to_owned(),
        })
    }

    async fn check(&self, plan: &Plan, name: &str, view: &GateView<'_>) -> Result<GateReading, StepError> {
        let Some(sql) = plan.execution.checks.get(name) else {
            return Err(StepError::new("SG-RUN-018", format!("a gate asks for check `{name}`, which the plan does not have"))
                .help("the plan file is not one that `segue plan` made: plan again"));
        };
        let (digest, count) = self.engine.query_digest(sql).await.map_err(failed)?;
        let before = recorded(plan, name, view.state);
        Ok(match before {
            Some((was, was_rows)) => {
                GateReading { open: was == digest, value: shown(&digest, count), threshold: format!("{} as before", shown(&was, was_rows)) }
            }
            None => GateReading { open: true, value: shown(&digest, count), threshold: "nothing was recorded before".to_owned() },
        })
    }
}

fn waited(since: &str, at_least_ms: u64, view: &GateView<'_>) -> GateReading {
    let threshold = format!("at least {} since {since}", span(at_least_ms));
    match view.state.phase_ended_at(since) {
        Some(ended) => {
            // A clock that was set back has not waited a negative time.
            let waited_ms = u64::try_from(view.now_ms.saturating_sub(ended)).unwrap_or(0);
            GateReading { open: waited_ms >= at_least_ms, value: span(waited_ms), threshold }
        }
        None => GateReading { open: false, value: format!("{since} is not over"), threshold },
    }
}

/// A length of time in its two largest units.
fn span(ms: u64) -> String {
    const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    let first = UNITS.iter().position(|(_, size)| ms >= *size).unwrap_or(UNITS.len() - 1);
    let (unit, size) = UNITS[first];
    let rest = UNITS.get(first + 1).filter(|(name, _)| *name != "ms").map(|(name, small)| (name, ms % size / small));
    match rest {
        Some((name, count)) if count > 0 => format!("{} {unit} {count} {name}", ms / size),
        _ => format!("{} {unit}", ms / size),
    }
}

#[async_trait]
impl GateSource for Gates {
    async fn measure(&self, plan: &Plan, gate: &Gate, view: &GateView<'_>) -> Result<GateReading, StepError> {
        match &gate.condition {
            Condition::RowsRejected { table } => self.rows_rejected(plan, table).await,
            Condition::Waited { since, at_least_ms } => Ok(waited(since, *at_least_ms, view)),
            Condition::Check { name } => self.check(plan, name, view).await,
            Condition::Approval | Condition::Metric { .. } | Condition::Approvals { .. } | Condition::Checklist { .. } => {
                Ok(GateReading { open: false, value: "not approved".to_owned(), threshold: "a person's approval".to_owned() })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        for (ms, text) in [(0, "0 ms"), (950, "950 ms"), (61_000, "1 m 1 s"), (3_600_000, "1 h"), (90_000_000, "1 d 1 h"), (5_900, "5 s")] {
            assert_eq!(span(ms), text);
        }
    }
}
