//! Places in the binary log: where a source is, and whether this server has applied what a source had.
//!
//! A place is named by GTIDs where the server has them, else by file and position. It must never answer "applied" for
//! a stream that this server does not follow. Tests: below, and `tests/it/moment.rs`.

use std::collections::BTreeMap;

use segue_engine::rows::{Applied, Mark};
use segue_engine::{EngineError, ErrorKind};

use super::load::{Channel, channels};
use crate::session::{Flavour, Session};

const GTID: &str = "mysql-gtid";
const FILE: &str = "mysql-file";

/// Where the binary log is now. `None` without one.
pub(super) async fn read(session: &mut Session) -> Result<Option<Mark>, EngineError> {
    if !session.rows("SELECT @@global.log_bin", ()).await?.first().is_some_and(|row| row.yes(0)) {
        return Ok(None);
    }
    let gtid = match session.flavour {
        // What a replica applies without writing it into its own log counts, too.
        Flavour::MariaDb => {
            one(session, "SELECT concat_ws(',', nullif(@@global.gtid_binlog_pos, ''), nullif(@@global.gtid_slave_pos, ''))").await?
        }
        Flavour::MySql => match one(session, "SELECT @@global.gtid_mode").await?.as_str() {
            "ON" => one(session, "SELECT @@global.gtid_executed").await?,
            _ => String::new(),
        },
    };
    let at = match session.flavour {
        Flavour::MariaDb => last_of_each_domain(&gtid),
        Flavour::MySql => gtid.split_whitespace().collect(),
    };
    if !at.is_empty() {
        return Ok(Some(Mark { kind: GTID.to_owned(), at }));
    }
    let sql = if session.is(Flavour::MySql, 8, 4, 0) { "SHOW BINARY LOG STATUS" } else { "SHOW MASTER STATUS" };
    let rows = session.rows(sql, ()).await?;
    Ok(rows.first().map(|row| Mark { kind: FILE.to_owned(), at: format!("{}:{}", row.text(0), row.text(1)) }))
}

async fn one(session: &mut Session, sql: &str) -> Result<String, EngineError> {
    Ok(session.rows(sql, ()).await?.first().map(|row| row.text(0)).unwrap_or_default())
}

/// Whether this server, a replica, has applied it.
pub(super) async fn applied(session: &mut Session, mark: &Mark) -> Result<Applied, EngineError> {
    let channels = match channels(session).await {
        Ok(channels) => channels,
        Err(error) if error.kind == ErrorKind::Permission => return Ok(no("the account may not see whether this server is a replica")),
        Err(error) => return Err(error),
    };
    if channels.is_empty() {
        return Ok(no("this server is no replica"));
    }
    match (mark.kind.as_str(), session.flavour) {
        (GTID, Flavour::MariaDb) => {
            let Some(wanted) = domains(&mark.at) else { return Ok(no("the place is not one of MariaDB's")) };
            let at = one(session, "SELECT @@global.gtid_slave_pos").await?;
            if at.is_empty() {
                return Ok(no("this replica keeps no GTID position"));
            }
            let reached = domains(&at).unwrap_or_default();
            let done = wanted.iter().all(|(domain, sequence)| reached.get(domain).is_some_and(|at| at >= sequence));
            Ok(if done { Applied::Yes } else { Applied::NotYet(Mark { kind: GTID.to_owned(), at }) })
        }
        (GTID, Flavour::MySql) => {
            let rows = session.rows("SELECT GTID_SUBSET(?, @@global.gtid_executed), @@global.gtid_executed", (mark.at.clone(),)).await?;
            let row = rows.first().ok_or_else(|| EngineError::new("SG-MY-017", ErrorKind::Other, "the server compared no GTIDs"))?;
            let at = row.text(1).split_whitespace().collect();
            Ok(if row.yes(0) { Applied::Yes } else { Applied::NotYet(Mark { kind: GTID.to_owned(), at }) })
        }
        (FILE, _) => Ok(by_file(&channels, &mark.at)),
        _ => Ok(no("the place is not one of MySQL's")),
    }
}

