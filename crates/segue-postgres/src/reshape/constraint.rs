//! Constraints added without reading the table, then validated while writers go on.
//!
//! It must never hold more than a short lock for the adding, and never adopt a constraint of the same name that
//! says something else. Tests: `tests/reshape/constraint.rs`.

use segue_engine::quote::{name, names, table};
use segue_engine::{EngineError, ErrorKind, Guard, PieceState};
use segue_model::change::ReferenceAction;
use segue_model::reshape::{ConstraintAdd, ConstraintWhat, IndexBuild, IndexSource};
use tokio_postgres::GenericClient;

use crate::PostgresEngine;
use crate::reshape::patience::Patience;
use crate::reshape::remap::{self, Copy};
use crate::reshape::{base, index, witness};
use crate::session::{Session, db, fenced};

/// A constraint of that name on the table.
struct Found {
    kind: String,
    validated: bool,
    definition: String,
}

async fn find(client: &impl GenericClient, add: &ConstraintAdd) -> Result<Option<Found>, EngineError> {
    let row = client
        .query_opt(
            "select contype::text, convalidated, pg_catalog.pg_get_constraintdef(oid) from pg_catalog.pg_constraint \
             where conrelid = pg_catalog.to_regclass($1) and conname = $2",
            &[&table(&add.table), &add.name],
        )
        .await
        .map_err(db)?;
    Ok(row.map(|row| Found { kind: row.get(0), validated: row.get(1), definition: row.get(2) }))
}

pub(crate) async fn observe(engine: &PostgresEngine, add: &ConstraintAdd) -> Result<PieceState, EngineError> {
    let session = engine.read_session("constraint").await?;
    let client: &tokio_postgres::Client = &session;
    Ok(if find(client, add).await?.is_some() { PieceState::Present } else { PieceState::Absent })
}

pub(crate) async fn observe_validated(engine: &PostgresEngine, add: &ConstraintAdd) -> Result<PieceState, EngineError> {
    let session = engine.read_session("constraint").await?;
    let client: &tokio_postgres::Client = &session;
    Ok(if find(client, add).await?.is_some_and(|found| found.validated) { PieceState::Present } else { PieceState::Absent })
}

pub(crate) async fn make(engine: &PostgresEngine, guard: &Guard, add: &ConstraintAdd) -> Result<(), EngineError> {
    if let ConstraintWhat::Unique { columns, index: of } = &add.what {
        rebuild_index(engine, guard, add, columns, of).await?;
    }
    let mut session = engine.write_session(guard).await?;
    let (definition, kind) = definition(&mut session, add).await?;
    let transaction = fenced(&mut session, guard).await?;
    if let Some(found) = find(&transaction, add).await? {
        let same = found.kind == kind && (kind == "u" || found.definition.trim_end_matches(" NOT VALID") == comparable(&definition));
        let known = matches!(add.what, ConstraintWhat::Check { .. } | ConstraintWhat::NotNull { .. });
        if found.kind == kind && (same || !known) {
            return Ok(());
        }
        return Err(EngineError::new(
            "SG-PG-143",
            ErrorKind::Object,
            format!("a constraint {} is on {} already and says something else", add.name, add.table),
        )
        .help("nothing was changed. Rename or drop that constraint, or give the new one another name"));
    }
    let patience = Patience::begin(&transaction, guard).await?;
    patience.run(&transaction, &format!("alter table {} add constraint {} {definition}", table(&add.table), name(&add.name))).await?;
    transaction.commit().await.map_err(db)
}

/// Dropping a unique constraint drops its index as well: when it is to be made again, so is the index.
async fn rebuild_index(
    engine: &PostgresEngine,
    guard: &Guard,
    add: &ConstraintAdd,
    columns: &[String],
    of: &str,
) -> Result<(), EngineError> {
    {
        let session = engine.read_session("constraint").await?;
        let client: &tokio_postgres::Client = &session;
        if find(client, add).await?.is_some() {
            return Ok(());
        }
    }
    let build = IndexBuild {
        table: add.table.clone(),
        tag: add.tag.clone(),
        name: of.to_owned(),
        source: IndexSource::Unique(columns.to_vec()),
        unique: true,
    };
    index::make(engine, guard, &build).await
}

fn comparable(definition: &str) -> &str {
    definition.trim_end_matches(" not valid")
}

