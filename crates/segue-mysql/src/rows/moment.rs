//! One moment, which is that of one session.
//!
//! Neither flavour lets a second session into the snapshot of a first one. Sessions of MariaDB that stand at the same place
//! of the binary log were seen to see different rows while others wrote (one run in some), so that the place is for
//! people, and never a proof that two sessions see the same. It must never give two sessions of different moments.
//! Tests: `tests/it/moment.rs`.

use segue_engine::EngineError;

use crate::session::{Purpose, Session};
use crate::target::Target;

const BEGIN: &str = "START TRANSACTION WITH CONSISTENT SNAPSHOT";

/// The session of one moment, and the moment in words.
pub(super) async fn open(target: &Target) -> Result<(Session, String), EngineError> {
    let mut session = Session::open(target, Purpose::Stream).await?;
    session.run(BEGIN).await?;
    let words = match place(&mut session).await? {
        Some(place) => format!("binary log {place}"),
        None => time(&mut session).await?,
    };
    Ok((session, words))
}

/// The place of this session's transaction in the binary log.
async fn place(session: &mut Session) -> Result<Option<String>, EngineError> {
    let rows = session.rows("SHOW STATUS LIKE 'binlog\\_snapshot\\_%'", ()).await?;
    let of = |name: &str| rows.iter().find(|row| row.text(0).eq_ignore_ascii_case(name)).and_then(|row| row.optional(1));
    let file = of("binlog_snapshot_file").filter(|file| !file.is_empty());
    Ok(file.zip(of("binlog_snapshot_position")).map(|(file, position)| format!("{file}:{position}")))
}

async fn time(session: &mut Session) -> Result<String, EngineError> {
    let rows = session.rows("SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%d %H:%i:%s.%f UTC')", ()).await?;
    Ok(rows.first().map(|row| row.text(0)).unwrap_or_default())
}
