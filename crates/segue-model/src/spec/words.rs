//! The rules for single texts: names, tables, ids, quantities, words to choose from.
//!
//! Messages show the text only where it cannot be a secret. Tests: `tests/it/problems.rs`.

use super::node::{Kind, Node};
use super::problems::{Problems, Span, brief, code, nearest};
use super::shape::{Shape, Words};
use super::systems;
use crate::ident::{NameError, TableName};
use crate::units::{Bytes, Millis, UnitError};

/// Checks a text.
pub(super) fn text(rule: Words, text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    match rule {
        Words::Name if text.is_empty() => {
            problems.add(code::EMPTY, at, format!("`{path}` is an empty text, but takes a name"), "write the name");
        }
        Words::Sql | Words::Type if is_blank(text) => {
            problems.add(code::EMPTY, at, format!("`{path}` is blank"), "write it, or leave the key out");
        }
        Words::Any | Words::Name | Words::Sql | Words::Type => {}
        Words::Table => table(text, path, at, problems),
        Words::Id => {
            if !is_id(text) {
                let message = format!("`{path}` is not 1 to 40 letters, digits and `-`");
                problems.add(code::ID, at, message, "such as `MIG-007`: it becomes part of names in the database");
            }
        }
        Words::Url => systems::check_url(text, path, at, problems),
        Words::Path => systems::check_path(text, path, at, problems),
    }
}

/// Nothing but spaces, tabs and line ends.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\n'))
}

/// `[A-Za-z0-9-]{1,40}`.
pub(super) fn is_id(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn table(text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    if let Err(error) = TableName::parse(text) {
        let help = match error {
            NameError::Quote | NameError::Parts => {
                "a part that holds `.` or `\"` is written in double quotes: `shop.\"my.table\"`, and `\"` in it twice"
            }
            _ => "write `table` or `schema.table`",
        };
        problems.add(code::TABLE, at, format!("`{path}` is not the name of a table or index: {error}"), help);
    }
}

/// Checks a duration or a size.
pub(super) fn quantity(shape: &Shape, node: &Node, path: &str, at: &Span, problems: &mut Problems<'_>) {
    let read = match (&node.kind, shape) {
        (Kind::Text(text), Shape::Duration { none }) => duration(text, *none).map(|_| ()),
        (Kind::Text(text), _) => size(text).map(|_| ()),
        (_, Shape::Duration { .. }) => Err(UnitError::Unit("ms, s, m, h, d, w")),
        _ => Err(UnitError::Unit("B, KB, KiB, MB, MiB, GB, GiB, TB, TiB")),
    };
    if let Err(error) = read {
        let help = format!("write {}", shape.describe());
        problems.add(
            code::QUANTITY,
            at,
            format!("`{path}` is not {}: {error}", if matches!(shape, Shape::Size) { "a size" } else { "a duration" }),
            help,
        );
    }
}

/// A duration of a spec: at most 9 digits, so that none overflows.
pub(super) fn duration(text: &str, none: bool) -> Result<Millis, UnitError> {
    if none && text == "none" {
        return Ok(Millis(0));
    }
    written(text, |_| 9)?;
    Millis::parse(text)
}

/// A size of a spec: at most 12 digits, 7 from GB on, so that none overflows.
pub(super) fn size(text: &str) -> Result<Bytes, UnitError> {
    written(text, |unit| if unit.starts_with(['G', 'T']) { 7 } else { 12 })?;
    Bytes::parse(text)
}

/// Digits, perhaps a fraction, perhaps one space, a unit: the pattern of the JSON Schema, and nothing else that
/// the units' own reader would take.
fn written(text: &str, digits_max: fn(&str) -> usize) -> Result<(), UnitError> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (whole, mut rest) = text.split_at(end);
    if whole.is_empty() {
        return Err(UnitError::Number);
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
        if !(1..=9).contains(&end) {
            return Err(UnitError::Number);
        }
        rest = &fraction[end..];
    }
    let unit = rest.strip_prefix(' ').unwrap_or(rest);
    if unit.trim() != unit {
        return Err(UnitError::Number);
    }
    if whole.len() > digits_max(unit) { Err(UnitError::Range) } else { Ok(()) }
}

/// Checks a word against those to choose from.
pub(super) fn choice(choices: &[&str], text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    if choices.contains(&text) {
        return;
    }
    let help = match nearest(text, choices.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of `{}`", choices.join("`, `")),
    };
    problems.add(code::CHOICE, at, format!("`{path}` is `{}`, which is none of `{}`", brief(text), choices.join("`, `")), help);
}
