//! Constraints that a change adds: SQLite cannot add them to a live table, so triggers demand them of new writes
//! from `expand` on, and `contract` makes them real.
//!
//! A constraint over columns that both sides share binds both sides at once (BEFORE triggers). One over a new
//! column is part of the new form: an old write that would break it is a row kept aside, a new write is refused
//! (see `triggers`). Tests: `tests/it/constraints.rs`.

use segue_engine::quote;
use segue_model::change::ReferenceAction;
use segue_model::reshape::{ConstraintAdd, ConstraintWhat, Role};

use super::layout::Layout;
use super::triggers::any;
use crate::sql::token;

/// The physical columns that a constraint is about.
pub(crate) fn columns(layout: &Layout<'_>, constraint: &ConstraintAdd) -> Vec<String> {
    match &constraint.what {
        ConstraintWhat::Check { check, physical } => read_by(layout, check, physical).into_iter().map(|(_, physical)| physical).collect(),
        ConstraintWhat::ForeignKey { columns, .. } | ConstraintWhat::Unique { columns, .. } => {
            columns.iter().map(|column| standing(layout, column)).collect()
        }
        ConstraintWhat::NotNull { column } => vec![standing(layout, column)],
        ConstraintWhat::Carry(_) => Vec::new(),
    }
}

/// Where a writer of the new form gives a column: a renamed one by its twin, whose value the original gets later.
fn standing(layout: &Layout<'_>, physical: &str) -> String {
    let twin = layout.change.up.iter().find(|d| matches!(&d.role, Role::Renamed { original, .. } if original == physical));
    twin.map_or_else(|| physical.to_owned(), |d| d.physical.clone())
}

/// The names that a check reads, each with the column of the base table that holds it.
fn read_by(layout: &Layout<'_>, check: &str, physical: &[(String, String)]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = physical.iter().filter(|(name, _)| token::mentions(check, name)).cloned().collect();
    for column in layout.change.new.iter().filter(|column| token::mentions(check, &column.name)) {
        if !out.iter().any(|(name, _)| name.eq_ignore_ascii_case(&column.name)) {
            out.push((column.name.clone(), column.physical.clone()));
        }
    }
    out.into_iter().map(|(name, physical)| (name, standing(layout, &physical))).collect()
}

/// Constraints that stand on a new column.
pub(crate) fn mixed<'a>(layout: &'a Layout<'a>) -> impl Iterator<Item = &'a ConstraintAdd> {
    layout.change.constraints.iter().chain(&layout.kept).filter(move |constraint| layout.tracked() && is_mixed(layout, constraint))
}

fn is_mixed(layout: &Layout<'_>, constraint: &ConstraintAdd) -> bool {
    let new = layout.new_only();
    columns(layout, constraint).iter().any(|name| new.contains(name.as_str()))
}

/// Columns of both forms that such a constraint also reads.
pub(crate) fn shared_of_mixed(layout: &Layout<'_>) -> Vec<String> {
    let new = layout.new_only();
    let all = mixed(layout).flat_map(|constraint| columns(layout, constraint));
    all.filter(|name| !new.contains(name.as_str()) && layout.before.column(name).is_some()).collect()
}

/// A condition: the row, by its physical columns' values, violates the constraint.
pub(crate) fn violation(layout: &Layout<'_>, constraint: &ConstraintAdd, value: &dyn Fn(&str) -> String) -> String {
    match &constraint.what {
        ConstraintWhat::Check { check, physical } => {
            let form = read_by(layout, check, physical).into_iter();
            let form: Vec<String> = form.map(|(name, physical)| format!("{} AS {}", value(&physical), quote::name(&name))).collect();
            let list = if form.is_empty() { "1 AS segue_one".to_owned() } else { form.join(", ") };
            let table = quote::name(&layout.change.table.name);
            format!("coalesce((SELECT NOT ({check}\n) FROM (SELECT {list}) AS {table}), 0)")
        }
        ConstraintWhat::ForeignKey { columns, target, target_columns, .. } => {
            let present: Vec<String> = columns.iter().map(|column| format!("{} IS NOT NULL", value(&standing(layout, column)))).collect();
            let found: Vec<String> = target_columns
                .iter()
                .zip(columns)
                .map(|(there, here)| format!("segue_parent.{} = {}", quote::name(there), value(&standing(layout, here))))
                .collect();
            format!(
                "({} AND NOT EXISTS (SELECT 1 FROM {} AS segue_parent WHERE {}))",
                present.join(" AND "),
                quote::name(&target.name),
                found.join(" AND ")
            )
        }
        ConstraintWhat::NotNull { column } => format!("({} IS NULL)", value(&standing(layout, column))),
        // A unique index stands beneath it and demands it by itself.
        ConstraintWhat::Unique { .. } | ConstraintWhat::Carry(_) => "0".to_owned(),
    }
}

