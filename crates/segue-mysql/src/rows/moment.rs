//! One moment in several sessions.
//!
//! MariaDB says of a transaction with a consistent snapshot at which place of the binary log it stands: sessions that
//! stand at the same place see the same rows, if every change of rows is written there. Where that is not known, or the
//! server says no place (MySQL), the moment has one session. It must never give two sessions of different moments. (An
//! administrator's session that turned its logging off, `sql_log_bin = 0`, is the one that cannot be seen.)
//! Tests: `tests/it/moment.rs`.

use futures_util::future::join_all;
use segue_engine::EngineError;

use crate::session::{Flavour, Purpose, Session};
use crate::target::Target;

/// How often the sessions try to meet while others write.
const ROUNDS: usize = 24;

const BEGIN: &str = "START TRANSACTION WITH CONSISTENT SNAPSHOT";

/// Sessions of one moment, and the moment in words.
pub(super) async fn open(target: &Target, readers: usize) -> Result<(Vec<Session>, String), EngineError> {
    let mut first = Session::open(target, Purpose::Stream).await?;
    first.run(BEGIN).await?;
    let place = place(&mut first).await?;
    if place.is_none() || readers < 2 || !all_is_logged(&mut first).await? {
        let words = match place {
            Some(place) => format!("binary log {place}"),
            None => time(&mut first).await?,
        };
        return Ok((vec![first], words));
    }
    let others = join_all((1..readers).map(|_| Session::open(target, Purpose::Stream))).await;
    // A server that lets no more sessions in has given those that it has.
    let sessions: Vec<Session> = std::iter::once(first).chain(others.into_iter().flatten()).collect();
    meet(sessions).await
}

/// Begins anew in those sessions that are not with the most, until all are at one place or the rounds are over.
async fn meet(sessions: Vec<Session>) -> Result<(Vec<Session>, String), EngineError> {
    let mut at: Vec<(Session, Option<String>)> = sessions.into_iter().map(|session| (session, None)).collect();
    for _ in 0..ROUNDS {
        let kept = most(at.iter().map(|(_, place)| place.as_deref()));
        if let Some((_, count)) = &kept
            && *count == at.len()
        {
            break;
        }
        let kept = kept.map(|(place, _)| place);
        let begun = at.into_iter().map(async |(mut session, place)| {
            if place.is_some() && place == kept {
                return Ok((session, place));
            }
            session.run(BEGIN).await?;
            let place = self::place(&mut session).await?;
            Ok::<_, EngineError>((session, place))
        });
        at = join_all(begun).await.into_iter().collect::<Result<_, _>>()?;
    }
    let place = most(at.iter().map(|(_, place)| place.as_deref())).map(|(place, _)| place);
    let mut together = Vec::new();
    for (session, own) in at {
        if own == place && place.is_some() {
            together.push(session);
        } else {
            session.close().await;
        }
    }
    Ok((together, format!("binary log {}", place.unwrap_or_default())))
}

/// The place at which the most stand, and how many; of several such the last one in order.
fn most<'a>(places: impl Iterator<Item = Option<&'a str>>) -> Option<(String, usize)> {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for place in places.flatten() {
        *counts.entry(place).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(place, count)| (place.to_owned(), count))
}

/// The place of this session's transaction in the binary log.
async fn place(session: &mut Session) -> Result<Option<String>, EngineError> {
    let rows = session.rows("SHOW STATUS LIKE 'binlog\\_snapshot\\_%'", ()).await?;
    let of = |name: &str| rows.iter().find(|row| row.text(0).eq_ignore_ascii_case(name)).and_then(|row| row.optional(1));
    let file = of("binlog_snapshot_file").filter(|file| !file.is_empty());
    Ok(file.zip(of("binlog_snapshot_position")).map(|(file, position)| format!("{file}:{position}")))
}

/// Each change of a row moves the binary log's place: nothing is left out of it, and a replica writes what it applies.
async fn all_is_logged(session: &mut Session) -> Result<bool, EngineError> {
    if session.flavour != Flavour::MariaDb {
        return Ok(false);
    }
    let Ok(status) = session.named_rows("SHOW MASTER STATUS").await else { return Ok(false) };
    let whole = status.iter().all(|(names, row)| {
        let filters = names.iter().enumerate().filter(|(_, name)| matches!(name.as_str(), "binlog_do_db" | "binlog_ignore_db"));
        filters.map(|(at, _)| row.text(at)).all(|filter| filter.is_empty())
    });
    if status.is_empty() || !whole {
        return Ok(false);
    }
    let updates = session.rows("SELECT @@global.log_slave_updates", ()).await?.first().is_some_and(|row| row.yes(0));
    if updates {
        return Ok(true);
    }
    Ok(session.rows("SHOW ALL SLAVES STATUS", ()).await.is_ok_and(|rows| rows.is_empty()))
}

async fn time(session: &mut Session) -> Result<String, EngineError> {
    let rows = session.rows("SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%d %H:%i:%s.%f UTC')", ()).await?;
    Ok(rows.first().map(|row| row.text(0)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_stay_together() {
        assert_eq!(most([Some("a:2"), None, Some("a:1"), Some("a:1")].into_iter()), Some(("a:1".to_owned(), 2)));
        assert_eq!(most([None, None].into_iter()), None);
    }
}
