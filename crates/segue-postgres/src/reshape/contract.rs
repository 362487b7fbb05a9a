//! Contract: the old form goes, in one transaction with bounded locks.
//!
//! Locks are taken in the order in which clients take them: every outer view of the table, each by itself, then
//! the table, then tables that a foreign key which goes refers to. The new side's outer view is replaced, never
//! dropped: a statement that waits for it finds it. It must never scan the table under its lock. Tests:
//! `tests/reshape/contract.rs`, with clients on both views and on the table.

use std::collections::BTreeMap;

use segue_engine::quote::{name, table};
use segue_engine::{EngineError, ErrorKind, Guard, PieceState};
use segue_model::ident::TableName;
use segue_model::reshape::{CarryKind, ConstraintWhat, TableChange};
use tokio_postgres::{GenericClient, Transaction};

use crate::PostgresEngine;
use crate::reshape::base::{self, Base};
use crate::reshape::names::{Names, dropped_columns, forms_differ, needs_sync, renamed_columns};
use crate::reshape::patience::Patience;
use crate::reshape::{earlier, expand, shift, views};
use crate::session::{db, fenced};

pub(crate) async fn make(engine: &PostgresEngine, guard: &Guard, change: &TableChange) -> Result<(), EngineError> {
    if observe(engine, change).await? == PieceState::Present {
        return Ok(());
    }
    let mut session = engine.write_session(guard).await?;
    let (path, version) = (base::path(session.schemas(), &change.table), session.version());
    let transaction = fenced(&mut session, guard).await?;
    let names = Names::of(change);
    let oid = base::read(&transaction, &change.table).await?.oid;
    let earlier = earlier::views(&transaction, &[oid]).await?;
    lock(&transaction, guard, change, &names, &earlier).await?;
    let before = base::read(&transaction, &change.table).await?;
    let checked = not_null_checks(&transaction, change, &before).await?;
    let deferrable = deferrable_constraints(&transaction, before.oid).await?;
    let mut sql = format!("set local search_path = {path};\n{}", earlier::drop(&earlier));
    if forms_differ(change) {
        sql.push_str(&views::new_view_on_base(change, &names, &before, version));
        for (column, _) in views::new_defaults(change) {
            sql.push_str(&format!("alter view {} alter column {} drop default;\n", table(&names.new_view(&change.table)), name(&column)));
        }
        sql.push_str(&expand::drop_views(change, &names, false));
    }
    if needs_sync(change) {
        sql.push_str(&expand::drop_machinery(change, &names, guard, &before));
    }
    sql.push_str(&columns(change, &names, &before));
    sql.push_str(&carried(change, &deferrable));
    sql.push_str(&strict(change, &checked));
    sql.push_str(&attributes(change));
    transaction.batch_execute(&sql).await.map_err(db)?;
    transaction
        .execute("delete from segue.rejected where run = $1 and relation = $2", &[&guard.run, &table(&change.table)])
        .await
        .map_err(db)?;
    views::drop_schema_if_empty(&transaction, &names.old_schema).await?;
    for (_, view) in &earlier {
        views::drop_schema_if_empty(&transaction, &view.schema).await?;
    }
    transaction.commit().await.map_err(db)
}

async fn lock(
    transaction: &Transaction<'_>,
    guard: &Guard,
    change: &TableChange,
    names: &Names,
    earlier: &[(u32, TableName)],
) -> Result<(), EngineError> {
    let patience = Patience::begin(transaction, guard).await?;
    for (_, view) in earlier {
        patience.run(transaction, &views::lock_alone(view)).await?;
    }
    for view in [names.old_view(&change.table), names.new_view(&change.table)] {
        if base::relation(transaction, &view).await? {
            patience.run(transaction, &views::lock_alone(&view)).await?;
        }
    }
    patience.run(transaction, &format!("lock table only {} in access exclusive mode", table(&change.table))).await?;
    for referenced in referenced_tables(transaction, &change.table, &dropped_columns(change)).await? {
        patience.run(transaction, &format!("lock table only {} in access exclusive mode", table(&referenced))).await?;
    }
    Ok(())
}

