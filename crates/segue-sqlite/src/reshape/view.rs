//! The view by which the new side has its own names, with INSTEAD OF triggers that write both forms.
//!
//! While both forms live it shows each row in its new form, computed where it is not converted yet. After
//! `contract` it is a plain view over the final table and goes with the next journey's contract, so that a client
//! of the view never fails. Tests: `tests/it/view.rs`.

use segue_engine::quote;
use segue_model::reshape::{FormColumn, Role};

use super::constraint;
use super::layout::Layout;
use super::triggers::{any, next_state};
use crate::compose::{self, Pass};

/// The view and its triggers while both forms live, as `(type, name, statement)`.
pub(crate) fn living(layout: &Layout<'_>) -> Vec<(&'static str, String, String)> {
    if !layout.tracked() {
        return plain(layout, |column| column.physical.clone());
    }
    let view = quote::name(&layout.view());
    let text = format!("CREATE VIEW {view} AS {}", living_select(layout));
    let mut out = vec![("view", layout.view(), text)];
    out.extend(triggers(layout, &living_insert(layout), living_update(layout)));
    out
}

/// The view and its triggers once the new form stands alone.
pub(crate) fn ended(layout: &Layout<'_>) -> Vec<(&'static str, String, String)> {
    plain(layout, |column| column.name.clone())
}

fn plain(layout: &Layout<'_>, held: impl Fn(&FormColumn) -> String) -> Vec<(&'static str, String, String)> {
    let new = &layout.change.new;
    let table = layout.quoted();
    let select: Vec<String> = new.iter().map(|c| format!("{} AS {}", quote::name(&held(c)), quote::name(&c.name))).collect();
    let text = format!("CREATE VIEW {} AS SELECT {} FROM {table}", quote::name(&layout.view()), select.join(", "));
    let given: Vec<&FormColumn> = new.iter().filter(|c| writable(layout, c)).collect();
    let columns: Vec<String> = given.iter().map(|c| quote::name(&held(c))).collect();
    let values: Vec<String> = given.iter().map(|c| insert_value(layout, c)).collect();
    let insert = format!("INSERT INTO {table} ({}) VALUES ({});", columns.join(", "), values.join(", "));
    let sets: Vec<String> = given.iter().map(|c| format!("{} = NEW.{}", quote::name(&held(c)), quote::name(&c.name))).collect();
    let update = addressed(layout, &held).map(|row| format!("UPDATE {table} SET {} WHERE {row};", sets.join(", ")));
    let mut out = vec![("view", layout.view(), text)];
    let delete = addressed(layout, &held).map(|row| format!("DELETE FROM {table} WHERE {row};"));
    out.extend(three(layout, &insert, update, delete));
    out
}

/// A writer of the new form may give it.
fn writable(layout: &Layout<'_>, column: &FormColumn) -> bool {
    !column.generated || layout.is_rowid(&column.physical)
}

/// What an INSERT through the view stores: SQLite shows a column that was not given as NULL.
fn insert_value(layout: &Layout<'_>, column: &FormColumn) -> String {
    let given = format!("NEW.{}", quote::name(&column.name));
    match &column.default {
        Some(default) if !layout.is_rowid(&column.physical) => format!("coalesce({given}, ({default}\n))"),
        _ => given,
    }
}

