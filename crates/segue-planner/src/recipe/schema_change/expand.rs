//! `prepare` and `expand`: Segue's own tables, new tables, the new form beside the old one, constraints for new writes.
//!
//! Tests: `tests/it/plan.rs`.

use segue_model::action::Action;
use segue_model::plan::{Phase, Step};
use segue_model::reshape::{ConstraintAdd, ConstraintWhat, TableChange};

use super::estimate::Work;
use super::layout::{Layout, Words, id_part, phase, step};
use super::lock;

/// The control table and its fence.
pub(super) fn prepare(layout: &Layout<'_>) -> Phase {
    let words = Words {
        what: "install Segue's control table and the table of rejected rows".to_owned(),
        why: "the fence in it keeps a stopped executor from writing, and the database itself remembers the run",
        lock: lock::fresh(layout),
        undo: "remove both where no other run uses them".to_owned(),
        loses: "0 rows",
        last: false,
    };
    phase(
        "prepare",
        "the control table is there and its fence is held",
        vec![step("prepare", "control", Action::InstallControl, words)],
        Work::default(),
    )
}

/// New tables, both forms, constraints for new writes.
pub(super) fn expand(layout: &Layout<'_>) -> Phase {
    let mut steps: Vec<Step> = Vec::new();
    for new in &layout.resolved.new_tables {
        let words = Words {
            what: format!("create table {} with {}", new.table, columns(new.define.columns.0.len())),
            why: "the new version of the application needs it before it starts",
            lock: lock::fresh(layout),
            undo: format!("drop {} with the rows that the new version wrote into it", new.table),
            loses: "the rows of the new table; `rollback` says first how many",
            last: false,
        };
        steps.push(step("expand", &layout.label(&new.table), Action::CreateTable { table: new.clone() }, words));
    }
    for change in layout.changing() {
        let words = expand_words(layout, change);
        steps.push(step("expand", &layout.label(&change.table), Action::ExpandTable { table: change.table.clone() }, words));
    }
    if layout.observed.capabilities.online_constraints {
        let constraints = layout.resolved.tables.iter().flat_map(|change| &change.constraints);
        let early = constraints.filter(|constraint| !matches!(constraint.what, ConstraintWhat::Unique { .. }));
        steps.extend(early.map(|constraint| add_constraint(layout, "expand", constraint)));
    }
    phase("expand", "both forms can be read and written, and each side sees the other's writes", steps, Work::default())
}

fn columns(number: usize) -> String {
    if number == 1 { "1 column".to_owned() } else { format!("{number} columns") }
}

fn expand_words(layout: &Layout<'_>, change: &TableChange) -> Words {
    let views = if layout.observed.capabilities.version_schemas { ", and a view for each version" } else { "" };
    let columns: Vec<&str> = change.up.iter().map(|derived| derived.physical.as_str()).collect();
    let what = if change.old == change.new {
        format!("hold writers of {} to its new constraints by triggers", change.table)
    } else if change.up.is_empty() && change.down.is_empty() {
        format!("keep both forms of {} side by side{views}", change.table)
    } else if columns.is_empty() {
        format!("add triggers that fill the old columns of {} for writers of the new form{views}", change.table)
    } else {
        format!("add {} to {} with triggers that keep both forms{views}", columns.join(", "), change.table)
    };
    Words {
        what,
        why: "both versions of the application work from here on, each on its own form",
        lock: lock::metadata(layout, &change.table),
        undo: "remove what was added; writes of both sides stay in the old form".to_owned(),
        loses: "0 rows; values that only the new form can hold, which `rollback` counts first",
        last: false,
    }
}

/// A constraint for new writes.
pub(super) fn add_constraint(layout: &Layout<'_>, phase: &str, constraint: &ConstraintAdd) -> Step {
    let (table, name) = (&constraint.table, &constraint.name);
    let lock = match &constraint.what {
        ConstraintWhat::ForeignKey { target, .. } => lock::foreign_key(layout, table, target),
        _ => lock::metadata(layout, table),
    };
    let (what, why) = match &constraint.what {
        ConstraintWhat::Unique { .. } => {
            (format!("make the unique constraint {name} of {table} from its index"), "the index is built; the constraint needs no scan")
        }
        ConstraintWhat::NotNull { column } => (
            format!("refuse NULL in {column} of {table} for new writes"),
            "from here on no row becomes worse; old rows are checked later without stopping writers",
        ),
        ConstraintWhat::Carry(carry) => {
            (format!("put {} of {table} on its new column as {name}", carry.object), "the new column must keep what the old one kept")
        }
        _ => (
            format!("add {name} to {table} for new writes, without a scan"),
            "from here on no row becomes worse; old rows are checked later without stopping writers",
        ),
    };
    let words = Words { what, why, lock, undo: format!("drop {name}"), loses: "0 rows", last: false };
    let id = format!("{}.{}", layout.label(table), id_part(name));
    step(phase, &id, Action::AddConstraint { constraint: constraint.clone() }, words)
}
