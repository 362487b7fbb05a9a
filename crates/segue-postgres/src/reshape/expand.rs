//! Expand: new columns, triggers and version views in one transaction, and the way back.
//!
//! Everything in it is a change of the catalog alone; the table is locked for as long as that takes. Making it
//! again repairs what is missing; unmaking leaves the old form as it was. Tests: `tests/reshape/`.

use segue_engine::quote::{name, table};
use segue_engine::{EngineError, Guard, PieceState};
use segue_model::reshape::{Role, TableChange};
use tokio_postgres::GenericClient;

use crate::PostgresEngine;
use crate::reshape::base::{self, Base};
use crate::reshape::names::{Names, forms_differ, needs_sync};
use crate::reshape::patience::Patience;
use crate::reshape::sync::{Sync, side_type};
use crate::reshape::views;
use crate::session::{db, fenced};

pub(crate) async fn make(engine: &PostgresEngine, guard: &Guard, change: &TableChange) -> Result<(), EngineError> {
    if !forms_differ(change) {
        return Ok(());
    }
    let mut session = engine.write_session(guard).await?;
    let (path, version) = (base::path(session.schemas(), &change.table), session.version());
    let transaction = fenced(&mut session, guard).await?;
    let names = Names::of(change);
    let patience = Patience::begin(&transaction, guard).await?;
    if needs_sync(change) {
        patience.run(&transaction, &format!("lock table only {} in access exclusive mode", table(&change.table))).await?;
    }
    let before = base::read(&transaction, &change.table).await?;
    let sync = sync_of(change, guard, &before, false);
    if needs_sync(change) {
        // Types of the user are found as the URL's own session would find them.
        let sql = format!("set local search_path = {path}; set local check_function_bodies = off;\n{}", columns(change, &names, &before));
        transaction.batch_execute(&sql).await.map_err(db)?;
        transaction.batch_execute(&sync.functions(&path)).await.map_err(db)?;
        transaction.batch_execute(&sync.triggers(before.subscribed)).await.map_err(db)?;
    }
    transaction.batch_execute(&format!("set local search_path = {path}")).await.map_err(db)?;
    views::make(&transaction, change, &names, &before, version).await?;
    transaction.commit().await.map_err(db)
}

/// The change as the triggers see it, on the table as it is now.
pub(crate) fn sync_of<'a>(change: &'a TableChange, guard: &'a Guard, base: &Base, strict: bool) -> Sync<'a> {
    let mut sync = Sync::of(change, &guard.run, &base.defaults());
    sync.two_passes = base.before_triggers;
    for column in &base.columns {
        match &column.default {
            Some(expression) if column.generated => drop(sync.generated.insert(column.name.clone(), expression.clone())),
            _ => sync.plain.push(column.name.clone()),
        }
    }
    sync.strict = strict;
    sync
}

/// `add column` for each new physical column and the helper. A column of that name that is there before any of
/// ours is somebody's own: then the server refuses, and nothing is done.
fn columns(change: &TableChange, names: &Names, before: &Base) -> String {
    let exists = if before.has(&names.side) { " if not exists" } else { "" };
    let base = table(&change.table);
    let mut sql = String::new();
    for derived in &change.up {
        let Some(form) = change.new.iter().find(|column| column.name == derived.column) else { continue };
        let original = match &derived.role {
            Role::Renamed { original, .. } | Role::Converted { original, .. } => before.column(original),
            Role::Added | Role::Dropped | Role::Replaced => None,
        };
        let same_collation = original.filter(|original| text_like(&original.data_type) && text_like(&form.data_type));
        let collate = same_collation.and_then(|original| original.collation.as_ref()).map(|c| format!(" collate {c}")).unwrap_or_default();
        sql.push_str(&format!("alter table {base} add column{exists} {} {}{collate};\n", name(&derived.physical), form.data_type));
    }
    sql.push_str(&format!("alter table {base} add column{exists} {} {} not null default 0;\n", name(&names.side), side_type(change)));
    sql
}

fn text_like(data_type: &str) -> bool {
    let lower = data_type.to_lowercase();
    ["text", "varchar", "char", "bpchar", "citext", "name"].iter().any(|known| lower.contains(known))
}

