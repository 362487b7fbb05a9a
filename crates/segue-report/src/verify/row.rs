//! One differing row in words: its key, in which way it differs, and its values where somebody asked for them.
//!
//! Two values that differ must never look the same: a text stands in quotes, NULL does not, spaces are made visible
//! where a terminal or a page would swallow them, and two values of one text get their kinds beside them. A long value is
//! cut around the place where the two part. Tests: below.

use segue_model::units::grouped;
use segue_model::verify::{ColumnValues, DifferenceKind, Example, SeenValue};
use serde_json::Value;

/// Letters of a value that are shown.
const SHOWN_MAX: usize = 120;
/// Letters of what two long values share that are shown before they part.
const SHARED_MAX: usize = 20;

/// In which way a row differs.
fn kind(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::MissingInTarget => "missing in target",
        DifferenceKind::ExtraInTarget => "extra in target",
        DifferenceKind::Changed => "changed",
    }
}

/// A key in words: `id=7`, or its hash.
pub(super) fn key(example: &Example) -> String {
    if example.key.is_empty() {
        return example.key_hash.as_ref().map_or_else(|| "a row without a key".to_owned(), |hash| format!("row {hash}"));
    }
    pairs(&example.key)
}

/// `a=1, b=x`. A text that could be taken for something else stands in quotes.
pub(super) fn pairs(key: &[(String, Value)]) -> String {
    let part = |(name, value): &(String, Value)| match value {
        Value::Null => format!("{name}=NULL"),
        Value::String(text) if is_plain(text) => format!("{name}={text}"),
        Value::String(text) => format!("{name}={}", quoted(text)),
        other => format!("{name}={other}"),
    };
    key.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// It is seen whole, and is taken for nothing else. Digits alone are plain: a large number is a text in a document too.
fn is_plain(text: &str) -> bool {
    let word = ["null", "true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word));
    !text.is_empty() && !word && text.trim() == text && !text.contains("  ") && !text.contains([',', '=', '\''])
}

/// What of a row differs: its columns, or values where the report has them.
pub(super) fn what(example: &Example) -> String {
    let way = kind(example.kind);
    if !example.values.is_empty() {
        let said = |(name, source, target): &ColumnValues| match example.kind {
            DifferenceKind::Changed => {
                let (source, target) = both(source.as_ref(), target.as_ref());
                format!("{name}: {source} → {target}")
            }
            DifferenceKind::MissingInTarget => format!("{name}: {}", both(source.as_ref(), None).0),
            DifferenceKind::ExtraInTarget => format!("{name}: {}", both(target.as_ref(), None).0),
        };
        return format!("{way}: {}", example.values.iter().map(said).collect::<Vec<_>>().join("; "));
    }
    if example.columns.is_empty() { way.to_owned() } else { format!("{way}: {}", example.columns.join(", ")) }
}

/// Two values side by side.
fn both(source: Option<&SeenValue>, target: Option<&SeenValue>) -> (String, String) {
    let text = |value: Option<&SeenValue>| value.map_or(String::new(), |value| value.text.clone());
    let (left, right) = (text(source), text(target));
    let shared = left.chars().zip(right.chars()).take_while(|(a, b)| a == b).count();
    let from = if left.chars().count().max(right.chars().count()) > SHOWN_MAX { shared.saturating_sub(SHARED_MAX) } else { 0 };
    let (left, right) = (literal(source, from), literal(target, from));
    match (source, target) {
        (Some(source), Some(target)) if left == right => (format!("{left} ({})", source.kind), format!("{right} ({})", target.kind)),
        _ => (left, right),
    }
}

/// A value as it is written: a text in quotes, NULL without. What is cut away is said by `…` and the length.
fn literal(value: Option<&SeenValue>, from: usize) -> String {
    let Some(value) = value else { return "NULL".to_owned() };
    let length = value.text.chars().count();
    let part: String = value.text.chars().skip(from).take(SHOWN_MAX).collect();
    let (before, after) = (if from > 0 { "…" } else { "" }, if length > from + SHOWN_MAX { "…" } else { "" });
    let said = if value.is_text() { quoted(&part) } else { part };
    let whole = if length > SHOWN_MAX { format!(" ({} letters)", grouped(length as u64)) } else { String::new() };
    format!("{before}{said}{after}{whole}")
}

/// In quotes; the second of two spaces is written out, or it would not be seen.
fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    let mut last = '\'';
    for letter in text.chars() {
        match letter {
            '\'' => out.push_str("''"),
            ' ' if last == ' ' => out.push_str("\\u{20}"),
            other => out.push(other),
        }
        last = letter;
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(source: Option<(&str, &str)>, target: Option<(&str, &str)>) -> String {
        let seen = |(kind, text): (&str, &str)| SeenValue { kind: kind.to_owned(), text: text.to_owned() };
        let values = vec![("v".to_owned(), source.map(seen), target.map(seen))];
        what(&Example { key: Vec::new(), key_hash: None, kind: DifferenceKind::Changed, columns: Vec::new(), values })
    }

    #[test]
    fn values_that_differ_look_different() {
        assert_eq!(changed(Some(("integer", "1")), Some(("text", "1"))), "changed: v: 1 → '1'");
        assert_eq!(changed(None, Some(("text", ""))), "changed: v: NULL → ''");
        assert_eq!(changed(None, Some(("text", "NULL"))), "changed: v: NULL → 'NULL'");
        assert_eq!(changed(Some(("text", "a b")), Some(("text", "a  b "))), "changed: v: 'a b' → 'a \\u{20}b '");
        assert_eq!(changed(Some(("text", "it's")), Some(("bytes", "0x61"))), "changed: v: 'it''s' → 0x61");
        assert_eq!(changed(Some(("range", "(range)")), Some(("JSON", "(range)"))), "changed: v: (range) (range) → (range) (JSON)");
    }

    #[test]
    fn long_values_are_cut_where_they_part() {
        let long = "x".repeat(5_000);
        let said = changed(Some(("text", &format!("{long}a"))), Some(("text", &format!("{long}b"))));
        assert!(said.contains("…'xxxxxxxxxxxxxxxxxxxxa' (5,001 letters) → …'xxxxxxxxxxxxxxxxxxxxb' (5,001 letters)"), "{said}");
        let said = changed(Some(("text", "short")), Some(("text", &long)));
        assert!(said.starts_with("changed: v: 'short' → 'xxx") && said.ends_with("x'… (5,000 letters)") && said.len() < 200, "{said}");
    }

    #[test]
    fn a_key_is_taken_for_nothing_else() {
        let pair = |value: Value| pairs(&[("k".to_owned(), value)]);
        assert_eq!([pair(Value::from(7)), pair(Value::from("x y")), pair(Value::Null)], ["k=7", "k=x y", "k=NULL"]);
        assert_eq!([pair("null".into()), pair("".into()), pair(" a".into())], ["k='null'", "k=''", "k=' a'"]);
        assert_eq!([pair("a, b=1".into()), pair("a  b".into())], ["k='a, b=1'", "k='a \\u{20}b'"]);
    }
}
