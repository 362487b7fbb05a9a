//! Expand: new columns, the helper column, triggers and the view, in one immediate transaction; and its undoing,
//! which leaves the schema's text byte for byte as it was. Tests: `tests/it/journey.rs`.

use rusqlite::Connection;
use segue_engine::{EngineError, PieceState, quote};
use segue_model::reshape::{Role, TableChange};

use super::layout::Layout;
use super::{rebuild, triggers, view};
use crate::sql::edit::Edits;
use crate::sql::table::What;
use crate::{control, schema};

/// Makes all of it; what is there already is made anew.
pub(crate) fn make(connection: &Connection, change: &TableChange) -> Result<(), EngineError> {
    let layout = Layout::read(connection, change)?;
    let strict = super::shift::is_strict(connection, &layout)?;
    control::save(connection, &change.tag, &layout.table, &layout.before.sql)?;
    drop_ours(connection, &layout)?;
    add_columns(connection, &layout)?;
    let layout = Layout::read(connection, change)?;
    create_ours(connection, &layout, strict)
}

/// Our triggers on the table, and the view with its own.
pub(crate) fn create_ours(connection: &Connection, layout: &Layout<'_>, strict: bool) -> Result<(), EngineError> {
    for (_, text) in triggers::all(layout, strict) {
        schema::run(connection, &text, "making the triggers that keep both forms")?;
    }
    for (_, _, text) in view::living(layout) {
        schema::run(connection, &text, "making the new form's view")?;
    }
    Ok(())
}

/// Drops our triggers and the view, those that are there.
pub(crate) fn drop_ours(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    for (name, _) in triggers::all(layout, false) {
        schema::drop(connection, "trigger", &name)?;
    }
    for (kind, name, _) in view::living(layout).into_iter().rev() {
        schema::drop(connection, kind, &name)?;
    }
    Ok(())
}

fn add_columns(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    let relaxed: Vec<_> = layout
        .relaxed()
        .into_iter()
        .filter(|d| layout.now.column(&d.physical).is_some_and(|column| column.constraint(What::NotNull).is_some()))
        .collect();
    if !relaxed.is_empty() {
        let mut edits = Edits::new(&layout.now);
        for d in relaxed {
            edits.relax(&d.physical);
        }
        schema::write_text(connection, &layout.table, &edits.text())?;
    }
    for (physical, definition) in definitions(layout) {
        if layout.now.column(&physical).is_none() {
            let text = format!("ALTER TABLE {} ADD COLUMN {definition}", layout.quoted());
            schema::run(connection, &text, &format!("adding column {physical}"))?;
        }
    }
    Ok(())
}

/// The columns that come, as they stand while both forms live.
fn definitions(layout: &Layout<'_>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for d in &layout.change.up {
        let form = layout.new_column(&d.column);
        let mut text = format!("{} {}", quote::name(&d.physical), form.data_type);
        if let Role::Renamed { original, .. } | Role::Converted { original, .. } = &d.role
            && let Some(collate) = layout.before.column(original).and_then(|c| c.constraint(What::Collate))
        {
            text.push_str(&format!(" {}", layout.before.part(&collate.span)));
        }
        if layout.plain() || !layout.change.backfill {
            text = final_definition(&d.physical, form);
        } else if !layout.before.strict {
            text.push_str(&format!(" DEFAULT {}", super::layout::SENTINEL));
        }
        out.push((d.physical.clone(), text));
    }
    if layout.tracked() {
        let text = format!("{} INTEGER NOT NULL DEFAULT 0", quote::name(&layout.helper));
        out.push((layout.helper.clone(), text));
    }
    out
}

/// A new column as a user would have written it.
pub(crate) fn final_definition(name: &str, form: &segue_model::reshape::FormColumn) -> String {
    let mut text = quote::name(name);
    if !form.data_type.is_empty() {
        text.push_str(&format!(" {}", form.data_type));
    }
    if !form.nullable {
        text.push_str(" NOT NULL");
    }
    if let Some(default) = &form.default {
        text.push_str(&format!(" DEFAULT {}", crate::sql::edit::default_text(default)));
    }
    text
}

/// Unmakes all of it.
pub(crate) fn unmake(connection: &Connection, change: &TableChange) -> Result<(), EngineError> {
    let Some(saved) = super::saved_text(connection, change)? else { return Ok(()) };
    let layout = Layout::read(connection, change)?;
    layout.demand_known_columns()?;
    drop_ours(connection, &layout)?;
    super::shift::drop_indexes(connection, &layout)?;
    let came = definitions(&layout)
        .into_iter()
        .any(|(physical, _)| layout.now.column(&physical).is_some() && layout.before.column(&physical).is_none());
    if came {
        rebuild::rebuild(connection, &layout, &layout.before, &|column| column.to_owned())?;
    }
    schema::write_text(connection, &layout.table, &saved)?;
    rebuild::check(connection, &layout.table)?;
    control::forget(connection, &change.tag, &layout.table)
}

/// How far it is.
pub(crate) fn observe(connection: &Connection, change: &TableChange) -> Result<PieceState, EngineError> {
    let Some((_, _)) = super::layout::table_sql(connection, &change.table.name)? else { return Ok(PieceState::Absent) };
    if super::saved_text(connection, change)?.is_none() {
        return Ok(PieceState::Absent);
    }
    let layout = Layout::read(connection, change)?;
    let strict = super::shift::is_strict(connection, &layout)?;
    let columns = definitions(&layout).iter().all(|(physical, _)| layout.now.column(physical).is_some());
    let mut whole = columns;
    for (name, text) in triggers::all(&layout, strict) {
        whole &= schema::text(connection, "trigger", &name)?.as_deref() == Some(text.as_str());
    }
    for (kind, name, text) in view::living(&layout) {
        whole &= schema::text(connection, kind, &name)?.as_deref() == Some(text.as_str());
    }
    Ok(if whole { PieceState::Present } else { PieceState::Partial })
}
