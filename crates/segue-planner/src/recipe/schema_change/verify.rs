//! `verify` and `shift`: an independent read of every row, then the new form becomes strict.
//!
//! Tests: `tests/it/plan.rs`.

use segue_model::action::Action;
use segue_model::plan::{Phase, Step};
use segue_model::reshape::{ConstraintWhat, TableChange};

use super::backfill::carried_constraints;
use super::estimate::Work;
use super::layout::{Layout, Words, id_part, phase, step};
use super::lock;
use crate::gate;

/// Constraints are validated, rows are compared, business rules are asked.
pub(super) fn verify(layout: &Layout<'_>) -> Phase {
    let mut work = Work::of(layout);
    let mut steps = Vec::new();
    if layout.observed.capabilities.online_constraints {
        let carried = carried_constraints(layout);
        let constraints = layout.resolved.tables.iter().flat_map(|change| &change.constraints);
        for constraint in constraints.chain(&carried).filter(|c| !matches!(c.what, ConstraintWhat::Unique { .. })) {
            work.validate(layout.rows(&constraint.table));
            let words = Words {
                what: format!("check {} of {} against every row", constraint.name, constraint.table),
                why: "until now only new writes were held to it",
                lock: lock::validate(layout, &constraint.table),
                undo: "nothing to do: the constraint goes with the step that added it".to_owned(),
                loses: "0 rows",
                last: false,
            };
            let id = format!("{}.{}", layout.label(&constraint.table), id_part(&constraint.name));
            steps.push(step("verify", &id, Action::ValidateConstraint { constraint: constraint.clone() }, words));
        }
    }
    for change in layout.resolved.tables.iter().filter(|change| has_derived(change)) {
        work.compare(layout.rows(&change.table));
        steps.push(compare(layout, "verify", &layout.label(&change.table), change, "shift"));
    }
    let mut out = phase("verify", "every row's two forms agree, by an independent read", steps, work);
    out.gates = layout.spec.checks.keys().map(|name| gate::check(&id_part(name), name)).collect();
    out
}

/// The new form becomes strict.
pub(super) fn shift(layout: &Layout<'_>) -> Phase {
    let steps: Vec<Step> = layout
        .changing()
        .map(|change| {
            let words = Words {
                what: format!("make the new form of {} strict and announce its side as ready", change.table),
                why: "from here on the new version may take over; what its form forbids is refused",
                lock: lock::metadata(layout, &change.table),
                undo: "make it lenient again; the new side is no longer announced".to_owned(),
                loses: "0 rows",
                last: false,
            };
            step("shift", &layout.label(&change.table), Action::ShiftTable { table: change.table.clone() }, words)
        })
        .collect();
    let strict = !steps.is_empty();
    let mut out = phase("shift", "the new side is ready; the old one still works", steps, Work::default());
    if strict {
        out.entry.push(gate::shift_approval());
    }
    out
}

/// A table that has columns to compare.
pub(super) fn has_derived(change: &TableChange) -> bool {
    !change.up.is_empty() || !change.down.is_empty()
}

/// A comparison of both forms of every row.
pub(super) fn compare(layout: &Layout<'_>, phase: &str, name: &str, change: &TableChange, before: &str) -> Step {
    let table = &change.table;
    let rows = layout.rows(table).map_or_else(String::new, |rows| format!(" (about {})", crate::estimate::words::count(rows, "row")));
    let words = Words {
        what: format!("compare both forms of every row of {table}{rows} before {before}"),
        why: "an independent read finds what triggers and backfill missed",
        lock: lock::none(),
        undo: "nothing to do: it only reads".to_owned(),
        loses: "0 rows",
        last: false,
    };
    step(phase, name, Action::VerifyTable { table: table.clone(), before: before.to_owned() }, words)
}
