//! What cannot be read is collected as sentences; what breaks the connection stops the look.
//!
//! It must never take a broken connection for "nothing there". Tests: below.

use crate::{EngineError, ErrorKind};

/// The sentences of one look.
#[derive(Debug, Default)]
pub struct Collect {
    sentences: Vec<String>,
}

impl Collect {
    /// Takes a result: its value, or `None` with a sentence. Fails where going on would be a lie: the connection
    /// broke, or the server does not let us in.
    pub fn take<T>(&mut self, what: &str, result: Result<T, EngineError>) -> Result<Option<T>, EngineError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if matches!(error.kind, ErrorKind::Connection | ErrorKind::Credentials) => Err(error),
            Err(error) => {
                self.say(format!("{what}: {error}"));
                Ok(None)
            }
        }
    }

    /// The same, with a default in the place of what could not be read.
    pub fn or_default<T: Default>(&mut self, what: &str, result: Result<T, EngineError>) -> Result<T, EngineError> {
        Ok(self.take(what, result)?.unwrap_or_default())
    }

    /// Adds a sentence. A name with a line break or an escape in it stays one line that shows what it is.
    pub fn say(&mut self, sentence: impl Into<String>) {
        let mut sentence: String = sentence.into();
        if sentence.contains(char::is_control) {
            let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
            sentence = sentence.chars().map(shown).collect();
        }
        if !self.sentences.contains(&sentence) {
            self.sentences.push(sentence);
        }
    }

    /// All sentences, in the order in which they came.
    pub fn done(self) -> Vec<String> {
        self.sentences
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(kind: ErrorKind) -> Result<Vec<u32>, EngineError> {
        Err(EngineError::new("SG-MEM-001", kind, "words"))
    }

    #[test]
    fn a_lack_of_rights_is_a_sentence_and_a_broken_connection_an_error() {
        let mut collect = Collect::default();
        for kind in [ErrorKind::Permission, ErrorKind::Cancelled, ErrorKind::LockTimeout, ErrorKind::Object, ErrorKind::Other] {
            assert_eq!(collect.or_default("slots", failed(kind)).expect("collected"), Vec::<u32>::new());
        }
        assert_eq!(collect.take("slots", Ok(7)).expect("a value"), Some(7));
        for kind in [ErrorKind::Connection, ErrorKind::Credentials] {
            assert_eq!(collect.take("slots", failed(kind)).expect_err("not collected").kind, kind);
        }
        collect.say("the rows of a\nb\u{1b}[31m");
        assert_eq!(collect.done(), ["slots: words", "the rows of a\\nb\\u{1b}[31m"], "each sentence once, each on one line");
    }
}
