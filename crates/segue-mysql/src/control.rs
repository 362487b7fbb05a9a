//! The control table in the database: which run may write, and with which epoch.
//!
//! `segue_control` has at most one row. Every writing transaction of Segue reads it in share mode with its own run and
//! epoch; who raises the epoch waits for those transactions. It must never let one through whose epoch is not the one
//! in the table, and never drop the table under another run. Tests: `tests/it/fence.rs`.

use segue_engine::{EngineError, ErrorKind, Guard};

use crate::MysqlEngine;
use crate::fence::Writer;
use crate::row::Fields;
use crate::session::Session;

/// May be repeated. Names and digests are compared byte by byte.
const INSTALL: &str = "
CREATE TABLE IF NOT EXISTS segue_control (
    one TINYINT NOT NULL PRIMARY KEY DEFAULT 1,
    run VARCHAR(190) NOT NULL,
    tag VARCHAR(190) NOT NULL,
    epoch BIGINT UNSIGNED NOT NULL,
    spec_digest VARCHAR(190) NOT NULL,
    state VARCHAR(10) NOT NULL,
    changed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin COMMENT = 'who of Segue may write into this database'";

const PRESENT: &str = "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'segue_control'";
const ROW: &str = "SELECT run, tag, epoch, state FROM segue_control";

/// The one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Control {
    pub(crate) run: String,
    pub(crate) tag: String,
    pub(crate) epoch: u64,
    pub(crate) active: bool,
}

/// Whether the table is there.
pub(crate) async fn present(session: &mut Session) -> Result<bool, EngineError> {
    Ok(session.rows(PRESENT, ()).await?.first().and_then(|row| row.number(0)).is_some_and(|count| count > 0))
}

/// The row, `None` without one or without the table.
pub(crate) async fn read(session: &mut Session) -> Result<Option<Control>, EngineError> {
    if !present(session).await? {
        return Ok(None);
    }
    Ok(session.rows(ROW, ()).await?.first().map(control))
}

/// The same, locked against every other writer until the transaction ends.
pub(crate) async fn locked(session: &mut Session) -> Result<Option<Control>, EngineError> {
    Ok(session.rows(&format!("{ROW} FOR UPDATE"), ()).await?.first().map(control))
}

fn control(row: &Fields) -> Control {
    Control { run: row.text(0), tag: row.text(1), epoch: row.number(2).unwrap_or(u64::MAX), active: row.text(3) == "active" }
}

/// Locks the row in share mode if it is of this guard's run and epoch, else fails with [`ErrorKind::Fenced`].
pub(crate) async fn hold_epoch(session: &mut Session, guard: &Guard) -> Result<(), EngineError> {
    let sql = "SELECT 1 FROM segue_control WHERE one = 1 AND run = ? AND epoch = ? AND state = 'active' LOCK IN SHARE MODE";
    match session.rows(sql, (guard.run.clone(), guard.epoch)).await {
        Ok(rows) if rows.is_empty() => Err(fenced("the database is held by another run, or by a later executor of this one")),
        Ok(_) => Ok(()),
        Err(error) if error.kind == ErrorKind::Object => Err(fenced("the database has no control table any more")),
        Err(error) => Err(error),
    }
}

/// The error of an executor that may not write any more.
pub(crate) fn fenced(why: &str) -> EngineError {
    EngineError::new("SG-MY-014", ErrorKind::Fenced, why.to_owned())
        .help("nothing was written. See `segue status` for the run that holds the database")
}

/// Whether a row of the table lets this guard in: none, free, or its own run with no later epoch.
pub(crate) fn admitted(guard: &Guard, control: Option<&Control>) -> Result<(), EngineError> {
    match control {
        Some(other) if other.active && other.run != guard.run => {
            Err(EngineError::new("SG-MY-023", ErrorKind::Fenced, format!("run {} holds this database", other.run))
                .help("finish it or end it with `segue abort`, before another one begins"))
        }
        Some(same) if same.run == guard.run && same.epoch > guard.epoch => {
            Err(fenced("a later executor of this run took the database over"))
        }
        _ => Ok(()),
    }
}

/// Makes the table and takes the database for the guard's run. May be repeated.
pub(crate) async fn install(engine: &MysqlEngine, guard: &Guard) -> Result<(), EngineError> {
    let mut writer = Writer::open(engine, guard).await?;
    let done = take_row(&mut writer, guard).await;
    writer.close().await;
    done
}

async fn take_row(writer: &mut Writer, guard: &Guard) -> Result<(), EngineError> {
    let session = &mut writer.session;
    // Looked for first: making a table needs a right that somebody else may have used for us.
    if !present(session).await? {
        session.run(INSTALL).await?;
    }
    session.run("START TRANSACTION").await?;
    admitted(guard, locked(session).await?.as_ref())?;
    let sql = "INSERT INTO segue_control (one, run, tag, epoch, spec_digest, state) VALUES (1, ?, ?, ?, ?, 'active') \
        ON DUPLICATE KEY UPDATE run = VALUES(run), tag = VALUES(tag), epoch = VALUES(epoch), spec_digest = VALUES(spec_digest), \
        state = 'active'";
    session.rows(sql, (guard.run.clone(), guard.tag.clone(), guard.epoch, guard.spec_digest.clone())).await?;
    session.run("COMMIT").await
}

/// Frees the database and removes the table. May be repeated; does nothing while another run holds the database.
pub(crate) async fn uninstall(engine: &MysqlEngine, guard: &Guard) -> Result<(), EngineError> {
    let mut writer = Writer::open(engine, guard).await?;
    let done = remove(&mut writer, guard).await;
    writer.close().await;
    done
}

async fn remove(writer: &mut Writer, guard: &Guard) -> Result<(), EngineError> {
    let session = &mut writer.session;
    if !present(session).await? {
        return Ok(());
    }
    // Dropping ends a transaction: only under this lock nobody else can take the row in between.
    match session.run("LOCK TABLES segue_control WRITE").await {
        Err(error) if error.kind == ErrorKind::Permission => return free(session, guard).await,
        locked => locked?,
    }
    let control = session.rows(ROW, ()).await?.first().map(control);
    let other = control.as_ref().is_some_and(|control| control.active && control.run != guard.run);
    let dropped = match admitted(guard, control.as_ref()) {
        Ok(()) => session.run("DROP TABLE segue_control").await,
        Err(_) if other => Ok(()),
        Err(error) => Err(error),
    };
    session.run("UNLOCK TABLES").await?;
    dropped
}

/// Without the right to lock tables the row stays, and is free.
async fn free(session: &mut Session, guard: &Guard) -> Result<(), EngineError> {
    let sql = "UPDATE segue_control SET state = 'free' WHERE run = ? AND epoch <= ?";
    session.rows(sql, (guard.run.clone(), guard.epoch)).await.map(|_| ())
}