/// Tables that foreign keys over these columns (all keys of the table, if none are named) refer to: dropping such
/// a key locks them.
pub(crate) async fn referenced_tables(
    client: &impl GenericClient,
    of: &TableName,
    columns: &[&str],
) -> Result<Vec<TableName>, EngineError> {
    let rows = client
        .query(
            "select distinct n.nspname::text, r.relname::text from pg_catalog.pg_constraint c \
             join pg_catalog.pg_class r on r.oid = c.confrelid join pg_catalog.pg_namespace n on n.oid = r.relnamespace \
             where c.contype = 'f' and c.conrelid = pg_catalog.to_regclass($1) and c.confrelid <> c.conrelid \
               and (pg_catalog.cardinality($2::text[]) = 0 or exists (select from pg_catalog.pg_attribute a \
                    where a.attrelid = c.conrelid and a.attnum = any (c.conkey) and a.attname::text = any ($2::text[]))) order by 1, 2",
            &[&table(of), &columns],
        )
        .await
        .map_err(db)?;
    Ok(rows.iter().map(|row| TableName::new(row.get::<_, String>(0), row.get::<_, String>(1))).collect())
}

/// The columns that become NOT NULL, by their final names, with the check that proves each. Without such a check
/// the server would read the whole table while everybody waits.
async fn not_null_checks(
    client: &impl GenericClient,
    change: &TableChange,
    before: &Base,
) -> Result<Vec<(String, Option<String>)>, EngineError> {
    let rows = client
        .query("select conname::text from pg_catalog.pg_constraint where conrelid = $1 and contype = 'c' and convalidated", &[&before.oid])
        .await
        .map_err(db)?;
    let valid: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let finals: BTreeMap<&str, &str> = renamed_columns(change).into_iter().collect();
    let mut proofs: Vec<(String, String)> = shift::checks(change);
    for constraint in &change.constraints {
        if let ConstraintWhat::NotNull { column } = &constraint.what {
            proofs.push((column.clone(), constraint.name.clone()));
        }
    }
    let mut out = Vec::new();
    for column in change.new.iter().filter(|column| !column.nullable) {
        let physical = column.physical.as_str();
        let is_null = before.column(physical).is_some_and(|base| !base.not_null);
        let proof = proofs.iter().find(|(proven, _)| proven == physical).map(|(_, check)| check.clone());
        if !is_null && proof.is_none() {
            continue;
        }
        match proof {
            Some(check) if valid.contains(&check) => {
                out.push((finals.get(physical).unwrap_or(&physical).to_string(), Some(check)));
            }
            _ if !is_null => {}
            _ => {
                return Err(EngineError::new(
                    "SG-PG-147",
                    ErrorKind::Object,
                    format!("no validated check shows that column {} of {} holds no NULL", column.name, change.table),
                )
                .help("nothing was changed. Run `segue apply` again: it makes the check before this step"));
            }
        }
    }
    Ok(out)
}

/// Unique constraints of the table that are deferrable: `name → clause`.
async fn deferrable_constraints(client: &impl GenericClient, oid: u32) -> Result<BTreeMap<String, &'static str>, EngineError> {
    let rows = client
        .query(
            "select conname::text, condeferred from pg_catalog.pg_constraint where conrelid = $1 and contype = 'u' and condeferrable",
            &[&oid],
        )
        .await
        .map_err(db)?;
    Ok(rows.iter().map(|row| (row.get(0), if row.get(1) { " deferrable initially deferred" } else { " deferrable" })).collect())
}

