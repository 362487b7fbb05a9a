//! Secrets, and references that are resolved to secrets as late as a connection is made.
//!
//! A [`Secret`] is never serialised and never printed: its `Debug` and `Display` show `***`. Only this module
//! holds one; only the binary resolves a [`Reference`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text that must appear in no output, journal, error or argument list.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text into keeping.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one call that hands it to a driver.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A value of the spec that may point elsewhere: `env:NAME`, `file:PATH`, `cmd:COMMAND`, or the text itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Reference {
    /// An environment variable.
    Env(String),
    /// A file whose trimmed content is the value.
    File(String),
    /// A command whose trimmed output is the value.
    Cmd(String),
    /// The text as it stands; the reader refuses one that holds a password.
    Plain(String),
}

impl Default for Reference {
    /// The empty text.
    fn default() -> Self {
        Self::Plain(String::new())
    }
}

impl From<String> for Reference {
    fn from(text: String) -> Self {
        match text.split_once(':') {
            Some(("env", name)) => Self::Env(name.to_owned()),
            Some(("file", path)) => Self::File(path.to_owned()),
            Some(("cmd", command)) => Self::Cmd(command.to_owned()),
            _ => Self::Plain(text),
        }
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        match reference {
            Reference::Env(name) => format!("env:{name}"),
            Reference::File(path) => format!("file:{path}"),
            Reference::Cmd(command) => format!("cmd:{command}"),
            Reference::Plain(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_shows_itself() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "*** ***");
        assert_eq!(secret.expose(), "hunter2");
    }
}
