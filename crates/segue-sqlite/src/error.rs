//! What went wrong in SQLite, as codes and kinds of our own.
//!
//! SQLite's messages hold names and our own words, but a user's expression may raise a text of its own, so the
//! driver's message never becomes ours: it stays behind `#[source]`. Each code has a page under `docs/codes/`.

use segue_engine::{EngineError, ErrorKind};

/// The file cannot be opened.
pub(crate) const OPEN: &str = "SG-SQ-001";
/// The write lock was not had in time.
pub(crate) const BUSY: &str = "SG-SQ-002";
/// A constraint of the database was violated.
pub(crate) const CONSTRAINT: &str = "SG-SQ-003";
/// No room, no memory, an input or output error.
pub(crate) const RESOURCES: &str = "SG-SQ-004";
/// The file can only be read.
pub(crate) const READ_ONLY: &str = "SG-SQ-005";
/// The file is no database, or is damaged.
pub(crate) const DAMAGED: &str = "SG-SQ-006";
/// SQLite did not take a statement.
pub(crate) const STATEMENT: &str = "SG-SQ-007";
/// An object is missing.
pub(crate) const MISSING: &str = "SG-SQ-008";
/// SQLite cannot do it.
pub(crate) const UNSUPPORTED: &str = "SG-SQ-009";
/// Another executor took over.
pub(crate) const FENCED: &str = "SG-SQ-010";
/// Another run holds the database.
pub(crate) const OTHER_RUN: &str = "SG-SQ-011";
/// The text of a table's definition cannot be read.
pub(crate) const TABLE_TEXT: &str = "SG-SQ-012";
/// Rows are not converted, or kept aside.
pub(crate) const NOT_READY: &str = "SG-SQ-013";
/// Rows violate what the new form demands.
pub(crate) const VIOLATED: &str = "SG-SQ-014";
/// Duplicates stand in the way of a unique index.
pub(crate) const DUPLICATES: &str = "SG-SQ-015";
/// The database did not pass SQLite's own checks before commit.
pub(crate) const INTEGRITY: &str = "SG-SQ-016";
/// A value of the checkpoint is not a key.
pub(crate) const KEY: &str = "SG-SQ-017";
/// Somebody changed the table's columns during the run.
pub(crate) const CHANGED: &str = "SG-SQ-018";

/// SQLite's error as ours. `doing` says what we were about, without any value.
pub(crate) fn from(doing: &str, error: rusqlite::Error) -> EngineError {
    use rusqlite::ErrorCode as C;
    let (code, kind, why) = match &error {
        rusqlite::Error::SqliteFailure(failure, message) => match failure.code {
            C::DatabaseBusy | C::DatabaseLocked => (BUSY, ErrorKind::LockTimeout, "another connection held the lock for too long"),
            C::ConstraintViolation => (CONSTRAINT, ErrorKind::Constraint, "a constraint of the database was violated"),
            C::ReadOnly | C::PermissionDenied | C::AuthorizationForStatementDenied => {
                (READ_ONLY, ErrorKind::Permission, "the database can only be read")
            }
            C::DiskFull | C::OutOfMemory | C::SystemIoFailure | C::FileLockingProtocolFailed | C::TooBig => {
                (RESOURCES, ErrorKind::Resources, "the system gave no room, memory, or an input or output error")
            }
            C::CannotOpen => (OPEN, ErrorKind::Connection, "the file cannot be opened"),
            C::NotADatabase | C::DatabaseCorrupt => (DAMAGED, ErrorKind::Other, "the file is no SQLite database, or is damaged"),
            C::OperationInterrupted | C::OperationAborted => (BUSY, ErrorKind::Cancelled, "the statement was interrupted"),
            _ if message.as_deref().is_some_and(|text| text.starts_with("no such table")) => {
                (MISSING, ErrorKind::Object, "an object is missing")
            }
            _ => (STATEMENT, ErrorKind::Syntax, "SQLite did not take the statement"),
        },
        rusqlite::Error::SqlInputError { .. } => (STATEMENT, ErrorKind::Syntax, "SQLite did not take the statement"),
        _ => (STATEMENT, ErrorKind::Other, "SQLite's answer was not as expected"),
    };
    EngineError::new(code, kind, format!("{doing}: {why}")).caused_by(error)
}

/// `map_err` with what we were about.
pub(crate) trait Doing<T> {
    /// Turns SQLite's error into ours.
    fn doing(self, what: &str) -> Result<T, EngineError>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, what: &str) -> Result<T, EngineError> {
        self.map_err(|error| from(what, error))
    }
}
