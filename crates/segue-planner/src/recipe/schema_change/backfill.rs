//! `backfill`: existing rows get their new form; indexes are built; what stood on old columns is carried over.
//!
//! Tests: `tests/it/plan.rs`.

use segue_model::action::Action;
use segue_model::plan::{Phase, Step};
use segue_model::reshape::{Carry, CarryKind, ConstraintAdd, ConstraintWhat, IndexBuild, IndexSource, TableChange};

use super::estimate::Work;
use super::expand::add_constraint;
use super::layout::{Layout, Words, id_part, phase, step};
use super::lock;
use crate::gate;

fn steps(layout: &Layout<'_>, work: &mut Work) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for change in layout.resolved.tables.iter().filter(|change| change.backfill) {
        work.backfill(layout.rows(&change.table));
        steps.push(backfill(layout, change));
    }
    let carried = carried_indexes(layout);
    for index in carried.iter().chain(&layout.resolved.indexes) {
        work.index(layout.rows(&index.table));
        steps.push(build_index(layout, index));
    }
    if layout.observed.capabilities.online_constraints {
        let constraints = layout.resolved.tables.iter().flat_map(|change| &change.constraints);
        for constraint in constraints.filter(|constraint| matches!(constraint.what, ConstraintWhat::Unique { .. })) {
            steps.push(add_constraint(layout, "backfill", constraint));
        }
        steps.extend(carried_constraints(layout).iter().map(|constraint| add_constraint(layout, "backfill", constraint)));
    }
    steps
}

/// The phase.
pub(super) fn whole(layout: &Layout<'_>) -> Phase {
    let mut work = Work::of(layout);
    let steps = steps(layout, &mut work);
    let mut out = phase("backfill", "every row has its new form, and its indexes are there", steps, work);
    out.gates = layout
        .resolved
        .tables
        .iter()
        .filter(|change| change.backfill)
        .map(|change| gate::rows_rejected(&layout.label(&change.table), &change.table))
        .collect();
    if !layout.observed.capabilities.concurrent_index && out.steps.iter().any(|step| step.kind == "build_index") {
        "writers wait while an index is built".clone_into(&mut out.user_impact);
    }
    out
}

fn backfill(layout: &Layout<'_>, change: &TableChange) -> Step {
    let table = &change.table;
    let rows = layout.rows(table).map_or_else(String::new, |rows| format!(" (about {})", crate::estimate::words::count(rows, "row")));
    let words = Words {
        what: format!("convert the rows of {table}{rows} in small batches along {}", change.key.join(", ")),
        why: "rows that nobody writes need their new form too; those that `up` cannot convert are kept aside, never changed",
        lock: lock::batches(layout),
        undo: "nothing to do: the new columns go with `expand`".to_owned(),
        loses: "0 rows",
        last: false,
    };
    step("backfill", &layout.label(table), Action::BackfillTable { table: table.clone() }, words)
}

fn build_index(layout: &Layout<'_>, index: &IndexBuild) -> Step {
    let kind = if index.unique { "unique index" } else { "index" };
    let how = if layout.observed.capabilities.concurrent_index { " while writers go on" } else { "" };
    let (what, why) = match &index.source {
        IndexSource::Carry(carry) => (
            format!("build {kind} {} on the new column of {}{how}, as {} is on the old one", index.name, index.table, carry.object),
            "queries of the new form need the index that the old form has",
        ),
        IndexSource::Unique(_) => {
            (format!("build {kind} {} on {}{how}; duplicates make it fail", index.name, index.table), "the unique constraint stands on it")
        }
        IndexSource::Define { .. } => (format!("build {kind} {} on {}{how}", index.name, index.table), "the spec asks for it"),
    };
    let lock = lock::index(layout, &index.table, layout.rows(&index.table));
    let words = Words { what, why, lock, undo: format!("drop {}", index.name), loses: "0 rows", last: false };
    let id = format!("{}.{}", layout.label(&index.table), id_part(&index.name));
    // The unique constraint made of it has the index's name: their ids differ.
    let id = if matches!(index.source, IndexSource::Unique(_)) { format!("{id}.index") } else { id };
    step("backfill", &id, Action::BuildIndex { index: index.clone() }, words)
}

fn carries<'a>(layout: &Layout<'a>) -> impl Iterator<Item = (&'a TableChange, &'a Carry)> {
    layout.resolved.tables.iter().flat_map(|change| change.carries.iter().map(move |carry| (change, carry)))
}

/// Indexes of old columns, on their twins.
fn carried_indexes(layout: &Layout<'_>) -> Vec<IndexBuild> {
    carries(layout)
        .filter(|(_, carry)| matches!(carry.kind, CarryKind::Index | CarryKind::Unique))
        .map(|(change, carry)| {
            let table = layout.observed.catalog.table(&change.table);
            let there = table.and_then(|table| table.indexes.iter().find(|index| index.name == carry.name));
            let unique = carry.kind == CarryKind::Unique || there.is_some_and(|index| index.unique);
            let source = IndexSource::Carry(carry.clone());
            IndexBuild { table: change.table.clone(), tag: change.tag.clone(), name: carry.twin.clone(), source, unique }
        })
        .collect()
}

/// Checks and foreign keys of old columns, on their twins.
pub(super) fn carried_constraints(layout: &Layout<'_>) -> Vec<ConstraintAdd> {
    carries(layout)
        .filter(|(_, carry)| carry.kind == CarryKind::Constraint)
        .map(|(change, carry)| ConstraintAdd {
            table: change.table.clone(),
            tag: change.tag.clone(),
            name: carry.twin.clone(),
            what: ConstraintWhat::Carry(carry.clone()),
        })
        .collect()
}