/// What stands after `add constraint NAME`, and the kind by which the server knows it.
async fn definition(session: &mut Session, add: &ConstraintAdd) -> Result<(String, &'static str), EngineError> {
    Ok(match &add.what {
        ConstraintWhat::Check { check, physical } => {
            let make = format!("check (\n{check}\n)");
            (format!("{} not valid", deparsed(session, add, physical, &make).await?), "c")
        }
        ConstraintWhat::NotNull { column } => {
            let make = format!("check ({} is not null)", name(column));
            (format!("{} not valid", deparsed(session, add, &[], &make).await?), "c")
        }
        ConstraintWhat::ForeignKey { columns, target, target_columns, on_delete, on_update, deferrable } => {
            let mut sql = format!(
                "foreign key ({}) references {} ({})",
                names(columns.iter().map(String::as_str)),
                table(target),
                names(target_columns.iter().map(String::as_str))
            );
            for (event, action) in [("delete", on_delete), ("update", on_update)] {
                if let Some(action) = action {
                    sql.push_str(&format!(" on {event} {}", action_words(*action)));
                }
            }
            (format!("{sql}{} not valid", if *deferrable { " deferrable" } else { "" }), "f")
        }
        ConstraintWhat::Unique { index, .. } => (format!("unique using index {}", name(index)), "u"),
        ConstraintWhat::Carry(carry) => {
            let (definition, twins) = remap::parts(&carry.definition);
            if definition.starts_with("FOREIGN KEY") {
                (format!("{definition} not valid"), "f")
            } else {
                (format!("{} not valid", deparsed(session, add, &twins, &definition).await?), "c")
            }
        }
    })
}

/// The condition as the server writes it over physical columns.
async fn deparsed(session: &mut Session, add: &ConstraintAdd, physical: &[(String, String)], make: &str) -> Result<String, EngineError> {
    let path = base::path(session.schemas(), &add.table);
    let transaction = session.client.transaction().await.map_err(db)?;
    let copy = Copy::of(&transaction, &add.table).await?;
    let sql = format!("set local search_path = {path};\n{};\nset local search_path = '';", copy.make_constraint(make));
    copy.physical(physical, &sql).await?;
    let definition = copy.constraint().await?;
    transaction.rollback().await.map_err(db)?;
    Ok(definition)
}

pub(crate) fn action_words(action: ReferenceAction) -> &'static str {
    match action {
        ReferenceAction::NoAction => "no action",
        ReferenceAction::Restrict => "restrict",
        ReferenceAction::Cascade => "cascade",
        ReferenceAction::SetNull => "set null",
        ReferenceAction::SetDefault => "set default",
    }
}

/// Reads every row once, under a lock that stops no reader and no writer.
pub(crate) async fn validate(engine: &PostgresEngine, guard: &Guard, add: &ConstraintAdd) -> Result<(), EngineError> {
    let mut session = engine.write_session(guard).await?;
    let transaction = fenced(&mut session, guard).await?;
    match find(&transaction, add).await? {
        Some(found) if found.validated => return Ok(()),
        Some(_) => {}
        None => {
            return Err(EngineError::new(
                "SG-PG-146",
                ErrorKind::Object,
                format!("constraint {} of {} is not there any more", add.name, add.table),
            )
            .help("nothing was written. See what removed it before you go on"));
        }
    }
    let patience = Patience::begin(&transaction, guard).await?;
    let sql = format!("alter table {} validate constraint {}", table(&add.table), name(&add.name));
    if let Err(error) = patience.run(&transaction, &sql).await {
        transaction.rollback().await.map_err(db)?;
        return Err(witness::named(engine, &add.table, None, error).await);
    }
    transaction.commit().await.map_err(db)
}

pub(crate) async fn unmake(engine: &PostgresEngine, guard: &Guard, add: &ConstraintAdd) -> Result<(), EngineError> {
    let mut session = engine.write_session(guard).await?;
    let transaction = fenced(&mut session, guard).await?;
    if find(&transaction, add).await?.is_none() {
        return Ok(());
    }
    let patience = Patience::begin(&transaction, guard).await?;
    patience.run(&transaction, &format!("lock table only {} in access exclusive mode", table(&add.table))).await?;
    if let ConstraintWhat::ForeignKey { target, .. } = &add.what {
        patience.run(&transaction, &format!("lock table only {} in access exclusive mode", table(target))).await?;
    }
    patience.run(&transaction, &format!("alter table {} drop constraint if exists {}", table(&add.table), name(&add.name))).await?;
    transaction.commit().await.map_err(db)
}