/// How much of it is there. Read-only.
pub(crate) async fn observe(engine: &PostgresEngine, guard: &Guard, change: &TableChange) -> Result<PieceState, EngineError> {
    if !forms_differ(change) {
        return Ok(PieceState::Present);
    }
    let session = engine.read_session("expand").await?;
    let client: &tokio_postgres::Client = &session;
    let names = Names::of(change);
    let Some(before) = base::find(client, &change.table).await? else { return Ok(PieceState::Absent) };
    let mut there =
        vec![base::relation(client, &names.old_view(&change.table)).await?, base::relation(client, &names.new_view(&change.table)).await?];
    if needs_sync(change) {
        let side = before.has(&names.side);
        there.push(side);
        there.push(base::relation(client, &names.hidden_view()).await?);
        // Without our helper column, a column of that name is somebody's own.
        there.extend(change.up.iter().map(|derived| side && before.has(&derived.physical)));
        let found = triggers_there(client, before.oid).await?;
        let mut sync = sync_of(change, guard, &before, false);
        sync.two_passes = found.iter().any(|trigger| *trigger == names.last_trigger("after"));
        there.extend(sync.trigger_names().iter().map(|trigger| found.contains(trigger)));
    }
    Ok(match (there.iter().all(|there| *there), there.iter().any(|there| *there)) {
        (true, _) => PieceState::Present,
        (false, true) => PieceState::Partial,
        (false, false) => PieceState::Absent,
    })
}

/// Our triggers on the table that are enabled.
async fn triggers_there(client: &impl GenericClient, oid: u32) -> Result<Vec<String>, EngineError> {
    let rows = client
        .query(
            "select tgname::text from pg_catalog.pg_trigger where tgrelid = $1 and not tgisinternal and tgenabled in ('O', 'A')",
            &[&oid],
        )
        .await
        .map_err(db)?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

pub(crate) async fn unmake(engine: &PostgresEngine, guard: &Guard, change: &TableChange) -> Result<(), EngineError> {
    let mut session = engine.write_session(guard).await?;
    let transaction = fenced(&mut session, guard).await?;
    let names = Names::of(change);
    let Some(before) = base::find(&transaction, &change.table).await? else { return Ok(()) };
    let patience = Patience::begin(&transaction, guard).await?;
    for view in [names.old_view(&change.table), names.new_view(&change.table)] {
        if base::relation(&transaction, &view).await? {
            patience.run(&transaction, &views::lock_alone(&view)).await?;
        }
    }
    let ours = before.has(&names.side);
    if ours {
        patience.run(&transaction, &format!("lock table only {} in access exclusive mode", table(&change.table))).await?;
    }
    let mut sql = drop_views(change, &names, true);
    sql.push_str(&drop_machinery(change, &names, guard, &before));
    if ours {
        let mut gone: Vec<String> = change.up.iter().map(|derived| name(&derived.physical)).collect();
        gone.push(name(&names.side));
        let list: Vec<String> = gone.iter().map(|column| format!("drop column if exists {column}")).collect();
        sql.push_str(&format!("alter table {} {};\n", table(&change.table), list.join(", ")));
    }
    transaction.batch_execute(&sql).await.map_err(db)?;
    transaction
        .execute("delete from segue.rejected where run = $1 and relation = $2", &[&guard.run, &table(&change.table)])
        .await
        .map_err(db)?;
    for schema in [&names.old_schema, &names.new_schema] {
        views::drop_schema_if_empty(&transaction, schema).await?;
    }
    transaction.commit().await.map_err(db)
}

/// Drops the views: of both sides, or the old one and the hidden one.
pub(crate) fn drop_views(change: &TableChange, names: &Names, new_as_well: bool) -> String {
    let mut sql = format!("drop view if exists {};\n", table(&names.old_view(&change.table)));
    if new_as_well {
        sql.push_str(&format!("drop view if exists {};\n", table(&names.new_view(&change.table))));
    }
    sql + &format!("drop view if exists {};\n", table(&names.hidden_view()))
}

/// Drops triggers and functions.
pub(crate) fn drop_machinery(change: &TableChange, names: &Names, guard: &Guard, before: &Base) -> String {
    let base = table(&change.table);
    let mut sql = String::new();
    for two_passes in [false, true] {
        let mut sync = sync_of(change, guard, before, false);
        sync.two_passes = two_passes;
        for trigger in sync.trigger_names() {
            sql.push_str(&format!("drop trigger if exists {} on {base};\n", name(&trigger)));
        }
    }
    for function in ["insert", "update", "after", "flag"] {
        sql.push_str(&format!("drop function if exists {}();\n", table(&names.function(function))));
    }
    sql + &format!("drop function if exists {}({base});\n", table(&names.function("convert")))
}
