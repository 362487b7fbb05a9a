//! The rules for single texts: names, tables, ids, quantities, words to choose from.
//!
//! Messages show the text only where it cannot be a secret. Tests: `tests/it/problems.rs`.

use super::amounts;
use super::condition;
use super::node::{Kind, Node};
use super::problems::{Problems, Span, brief, code, nearest};
use super::program::Rate;
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
        Words::Sql | Words::Type | Words::Line | Words::Version if is_blank(text) => {
            problems.add(code::EMPTY, at, format!("`{path}` is blank"), "write it, or leave the key out");
        }
        Words::Any | Words::Name | Words::Sql | Words::Type | Words::Line | Words::Version => {}
        Words::Table => table(text, path, at, problems),
        Words::Id => {
            if !is_id(text) {
                let message = format!("`{path}` is not 1 to 40 letters, digits and `-`");
                problems.add(code::ID, at, message, "such as `MIG-007`: it becomes part of names in the database");
            }
        }
        Words::Url => systems::check_url(text, path, at, problems),
        Words::MysqlUrl => systems::check_mysql(text, path, at, problems),
        Words::Web => systems::check_web(text, path, at, problems),
        Words::Path => systems::check_path(text, path, at, problems),
        Words::File => systems::check_file(text, path, at, problems),
        Words::Condition => condition(text, path, at, problems),
        Words::Rate => unit(amounts::rate(text).map(|_| ()), "a rate", rule, path, at, problems),
        Words::Loss => unit(amounts::loss(text).map(|_| ()), "a limit of loss", rule, path, at, problems),
        _ => special(rule, text, path, at, problems),
    }
    if rule == Words::Rate && matches!(amounts::rate(text), Ok(Rate::BytesPerS(0) | Rate::RowsPerS(0))) {
        problems.add(code::RANGE, at, format!("`{path}` is 0: it would never end"), "write what is really reached, or leave it out");
    }
}

/// Checks texts that have a form of their own.
fn special(rule: Words, text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    let (right, code) = match rule {
        Words::Date => (amounts::date(text).is_some(), code::DATE),
        Words::Dates => (amounts::dates(text).is_some(), code::DATE),
        Words::Clock => (amounts::clock(text).is_some(), code::DATE),
        Words::ZeroDates => (text == "null" || amounts::date(text).is_some(), code::DATE),
        Words::Percent | Words::Tolerance => (amounts::percent(text).is_some(), code::QUANTITY),
        Words::Every => (amounts::is_every(text), code::QUANTITY),
        Words::Zone => (amounts::is_zone(text), code::CHOICE),
        Words::Currency => (amounts::is_currency(text), code::CHOICE),
        Words::Module => (amounts::is_module(text), code::CHOICE),
        _ => (true, code::READER),
    };
    if !right {
        let what = Shape::Text(rule).describe();
        let backwards = rule == Words::Dates && text.split_once('/').is_some_and(|(a, b)| amounts::dates(&format!("{b}/{a}")).is_some());
        let help = if backwards { "write the earlier day first".to_owned() } else { format!("write {what}") };
        problems.add(code, at, format!("`{path}` is `{}`, which is not {what}", brief(text)), help);
    }
}

fn unit(read: Result<(), UnitError>, what: &str, rule: Words, path: &str, at: &Span, problems: &mut Problems<'_>) {
    if let Err(error) = read {
        let help = format!("write {}", Shape::Text(rule).describe());
        problems.add(code::QUANTITY, at, format!("`{path}` is not {what}: {error}"), help);
    }
}

/// Checks a number with decimals.
pub(super) fn decimal(text: &str, places: usize, path: &str, at: &Span, problems: &mut Problems<'_>) {
    if amounts::decimal(text, places).is_none() {
        let code = if text.starts_with('-') { code::SCALAR } else { code::RANGE };
        let message = format!("`{path}` is not a number from 0 to {} with at most {places} decimals", amounts::DECIMAL_MAX);
        problems.add(code, at, message, "write digits, such as `85` or `85.5`");
    }
}

/// Checks the words of a condition; the problem points into it.
fn condition(text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    if let Err(error) = condition::parse(text) {
        let at = inside(problems.text(), text, at, &error.at);
        let code = if error.range { code::RANGE } else { code::CONDITION };
        problems.add(code, &at, format!("`{path}` is not a condition: {}", error.message), error.help);
    }
}

/// The place of a part of a scalar, where its characters stand in the file as they are; else the place of all.
pub(super) fn inside(file: &str, text: &str, whole: &Span, part: &Span) -> Span {
    let Some(written) = file.get(whole.clone()) else { return whole.clone() };
    let quotes = usize::from(written.starts_with(['"', '\'']));
    if written.get(quotes..written.len() - quotes.min(written.len())) != Some(text) {
        return whole.clone();
    }
    // An empty place at the end of the text: its last character.
    let start = (whole.start + quotes + part.start).min(whole.end.saturating_sub(1)).max(whole.start);
    start..(whole.start + quotes + part.end).max(start + 1)
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
