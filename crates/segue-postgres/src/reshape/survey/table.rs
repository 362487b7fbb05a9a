//! What the table as a whole says: its kind, policies, publications, triggers, names that are taken.
//!
//! Tests: `tests/reshape/refuse.rs`.

use segue_engine::EngineError;
use segue_model::finding::{Finding, Severity};
use segue_model::reshape::{Survey, TableChange};
use tokio_postgres::Transaction;

use crate::control;
use crate::reshape::base::{self, Base};
use crate::reshape::names::{Names, forms_differ, needs_sync};
use crate::reshape::survey::critical;
use crate::reshape::sync::FLAGS_MAX;
use crate::reshape::{backfill, earlier};
use crate::session::db;

pub(crate) async fn look(
    transaction: &Transaction<'_>,
    change: &TableChange,
    base: &Base,
    version: i32,
    out: &mut Survey,
) -> Result<(), EngineError> {
    let object = format!("table {}", change.table);
    kind(transaction, &object, base, out).await?;
    views_taken(transaction, change, base, out).await?;
    if base.row_security && version < 150_000 {
        out.findings.push(critical(
            "SG-PG-115",
            &object,
            "it has row-level policies, and views of PostgreSQL 14 would show every row",
            "upgrade the server to 15 or later",
        ));
    }
    if base.row_security && base.column_grants && version >= 150_000 {
        out.findings.push(critical(
            "SG-PG-131",
            &object,
            "it has row-level policies and rights on single columns, and no view can keep both",
            "grant these roles rights on the whole table for the run, or change the table by hand",
        ));
    }
    if !needs_sync(change) {
        return Ok(());
    }
    if change.backfill && (change.key.is_empty() || change.key.iter().any(|key| !base.has(key))) {
        out.findings.push(critical(
            "SG-PG-119",
            &object,
            "it has no key by which its rows can be walked",
            "give it a primary key, or a unique index over columns that are NOT NULL",
        ));
    }
    if change.up.len() > FLAGS_MAX {
        out.findings.push(critical(
            "SG-PG-121",
            &object,
            format!("{} columns change at once, more than {FLAGS_MAX}", change.up.len()),
            "make two specs of it",
        ));
    }
    publications(transaction, &object, base, version, out).await?;
    triggers(transaction, change, &object, base, out).await?;
    names_taken(transaction, change, base, out).await
}

async fn kind(transaction: &Transaction<'_>, object: &str, base: &Base, out: &mut Survey) -> Result<(), EngineError> {
    let row = transaction
        .query_one(
            "select exists (select from pg_catalog.pg_inherits where inhparent = $1), exists (select from pg_catalog.pg_inherits where inhrelid = $1), \
             (select relispartition from pg_catalog.pg_class where oid = $1)",
            &[&base.oid],
        )
        .await
        .map_err(db)?;
    let (children, parents, partition): (bool, bool, bool) = (row.get(0), row.get(1), row.get(2));
    if base.kind == "p" || partition {
        out.findings.push(critical(
            "SG-PG-103",
            object,
            "it is partitioned, or a partition: a row that moves would lose which side wrote it",
            "this version of Segue changes ordinary tables; change partitioned ones by hand",
        ));
    } else if base.kind != "r" {
        out.findings.push(critical("SG-PG-124", object, "it is not an ordinary table", "name the table itself"));
    } else if children || parents {
        out.findings.push(critical("SG-PG-104", object, "it inherits from another table, or another from it", "end the inheritance first"));
    }
    Ok(())
}

/// New columns reach a subscriber that does not know them and stop its replication.
async fn publications(transaction: &Transaction<'_>, object: &str, base: &Base, version: i32, out: &mut Survey) -> Result<(), EngineError> {
    let listed = if version >= 150_000 {
        "select p.pubname::text from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid where r.prrelid = $1 and r.prattrs is null \
         union select p.pubname::text from pg_catalog.pg_publication_namespace s join pg_catalog.pg_publication p on p.oid = s.pnpubid \
           join pg_catalog.pg_class c on c.relnamespace = s.pnnspid where c.oid = $1"
    } else {
        "select p.pubname::text from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid where r.prrelid = $1"
    };
    let sql =
        format!("{listed} union select pubname::text from pg_catalog.pg_publication where puballtables and $1::oid is not null order by 1");
    for row in transaction.query(&sql, &[&base.oid]).await.map_err(db)? {
        let publication: String = row.get(0);
        out.findings.push(critical(
            "SG-PG-127",
            object,
            format!("publication {publication} sends every column of it, and a subscriber without the new ones would stop"),
            "list the columns in the publication (PostgreSQL 15 and later), or take the table out of it for the run",
        ));
    }
    Ok(())
}

