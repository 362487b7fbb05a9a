//! What a driver's error means: the server's error number to kind and code, in words of our own.
//!
//! It must never pass on a server's message that may quote a row (`Duplicate entry '…'`): a driver's error is taken
//! apart here and dropped. Names of objects and privileges are no values and are kept. Tests: below, and
//! `tests/it/errors.rs` against a server.

use std::fmt;

use mysql_async::{DriverError, Error, IoError};
use segue_engine::{EngineError, ErrorKind};

/// What is kept of a server's error: nothing that can hold a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerError {
    number: u16,
    sqlstate: String,
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error {}, SQLSTATE {}", self.number, self.sqlstate)
    }
}

impl std::error::Error for ServerError {}

/// The connection broke, or never was.
pub(crate) fn broken(why: impl fmt::Display) -> EngineError {
    EngineError::new("SG-MY-001", ErrorKind::Connection, format!("no connection to the MySQL server: {why}"))
}

fn untrusted(why: &dyn fmt::Display) -> EngineError {
    EngineError::new("SG-MY-003", ErrorKind::Credentials, format!("TLS with the server failed: {why}"))
        .help("give the certificate of its authority with ssl-ca=FILE, or use the host name that its certificate names")
}

/// Takes a driver's error apart.
pub(crate) fn db(error: Error) -> EngineError {
    match error {
        Error::Server(server) => from_server(&server),
        // A handshake's failure comes wrapped; its words are those of TLS, before any row was read.
        Error::Io(IoError::Io(io)) if io.kind() == std::io::ErrorKind::InvalidData && io.to_string().contains("certificate") => {
            untrusted(&io)
        }
        Error::Io(IoError::Io(io)) => broken(io.kind()),
        Error::Io(IoError::Tls(tls)) => untrusted(&tls),
        Error::Driver(driver) => from_driver(&driver),
        // URLs are read by us, and nothing else of ours gives the driver an error of its own.
        Error::Url(_) | Error::Other(_) => EngineError::new("SG-MY-017", ErrorKind::Other, "the server and Segue misunderstood each other"),
    }
}

fn from_driver(error: &DriverError) -> EngineError {
    match error {
        DriverError::ConnectionClosed | DriverError::PoolDisconnected => broken("it was closed"),
        DriverError::PacketOutOfOrder | DriverError::UnexpectedPacket { .. } | DriverError::BadCompressedPacketHeader => {
            broken("what came from it is not MySQL's protocol")
        }
        DriverError::NoClientSslFlagFromServer => EngineError::new("SG-MY-003", ErrorKind::Credentials, "the server has no TLS")
            .help("set the server up with a certificate; elsewhere than on this machine Segue does not talk in the clear"),
        DriverError::UnknownAuthPlugin { .. } | DriverError::MysqlOldPasswordDisabled | DriverError::CleartextPluginDisabled => {
            EngineError::new("SG-MY-002", ErrorKind::Credentials, "the server asks for a way of logging in that Segue does not have")
                .help("use an account with mysql_native_password, caching_sha2_password or ed25519")
        }
        DriverError::PacketTooLarge => EngineError::new("SG-MY-015", ErrorKind::Resources, "a row is larger than max_allowed_packet"),
        // Conversions may hold the value: their words are dropped.
        _ => EngineError::new("SG-MY-017", ErrorKind::Other, "the server and Segue misunderstood each other"),
    }
}

