//! Contract: the old form goes in one immediate transaction. What needs no rebuild does none; where columns go,
//! the rows are copied once, and renames are SQLite's own, which carries views, triggers and indexes with them.
//! Tests: `tests/it/journey.rs`, `tests/it/writers.rs`.

use rusqlite::Connection;
use segue_engine::{EngineError, PieceState};
use segue_model::reshape::{ConstraintWhat, Role, TableChange};

use super::layout::Layout;
use super::{constraint, expand, rebuild, shift, view};
use crate::sql::edit::Edits;
use crate::sql::table::TableText;
use crate::{control, error, schema};

/// Makes the new form the only one.
pub(crate) fn make(connection: &Connection, change: &TableChange) -> Result<(), EngineError> {
    if observe(connection, change)? == PieceState::Present {
        return Ok(());
    }
    let layout = Layout::read(connection, change)?;
    layout.demand_known_columns()?;
    shift::demand_ready(connection, &layout)?;
    shift::demand_constraints(connection, &layout)?;
    shift::demand_unique(connection, &layout)?;
    expand::drop_ours(connection, &layout)?;
    shift::drop_indexes(connection, &layout)?;
    drop_former_views(connection, &layout)?;
    let renamed = take_indexes(connection, &layout)?;
    if layout.tracked() {
        let text = form_text(&layout);
        let target = TableText::parse(&text).ok_or_else(|| unreadable(&layout))?;
        rebuild::rebuild(connection, &layout, &target, &|column| held(&layout, column))?;
        rename_columns(connection, &layout)?;
    }
    for (name, columns) in renamed {
        super::index::unique(connection, &layout.table, &name, &columns)?;
    }
    write_constraints(connection, &layout)?;
    for (_, _, text) in view::ended(&layout) {
        schema::run(connection, &text, "making the new form's view")?;
    }
    rebuild::check(connection, &layout.table)?;
    control::forget(connection, &change.tag, &shift::mark(&layout.table))?;
    control::forget(connection, &change.tag, &layout.table)
}

/// It is there when the helper is gone and the view stands on the final table.
pub(crate) fn observe(connection: &Connection, change: &TableChange) -> Result<PieceState, EngineError> {
    if super::layout::table_sql(connection, &change.table.name)?.is_none() || super::saved_text(connection, change)?.is_some() {
        return Ok(PieceState::Absent);
    }
    let layout = Layout::read(connection, change)?;
    let mut whole = !layout.has_helper();
    for (kind, name, text) in view::ended(&layout) {
        whole &= schema::text(connection, kind, &name)?.as_deref() == Some(text.as_str());
    }
    Ok(if whole { PieceState::Present } else { PieceState::Absent })
}

/// A unique constraint stands by an index of its name; one built under another name is made again under its own.
fn take_indexes(connection: &Connection, layout: &Layout<'_>) -> Result<Vec<(String, Vec<String>)>, EngineError> {
    let mut out = Vec::new();
    for add in &layout.change.constraints {
        if let ConstraintWhat::Unique { columns, index } = &add.what
            && !schema::taken(connection, &add.name)?
        {
            schema::drop(connection, "index", index)?;
            out.push((add.name.clone(), columns.iter().map(|physical| final_name(layout, physical)).collect()));
        }
    }
    Ok(out)
}

/// The table's text in the new form, columns still by their old names.
fn form_text(layout: &Layout<'_>) -> String {
    let mut edits = Edits::new(&layout.before);
    for d in &layout.change.up {
        let form = layout.new_column(&d.column);
        match &d.role {
            Role::Added => edits.add_column(&expand::final_definition(&d.physical, form)),
            Role::Converted { original, .. } => {
                edits.set_type(original, &form.data_type);
                if form.nullable {
                    edits.relax(original);
                } else {
                    edits.not_null(original);
                }
                edits.set_default(original, form.default.as_deref());
            }
            _ => {}
        }
    }
    for d in layout.change.down.iter().filter(|d| d.role == Role::Dropped) {
        edits.drop_column(&d.physical);
    }
    edits.text()
}

/// Where a column's values of the new form are.
fn held(layout: &Layout<'_>, column: &str) -> String {
    let twin =
        layout.change.up.iter().find(|d| matches!(&d.role, Role::Converted { original, .. } if original.eq_ignore_ascii_case(column)));
    twin.map_or_else(|| column.to_owned(), |d| d.physical.clone())
}

fn rename_columns(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    for d in &layout.change.up {
        if let Role::Renamed { original, name } | Role::Converted { original, name } = &d.role
            && original != name
        {
            let (from, to) = (segue_engine::quote::name(original), segue_engine::quote::name(name));
            let text = format!("ALTER TABLE {} RENAME COLUMN {from} TO {to}", layout.quoted());
            schema::run(connection, &text, &format!("renaming column {original}"))?;
        }
    }
    Ok(())
}

/// The final name of a physical column.
fn final_name(layout: &Layout<'_>, physical: &str) -> String {
    let of = |d: &&segue_model::reshape::Derived| match &d.role {
        Role::Renamed { original, .. } | Role::Converted { original, .. } => d.physical == physical || original == physical,
        _ => false,
    };
    match layout.change.up.iter().find(of).map(|d| &d.role) {
        Some(Role::Renamed { name, .. } | Role::Converted { name, .. }) => name.clone(),
        _ => physical.to_owned(),
    }
}

/// Constraints that the change adds become part of the table's text; the rows were checked before.
fn write_constraints(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    if layout.change.constraints.is_empty() {
        return Ok(());
    }
    let (_, now) = super::layout::table_sql(connection, &layout.table)?.ok_or_else(|| super::layout::missing(&layout.table))?;
    let now = TableText::parse(&now).ok_or_else(|| unreadable(layout))?;
    let mut edits = Edits::new(&now);
    for add in &layout.change.constraints {
        if let ConstraintWhat::NotNull { column } = &add.what {
            edits.not_null(&final_name(layout, column));
        }
        if let Some(text) = constraint::definition(add, &|physical| final_name(layout, physical)) {
            edits.add_constraint(&text);
        }
    }
    schema::write_text(connection, &layout.table, &edits.text())
}

/// Views of journeys that are over: clients of those forms had until now.
pub(crate) fn drop_former_views(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    for view in former_views(connection, &layout.table)? {
        schema::drop(connection, "view", &view)?;
    }
    Ok(())
}

/// Their names.
pub(crate) fn former_views(connection: &Connection, table: &str) -> Result<Vec<String>, EngineError> {
    let applied = control::state(connection)?.applied;
    let names = applied.into_iter().map(|(_, tag, _)| format!("{table}_{tag}_new"));
    let mut out = Vec::new();
    for name in names {
        if schema::text(connection, "view", &name)?.is_some() {
            out.push(name);
        }
    }
    Ok(out)
}

fn unreadable(layout: &Layout<'_>) -> EngineError {
    let text = format!("the definition of table {} cannot be read exactly, so it is not touched", layout.table);
    EngineError::new(error::TABLE_TEXT, segue_engine::ErrorKind::Unsupported, text)
}
