//! The plan of a repair: one phase with one step, which the ordinary executor carries out and takes back.
//!
//! The plan names both files by their digests, so that it is a plan of exactly these rows. It holds no value.
//! Tests: `tests/it/repair.rs` and `prove_step!` of `repair_rows` in `segue-sim`.

use segue_model::action::{Action, RowsFile};
use segue_model::canonical::CanonicalError;
use segue_model::plan::{Estimate, Execution, FORMAT_VERSION, Pattern, Phase, Plan, Step, Throttle, Undo};
use segue_model::secret::Reference;

use std::collections::BTreeMap;

use segue_model::ident::TableName;

use super::{Deeds, Loaded, Repair, Written};

/// The phase.
pub const PHASE: &str = "repair";
/// The step.
pub const STEP: &str = "repair/rows";

/// Where a repair is done.
#[derive(Debug, Clone)]
pub struct Where {
    /// The version of Segue.
    pub segue: String,
    /// The engine of the side that is put right.
    pub engine: String,
    /// Where it is. Never holds a password.
    pub location: Reference,
    /// `source` or `target`.
    pub system: String,
    /// Limits on what it may cost others.
    pub throttle: Throttle,
}

/// The plan of a repair whose two files were written. The same inputs give the same bytes.
pub fn plan(place: &Where, repair: &Repair, rows: &Written, undo: &Written) -> Result<Plan, CanonicalError> {
    of_deeds(place, &repair.deeds(), rows, undo)
}

/// The plan that takes a repair back after its run is over: the undo file's rows, and the repair file as the way back.
pub fn undo_plan(place: &Where, undo: &Loaded, rows: &Written, undo_file: &Written) -> Result<Plan, CanonicalError> {
    of_deeds(place, &undo.deeds(), undo_file, rows)
}

fn of_deeds(place: &Where, all: &BTreeMap<TableName, Deeds>, rows: &Written, undo: &Written) -> Result<Plan, CanonicalError> {
    let sum = all.values().fold(Deeds::default(), |sum, deeds| Deeds {
        inserts: sum.inserts + deeds.inserts,
        updates: sum.updates + deeds.updates,
        deletes: sum.deletes + deeds.deletes,
    });
    let tables: Vec<String> = all
        .iter()
        .map(|(table, deeds)| format!("{table} ({} come, {} change, {} go)", deeds.inserts, deeds.updates, deeds.deletes))
        .collect();
    let count = sum.inserts + sum.updates + sum.deletes;
    let mark: String = rows.digest.chars().take(12).collect();
    let action = Action::RepairRows { rows: file(rows), undo: file(undo), count };
    let step = Step {
        id: STEP.to_owned(),
        kind: action.kind().to_owned(),
        version: 1,
        by: "run".to_owned(),
        what: format!("put rows right: {}", tables.join(", ")),
        why: "the two sides were compared and these rows differ".to_owned(),
        lock: "row locks of one batch at a time; a table without a key is locked against writers for each batch".to_owned(),
        reversible: "yes".to_owned(),
        undo: Undo {
            what: "writes the rows of the undo file back, each only if nobody changed it since".to_owned(),
            loses: "0 rows".to_owned(),
            ..Undo::default()
        },
        action,
        ..Step::default()
    };
    let phase = Phase {
        name: PHASE.to_owned(),
        goal: "the rows that were found to differ are the same on both sides".to_owned(),
        user_impact: "none but short row locks".to_owned(),
        risk: "low".to_owned(),
        estimate: Estimate { seconds: count.div_ceil(1_000), from: "1,000 rows a second".to_owned() },
        steps: vec![step],
        ..Phase::default()
    };
    Plan {
        format_version: FORMAT_VERSION,
        segue: place.segue.clone(),
        id: format!("REPAIR-{mark}"),
        name: "repair of rows that differ".to_owned(),
        kinds: vec!["repair".to_owned()],
        pattern: Pattern {
            name: "compare-and-set".to_owned(),
            why: "a row is changed only if it still is what was compared".to_owned(),
            not: Vec::new(),
        },
        risk: "low".to_owned(),
        rollback: "automated".to_owned(),
        phases: vec![phase],
        execution: Execution {
            system: place.system.clone(),
            engine: place.engine.clone(),
            location: place.location.clone(),
            tag: format!("repair_{mark}"),
            spec_digest: rows.digest.clone(),
            throttle: place.throttle.clone(),
            ..Execution::default()
        },
        ..Plan::default()
    }
    .sealed()
}

fn file(written: &Written) -> RowsFile {
    RowsFile { name: written.name.clone(), digest: written.digest.clone() }
}
