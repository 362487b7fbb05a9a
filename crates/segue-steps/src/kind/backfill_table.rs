//! Existing rows get their new form: walked in the key's order, in batches that are sized by time.
//!
//! It never waits for a row that a client holds (a later pass visits it), never writes while the database
//! carries more than the spec allows, and goes on from its last checkpoint; a checkpoint that was lost only
//! walks some rows again. A checkpoint may also be ahead of the database: an engine need not make each batch durable
//! by itself, and a server that crashed comes back without the last ones. So a walk that began at a checkpoint ends
//! with a count, and never with the checkpoint's word. Page: `docs/steps/backfill_table.md`. Tests: `tests/it/backfill.rs`.

use async_trait::async_trait;
use segue_engine::{Batch, Key, Retry};
use segue_journal::{Context, Observed, Progress, Step, StepError, Stop, Verdict};
use segue_model::plan::Step as Card;
use segue_model::reshape::TableChange;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::amount::{rows, verb};
use crate::desk::Desk;
use crate::failure::{failed, failed_on};
use crate::pace::{self, FIRST_ROWS, LEAST_ROWS, Rate, next_rows, wait_reason};

/// How often the database's load is looked at while it is under its limits, in milliseconds.
const LOAD_EVERY_MS: i64 = 500;
/// How long it waits before it looks again while the load is above them.
const WAIT_MS: u64 = 500;
/// How many times a table is walked for rows that others held before somebody is told.
const PASSES_MOST: u32 = 20;
/// How many times in a row one batch may lose a lock before the executor's own policy decides.
const STUMBLES_MOST: u32 = 5;

/// Converts the rows of a table.
pub struct BackfillTable {
    /// What it has at hand.
    pub desk: Desk,
    /// How the table changes.
    pub change: TableChange,
}

/// Where it is. Holds a key's values: kept in the journal, never printed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place {
    after: Option<Key>,
    /// Passes over the table, from 0.
    pass: u32,
    /// Rows walked in the first pass.
    walked: u64,
    converted: u64,
    rejected: u64,
    /// Rows that others held in this pass.
    skipped: u64,
    /// Rows of the next batch.
    rows: u64,
}

/// What is known only while it runs.
struct Watch {
    rate: Rate,
    rows_total: u64,
    load_at_ms: Option<i64>,
    stumbles: u32,
}

impl BackfillTable {
    async fn output(&self, place: &Place) -> Result<Value, StepError> {
        let rejected = self.desk.reshape().rejected(&self.change).await.map_err(failed)?;
        Ok(json!({
            "table": self.change.table.to_string(), "walked": place.walked, "converted": place.converted,
            "rejected": rejected.count, "passes": place.pass + 1,
        }))
    }

    /// Waits while the database carries more than the spec allows.
    async fn wait_for_others(&self, cx: &mut Context<'_>, place: &Place, watch: &mut Watch) -> Result<(), StepError> {
        if watch.load_at_ms.is_some_and(|at| cx.now_ms().saturating_sub(at) < LOAD_EVERY_MS) {
            return Ok(());
        }
        let mut told = false;
        loop {
            let load = self.desk.reshape().load().await.map_err(failed)?;
            watch.load_at_ms = Some(cx.now_ms());
            let Some(reason) = wait_reason(&load, &self.desk.throttle)? else { return Ok(()) };
            if !told {
                // Once a wait, not once a look: a night of waiting must not fill the journal.
                cx.checkpoint(checkpoint(place, Some(&reason))?)?;
                told = true;
            }
            Self::tell(cx, place, watch, reason);
            cx.sleep(WAIT_MS).await?;
            if cx.stopping() != Stop::No {
                return Err(StepError::interrupted());
            }
        }
    }

    fn tell(cx: &mut Context<'_>, place: &Place, watch: &mut Watch, note: String) {
        let rows_total = watch.rows_total.max(place.walked);
        let rows_per_s = watch.rate.at(cx.now_ms(), place.walked);
        let eta_s = pace::eta_s(place.walked, rows_total, rows_per_s);
        cx.progress(Progress { rows_done: place.walked, rows_total, rows_per_s, eta_s, note });
    }

    /// One batch. `None`: a lock was not had; the next try is smaller.
    async fn batch(&self, cx: &mut Context<'_>, place: &mut Place, watch: &mut Watch) -> Result<Option<Batch>, StepError> {
        cx.point("before batch")?;
        let began_ms = cx.now_ms();
        match self.desk.reshape().backfill(&self.desk.guard(cx), &self.change, place.after.as_ref(), place.rows).await {
            Ok(batch) => {
                cx.point("after batch")?;
                watch.stumbles = 0;
                let took_ms = u64::try_from(cx.now_ms().saturating_sub(began_ms)).unwrap_or(0);
                place.rows = next_rows(place.rows, took_ms, self.desk.throttle.batch_target_ms);
                Ok(Some(batch))
            }
            Err(error) if error.kind.retry() == Retry::Soon && watch.stumbles < STUMBLES_MOST => {
                watch.stumbles += 1;
                place.rows = (place.rows / 2).max(LEAST_ROWS);
                cx.sleep(cx.random_u64() % (50 << watch.stumbles) + 1).await?;
                Ok(None)
            }
            Err(error) => Err(failed_on(self.desk.engine.as_ref(), &[&self.change.table], error).await),
        }
    }