fn no(why: &str) -> Applied {
    Applied::NoStream(why.to_owned())
}

/// By the place in the source's log up to which the one channel has executed.
fn by_file(channels: &[Channel], wanted: &str) -> Applied {
    let [channel] = channels else { return no("this replica follows several sources, and a file does not say which one is meant") };
    let field = |names: [&str; 2]| names.iter().find_map(|name| channel.get(*name)).cloned().unwrap_or_default();
    let at =
        format!("{}:{}", field(["relay_source_log_file", "relay_master_log_file"]), field(["exec_source_log_pos", "exec_master_log_pos"]));
    match (file_place(&at), file_place(wanted)) {
        (Some((base, number, position)), Some((wanted_base, wanted_number, wanted_position))) if base == wanted_base => {
            if (number, position) >= (wanted_number, wanted_position) {
                Applied::Yes
            } else {
                Applied::NotYet(Mark { kind: FILE.to_owned(), at })
            }
        }
        _ => no("this replica's source writes another binary log"),
    }
}

/// `binlog.000123:456`.
fn file_place(at: &str) -> Option<(&str, u64, u64)> {
    let (file, position) = at.rsplit_once(':')?;
    let (base, number) = file.rsplit_once('.')?;
    Some((base, number.parse().ok()?, position.parse().ok()?))
}

/// The sequence number of each domain: `0-1-100,5-2-7`.
fn domains(at: &str) -> Option<BTreeMap<u64, u64>> {
    let mut out = BTreeMap::<u64, u64>::new();
    for gtid in at.split(',').map(str::trim).filter(|gtid| !gtid.is_empty()) {
        let mut parts = gtid.split('-').map(|part| part.parse::<u64>().ok());
        let (domain, _, sequence) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() {
            return None;
        }
        let known = out.entry(domain).or_default();
        *known = (*known).max(sequence);
    }
    Some(out)
}

/// The furthest GTID of each domain, in order.
fn last_of_each_domain(at: &str) -> String {
    let Some(furthest) = domains(at) else { return at.to_owned() };
    let mut out: Vec<&str> = Vec::new();
    for (domain, sequence) in &furthest {
        let (start, end) = (format!("{domain}-"), format!("-{sequence}"));
        out.extend(at.split(',').map(str::trim).find(|gtid| gtid.starts_with(&start) && gtid.ends_with(&end)));
    }
    out.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_compared_by_number() {
        let channel = |file: &str, position: &str| {
            let pairs = [("relay_master_log_file", file), ("exec_master_log_pos", position)];
            vec![pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Channel>()]
        };
        assert_eq!(by_file(&channel("bin.000010", "4"), "bin.000009:9999"), Applied::Yes);
        assert_eq!(by_file(&channel("bin.000009", "500"), "bin.000009:500"), Applied::Yes);
        assert!(matches!(by_file(&channel("bin.000009", "499"), "bin.000009:500"), Applied::NotYet(_)));
        assert!(matches!(by_file(&channel("bin.999999", "9"), "bin.1000000:4"), Applied::NotYet(_)));
        assert!(matches!(by_file(&channel("other.000010", "4"), "bin.000009:1"), Applied::NoStream(_)));
        assert!(matches!(by_file(&[], "bin.000009:1"), Applied::NoStream(_)));
    }

    #[test]
    fn each_domain_counts_for_itself() {
        assert_eq!(domains("0-1-100, 5-2-7"), Some(BTreeMap::from([(0, 100), (5, 7)])));
        assert_eq!(domains("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5"), None);
        assert_eq!(last_of_each_domain("0-1-100,0-2-99,5-2-7"), "0-1-100,5-2-7");
        assert_eq!(last_of_each_domain(""), "");
    }
}
