//! What went wrong at a database, in kinds that a retry policy can decide on without knowing the engine.

use std::fmt;

/// What kind of failure. The retry class is a pure function of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No connection, or it broke. The effect of the last statement may or may not be there.
    Connection,
    /// The server refused the user or password, or the certificate did not fit.
    Credentials,
    /// The role may not do this.
    Permission,
    /// A lock was not had in time.
    LockTimeout,
    /// A deadlock, and we were the victim.
    Deadlock,
    /// A serialization failure.
    Serialization,
    /// The statement was cancelled or timed out.
    Cancelled,
    /// A constraint was violated: by data, not by us.
    Constraint,
    /// A value could not be converted.
    Value,
    /// An object is missing, or there already.
    Object,
    /// The epoch in the database is not ours: another executor took over.
    Fenced,
    /// No room, no memory, too many connections.
    Resources,
    /// This engine cannot do it.
    Unsupported,
    /// The statement is not understood: a wrong expression of the user, or a defect of ours.
    Syntax,
    /// Anything else.
    Other,
}

/// What a retry policy may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same thing may work in a moment.
    Soon,
    /// Connect again, observe, then go on.
    Reconnect,
    /// It will fail again until somebody changes something.
    Never,
}

impl ErrorKind {
    /// Whether trying again makes sense.
    pub fn retry(self) -> Retry {
        match self {
            Self::LockTimeout | Self::Deadlock | Self::Serialization => Retry::Soon,
            Self::Connection => Retry::Reconnect,
            _ => Retry::Never,
        }
    }
}

/// A failure at a database: a stable code, a kind, and one sentence that holds no row's value and no secret.
#[derive(Debug, thiserror::Error)]
pub struct EngineError {
    /// The stable code: `SG-PG-003`, `SG-SQ-001`, `SG-MEM-001`.
    pub code: &'static str,
    /// The kind.
    pub kind: ErrorKind,
    /// One sentence.
    pub message: String,
    /// What to do, when the engine knows better than the code's page.
    pub help: String,
    /// The driver's own error. Never printed as it is: it may hold values.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl EngineError {
    /// A failure without a driver's error behind it.
    pub fn new(code: &'static str, kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { code, kind, message: message.into(), help: String::new(), source: None }
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Keeps the driver's error as the cause.
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
