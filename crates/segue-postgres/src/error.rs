//! What a driver's error means: SQLSTATE to kind and code, in words of our own.
//!
//! It must never pass on the server's DETAIL, HINT, CONTEXT or, where it may quote a row, its message: a driver's
//! error is taken apart here and dropped. Names of constraints, tables and columns are no values and are kept.
//! Tests: at the end of this file, and `tests/it/errors.rs` against a server.

use std::fmt;

use segue_engine::{EngineError, ErrorKind};
use tokio_postgres::error::DbError;

/// What is kept of a server's error: nothing that can hold a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerError {
    /// The five characters of the SQLSTATE.
    pub(crate) sqlstate: String,
    /// The constraint that it names.
    pub(crate) constraint: Option<String>,
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SQLSTATE {}", self.sqlstate)
    }
}

impl std::error::Error for ServerError {}

/// The SQLSTATE behind an error of ours, when a server gave it.
pub(crate) fn sqlstate(error: &EngineError) -> Option<&str> {
    let source: &(dyn std::error::Error + 'static) = error.source.as_deref()?;
    source.downcast_ref::<ServerError>().map(|server| server.sqlstate.as_str())
}

/// The constraint behind an error of ours, when a server named one.
pub(crate) fn constraint(error: &EngineError) -> Option<&str> {
    let source: &(dyn std::error::Error + 'static) = error.source.as_deref()?;
    source.downcast_ref::<ServerError>()?.constraint.as_deref()
}

/// Why a server was not reached. The system's resolver has no kind of its own.
fn unreached(io: &std::io::Error) -> String {
    let unknown = io.to_string().starts_with("failed to lookup address information");
    if unknown { "the name of its host cannot be resolved".to_owned() } else { io.kind().to_string() }
}

/// Takes a driver's error apart; nothing of it that may hold a value survives.
pub(crate) fn db(error: tokio_postgres::Error) -> EngineError {
    if let Some(server) = error.as_db_error() {
        return from_server(server);
    }
    let kept = error.to_string();
    let io = std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
    if kept.starts_with("error performing TLS handshake") {
        return untrusted(&cause_of(&error));
    }
    if let Some(io) = io {
        if io.kind() == std::io::ErrorKind::InvalidData && io.to_string().contains("certificate") {
            return untrusted(&io.to_string());
        }
        return EngineError::new("SG-PG-001", ErrorKind::Connection, format!("no connection to PostgreSQL: {}", unreached(io)));
    }
    if error.is_closed() || kept.starts_with("error c") || kept.starts_with("timeout") {
        return EngineError::new("SG-PG-001", ErrorKind::Connection, "the connection to PostgreSQL broke");
    }
    if kept.starts_with("authentication") {
        return credentials(&cause_of(&error));
    }
    // What remains is a defect between us and the driver; its own words name a column or a position, no value.
    EngineError::new("SG-PG-017", ErrorKind::Other, format!("PostgreSQL and Segue misunderstood each other: {kept}"))
}

/// The driver's cause for failures before any row was read: it can only hold words of TLS or authentication.
fn cause_of(error: &tokio_postgres::Error) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

fn untrusted(why: &str) -> EngineError {
    EngineError::new("SG-PG-003", ErrorKind::Credentials, format!("TLS with the server failed: {why}"))
        .help("give the certificate of its authority with sslrootcert=FILE, or use the host name that its certificate names")
}

fn credentials(why: &str) -> EngineError {
    EngineError::new("SG-PG-002", ErrorKind::Credentials, format!("the server did not let us in: {why}"))
}

fn from_server(server: &DbError) -> EngineError {
    let state = server.code().code();
    let (code, kind, words) = if conflicts(state, server.routine()) { classify("72000") } else { classify(state) };
    let message = match kind {
        ErrorKind::Syntax | ErrorKind::Object | ErrorKind::Permission if quotable(server) => {
            format!("{words}: {}", one_line(server.message()))
        }
        _ => format!("{words}{}", place(server)),
    };
    let kept = ServerError { sqlstate: state.to_owned(), constraint: server.constraint().map(ToOwned::to_owned) };
    EngineError::new(code, kind, format!("{message} (SQLSTATE {state})")).caused_by(kept)
}

/// A standby throws away rows that somebody still reads: it says so by the state of another conflict, and in words of
/// the server's own language.
fn conflicts(state: &str, routine: Option<&str>) -> bool {
    state == "40001" && routine.is_some_and(|routine| routine == "ProcessInterrupts" || routine.starts_with("ProcessRecoveryConflict"))
}

/// The messages of classes 3D, 3F and 42 name objects and tokens of the statement, never a row, unless a function
/// of the user raised them under that class.
fn quotable(server: &DbError) -> bool {
    server.routine() != Some("exec_stmt_raise")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where it happened, as far as the server says so in fields that hold names only.
fn place(server: &DbError) -> String {
    let mut out = String::new();
    if let Some(constraint) = server.constraint() {
        out.push_str(&format!(": constraint `{}`", one_line(constraint)));
    }
    if let Some(column) = server.column() {
        out.push_str(&format!("{} column `{}`", if out.is_empty() { ":" } else { "," }, one_line(column)));
    }
    if let Some(table) = server.table() {
        let schema = server.schema().map(|schema| format!("{}.", one_line(schema))).unwrap_or_default();
        out.push_str(&format!("{} table {schema}{}", if out.is_empty() { ":" } else { " of" }, one_line(table)));
    }
    out
}

/// The table of SQLSTATEs: the whole code first, then its class.
fn classify(state: &str) -> (&'static str, ErrorKind, &'static str) {
    match state {
        "55P03" => ("SG-PG-007", ErrorKind::LockTimeout, "a lock was not had in time"),
        "40P01" => ("SG-PG-008", ErrorKind::Deadlock, "a deadlock, and this statement was chosen to fail"),
        "40001" => ("SG-PG-009", ErrorKind::Serialization, "another transaction changed the same rows"),
        "72000" => ("SG-PG-152", ErrorKind::Serialization, "the moment that is read is too long ago: the server has thrown its rows away"),
        "57014" => ("SG-PG-010", ErrorKind::Cancelled, "the statement was cancelled or took too long"),
        "25P03" | "57P05" | "57P01" | "57P02" | "57P03" | "25P04" => {
            ("SG-PG-001", ErrorKind::Connection, "the server ended the connection, or takes none now")
        }
        "42501" => ("SG-PG-006", ErrorKind::Permission, "the role may not do this"),
        "25006" => ("SG-PG-019", ErrorKind::Permission, "the session can only read"),
        "25001" => ("SG-PG-016", ErrorKind::Syntax, "the statement cannot run at this place of a transaction"),
        "0A000" => ("SG-PG-024", ErrorKind::Unsupported, "the server cannot do this"),
        "3D000" => ("SG-PG-013", ErrorKind::Credentials, "the database does not exist"),
        "P0001" | "P0002" | "P0003" | "P0004" => ("SG-PG-025", ErrorKind::Constraint, "a function or trigger of the database refused it"),
        "55000" | "55006" => ("SG-PG-013", ErrorKind::Object, "an object is not in the state that this needs"),
        _ => classify_by_class(state),
    }
}

fn classify_by_class(state: &str) -> (&'static str, ErrorKind, &'static str) {
    match state.get(..2).unwrap_or_default() {
        "08" => ("SG-PG-001", ErrorKind::Connection, "the connection to PostgreSQL broke"),
        "28" => ("SG-PG-002", ErrorKind::Credentials, "the server did not let us in"),
        "23" | "27" | "44" => ("SG-PG-011", ErrorKind::Constraint, "data violates a constraint"),
        "22" => ("SG-PG-012", ErrorKind::Value, "a value could not be converted"),
        "40" => ("SG-PG-009", ErrorKind::Serialization, "the transaction was rolled back by the server"),
        "3F" => ("SG-PG-013", ErrorKind::Object, "a schema does not exist"),
        "42" => match state {
            "42P01" | "42703" | "42704" | "42883" | "42P06" | "42P07" | "42701" | "42710" | "42723" | "42P02" => {
                ("SG-PG-013", ErrorKind::Object, "an object is missing, or there already")
            }
            _ => ("SG-PG-016", ErrorKind::Syntax, "the statement is not understood"),
        },
        "2B" => ("SG-PG-013", ErrorKind::Object, "other objects depend on it"),
        "53" | "54" => ("SG-PG-015", ErrorKind::Resources, "the server has no room for this"),
        _ => ("SG-PG-017", ErrorKind::Other, "the server refused the statement"),
    }
}

#[cfg(test)]
mod tests {
    use segue_engine::Retry;

    use super::*;

    fn check(state: &str, kind: ErrorKind, code: &str) {
        let (found, found_kind, _) = classify(state);
        assert_eq!((found, found_kind), (code, kind), "{state}");
    }

    #[test]
    fn a_host_that_is_not_known_is_said_to_be() {
        let unknown = std::net::ToSocketAddrs::to_socket_addrs("no-such-host.invalid:1").expect_err("nobody has that name");
        assert_eq!(unreached(&unknown), "the name of its host cannot be resolved");
        assert_eq!(unreached(&std::io::ErrorKind::ConnectionRefused.into()), "connection refused");
    }

    #[test]
    fn each_state_has_its_kind() {
        check("55P03", ErrorKind::LockTimeout, "SG-PG-007");
        check("40P01", ErrorKind::Deadlock, "SG-PG-008");
        check("40001", ErrorKind::Serialization, "SG-PG-009");
        check("72000", ErrorKind::Serialization, "SG-PG-152");
        check("57014", ErrorKind::Cancelled, "SG-PG-010");
        check("57P01", ErrorKind::Connection, "SG-PG-001");
        check("08006", ErrorKind::Connection, "SG-PG-001");
        check("28P01", ErrorKind::Credentials, "SG-PG-002");
        check("23505", ErrorKind::Constraint, "SG-PG-011");
        check("22P02", ErrorKind::Value, "SG-PG-012");
        check("42P01", ErrorKind::Object, "SG-PG-013");
        check("42601", ErrorKind::Syntax, "SG-PG-016");
        check("42501", ErrorKind::Permission, "SG-PG-006");
        check("53300", ErrorKind::Resources, "SG-PG-015");
        check("XX000", ErrorKind::Other, "SG-PG-017");
        check("", ErrorKind::Other, "SG-PG-017");
    }

    #[test]
    fn a_conflict_with_recovery_is_a_moment_that_is_gone() {
        assert!(conflicts("40001", Some("ProcessInterrupts")) && conflicts("40001", Some("ProcessRecoveryConflictInterrupt")));
        assert!(!conflicts("40001", Some("heap_update")) && !conflicts("40001", None) && !conflicts("57014", Some("ProcessInterrupts")));
    }

    #[test]
    fn what_may_be_tried_again() {
        assert_eq!(classify("55P03").1.retry(), Retry::Soon);
        assert_eq!(classify("57P02").1.retry(), Retry::Reconnect);
        assert_eq!(classify("23514").1.retry(), Retry::Never);
    }
}