fn from_server(server: &mysql_async::ServerError) -> EngineError {
    let (code, kind, words) = classify(server.code, &server.state);
    // These messages name privileges, accounts and objects, never a row.
    let detail = match server.code {
        1044 | 1142 | 1143 | 1227 | 1049 | 1146 | 1054 | 1370 | 1193 => {
            format!(": {}", server.message.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        _ => String::new(),
    };
    let kept = ServerError { number: server.code, sqlstate: server.state.clone() };
    EngineError::new(code, kind, format!("{words}{detail} ({kept})")).caused_by(kept)
}

/// The table of numbers: the whole number first, then the class of its SQLSTATE.
fn classify(number: u16, state: &str) -> (&'static str, ErrorKind, &'static str) {
    use ErrorKind as K;
    match number {
        1045 | 1698 | 1251 | 1862 | 3118 | 4151 => ("SG-MY-002", K::Credentials, "the server did not let us in"),
        1044 | 1142 | 1143 | 1227 | 1370 | 1410 | 1419 => ("SG-MY-006", K::Permission, "the account may not do this"),
        1205 => ("SG-MY-007", K::LockTimeout, "a lock was not had in time"),
        1213 | 1614 => ("SG-MY-008", K::Deadlock, "a deadlock, and this statement was chosen to fail"),
        1094 => ("SG-MY-024", K::Object, "there is no such connection"),
        1095 => ("SG-MY-021", K::Permission, "the account may not end this connection"),
        1412 => ("SG-MY-009", K::Serialization, "the table was changed after this moment began"),
        1020 => ("SG-MY-009", K::Serialization, "another transaction changed the same rows"),
        1317 | 1969 | 3024 | 1028 => ("SG-MY-010", K::Cancelled, "the statement was cancelled or took too long"),
        1053 | 1152..=1161 | 1184 | 1927 | 2006 | 2013 | 4031 => ("SG-MY-001", K::Connection, "the server ended the connection"),
        1062 | 1586 | 1048 | 1216 | 1217 | 1364 | 1369 | 1451 | 1452 | 1526 | 1557 | 1748 | 1761 | 1762 | 3819 | 4025 => {
            ("SG-MY-011", K::Constraint, "data violates a constraint")
        }
        1118 | 1264 | 1265 | 1292 | 1366 | 1367 | 1406 | 1411 | 1441 | 1690 | 3140 | 3141 => {
            ("SG-MY-012", K::Value, "a value could not be converted")
        }
        1442 | 1643 | 1644 => ("SG-MY-027", K::Constraint, "a trigger or routine of the database refused it"),
        1049 => ("SG-MY-013", K::Object, "the database does not exist"),
        1007 | 1008 | 1050 | 1051 | 1054 | 1060 | 1061 | 1091 | 1109 | 1146 | 1176 | 1304 | 1305 | 1356 => {
            ("SG-MY-013", K::Object, "an object is missing, or there already")
        }
        1021 | 1037 | 1038 | 1040 | 1041 | 1114 | 1135 | 1203 | 1226 => ("SG-MY-015", K::Resources, "the server has no room for this"),
        1064 | 1065 | 1149 => ("SG-MY-016", K::Syntax, "the statement is not understood"),
        1290 | 1792 | 1836 => ("SG-MY-019", K::Permission, "the session or the server can only read"),
        1178 | 1193 | 1235 | 1286 | 1289 => ("SG-MY-020", K::Unsupported, "the server cannot do this"),
        _ => classify_by_class(state),
    }
}

fn classify_by_class(state: &str) -> (&'static str, ErrorKind, &'static str) {
    match state.get(..2).unwrap_or_default() {
        "08" => ("SG-MY-001", ErrorKind::Connection, "the server ended the connection"),
        "28" => ("SG-MY-002", ErrorKind::Credentials, "the server did not let us in"),
        "23" => ("SG-MY-011", ErrorKind::Constraint, "data violates a constraint"),
        "22" => ("SG-MY-012", ErrorKind::Value, "a value could not be converted"),
        // What SIGNAL gives without a number of its own.
        "45" => ("SG-MY-027", ErrorKind::Constraint, "a trigger or routine of the database refused it"),
        "40" => ("SG-MY-009", ErrorKind::Serialization, "the transaction was rolled back by the server"),
        "42" => ("SG-MY-016", ErrorKind::Syntax, "the statement is not understood"),
        _ => ("SG-MY-017", ErrorKind::Other, "the server refused the statement"),
    }
}

#[cfg(test)]
mod tests {
    use segue_engine::Retry;

    use super::*;

    fn check(number: u16, state: &str, kind: ErrorKind, code: &str) {
        let (found, found_kind, _) = classify(number, state);
        assert_eq!((found, found_kind), (code, kind), "{number} {state}");
    }

    #[test]
    fn each_number_has_its_kind() {
        check(1205, "HY000", ErrorKind::LockTimeout, "SG-MY-007");
        check(1213, "40001", ErrorKind::Deadlock, "SG-MY-008");
        check(1364, "HY000", ErrorKind::Constraint, "SG-MY-011");
        check(1644, "45000", ErrorKind::Constraint, "SG-MY-027");
        check(30_001, "45001", ErrorKind::Constraint, "SG-MY-027");
        check(1969, "70100", ErrorKind::Cancelled, "SG-MY-010");
        check(3024, "HY000", ErrorKind::Cancelled, "SG-MY-010");
        check(1927, "70100", ErrorKind::Connection, "SG-MY-001");
        check(1045, "28000", ErrorKind::Credentials, "SG-MY-002");
        check(1062, "23000", ErrorKind::Constraint, "SG-MY-011");
        check(1366, "22007", ErrorKind::Value, "SG-MY-012");
        check(1146, "42S02", ErrorKind::Object, "SG-MY-013");
        check(1064, "42000", ErrorKind::Syntax, "SG-MY-016");
        check(1142, "42000", ErrorKind::Permission, "SG-MY-006");
        check(1792, "25006", ErrorKind::Permission, "SG-MY-019");
        check(1040, "08004", ErrorKind::Resources, "SG-MY-015");
        check(9999, "08S01", ErrorKind::Connection, "SG-MY-001");
        check(9999, "HY000", ErrorKind::Other, "SG-MY-017");
        assert_eq!(classify(1205, "").1.retry(), Retry::Soon);
        assert_eq!(classify(2013, "").1.retry(), Retry::Reconnect);
        assert_eq!(classify(1062, "").1.retry(), Retry::Never);
    }

    #[test]
    fn a_message_with_a_value_is_dropped() {
        let message = "Duplicate entry 'canary' for key 'PRIMARY'".to_owned();
        let error = db(Error::Server(mysql_async::ServerError { code: 1062, message, state: "23000".to_owned() }));
        assert!(!format!("{error} {error:?} {:?}", error.source).contains("canary"));
        let value = mysql_async::Value::Bytes(b"canary".to_vec());
        let error = db(Error::Driver(DriverError::FromValue { value }));
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
