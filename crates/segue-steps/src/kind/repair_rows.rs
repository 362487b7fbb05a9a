//! Rows are put right by compare-and-set, in bounded batches, from a repair file; undoing applies the undo file the same
//! way.
//!
//! A row that somebody changed since it was compared is left as it is and counted; so is one that the database does not
//! take or would not store exactly. Rows may refer to each other, so that what is refused is tried again as long as that
//! helps. Each correction stands in the journal with hashes and never with a value. A batch whose checkpoint was lost is
//! only looked at again. Page: `docs/steps/repair_rows.md`. Tests: `tests/it/repair.rs` and the proofs of `segue-sim`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use segue_engine::Retry;
use segue_engine::rows::{Outcome, hash};
use segue_journal::{Context, Observed, Progress, Step, StepError, Stop, Verdict};
use segue_model::action::RowsFile;
use segue_model::plan::Step as Card;
use segue_verify::repair::{Correction, Loaded, RepairError, load};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::amount::{rows, verb};
use crate::failure::failed;
use crate::repairs::{Bench, standing};

/// Corrections of one transaction, at most.
const BATCH: usize = 200;
/// Bytes of one transaction's rows, about.
const BATCH_BYTES: usize = 1 << 20;
/// The same of a pass over rows that stand in each other's way: two of them may be far from each other.
const WIDE: usize = 1_000;
/// Bytes of such a transaction's rows.
const WIDE_BYTES: usize = 16 << 20;
/// How many times what was refused is tried again.
const PASSES_MOST: u32 = 8;
/// How many times in a row one batch may lose a lock before the executor's own policy decides.
const STUMBLES_MOST: u32 = 5;

/// Puts rows right.
pub struct RepairRows {
    /// What it has at hand.
    pub bench: Bench,
    /// The rows as they shall be.
    pub rows: RowsFile,
    /// The rows as they were.
    pub undo: RowsFile,
}

/// What a repair came to: the step's output, for the verb.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repaired {
    /// Corrections in all.
    pub corrections: u64,
    /// Corrections that were made, by this attempt or an earlier one.
    pub right: u64,
    /// Rows that somebody changed since they were compared; nothing was done to them.
    pub moved: u64,
    /// Rows that the database did not take, by the code that says why.
    pub refused: BTreeMap<String, u64>,
}

impl Repaired {
    /// What the output of a `repair_rows` step says.
    pub fn of(output: &Value) -> Option<Self> {
        serde_json::from_value(output.clone()).ok()
    }

    /// Every row is as it shall be.
    pub fn is_whole(&self) -> bool {
        self.right == self.corrections
    }

    fn aside(&self) -> u64 {
        self.moved + self.refused.values().sum::<u64>()
    }

    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Done | Outcome::Already => self.right += 1,
            Outcome::Moved => self.moved += 1,
            Outcome::Refused(code) => *self.refused.entry(code.to_owned()).or_default() += 1,
        }
    }
}

/// Where it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place {
    /// The next correction.
    next: usize,
    /// Passes over the file, from 0.
    pass: u32,
    /// What the pass before this one refused.
    refused_before: Option<u64>,
    /// Its transactions are wide.
    #[serde(default)]
    wide: bool,
    /// This pass so far.
    so_far: Repaired,
}

impl RepairRows {
    fn file(&self, file: &RowsFile) -> Result<Loaded, StepError> {
        load(&self.bench.folder, &file.name, Some(&file.digest)).map_err(unreadable)
    }

    /// Applies a file. `place`: where to go on.
    async fn apply(&self, cx: &mut Context<'_>, loaded: &Loaded, mut place: Place) -> Result<Repaired, StepError> {
        self.bench.target.prepare(&self.bench.guard(cx)).await.map_err(failed)?;
        place.so_far.corrections = loaded.corrections.len() as u64;
        loop {
            while place.next < loaded.corrections.len() {
                if cx.stopping() != Stop::No {
                    return Err(StepError::interrupted());
                }
                let batch = next_batch(&loaded.corrections[place.next..], place.wide);
                cx.point("before batch")?;
                let outcomes = self.batch(cx, loaded, batch).await?;
                cx.point("after batch")?;
                for outcome in &outcomes {
                    place.so_far.add(*outcome);
                }
                place.next += batch.len();
                cx.checkpoint(checkpoint(&place, batch, &outcomes)?)?;
                tell(cx, &place);
            }
            let refused: u64 = place.so_far.refused.values().sum();
            let stuck = place.refused_before.is_some_and(|before| refused >= before) || place.pass + 1 >= PASSES_MOST;
            let widen = stuck && !place.wide && loaded.corrections.len() > BATCH;
            if refused == 0 || (stuck && !widen) {
                cx.point("before finish")?;
                self.bench.target.finish(&self.bench.guard(cx)).await.map_err(failed)?;
                cx.point("after finish")?;
                return Ok(place.so_far);
            }
            let so_far = Repaired { corrections: place.so_far.corrections, ..Repaired::default() };
            let pass = if widen { 0 } else { place.pass + 1 };
            place = Place { next: 0, pass, refused_before: Some(refused), wide: place.wide || widen, so_far };
        }
    }

