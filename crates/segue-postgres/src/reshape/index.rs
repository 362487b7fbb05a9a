//! Indexes built and dropped while writers go on.
//!
//! A concurrent build runs in no transaction: the session holds the run's advisory lock, the epoch is checked
//! before, and what it left is observed after. A failed build leaves an invalid index of our name, which is
//! dropped and built again; an index of that name that is something else is an error. Tests: `tests/reshape/constraint.rs`.

use segue_engine::quote::{name, names, table};
use segue_engine::{EngineError, ErrorKind, Guard, PieceState};
use segue_model::change::{CreateIndex, IndexColumn, Nulls, Order};
use segue_model::ident::TableName;
use segue_model::reshape::{IndexBuild, IndexSource};
use tokio_postgres::GenericClient;

use crate::PostgresEngine;
use crate::error::sqlstate;
use crate::fence::{advisory_lock, advisory_unlock};
use crate::reshape::remap::{self, Copy, TAIL};
use crate::reshape::{base, witness};
use crate::session::{Session, db, fenced};

/// How long a build or drop may wait for other transactions before it gives up, in seconds. Nobody waits behind it:
/// its lock stops no reader and no writer.
const WAIT_S: u32 = 60;

/// An index of that name in the table's schema.
struct Found {
    on_table: bool,
    valid: bool,
    unique: bool,
    tail: String,
}

async fn find(client: &impl GenericClient, on: &TableName, index: &str) -> Result<Option<Found>, EngineError> {
    let row = client
        .query_opt(
            &format!(
                "select i.indrelid = pg_catalog.to_regclass($1), i.indisvalid, i.indisunique, x.substr \
                 from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid \
                 join pg_catalog.pg_namespace n on n.oid = c.relnamespace join ({TAIL}) x(indexrelid, substr) on x.indexrelid = i.indexrelid \
                 where n.nspname = $2 and c.relname = $3"
            ),
            &[&table(on), &on.schema, &index],
        )
        .await
        .map_err(db)?;
    Ok(row.map(|row| Found {
        on_table: row.get::<_, Option<bool>>(0) == Some(true),
        valid: row.get(1),
        unique: row.get(2),
        tail: row.get(3),
    }))
}

pub(crate) async fn observe(engine: &PostgresEngine, build: &IndexBuild) -> Result<PieceState, EngineError> {
    let session = engine.read_session("index").await?;
    let client: &tokio_postgres::Client = &session;
    Ok(match find(client, &build.table, &build.name).await? {
        Some(found) if !found.on_table => PieceState::Absent,
        Some(found) if found.valid && found.unique == build.unique => PieceState::Present,
        Some(_) => PieceState::Partial,
        None => PieceState::Absent,
    })
}

pub(crate) async fn make(engine: &PostgresEngine, guard: &Guard, build: &IndexBuild) -> Result<(), EngineError> {
    let mut session = engine.write_session(guard).await?;
    let tail = wanted_tail(&mut session, build).await?;
    alone(&mut session, guard).await?;
    let made = attempt(&session, build, &tail).await;
    advisory_unlock(&session, guard).await?;
    made
}

/// Takes the run's advisory lock and checks the epoch under it.
async fn alone(session: &mut Session, guard: &Guard) -> Result<(), EngineError> {
    advisory_lock(session, guard).await?;
    let checked = fenced(session, guard).await?;
    checked.rollback().await.map_err(db)?;
    session.batch_execute(&format!("set lock_timeout = '{WAIT_S}s'")).await.map_err(db)
}

async fn attempt(session: &Session, build: &IndexBuild, tail: &str) -> Result<(), EngineError> {
    let client: &tokio_postgres::Client = session;
    let index = table(&TableName::new(&build.table.schema, &build.name));
    match find(client, &build.table, &build.name).await? {
        Some(found) if found.on_table && found.valid && found.unique == build.unique && found.tail == tail => return Ok(()),
        Some(found) if found.on_table && !found.valid => {
            client.batch_execute(&format!("drop index concurrently if exists {index}")).await.map_err(db)?;
        }
        Some(_) => {
            return Err(EngineError::new(
                "SG-PG-142",
                ErrorKind::Object,
                format!("an index {} is there already and is something else", build.name),
            )
            .help("nothing was changed. Rename or drop that index, or give the new one another name"));
        }
        None => {}
    }
    let unique = if build.unique { "unique " } else { "" };
    let sql = format!("create {unique}index concurrently {} on {} using {tail}", name(&build.name), table(&build.table));
    let Err(error) = client.batch_execute(&sql).await else { return Ok(()) };
    let error = db(error);
    // Whatever it left is not usable; where even that cannot be dropped now, the next attempt finds it.
    let _ = client.batch_execute(&format!("drop index concurrently if exists {index}")).await;
    if sqlstate(&error) == Some("23505") {
        return Err(duplicates(client, build).await);
    }
    Err(error)
}