/// A condition: the row of the base table that `OLD` shows. `None` when the new form does not hold the key.
fn addressed(layout: &Layout<'_>, held: &dyn Fn(&FormColumn) -> String) -> Option<String> {
    let mut parts = Vec::new();
    for key in &layout.change.key {
        let column = layout.change.new.iter().find(|c| c.physical.eq_ignore_ascii_case(key))?;
        let now = held(column);
        parts.push(format!("{} IS OLD.{}", quote::name(&now), quote::name(&column.name)));
    }
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

fn triggers(layout: &Layout<'_>, insert: &str, update: Option<String>) -> Vec<(&'static str, String, String)> {
    let delete = addressed(layout, &|c| c.physical.clone()).map(|row| format!("DELETE FROM {} WHERE {row};", layout.quoted()));
    three(layout, insert, update, delete)
}

fn three(layout: &Layout<'_>, insert: &str, update: Option<String>, delete: Option<String>) -> Vec<(&'static str, String, String)> {
    let no_key = format!(
        "SELECT RAISE(ABORT, {});",
        quote::text(&format!("segue: table {} has no key by which a view can find a row", layout.table))
    );
    let (update, delete) = (update.unwrap_or_else(|| no_key.clone()), delete.unwrap_or(no_key));
    [("view_insert", "INSERT", insert), ("view_update", "UPDATE", &update), ("view_delete", "DELETE", &delete)]
        .into_iter()
        .map(|(what, on, body)| {
            let name = layout.trigger(what);
            let view = quote::name(&layout.view());
            let text = format!("CREATE TRIGGER {} INSTEAD OF {on} ON {view} BEGIN {body} END", quote::name(&name));
            ("trigger", name, text)
        })
        .collect()
}

fn living_select(layout: &Layout<'_>) -> String {
    let change = layout.change;
    let mut pass = vec![Pass { value: quote::name(&layout.helper), name: "segue_h".to_owned() }];
    pass.extend(change.up.iter().enumerate().map(|(i, d)| Pass { value: quote::name(&d.physical), name: format!("segue_p{i}") }));
    let inner = compose::select(layout.old_form(""), &pass, &layout.quoted());
    let names: Vec<String> = pass.into_iter().map(|p| p.name).collect();
    let computed = compose::up(change, inner, &names);
    let list: Vec<String> = change
        .new
        .iter()
        .map(|column| {
            let name = quote::name(&column.name);
            match change.up.iter().position(|d| d.column == column.name) {
                Some(i) if !matches!(change.up[i].role, Role::Renamed { .. }) => {
                    let fresh = layout.fresh("segue_h", &format!("segue_p{i}"));
                    format!("CASE WHEN {fresh} THEN {name} ELSE segue_p{i} END AS {name}")
                }
                _ => format!("{name} AS {name}"),
            }
        })
        .collect();
    format!("SELECT {} FROM ({computed}) AS {}", list.join(", "), quote::name(&change.table.name))
}

/// The old form of the row that `NEW` of the view is, over `value` of each column of the new form.
fn old_of(layout: &Layout<'_>, value: &dyn Fn(&FormColumn) -> String) -> String {
    let new = &layout.change.new;
    let pass: Vec<Pass> = new.iter().enumerate().map(|(i, c)| Pass { value: value(c), name: format!("segue_v{i}") }).collect();
    let inner = compose::select(new.iter().map(|c| (value(c), c.name.as_str())), &pass, "");
    let names: Vec<String> = pass.into_iter().map(|p| p.name).collect();
    format!("({}) AS {}", compose::down(layout.change, inner, &names), quote::name(&layout.change.table.name))
}

/// What refuses a row that the new form, or the old one, does not take.
fn refusal(layout: &Layout<'_>, from: &str, old_checked: &dyn Fn(&str) -> String) -> String {
    let change = layout.change;
    let mut cases = String::new();
    let mut refuse = |condition: String, why: String| {
        cases.push_str(&format!(" WHEN {condition} THEN RAISE(ABORT, {})", quote::text(&why)));
    };
    for (i, column) in change.new.iter().enumerate() {
        if let Some(d) = layout.up_of(&column.name)
            && !layout.is_rowid(&d.physical)
        {
            let why = format!("segue: column {} of {} does not take this value", column.name, layout.view());
            refuse(layout.unfit(column, &format!("segue_v{i}")), why);
        }
    }
    for d in change.down.iter().filter(|d| !layout.old_column(&d.column).nullable && !layout.is_rowid(&d.physical)) {
        let why = format!("segue: NOT NULL of column {} in the old form of {} failed", d.column, layout.table);
        refuse(old_checked(&format!("{} IS NULL", quote::name(&d.column))), why);
    }
    let value = |physical: &str| {
        let of = change.up.iter().find(|d| d.physical == physical).map(|d| d.column.as_str());
        let at = change.new.iter().position(|c| of.map_or(c.physical == physical, |name| c.name == name));
        at.map_or_else(|| "NULL".to_owned(), |i| format!("segue_v{i}"))
    };
    for add in constraint::mixed(layout) {
        let why = format!("segue: constraint {} of {} failed", add.name, layout.table);
        refuse(constraint::violation(layout, add, &value), why);
    }
    if cases.is_empty() { String::new() } else { format!("SELECT CASE{cases} END FROM {from};") }
}

/// Where each column of the new form is stored: `(physical, index in the new form)`.
fn stored(layout: &Layout<'_>) -> Vec<(String, usize)> {
    let old = layout.old_only();
    let new = layout.change.new.iter().enumerate().filter(|(_, c)| writable(layout, c));
    new.filter_map(|(i, column)| match layout.up_of(&column.name) {
        Some(d) => Some((d.physical.clone(), i)),
        None if old.contains(column.physical.as_str()) => None,
        None => Some((column.physical.clone(), i)),
    })
    .collect()
}

fn living_insert(layout: &Layout<'_>) -> String {
    let from = old_of(layout, &|column| if writable(layout, column) { insert_value(layout, column) } else { "NULL".to_owned() });
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for (physical, i) in stored(layout) {
        columns.push(quote::name(&physical));
        values.push(format!("segue_v{i}"));
    }
    for d in &layout.change.down {
        columns.push(quote::name(&d.physical));
        values.push(quote::name(&d.column));
    }
    columns.push(quote::name(&layout.helper));
    values.push("2".to_owned());
    let refusal = refusal(layout, &from, &|condition| condition.to_owned());
    format!("{refusal} INSERT INTO {} ({}) SELECT {} FROM {from};", layout.quoted(), columns.join(", "), values.join(", "))
}

fn living_update(layout: &Layout<'_>) -> Option<String> {
    let row = addressed(layout, &|column| column.physical.clone())?;
    let from = old_of(layout, &|column| format!("NEW.{}", quote::name(&column.name)));
    let mut sets: Vec<String> = stored(layout)
        .into_iter()
        .map(|(physical, i)| format!("{} = NEW.{}", quote::name(&physical), quote::name(&layout.change.new[i].name)))
        .collect();
    let mut changes_old = Vec::new();
    for d in &layout.change.down {
        // Only what the writer changed computes an old value again: the old side may hold more than `down` gives.
        let read = layout
            .change
            .new
            .iter()
            .filter(|c| layout.up_of(&c.name).is_some_and(|up| d.reads.contains(&up.physical) || up.reads.contains(&d.physical)));
        let changed = any(read.map(|c| format!("NEW.{0} IS NOT OLD.{0}", quote::name(&c.name))));
        let (physical, column) = (quote::name(&d.physical), quote::name(&d.column));
        sets.push(format!("{physical} = CASE WHEN {changed} THEN (SELECT {column} FROM {from}) ELSE {physical} END"));
        changes_old.push((d.column.clone(), changed));
    }
    let h = quote::name(&layout.helper);
    sets.push(format!("{h} = {}", next_state(&h)));
    let refusal = refusal(layout, &from, &|condition| {
        let of = changes_old.iter().find(|(name, _)| condition.starts_with(&quote::name(name)));
        of.map_or_else(|| "0".to_owned(), |(_, changed)| format!("({changed} AND {condition})"))
    });
    Some(format!("{refusal} UPDATE {} SET {} WHERE {row};", layout.quoted(), sets.join(", ")))
}