/// Old columns and the helper go, twins and renamed columns take their final names.
fn columns(change: &TableChange, names: &Names, before: &Base) -> String {
    let base = table(&change.table);
    let mut gone: Vec<&str> = dropped_columns(change);
    if before.has(&names.side) {
        gone.push(&names.side);
    }
    let mut sql = String::new();
    if !gone.is_empty() {
        let list: Vec<String> = gone.iter().map(|column| format!("drop column if exists {}", name(column))).collect();
        sql.push_str(&format!("alter table {base} {};\n", list.join(", ")));
    }
    // By way of names that nobody has, so that two columns can exchange theirs.
    let renames = renamed_columns(change);
    for (at, (physical, _)) in renames.iter().enumerate() {
        sql.push_str(&format!("alter table {base} rename column {} to {};\n", name(physical), name(&format!("segue_rename_{at}"))));
    }
    for (at, (_, to)) in renames.iter().enumerate() {
        sql.push_str(&format!("alter table {base} rename column {} to {};\n", name(&format!("segue_rename_{at}")), name(to)));
    }
    sql
}

/// Carried objects take the names of those they replace.
fn carried(change: &TableChange, deferrable: &BTreeMap<String, &'static str>) -> String {
    let base = table(&change.table);
    let mut sql = String::new();
    for carry in &change.carries {
        let clause = deferrable.get(&carry.name).copied().unwrap_or_default();
        match carry.kind {
            CarryKind::Index => sql.push_str(&format!(
                "alter index {} rename to {};\n",
                table(&TableName::new(&change.table.schema, &carry.twin)),
                name(&carry.name)
            )),
            CarryKind::Unique => sql.push_str(&format!(
                "alter table {base} add constraint {} unique using index {}{clause};\n",
                name(&carry.name),
                name(&carry.twin)
            )),
            CarryKind::Constraint => {
                sql.push_str(&format!("alter table {base} rename constraint {} to {};\n", name(&carry.twin), name(&carry.name)));
            }
            CarryKind::Attribute => {}
        }
    }
    sql
}

fn strict(change: &TableChange, checked: &[(String, Option<String>)]) -> String {
    let base = table(&change.table);
    let mut sql = String::new();
    for (column, check) in checked {
        sql.push_str(&format!("alter table {base} alter column {} set not null;\n", name(column)));
        if let Some(check) = check {
            sql.push_str(&format!("alter table {base} drop constraint {};\n", name(check)));
        }
    }
    sql
}

/// Defaults and comments of the new form, and what the survey carried as a statement.
fn attributes(change: &TableChange) -> String {
    let base = table(&change.table);
    let mut sql = String::new();
    for (column, default) in views::new_defaults(change) {
        sql.push_str(&format!("alter table {base} alter column {} set default (\n{default}\n);\n", name(&column)));
    }
    for carry in change.carries.iter().filter(|carry| carry.kind == CarryKind::Attribute && !carry.name.starts_with("default of ")) {
        sql.push_str(&carry.definition);
        sql.push_str(";\n");
    }
    for column in &change.new {
        if let Some(comment) = &column.comment {
            sql.push_str(&views::comment(&change.table, &column.name, comment));
        }
    }
    sql
}

/// Whether the table is in its final form. One transaction makes it, so there is nothing between.
pub(crate) async fn observe(engine: &PostgresEngine, change: &TableChange) -> Result<PieceState, EngineError> {
    let session = engine.read_session("contract").await?;
    let client: &tokio_postgres::Client = &session;
    let names = Names::of(change);
    let Some(base) = base::find(client, &change.table).await? else { return Ok(PieceState::Absent) };
    let mut done = vec![!base.has(&names.side), !base::relation(client, &names.old_view(&change.table)).await?];
    for column in &change.new {
        let there = base.column(&column.name);
        done.push(there.is_some_and(|there| column.nullable || there.not_null));
    }
    if forms_differ(change) {
        done.push(base::relation(client, &names.new_view(&change.table)).await?);
        done.push(!base::relation(client, &names.hidden_view()).await?);
    }
    Ok(if done.iter().all(|done| *done) { PieceState::Present } else { PieceState::Absent })
}
