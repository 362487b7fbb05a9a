//! What a lint did not follow, said once for each kind of statement; silence would read as safe.
//!
//! Tests: `tests/it/sql/script_lint.rs`, `not-followed.sql`.

use std::collections::BTreeSet;

use super::alter::Action;
use super::script::{Event, Seen};

/// Remembers the kinds that were said.
#[derive(Debug, Default)]
pub(crate) struct NotFollowed {
    said: BTreeSet<String>,
}

impl NotFollowed {
    /// The sentence for a statement of a kind that comes for the first time.
    pub(crate) fn see(&mut self, seen: &Seen<'_>) -> Option<String> {
        let at = seen.index + 1;
        match &seen.event {
            Event::Alter(_, actions) if actions.iter().any(|action| matches!(action, Action::Other(_))) => {
                Some(format!("statement {at}: a part of this ALTER was not understood"))
            }
            Event::Unknown(kind) => self.once(kind, || format!("statement {at}: what {kind} does was not followed")),
            Event::Trigger(table, false) => {
                self.once("trigger", || format!("statement {at}: what the trigger on table {table} does to writes was not followed"))
            }
            _ => None,
        }
    }

    fn once(&mut self, kind: &str, sentence: impl FnOnce() -> String) -> Option<String> {
        self.said.insert(kind.to_owned()).then(sentence)
    }
}