    /// One transaction; a lock that was not had, or a deadlock, is tried again after a while.
    async fn batch(&self, cx: &mut Context<'_>, loaded: &Loaded, batch: &[Correction]) -> Result<Vec<Outcome>, StepError> {
        let torn = |_| StepError::new("SG-FIX-003", "a correction of the repair file is torn");
        let changes = batch.iter().map(Correction::change).collect::<Result<Vec<_>, _>>().map_err(torn)?;
        let mut stumbles = 0;
        loop {
            match self.bench.target.correct(&self.bench.guard(cx), &loaded.shapes[batch[0].shape], &changes).await {
                Ok(outcomes) if outcomes.len() == batch.len() => return Ok(outcomes),
                Ok(_) => return Err(StepError::new("SG-FIX-003", "an engine did not say of each correction what became of it")),
                Err(error) if error.kind.retry() == Retry::Soon && stumbles < STUMBLES_MOST => {
                    stumbles += 1;
                    cx.sleep(cx.random_u64() % (50 << stumbles) + 1).await?;
                    if cx.stopping() != Stop::No {
                        return Err(StepError::interrupted());
                    }
                }
                Err(error) => return Err(failed(error)),
            }
        }
    }

    /// Nothing of ours is left in the control table.
    async fn is_free(&self, cx: &Context<'_>) -> Result<bool, StepError> {
        let state = self.bench.target.fence().state().await.map_err(failed)?;
        Ok(state.active.is_none_or(|(run, ..)| run != cx.run()))
    }
}

/// Corrections of one shape, a batch of them.
fn next_batch(left: &[Correction], wide: bool) -> &[Correction] {
    let (most, most_bytes) = if wide { (WIDE, WIDE_BYTES) } else { (BATCH, BATCH_BYTES) };
    let mut bytes = 0;
    let fits = |correction: &&Correction| {
        let first = bytes == 0;
        bytes += 1 + correction.new.as_ref().map_or(0, Vec::len) * usize::try_from(correction.rows()).unwrap_or(usize::MAX).max(1);
        correction.shape == left[0].shape && (first || bytes <= most_bytes)
    };
    &left[..left.iter().take(most).take_while(fits).count()]
}

/// The place, and each correction of the batch: hashes of the key and of the row before and after, and what became of
/// it.
fn checkpoint(place: &Place, batch: &[Correction], outcomes: &[Outcome]) -> Result<Value, StepError> {
    let mut data =
        serde_json::to_value(place).map_err(|error| StepError::new("SG-RUN-019", "a checkpoint has no JSON form").caused_by(error))?;
    let line = |(correction, outcome): (&Correction, &Outcome)| {
        let mut line = json!({ "outcome": outcome.word() });
        if !correction.key.is_empty() {
            line["key_hash"] = json!(format!("{:032x}", hash(&correction.key)));
        }
        for (name, hash) in [("old", correction.before), ("new", correction.after)] {
            if let Some(hash) = hash {
                line[name] = json!(format!("{hash:032x}"));
            }
        }
        if let Some(copies) = correction.copies {
            line["copies"] = json!([copies.before, copies.after]);
        }
        if let Outcome::Refused(code) = outcome {
            line["code"] = json!(code);
        }
        line
    };
    data["corrections"] = batch.iter().zip(outcomes).map(line).collect();
    Ok(data)
}

fn tell(cx: &mut Context<'_>, place: &Place) {
    let aside = place.so_far.aside();
    let note = if aside == 0 { String::new() } else { format!("{} left aside", rows(aside)) };
    let (rows_done, rows_total) = (place.next as u64, place.so_far.corrections);
    cx.progress(Progress { rows_done, rows_total, rows_per_s: 0, eta_s: None, note });
}

fn unreadable(error: RepairError) -> StepError {
    let help = "nothing was changed by this call. Put the file back beside the journal, or compare again and repair anew";
    StepError::new(error.code(), error.to_string()).help(help)
}

#[async_trait]
impl Step for RepairRows {
    fn card(&self) -> &Card {
        &self.bench.card
    }

