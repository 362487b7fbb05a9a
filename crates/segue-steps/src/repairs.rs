//! Where the steps of a repair come from: a database that can be put right, and the folder with the repair's files.
//!
//! A repair runs on engines that cannot change the form of tables, so that its steps know the two traits of reading and
//! correcting and no more. Tests: `kind/repair_rows.rs`, and the proofs of `segue-sim`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use segue_engine::rows::{Batch, Mendable, Read, Snapshot, hash, key};
use segue_engine::{EngineError, Guard};
use segue_journal::{Context, GateReading, GateSource, GateView, Step, StepError, StepSource};
use segue_model::action::Action;
use segue_model::plan::{Gate, Plan, Step as Card, Throttle};
use segue_verify::repair::{Correction, Loaded};

use crate::desk::guard;
use crate::failure::failed;
use crate::kind::repair_rows::RepairRows;
use crate::registry::KINDS;

/// Keys that are asked for at once.
const KEYS: usize = 256;

/// What a step of a repair has at hand.
#[derive(Clone)]
pub struct Bench {
    /// What the plan says of the step.
    pub card: Card,
    /// The database.
    pub target: Arc<dyn Mendable>,
    /// Where the repair's files are.
    pub folder: PathBuf,
    tag: String,
    spec_digest: String,
    throttle: Throttle,
}

impl Bench {
    /// The right to write, for one call.
    pub fn guard(&self, cx: &Context<'_>) -> Guard {
        guard(&self.tag, &self.spec_digest, &self.throttle, cx.run(), cx.step(), cx.epoch())
    }
}

/// The steps of a repair.
pub struct Repairs {
    target: Arc<dyn Mendable>,
    folder: PathBuf,
}

impl Repairs {
    /// Steps that put this database right, from the files of this folder.
    pub fn new(target: Arc<dyn Mendable>, folder: &Path) -> Self {
        Self { target, folder: folder.to_owned() }
    }

    /// Whether a plan is one of a repair: then its steps come from here.
    pub fn are_of(plan: &Plan) -> bool {
        plan.phases.iter().flat_map(|phase| &phase.steps).any(|step| matches!(step.action, Action::RepairRows { .. }))
    }
}

#[async_trait]
impl StepSource for Repairs {
    fn kinds(&self) -> BTreeMap<String, u32> {
        KINDS.iter().map(|(kind, version)| ((*kind).to_owned(), *version)).collect()
    }

    fn build(&self, plan: &Plan, card: &Card) -> Result<Box<dyn Step>, StepError> {
        let Action::RepairRows { rows, undo, .. } = &card.action else {
            let message = format!("step {} is not one of a repair", card.id);
            return Err(StepError::new("SG-RUN-017", message).help("the plan file is not one that Segue made for a repair"));
        };
        let bench = Bench {
            card: card.clone(),
            target: Arc::clone(&self.target),
            folder: self.folder.clone(),
            tag: plan.execution.tag.clone(),
            spec_digest: plan.execution.spec_digest.clone(),
            throttle: plan.execution.throttle.clone(),
        };
        Ok(Box::new(RepairRows { bench, rows: rows.clone(), undo: undo.clone() }))
    }

    async fn enter(&self, plan: &Plan, run: &str, epoch: u64) -> Result<(), StepError> {
        let execution = &plan.execution;
        let guard = guard(&execution.tag, &execution.spec_digest, &execution.throttle, run, "", epoch);
        self.target.fence().take(&guard).await.map_err(failed)
    }
}

/// A repair has no gate but approvals, which the executor decides by itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoGates;

#[async_trait]
impl GateSource for NoGates {
    async fn measure(&self, _plan: &Plan, gate: &Gate, _view: &GateView<'_>) -> Result<GateReading, StepError> {
        Err(StepError::new("SG-RUN-017", format!("a repair has no gate {}", gate.id)))
    }
}

/// How many corrections are as they shall be, by a reader of its own: not the writer's word.
pub(crate) async fn standing(target: &dyn Mendable, loaded: &Loaded) -> Result<u64, StepError> {
    let now = target.snapshot(1).await.map_err(failed)?;
    let mut right = 0;
    for (at, read) in loaded.shapes.iter().enumerate() {
        let of_shape: Vec<&Correction> = loaded.corrections.iter().filter(|correction| correction.shape == at).collect();
        right +=
            if read.key.is_empty() { counted(now.as_ref(), read, &of_shape).await? } else { keyed(now.as_ref(), read, &of_shape).await? };
    }
    now.close().await.map_err(failed)?;
    Ok(right)
}

async fn keyed(now: &dyn Snapshot, read: &Read, corrections: &[&Correction]) -> Result<u64, StepError> {
    let mut right = 0;
    for some in corrections.chunks(KEYS) {
        let keys = some.iter().map(|correction| key::read(&correction.key)).collect::<Result<Vec<_>, _>>();
        let keys = keys.map_err(|_| StepError::new("SG-FIX-003", "a correction of the repair file is torn"))?;
        let mut found = BTreeMap::new();
        each(now, &read.of_keys(keys), |key, row| {
            found.insert(key.to_vec(), hash(row));
        })
        .await
        .map_err(failed)?;
        right += some.iter().filter(|correction| found.get(&correction.key).copied() == correction.after).count() as u64;
    }
    Ok(right)
}

async fn counted(now: &dyn Snapshot, read: &Read, corrections: &[&Correction]) -> Result<u64, StepError> {
    let mut counts: BTreeMap<u128, u64> = corrections.iter().filter_map(|correction| correction.after).map(|hash| (hash, 0)).collect();
    if counts.is_empty() {
        return Ok(0);
    }
    each(now, read, |_, row| {
        if let Some(count) = counts.get_mut(&hash(row)) {
            *count += 1;
        }
    })
    .await
    .map_err(failed)?;
    let shall = |correction: &&&Correction| {
        let count = correction.after.and_then(|hash| counts.get(&hash)).copied();
        correction.copies.map(|copies| copies.after) == count
    };
    Ok(corrections.iter().filter(shall).count() as u64)
}

async fn each(now: &dyn Snapshot, read: &Read, mut take: impl FnMut(&[u8], &[u8]) + Send) -> Result<(), EngineError> {
    let mut stream = now.stream(read).await?;
    let mut batch = Batch::default();
    loop {
        let more = stream.next(&mut batch).await?;
        batch.iter().for_each(|(key, row)| take(key, row));
        if !more {
            return Ok(());
        }
    }
}
