//! A problem as a person or a script sees it: code, what, where, what is safe now, the next command.
//!
//! Every crate's own error type turns into a [`Problem`] at the binary's edge; the exit code is decided there.

use serde::{Deserialize, Serialize};

/// A place in a text file; lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// How many characters the caret underlines; at least 1.
    pub length: u32,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The stable code, `SG-SPEC-003`.
    pub code: String,
    /// What is wrong, in one sentence. Never holds a row's value or a secret.
    pub message: String,
    /// Where in a file, if anywhere.
    pub at: Option<Place>,
    /// What is safe now: what was and was not touched.
    pub safe: String,
    /// The next command or edit.
    pub help: String,
}

impl Problem {
    /// A problem without a place.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), at: None, safe: String::new(), help: String::new() }
    }

    /// Says what is safe now.
    pub fn safe(mut self, safe: impl Into<String>) -> Self {
        self.safe = safe.into();
        self
    }

    /// Says what to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Says where.
    pub fn at(mut self, place: Place) -> Self {
        self.at = Some(place);
        self
    }
}
