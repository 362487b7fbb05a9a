//! What goes wrong inside the memory engine, before it becomes an [`EngineError`] with a code.
//!
//! Must never hold a value of a row: names and reasons only. Tests: `conformance` in `segue-sim`.

use crate::{EngineError, ErrorKind};

/// A failure with its kind; the code follows from the kind alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind.
    pub kind: ErrorKind,
    /// One sentence without any value.
    pub message: String,
}

impl Failure {
    /// A failure of a kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// A value could not be converted.
    pub fn value(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Value, message)
    }

    /// Text that the small SQL of this engine does not hold.
    pub fn syntax(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Syntax, message)
    }

    /// A constraint was violated.
    pub fn constraint(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Constraint, message)
    }

    /// An object is missing, or there already.
    pub fn object(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Object, message)
    }

    /// The epoch moved on, or another run holds the database.
    pub fn fenced(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Fenced, message)
    }
}

impl From<Failure> for EngineError {
    fn from(failure: Failure) -> Self {
        let code = match failure.kind {
            ErrorKind::Object => "SG-MEM-001",
            ErrorKind::Constraint => "SG-MEM-002",
            ErrorKind::Value => "SG-MEM-003",
            ErrorKind::Syntax => "SG-MEM-004",
            ErrorKind::Fenced => "SG-MEM-005",
            ErrorKind::LockTimeout => "SG-MEM-006",
            ErrorKind::Permission => "SG-MEM-008",
            _ => "SG-MEM-007",
        };
        EngineError::new(code, failure.kind, failure.message)
    }
}
