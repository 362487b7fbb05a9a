//! Collects what is wrong with a spec, each with its place, and puts it in the file's order.
//!
//! Must never stop at the first problem, and never put a value of the file into a message where it may hold a
//! password. Tests: `tests/it/problems.rs`.

use std::ops::Range;

use super::systems::concealed;
use crate::problem::{Place, Problem};

/// A range of bytes of the file.
pub(super) type Span = Range<usize>;

/// The most problems of one file that are shown; the rest is counted.
const SHOWN_MAX: usize = 100;
/// The longest caret, in characters: more is no help to the eye.
const CARET_MAX: u32 = 120;

/// The codes of the spec reader; a page each under `docs/codes/`.
pub(super) mod code {
    pub(crate) const SYNTAX: &str = "SG-SPEC-001";
    pub(crate) const TOO_LARGE: &str = "SG-SPEC-002";
    pub(crate) const TOO_DEEP: &str = "SG-SPEC-003";
    pub(crate) const ANCHOR: &str = "SG-SPEC-004";
    pub(crate) const ALIAS: &str = "SG-SPEC-005";
    pub(crate) const MERGE: &str = "SG-SPEC-006";
    pub(crate) const TAG: &str = "SG-SPEC-007";
    pub(crate) const DUPLICATE: &str = "SG-SPEC-008";
    pub(crate) const DOCUMENTS: &str = "SG-SPEC-009";
    pub(crate) const VERSION: &str = "SG-SPEC-010";
    pub(crate) const KEY: &str = "SG-SPEC-011";
    pub(crate) const NUL: &str = "SG-SPEC-012";
    pub(crate) const UNKNOWN: &str = "SG-SPEC-013";
    pub(crate) const LATER: &str = "SG-SPEC-014";
    pub(crate) const MISSING: &str = "SG-SPEC-015";
    pub(crate) const FORM: &str = "SG-SPEC-016";
    pub(crate) const SCALAR: &str = "SG-SPEC-017";
    pub(crate) const CHOICE: &str = "SG-SPEC-018";
    pub(crate) const QUANTITY: &str = "SG-SPEC-019";
    pub(crate) const ID: &str = "SG-SPEC-020";
    pub(crate) const TABLE: &str = "SG-SPEC-021";
    pub(crate) const EMPTY: &str = "SG-SPEC-022";
    pub(crate) const TORN: &str = "SG-SPEC-023";
    pub(crate) const SECRET: &str = "SG-SPEC-024";
    pub(crate) const LOCATION: &str = "SG-SPEC-025";
    pub(crate) const ONE_OF: &str = "SG-SPEC-026";
    pub(crate) const NEEDS: &str = "SG-SPEC-027";
    pub(crate) const SYSTEM: &str = "SG-SPEC-028";
    pub(crate) const COUNTS: &str = "SG-SPEC-029";
    pub(crate) const FORMAT: &str = "SG-SPEC-030";
    pub(crate) const MORE: &str = "SG-SPEC-031";
    pub(crate) const CONDITION: &str = "SG-SPEC-032";
    pub(crate) const METRIC: &str = "SG-SPEC-033";
    pub(crate) const DATE: &str = "SG-SPEC-034";
    pub(crate) const ORDER: &str = "SG-SPEC-035";
    pub(crate) const RANGE: &str = "SG-SPEC-036";
    pub(crate) const NAMED: &str = "SG-SPEC-037";
    pub(crate) const JSON: &str = "SG-SPEC-038";
    pub(crate) const STRANGE: &str = "SG-SPEC-040";
    pub(crate) const BUSY: &str = "SG-SPEC-041";
    pub(crate) const ACTION: &str = "SG-SPEC-042";
    pub(crate) const READER: &str = "SG-SPEC-099";
}

/// One problem, not yet placed.
struct Found {
    code: &'static str,
    span: Span,
    message: String,
    help: String,
}

/// What is wrong with one file.
pub(super) struct Problems<'a> {
    text: &'a str,
    file: &'a str,
    json: bool,
    found: Vec<Found>,
}

impl<'a> Problems<'a> {
    /// Nothing wrong yet.
    pub(super) fn new(text: &'a str, file: &'a str) -> Self {
        Self { text, file, json: false, found: Vec::new() }
    }

    /// Of a file that is JSON, where another help is right.
    pub(super) fn json(self) -> Self {
        Self { json: true, ..self }
    }

    /// Whether the file is JSON.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// The text of the file.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Adds one.
    pub(super) fn add(&mut self, code: &'static str, span: &Span, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Found { code, span: span.clone(), message: message.into(), help: help.into() });
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All of them in the order of the file, each with its place; over [`SHOWN_MAX`] the rest as one.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|found| found.span.start);
        if self.found.len() > SHOWN_MAX {
            let rest = self.found.len() - SHOWN_MAX;
            let span = self.found[SHOWN_MAX].span.clone();
            self.found.truncate(SHOWN_MAX);
            self.add(code::MORE, &span, format!("{rest} more problems from here on"), "correct those above first");
        }
        self.found
            .iter()
            .map(|found| {
                Problem::new(found.code, found.message.as_str())
                    .at(self.place(&found.span))
                    .safe("nothing was connected to or changed")
                    .help(found.help.as_str())
            })
            .collect()
    }

    /// Line and column as an editor shows them: a byte-order mark is not a column.
    fn place(&self, span: &Span) -> Place {
        let start = floor(self.text, span.start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[..start].matches('\n').count() + 1;
        let before = &self.text[line_start..start];
        let before = if line == 1 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        let rest = &self.text[start..floor(self.text, span.end.max(start))];
        let first = rest.split(['\n', '\r']).next().unwrap_or_default();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place {
            file: self.file.to_owned(),
            line: number(line),
            column: number(before.chars().count()).saturating_add(1),
            length: number(first.chars().count()).clamp(1, CARET_MAX),
        }
    }
}

/// The last boundary of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// A text of the file for a message: on one line, not too long, and without a password that stands in it.
pub(super) fn brief(text: &str) -> String {
    let text = concealed(&text.chars().take(200).collect::<String>());
    let mut short: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

/// The candidate that `text` most likely means, if any is near enough.
pub(super) fn nearest<'k>(text: &str, candidates: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if text.len() > 64 {
        return None;
    }
    let lower = text.to_lowercase();
    let all = candidates.into_iter().map(|candidate| (strsim::damerau_levenshtein(&lower, candidate), candidate));
    let (distance, candidate) = all.min_by_key(|(distance, _)| *distance)?;
    let shorter = candidate.chars().count().min(lower.chars().count());
    (distance <= (shorter / 3).max(1) && distance < shorter).then_some(candidate)
}