/// Says how many rows stand in the way of a unique index, and in the help which.
async fn duplicates(client: &impl GenericClient, build: &IndexBuild) -> EngineError {
    let found = match &build.source {
        IndexSource::Unique(columns) => witness::doubled(client, &build.table, columns).await.unwrap_or_default(),
        IndexSource::Define { .. } | IndexSource::Carry(_) => None,
    };
    let what = match (&found, &build.source) {
        (Some(found), IndexSource::Unique(columns)) => {
            format!("{} have a value of ({}) that another row has too", found.count(), columns.join(", "))
        }
        _ => "some values are there more than once".to_owned(),
    };
    let which = found.map(|found| format!("{}. ", found.list())).unwrap_or_default();
    EngineError::new("SG-PG-141", ErrorKind::Constraint, format!("index {} on {} cannot be unique: {what}", build.name, build.table))
        .help(format!("{which}Both forms still work. Make the values differ, then run `segue apply` again"))
}

/// What stands after ` USING ` as the server will write it, found on an empty copy.
async fn wanted_tail(session: &mut Session, build: &IndexBuild) -> Result<String, EngineError> {
    let path = base::path(session.schemas(), &build.table);
    let transaction = session.client.transaction().await.map_err(db)?;
    let copy = Copy::of(&transaction, &build.table).await?;
    match &build.source {
        IndexSource::Unique(columns) => {
            let tail = format!("btree ({})", names(columns.iter().map(String::as_str)));
            transaction.batch_execute(&copy.make_index(build.unique, &tail)).await.map_err(db)?;
        }
        IndexSource::Define { define, physical } => {
            let make = format!(
                "set local search_path = {path};\n{};\nset local search_path = '';",
                copy.make_index(build.unique, &defined_tail(define))
            );
            copy.physical(physical, &make).await?;
        }
        IndexSource::Carry(carry) => {
            let (definition, twins) = remap::parts(&carry.definition);
            copy.physical(&twins, &copy.make_index(build.unique, &definition)).await?;
        }
    }
    let tail = copy.index_tail().await?;
    transaction.rollback().await.map_err(db)?;
    Ok(tail)
}

/// The user's words as what stands after ` USING `.
fn defined_tail(define: &CreateIndex) -> String {
    let parts: Vec<String> = define.columns.iter().map(index_part).collect();
    let mut tail = format!("{} ({})", name(define.method.as_deref().unwrap_or("btree")), parts.join(", "));
    if !define.include.is_empty() {
        tail.push_str(&format!(" include ({})", names(define.include.iter().map(String::as_str))));
    }
    if !define.with.is_empty() {
        let options = define.with.iter().map(|(key, value)| format!("{} = {}", name(key), segue_engine::quote::text(value)));
        tail.push_str(&format!(" with ({})", options.collect::<Vec<_>>().join(", ")));
    }
    if let Some(predicate) = &define.predicate {
        tail.push_str(&format!(" where (\n{predicate}\n)"));
    }
    tail
}

fn index_part(column: &IndexColumn) -> String {
    let part = match column {
        IndexColumn::Name(column) => return name(column),
        IndexColumn::Part(part) => part,
    };
    let mut out = match (&part.expression, &part.column) {
        (Some(expression), _) => format!("(\n{expression}\n)"),
        (None, column) => name(column.as_deref().unwrap_or_default()),
    };
    if let Some(collation) = &part.collation {
        out.push_str(&format!(" collate {}", qualified(collation)));
    }
    if let Some(class) = &part.operator_class {
        out.push_str(&format!(" {}", qualified(class)));
    }
    out.push_str(match part.order {
        Some(Order::Desc) => " desc",
        Some(Order::Asc) => " asc",
        None => "",
    });
    out.push_str(match part.nulls {
        Some(Nulls::First) => " nulls first",
        Some(Nulls::Last) => " nulls last",
        None => "",
    });
    out
}

/// `schema.name` or `name`, quoted.
fn qualified(text: &str) -> String {
    TableName::parse(text).map_or_else(|_| name(text), |parsed| table(&parsed))
}

/// Drops an index without stopping writers; one that is not there is no error.
pub(crate) async fn drop(engine: &PostgresEngine, guard: &Guard, on: &TableName, index: &str) -> Result<(), EngineError> {
    let mut session = engine.write_session(guard).await?;
    alone(&mut session, guard).await?;
    let sql = format!("drop index concurrently if exists {}", table(&TableName::new(&on.schema, index)));
    let dropped = session.batch_execute(&sql).await.map_err(db);
    advisory_unlock(&session, guard).await?;
    dropped
}

pub(crate) async fn observe_dropped(engine: &PostgresEngine, on: &TableName, index: &str) -> Result<PieceState, EngineError> {
    let session = engine.read_session("index").await?;
    let client: &tokio_postgres::Client = &session;
    Ok(match find(client, on, index).await? {
        None => PieceState::Present,
        Some(found) if found.valid => PieceState::Absent,
        Some(_) => PieceState::Partial,
    })
}

/// Unmakes a build: drops what is there of it.
pub(crate) async fn unmake(engine: &PostgresEngine, guard: &Guard, build: &IndexBuild) -> Result<(), EngineError> {
    let on_table = {
        let session = engine.read_session("index").await?;
        let client: &tokio_postgres::Client = &session;
        find(client, &build.table, &build.name).await?.is_some_and(|found| found.on_table)
    };
    if on_table { drop(engine, guard, &build.table, &build.name).await } else { Ok(()) }
}
