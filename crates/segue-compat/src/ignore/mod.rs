//! What somebody decided to live with: `segue-ignore.yaml`, marks in the files, and a baseline.
//!
//! A suppression needs a reason, and ends on its day: then the finding counts again, and that it ended is a finding too.
//! Must never hide what was not decided, nor a finding that it does not name: verdicts are made anew from what is left.
//! Takes the day; never asks a clock. Tests: `tests/it/ignore.rs`.

mod apply;
mod baseline;
mod mark;
mod read;
pub mod rule;

pub use apply::apply;
pub use baseline::baseline;
pub(crate) use read::day;
pub use read::read;

use crate::rule::Rule;
use crate::source::Span;

/// The rules about suppressions themselves.
pub static RULES: &[&Rule] = &[&rule::expired::RULE, &rule::unused::RULE, &rule::without_reason::RULE];

/// A file of suppressions, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignore {
    /// The file as it was named; empty when there is none.
    pub file: String,
    /// Its text, for excerpts.
    pub text: String,
    /// Its entries in the file's order.
    pub entries: Vec<Entry>,
}

/// One suppression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The finding's id, or
    pub id: Option<String>,
    /// the rule; one of both.
    pub rule: Option<String>,
    /// Only in this object; `*` stands for anything.
    pub object: Option<String>,
    /// Only in this file; `*` stands for anything.
    pub file: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds, `2027-01-31`.
    pub until: Option<String>,
    /// Where it stands.
    pub span: Span,
}