    /// The next pass over rows that others held, after a wait that doubles.
    async fn next_pass(&self, cx: &mut Context<'_>, place: &mut Place) -> Result<(), StepError> {
        if place.pass + 1 >= PASSES_MOST {
            let mut error = StepError::new(
                "SG-RUN-014",
                format!("{} of {} {} held by other sessions", rows(place.skipped), self.change.table, verb(place.skipped, "is", "are")),
            )
            .help("let the transactions that hold them finish, then run the same command again: it visits only what is left");
            let blockers = self.desk.engine.blockers(&self.change.table).await.unwrap_or_default();
            if let Some(oldest) = blockers.first() {
                let age_s = oldest.transaction_age_ms / 1_000;
                error.message = format!(
                    "{}; the oldest is session {} ({}, {}, {age_s} s)",
                    error.message, oldest.session, oldest.application, oldest.state
                );
            }
            return Err(error);
        }
        place.pass += 1;
        place.after = None;
        place.skipped = 0;
        cx.checkpoint(checkpoint(place, None)?)?;
        let bound = 100_u64.saturating_mul(1 << place.pass.min(10)).min(5_000);
        cx.sleep(cx.random_u64() % bound + 1).await
    }
}

fn checkpoint(place: &Place, waiting: Option<&str>) -> Result<Value, StepError> {
    let mut data =
        serde_json::to_value(place).map_err(|error| StepError::new("SG-RUN-019", "a checkpoint has no JSON form").caused_by(error))?;
    if let Some(reason) = waiting {
        data["waiting"] = json!(reason);
    }
    Ok(data)
}

/// The place of a checkpoint. One that cannot be read begins at the beginning, which is slow and always right.
fn resumed(resume: Option<Value>) -> Place {
    let mut place: Place = resume.and_then(|data| serde_json::from_value(data).ok()).unwrap_or_default();
    if place.rows == 0 {
        place.rows = FIRST_ROWS;
    }
    if place.pass + 1 >= PASSES_MOST {
        place = Place { pass: 1, after: None, skipped: 0, ..place };
    }
    place
}

#[async_trait]
impl Step for BackfillTable {
    fn card(&self) -> &Card {
        &self.desk.card
    }

    async fn observe(&self, _cx: &mut Context<'_>) -> Result<Observed, StepError> {
        let left = self.desk.reshape().unconverted(&self.change).await.map_err(failed)?;
        if left == 0 { Ok(Observed::Done(self.output(&Place::default()).await?)) } else { Ok(Observed::Partial) }
    }

    async fn perform(&self, cx: &mut Context<'_>, resume: Option<Value>) -> Result<Value, StepError> {
        let mut believed = resume.is_some();
        let mut place = resumed(resume);
        let rows_total = self.desk.reshape().row_estimate(&self.change.table).await.map_err(failed)?;
        let mut watch = Watch { rate: Rate::default(), rows_total, load_at_ms: None, stumbles: 0 };
        Self::tell(cx, &place, &mut watch, String::new());
        loop {
            if cx.stopping() != Stop::No {
                return Err(StepError::interrupted());
            }
            self.wait_for_others(cx, &place, &mut watch).await?;
            let Some(batch) = self.batch(cx, &mut place, &mut watch).await? else { continue };
            if place.pass == 0 {
                place.walked += batch.walked;
            }
            place.converted += batch.converted;
            place.rejected += batch.rejected;
            place.skipped += batch.skipped;
            let over = batch.next.is_none();
            place.after = batch.next.or(place.after);
            cx.checkpoint(checkpoint(&place, None)?)?;
            Self::tell(cx, &place, &mut watch, String::new());
            if over && place.skipped == 0 {
                if std::mem::take(&mut believed) {
                    place.skipped = self.desk.reshape().unconverted(&self.change).await.map_err(failed)?;
                }
                if place.skipped == 0 {
                    return self.output(&place).await;
                }
            }
            if over {
                self.next_pass(cx, &mut place).await?;
            }
        }
    }

    async fn verify(&self, _cx: &mut Context<'_>, _output: &Value) -> Result<Verdict, StepError> {
        let unconverted = self.desk.reshape().unconverted(&self.change).await.map_err(failed)?;
        let rejected = self.desk.reshape().rejected(&self.change).await.map_err(failed)?.count;
        let evidence = json!({ "unconverted": unconverted, "rejected": rejected });
        if unconverted == 0 {
            return Ok(Verdict::Ok(evidence));
        }
        Ok(Verdict::Mismatch {
            evidence,
            code: "SG-RUN-012".to_owned(),
            message: format!("{} of {} {} no new form yet", rows(unconverted), self.change.table, verb(unconverted, "has", "have")),
        })
    }

    /// Nothing: the new columns go with the undo of `expand_table`, and a converted row is right on both sides.
    async fn undo(&self, _cx: &mut Context<'_>) -> Result<(), StepError> {
        Ok(())
    }
}