    async fn observe(&self, cx: &mut Context<'_>) -> Result<Observed, StepError> {
        let loaded = self.file(&self.rows)?;
        // The way back must be there before anything is changed.
        self.file(&self.undo)?;
        let right = standing(self.bench.target.as_ref(), &loaded).await?;
        let all = loaded.corrections.len() as u64;
        if right == all && self.is_free(cx).await? {
            let output = Repaired { corrections: all, right, ..Repaired::default() };
            return Ok(Observed::Done(json!(output)));
        }
        Ok(if right == 0 { Observed::NotDone } else { Observed::Partial })
    }

    async fn perform(&self, cx: &mut Context<'_>, resume: Option<Value>) -> Result<Value, StepError> {
        let loaded = self.file(&self.rows)?;
        self.file(&self.undo)?;
        let mut place: Place = resume.and_then(|data| serde_json::from_value(data).ok()).unwrap_or_default();
        if place.next > loaded.corrections.len() {
            place = Place::default();
        }
        let repaired = self.apply(cx, &loaded, place).await?;
        if repaired.moved > 0 {
            cx.note(&left(repaired.moved, "changed since the comparison"));
        }
        for (code, count) in &repaired.refused {
            cx.note(&left(*count, &format!("not taken by the database ({code})")));
        }
        Ok(json!(repaired))
    }

    async fn verify(&self, _cx: &mut Context<'_>, output: &Value) -> Result<Verdict, StepError> {
        let loaded = self.file(&self.rows)?;
        let right = standing(self.bench.target.as_ref(), &loaded).await?;
        let all = loaded.corrections.len() as u64;
        let aside = Repaired::of(output).unwrap_or_default().aside();
        let evidence = json!({ "right": right, "of": all, "left_aside": aside });
        if right + aside >= all {
            return Ok(Verdict::Ok(evidence));
        }
        let wrong = all - right - aside;
        let message =
            format!("{} of the repair {} not as {} shall be any more", rows(wrong), verb(wrong, "is", "are"), verb(wrong, "it", "they"));
        Ok(Verdict::Mismatch { evidence, code: "SG-FIX-020".to_owned(), message })
    }

    async fn undo(&self, cx: &mut Context<'_>) -> Result<(), StepError> {
        let loaded = self.file(&self.undo)?;
        let repaired = self.apply(cx, &loaded, Place::default()).await?;
        if repaired.moved > 0 {
            cx.note(&left(repaired.moved, "changed by somebody since the repair"));
        }
        let refused: u64 = repaired.refused.values().sum();
        if refused > 0 {
            let codes = repaired.refused.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(StepError::new("SG-FIX-022", format!("{} could not be given back ({codes})", rows(refused)))
                .help("mend what stands in the way (a row that refers to it, a constraint), then run the same command again"));
        }
        Ok(())
    }
}

/// `2 rows were not taken by the database and left as they are`.
fn left(count: u64, why: &str) -> String {
    format!("{} {} {why} and left as {}", rows(count), verb(count, "was", "were"), verb(count, "it is", "they are"))
}

#[cfg(test)]
mod tests {
    use segue_engine::ErrorKind;

    use super::*;

    fn correction(shape: usize, bytes: usize) -> Correction {
        Correction { shape, key: vec![1], before: None, after: Some(1), old: None, new: Some(vec![0; bytes]), copies: None }
    }

    #[test]
    fn a_batch_is_of_one_shape_and_bounded() {
        let many = vec![correction(0, 10); 500];
        assert_eq!(next_batch(&many, false).len(), BATCH);
        assert_eq!(next_batch(&many, true).len(), 500, "rows that stand in each other's way are together");
        assert_eq!(next_batch(&[correction(0, 1), correction(0, 1), correction(1, 1)], false).len(), 2);
        assert_eq!(next_batch(&[correction(0, 5 << 20), correction(0, 1)], false).len(), 1, "a large row goes alone");
        assert_eq!(next_batch(&[correction(0, 1 << 19), correction(0, 1 << 19), correction(0, 1 << 19)], false).len(), 1);
    }

    #[test]
    fn a_locked_row_is_tried_again_and_a_constraint_is_not() {
        assert_eq!(ErrorKind::Deadlock.retry(), Retry::Soon);
        assert_eq!(ErrorKind::Constraint.retry(), Retry::Never);
    }

    #[test]
    fn the_journal_has_hashes_and_no_value() {
        let mut with_value = correction(0, 0);
        with_value.new = Some(b"canary".to_vec());
        with_value.key = b"canary".to_vec();
        let data = checkpoint(&Place::default(), &[with_value], &[Outcome::Refused("SG-FIX-010")]).expect("JSON").to_string();
        assert!(data.contains("key_hash") && data.contains("SG-FIX-010"), "{data}");
        assert!(!data.contains("canary") && !data.contains("63616e617279"), "{data}");
    }
}