async fn triggers(
    transaction: &Transaction<'_>,
    change: &TableChange,
    object: &str,
    base: &Base,
    out: &mut Survey,
) -> Result<(), EngineError> {
    let rows = transaction
        .query(
            "select tgname::text, tgtype & 3 = 3 and (tgname::text collate \"C\" < '!segue' or tgname::text collate \"C\" > '~~segue~'), \
               tgtype & 16 = 16 and tgenabled <> 'D', tgenabled in ('A', 'R'), tgname::text like '!segue\\_%' or tgname::text like '~~segue\\_%' \
             from pg_catalog.pg_trigger where tgrelid = $1 and not tgisinternal order by 1",
            &[&base.oid],
        )
        .await
        .map_err(db)?;
    let mut fired = Vec::new();
    let mut always = Vec::new();
    for row in &rows {
        let (trigger, outside, on_update, replica, ours): (String, bool, bool, bool, bool) =
            (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
        if ours {
            continue;
        }
        if outside {
            out.findings.push(critical(
                "SG-PG-125",
                format!("trigger {trigger} on {}", change.table),
                "its name sorts before the first or after the last trigger of Segue, so it would change rows unseen",
                "rename the trigger",
            ));
        }
        if on_update && replica {
            always.push(trigger.clone());
        }
        if on_update {
            fired.push(trigger);
        }
    }
    if !change.backfill || fired.is_empty() {
        return Ok(());
    }
    let names = if backfill::can_silence(transaction).await? { always } else { fired };
    if !names.is_empty() {
        out.findings.push(Finding {
            code: "SG-PG-123".to_owned(),
            severity: Severity::High,
            object: object.to_owned(),
            message: format!("the backfill updates every row and would fire trigger {}", names.join(", ")),
            fix: "run Segue as a role that may set session_replication_role (PostgreSQL 15: grant set on parameter), or accept that they fire".to_owned(),
        });
    }
    Ok(())
}

/// A view of somebody else where ours would stand: it would be replaced, and dropped on the way back. Ours are there
/// while their run holds the database, and after it until the next journey of their table.
async fn views_taken(transaction: &Transaction<'_>, change: &TableChange, base: &Base, out: &mut Survey) -> Result<(), EngineError> {
    let names = Names::of(change);
    let running = control::read(transaction).await?.is_some_and(|control| control.active && control.tag == change.tag);
    if !forms_differ(change) || running || base.has(&names.side) {
        return Ok(());
    }
    let earlier = earlier::views(transaction, &[base.oid]).await?;
    for view in [names.old_view(&change.table), names.new_view(&change.table)] {
        let ours = earlier.iter().any(|(_, earlier)| *earlier == view);
        if !ours && base::relation(transaction, &view).await? {
            out.findings.push(critical(
                "SG-PG-129",
                format!("relation {view}"),
                "it stands where the version view of this run would be",
                "rename it, or give the spec another id",
            ));
        }
    }
    Ok(())
}

async fn names_taken(transaction: &Transaction<'_>, change: &TableChange, base: &Base, out: &mut Survey) -> Result<(), EngineError> {
    let names = Names::of(change);
    if base.has(&names.side) {
        // Ours comes with our triggers; a user's own column of that name must never be taken for it.
        let sql = "select exists (select from pg_catalog.pg_trigger where tgrelid = $1 and tgname::text like '~~segue\\_%')";
        let ours: bool = transaction.query_one(sql, &[&base.oid]).await.map_err(db)?.get(0);
        if !ours {
            out.findings.push(critical(
                "SG-PG-129",
                format!("column {} of {}", names.side, change.table),
                "the table has a column of that name already, and Segue needs it while both forms live",
                "rename that column, or give the spec another id",
            ));
        }
        return Ok(());
    }
    for derived in &change.up {
        if base.has(&derived.physical) {
            out.findings.push(critical(
                "SG-PG-129",
                format!("column {} of {}", derived.physical, change.table),
                "the table has a column of that name already",
                "choose another name",
            ));
        }
        let form = change.new.iter().find(|column| column.name == derived.column);
        let lower = form.map(|form| form.data_type.trim().to_lowercase()).unwrap_or_default();
        if lower.ends_with("serial") || ["serial2", "serial4", "serial8"].contains(&lower.as_str()) {
            out.findings.push(critical(
                "SG-PG-102",
                format!("column {} of {}", derived.column, change.table),
                "a serial column would number every row while the table is locked",
                "use an integer type with `up`, and an identity later",
            ));
        }
    }
    Ok(())
}
