//! `contract`: the old form goes. The only phase that cannot be undone; its gates come first.
//!
//! Tests: `tests/it/plan.rs`.

use segue_model::action::Action;
use segue_model::plan::{Phase, Step};
use segue_model::reshape::TableChange;

use super::estimate::Work;
use super::layout::{Layout, Words, id_part, phase, step};
use super::lock;
use super::verify::{compare, has_derived};
use crate::gate;

/// The phase; `since` is the phase before it, from which `keep_old` counts.
pub(super) fn whole(layout: &Layout<'_>, since: &str) -> Phase {
    let mut work = Work::of(layout);
    let mut steps = Vec::new();
    for change in layout.resolved.tables.iter().filter(|change| has_derived(change)) {
        work.compare(layout.rows(&change.table));
        let name = format!("{}.verify", layout.label(&change.table));
        steps.push(compare(layout, "contract", &name, change, "contract"));
    }
    steps.extend(layout.changing().map(|change| contract_table(layout, change)));
    steps.extend(layout.resolved.dropped_indexes.iter().map(|index| {
        let words = Words {
            what: format!("drop index {} of {}", index.index, index.table),
            why: "the spec asks for it; until now queries of the old version could need it",
            lock: lock::drop_index(layout, &index.table),
            undo: "cannot be undone; its definition is in the plan's catalog".to_owned(),
            loses: "the index; no row",
            last: true,
        };
        let id = format!("{}.{}", layout.label(&index.table), id_part(&index.index));
        step("contract", &id, Action::DropIndex { table: index.table.clone(), index: index.index.clone() }, words)
    }));
    steps.extend(layout.resolved.dropped_tables.iter().map(|table| {
        let words = Words {
            what: format!("drop table {table} with all its rows"),
            why: "the spec asks for it; until now the old version could use it",
            lock: lock::metadata(layout, table),
            undo: "cannot be undone; only a backup has its rows".to_owned(),
            loses: "every row of the table",
            last: true,
        };
        step("contract", &layout.label(table), Action::DropTable { table: table.clone() }, words)
    }));
    let destroys = steps.iter().any(|step| step.reversible == "no");
    steps.push(finish(layout));
    let mut out = phase("contract", "the old form is gone, and the database remembers the change as applied", steps, work);
    if destroys {
        let pause = layout.resolved.tables.iter().filter_map(|change| layout.survey(&change.table)).map(|survey| survey.pause_ms).max();
        out.user_impact = match pause {
            Some(ms) if ms > 0 => format!("writers wait about {ms} ms; clients that still use the old form fail"),
            _ => "clients that still use the old form fail".to_owned(),
        };
    }
    if layout.spec.keep_old.0 > 0 {
        out.entry.push(gate::keep_old(since, layout.spec.keep_old));
    }
    out.entry.push(gate::contract_approval(destroys));
    out
}

fn contract_table(layout: &Layout<'_>, change: &TableChange) -> Step {
    let table = &change.table;
    let gone: Vec<&str> = change.down.iter().map(|derived| derived.column.as_str()).collect();
    let what = if gone.is_empty() {
        format!("remove what only the run needed from {table}; its new form stands on the table itself")
    } else {
        format!("end the old form of {table} ({}); its new form stands on the table itself", gone.join(", "))
    };
    let words = Words {
        what,
        why: "two forms cost space and every write a trigger; nobody should need the old one any more",
        lock: lock::contract(layout, table, layout.survey(table).map_or(0, |survey| survey.pause_ms)),
        undo: "cannot be undone: write a spec for the way back, or restore a backup".to_owned(),
        loses: "values that only the old form held",
        last: true,
    };
    step("contract", &layout.label(table), Action::ContractTable { table: table.clone() }, words)
}

fn finish(layout: &Layout<'_>) -> Step {
    let words = Words {
        what: "remember the change as applied and free the database for the next run".to_owned(),
        why: "the same spec applied again must say so, even when the journal is gone",
        lock: lock::fresh(layout),
        undo: "cannot be undone: the run is over".to_owned(),
        loses: "0 rows",
        last: true,
    };
    step("contract", "finish", Action::FinishRun, words)
}
