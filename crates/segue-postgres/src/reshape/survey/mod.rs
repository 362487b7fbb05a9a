//! The survey: what stands in the way of a change, by name, before anything is touched; what is carried over.
//!
//! It looks at everything that hangs on a column that goes, has the server judge every expression, and refuses what it
//! does not know. Its session is read-only: it must never make anything, not even for a moment, so that a plan can be
//! made by a role that may only look, and on a standby. Tests: `tests/reshape/refuse.rs`, `tests/reshape/carry.rs`,
//! `tests/reshape/judge.rs`.

mod carry;
mod casts;
mod checks;
mod depend;
mod domains;
mod expressions;
mod index;
mod judge;
mod made;
mod moment;
mod table;
mod words;

pub(crate) use made::look as survey_made;

use segue_engine::EngineError;
use segue_model::finding::{Finding, Severity};
use segue_model::plan::Throttle;
use segue_model::reshape::{Survey, TableChange};

use crate::PostgresEngine;
use crate::reshape::base;
use crate::reshape::figures;
use crate::reshape::names::needs_sync;
use crate::reshape::survey::judge::Judge;
use crate::session::db;

/// A refusal.
pub(crate) fn critical(code: &str, object: impl Into<String>, message: impl Into<String>, fix: impl Into<String>) -> Finding {
    Finding { code: code.to_owned(), severity: Severity::Critical, object: object.into(), message: message.into(), fix: fix.into() }
}

pub(crate) async fn survey(engine: &PostgresEngine, change: &TableChange, throttle: &Throttle) -> Result<Survey, EngineError> {
    let mut session = engine.read_session("survey").await?;
    let (version, path) = (session.version(), base::path(session.schemas(), &change.table));
    let transaction = session.client.build_transaction().read_only(true).start().await.map_err(db)?;
    let wait = throttle.ddl_lock_timeout_ms.clamp(1, 200);
    transaction.batch_execute(&format!("set local lock_timeout = {wait}")).await.map_err(db)?;
    let mut out = Survey::default();
    (out.rows, out.bytes) = figures::size(&transaction, &change.table).await?;
    let Some(base) = base::find(&transaction, &change.table).await? else {
        out.findings.push(critical(
            "SG-PG-146",
            format!("table {}", change.table),
            "the table does not exist",
            "name a table that is there",
        ));
        return Ok(out);
    };
    table::look(&transaction, change, &base, version, &mut out).await?;
    if out.findings.iter().any(|finding| finding.code == "SG-PG-124") {
        return Ok(out);
    }
    let owned = depend::look(&transaction, change, &base, &mut out).await?;
    let judge = Judge { transaction: &transaction, path: &path };
    if needs_sync(change) {
        casts::look(&judge, change, &mut out).await?;
        if let Some(forms) = expressions::look(&judge, change, &mut out).await? {
            domains::look(&transaction, change, &forms, &mut out).await?;
        }
    }
    checks::look(&judge, change, &mut out).await?;
    carry::look(&judge, change, &base, &owned, &mut out).await?;
    transaction.rollback().await.map_err(db)?;
    out.notes = notes(change, version);
    Ok(out)
}

/// What PostgreSQL cannot keep up for applications: one sentence each.
fn notes(change: &TableChange, version: i32) -> Vec<String> {
    let mut out = Vec::new();
    if !crate::reshape::names::forms_differ(change) {
        return out;
    }
    let table = &change.table;
    out.push(format!(
        "{table}: COPY, TRUNCATE, ON CONFLICT ON CONSTRAINT, system columns and GROUP BY on the primary key alone do not work through the version views; use the table itself"
    ));
    if version < 170_000 {
        out.push(format!("{table}: MERGE into a version view needs PostgreSQL 17; use the table itself"));
    }
    if needs_sync(change) {
        out.push(format!(
            "{table}: a prepared SELECT * or RETURNING * on the table itself fails once after columns were added (\"cached plan must not change result type\"); name the columns"
        ));
        out.push(format!(
            "{table}: COPY FROM without a column list on the table itself meets more columns until contract; name the columns"
        ));
        out.push(format!("{table}: expressions are evaluated with time zone UTC and ISO date formats, whatever the client's session says"));
    }
    if change.backfill {
        let filled = change.up.iter().filter(|derived| !matches!(derived.role, segue_model::reshape::Role::Renamed { .. }));
        let filled: Vec<&str> = filled.map(|derived| derived.column.as_str()).collect();
        if !filled.is_empty() {
            out.push(format!(
                "{table}: until every row is converted, {} of a row that is not reads NULL on the new side; an UPDATE that gives NULL back \
                 (`set x = x + 1`, or NULL itself) is refused (SG-PG-027), but a value made of it (`coalesce(x, 0) + 1`) counts as written \
                 and takes the old value with it: let the new version only insert, or give whole values, before `shift`",
                filled.join(", ")
            ));
        }
        out.push(format!("{table}: REPEATABLE READ and SERIALIZABLE transactions that meet the backfill can fail with 40001; retry them"));
    }
    let twins = change.up.iter().any(|derived| matches!(derived.role, segue_model::reshape::Role::Converted { .. }));
    if twins {
        out.push(format!(
            "{table}: ON CONFLICT on a converted column works through the new view once its unique index is built, after the backfill"
        ));
    }
    let shared = change.up.iter().any(|derived| {
        derived.reads.iter().any(|read| {
            change.old.iter().any(|column| column.physical == *read) && change.new.iter().any(|column| column.physical == *read)
        })
    });
    if shared {
        out.push(format!(
            "{table}: a column of both forms is read by an expression; when it alone is updated, a value that `up` gave is computed again, and one that the new side gave itself stays"
        ));
    }
    out
}