/// The triggers that demand constraints on shared columns, and that guard the rows to which a new key refers.
pub(crate) fn triggers(layout: &Layout<'_>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for constraint in &layout.change.constraints {
        if !is_mixed(layout, constraint) || !layout.tracked() {
            out.extend(before_triggers(layout, constraint));
        }
        out.extend(parent_triggers(layout, constraint));
    }
    out
}

fn before_triggers(layout: &Layout<'_>, constraint: &ConstraintAdd) -> Vec<(String, String)> {
    let columns = columns(layout, constraint);
    if columns.is_empty() || matches!(constraint.what, ConstraintWhat::Unique { .. } | ConstraintWhat::Carry(_)) {
        return Vec::new();
    }
    let violated = violation(layout, constraint, &|physical| format!("NEW.{}", quote::name(physical)));
    let why = quote::text(&format!("segue: constraint {} of {} failed", constraint.name, layout.table));
    let list = quote::names(columns.iter().map(String::as_str));
    [("insert", "INSERT".to_owned()), ("update", format!("UPDATE OF {list}"))]
        .into_iter()
        .map(|(what, on)| {
            let name = layout.trigger(&format!("{}_{what}", constraint.name));
            let text = format!(
                "CREATE TRIGGER {} BEFORE {on} ON {} WHEN {violated} BEGIN SELECT RAISE(ABORT, {why}); END",
                quote::name(&name),
                layout.quoted()
            );
            (name, text)
        })
        .collect()
}

/// A row there that goes, or whose key changes, does here what the new key will do.
fn parent_triggers(layout: &Layout<'_>, constraint: &ConstraintAdd) -> Vec<(String, String)> {
    let ConstraintWhat::ForeignKey { columns, target, target_columns, on_delete, on_update, .. } = &constraint.what else {
        return Vec::new();
    };
    let here: Vec<String> = columns.iter().map(|c| quote::name(c)).collect();
    let there: Vec<String> = target_columns.iter().map(|c| quote::name(c)).collect();
    let child: Vec<String> = here.iter().zip(&there).map(|(here, there)| format!("{here} = OLD.{there}")).collect();
    let child = child.join(" AND ");
    let table = layout.quoted();
    let why = quote::text(&format!("segue: constraint {} of {} failed", constraint.name, layout.table));
    let act = |action: Option<ReferenceAction>, update: bool| match action {
        Some(ReferenceAction::Cascade) if update => {
            let set: Vec<String> = here.iter().zip(&there).map(|(here, there)| format!("{here} = NEW.{there}")).collect();
            format!("UPDATE {table} SET {} WHERE {child};", set.join(", "))
        }
        Some(ReferenceAction::Cascade) => format!("DELETE FROM {table} WHERE {child};"),
        Some(ReferenceAction::SetNull) => {
            let set: Vec<String> = here.iter().map(|here| format!("{here} = NULL")).collect();
            format!("UPDATE {table} SET {} WHERE {child};", set.join(", "))
        }
        _ => format!("SELECT RAISE(ABORT, {why}) WHERE EXISTS (SELECT 1 FROM {table} WHERE {child});"),
    };
    let changed = any(there.iter().map(|there| format!("NEW.{there} IS NOT OLD.{there}")));
    let parent = quote::name(&target.name);
    let delete = layout.trigger(&format!("{}_parent_delete", constraint.name));
    let update = layout.trigger(&format!("{}_parent_update", constraint.name));
    let delete_text = format!("CREATE TRIGGER {} AFTER DELETE ON {parent} BEGIN {} END", quote::name(&delete), act(*on_delete, false));
    let update_text = format!(
        "CREATE TRIGGER {} AFTER UPDATE OF {} ON {parent} WHEN {changed} BEGIN {} END",
        quote::name(&update),
        there.join(", "),
        act(*on_update, true)
    );
    vec![(delete, delete_text), (update, update_text)]
}

/// The constraint as it stands in the table's final text, its columns by their final names; `None` where it does
/// not stand there (NOT NULL belongs to its column, a unique index stands by itself).
pub(crate) fn definition(constraint: &ConstraintAdd, names: &dyn Fn(&str) -> String) -> Option<String> {
    match &constraint.what {
        ConstraintWhat::Check { check, .. } => Some(format!("CONSTRAINT {} CHECK ({check})", quote::name(&constraint.name))),
        ConstraintWhat::ForeignKey { columns, target, target_columns, on_delete, on_update, deferrable } => {
            let columns: Vec<String> = columns.iter().map(|name| names(name)).collect();
            let mut out = format!(
                "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
                quote::name(&constraint.name),
                quote::names(columns.iter().map(String::as_str)),
                quote::name(&target.name),
                quote::names(target_columns.iter().map(String::as_str))
            );
            if let Some(action) = on_delete {
                out.push_str(&format!(" ON DELETE {}", super::create::action(*action)));
            }
            if let Some(action) = on_update {
                out.push_str(&format!(" ON UPDATE {}", super::create::action(*action)));
            }
            if *deferrable {
                out.push_str(" DEFERRABLE");
            }
            Some(out)
        }
        _ => None,
    }
}
