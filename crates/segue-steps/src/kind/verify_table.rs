//! Every row's two forms are compared by an independent read before `shift` and before `contract`.
//!
//! The engine evaluates `up` and `down` itself and believes neither triggers nor the helper column. Keys of rows
//! that disagree are shown to whoever watches and are never journaled. Page: `docs/steps/verify_table.md`.
//! Tests: `tests/it/verify.rs`.

use async_trait::async_trait;
use segue_engine::Key;
use segue_journal::{Context, Observed, Progress, Step, StepError, Stop, Verdict};
use segue_model::plan::Step as Card;
use segue_model::reshape::TableChange;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::amount::{rows, verb};
use crate::desk::Desk;
use crate::failure::failed;
use crate::pace::{Rate, eta_s};

/// Rows of one range: some ten milliseconds of reading.
const RANGE_ROWS: u64 = 5_000;
/// How old a checkpoint may be, in milliseconds, for its ranges to count as compared in this pass.
const FRESH_MS: i64 = 900_000;

/// Compares the two forms of a table.
pub struct VerifyTable {
    /// What it has at hand.
    pub desk: Desk,
    /// How the table changes.
    pub change: TableChange,
    /// The phase that it guards.
    pub before: String,
}

/// Where it is. Holds a key's values: kept in the journal, never printed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place {
    after: Option<Key>,
    /// When this pass began.
    began_ms: i64,
    compared: u64,
    mismatches: u64,
    unconverted: u64,
}

fn resumed(resume: Option<Value>, now_ms: i64) -> Place {
    let place: Option<Place> = resume.and_then(|data| serde_json::from_value(data).ok());
    let fresh = place.filter(|place| (0..FRESH_MS).contains(&now_ms.saturating_sub(place.began_ms)));
    fresh.unwrap_or(Place { began_ms: now_ms, ..Place::default() })
}

#[async_trait]
impl Step for VerifyTable {
    fn card(&self) -> &Card {
        &self.desk.card
    }

    /// It has no effect that could be observed: it is always to be done, from its checkpoint if that is fresh.
    async fn observe(&self, _cx: &mut Context<'_>) -> Result<Observed, StepError> {
        Ok(Observed::Partial)
    }

    async fn perform(&self, cx: &mut Context<'_>, resume: Option<Value>) -> Result<Value, StepError> {
        let mut place = resumed(resume, cx.now_ms());
        let estimate = self.desk.reshape().row_estimate(&self.change.table).await.map_err(failed)?;
        let mut rate = Rate::default();
        let mut shown = 0;
        loop {
            if cx.stopping() != Stop::No {
                return Err(StepError::interrupted());
            }
            cx.point("before range")?;
            let range = self.desk.reshape().compare(&self.change, place.after.as_ref(), RANGE_ROWS).await.map_err(failed)?;
            place.compared += range.compared;
            place.mismatches += range.mismatches;
            place.unconverted += range.unconverted;
            for key in range.examples.iter().take(10_usize.saturating_sub(shown)) {
                shown += 1;
                cx.note(&format!("{}: the two forms of the row {key} disagree", self.change.table));
            }
            let rows_total = estimate.max(place.compared);
            let rows_per_s = rate.at(cx.now_ms(), place.compared);
            let eta_s = eta_s(place.compared, rows_total, rows_per_s);
            cx.progress(Progress { rows_done: place.compared, rows_total, rows_per_s, eta_s, note: String::new() });
            let Some(next) = range.next else { break };
            place.after = Some(next);
            let data = serde_json::to_value(&place);
            cx.checkpoint(data.map_err(|error| StepError::new("SG-RUN-019", "a checkpoint has no JSON form").caused_by(error))?)?;
        }
        Ok(json!({
            "table": self.change.table.to_string(), "before": self.before, "compared": place.compared,
            "mismatches": place.mismatches, "unconverted": place.unconverted,
        }))
    }

    async fn verify(&self, _cx: &mut Context<'_>, output: &Value) -> Result<Verdict, StepError> {
        let count = |name: &str| output.get(name).and_then(Value::as_u64);
        let (Some(compared), Some(mismatches), Some(seen)) = (count("compared"), count("mismatches"), count("unconverted")) else {
            return Err(StepError::new("SG-RUN-019", "the comparison gave no counts"));
        };
        // The walk and the count are two reads; either may see what the other does not.
        let unconverted = seen.max(self.desk.reshape().unconverted(&self.change).await.map_err(failed)?);
        let evidence = json!({ "compared": compared, "mismatches": mismatches, "unconverted": unconverted });
        let table = &self.change.table;
        if mismatches > 0 {
            let (have, compared) = (verb(mismatches, "has", "have"), rows(compared));
            let message = format!("{mismatches} of {compared} of {table} {have} two forms that disagree; `segue verify` shows the keys");
            return Ok(Verdict::Mismatch { evidence, code: "SG-RUN-011".to_owned(), message });
        }
        if unconverted > 0 {
            let message = format!("{} of {table} {} no new form yet", rows(unconverted), verb(unconverted, "has", "have"));
            return Ok(Verdict::Mismatch { evidence, code: "SG-RUN-012".to_owned(), message });
        }
        Ok(Verdict::Ok(evidence))
    }

    /// Nothing: it only read.
    async fn undo(&self, _cx: &mut Context<'_>) -> Result<(), StepError> {
        Ok(())
    }
}
