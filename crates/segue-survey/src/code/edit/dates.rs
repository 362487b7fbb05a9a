//! Moment to date-fns, where the moment is now: what `moment(x)` makes of `x` depends on what `x` is, and gets no draft.
//!
//! Patterns are taken over letter by letter; a letter that means something else there gets no draft. Tests: `cases.rs`.

use super::super::{Language, Syntax};
use super::patch::{Patch, bare};

/// Units of time by each of their names.
const UNITS: &[(&[&str], &str)] = &[
    (&["year", "years", "y"], "years"),
    (&["month", "months", "M"], "months"),
    (&["week", "weeks", "w"], "weeks"),
    (&["day", "days", "d"], "days"),
    (&["hour", "hours", "h"], "hours"),
    (&["minute", "minutes", "m"], "minutes"),
    (&["second", "seconds", "s"], "seconds"),
];

/// `moment().format('…')`, `moment().add(1, 'day')`.
pub(super) fn value<'r>(language: Language, node: &Syntax<'r>) -> Option<Patch<'r>> {
    if node.parent().is_some_and(|parent| parent.kind() == "member_expression") {
        return None;
    }
    let arguments: Vec<_> = node.field("arguments")?.named_children().collect();
    let word = node.field("function")?.field("property")?.text().into_owned();
    let patch = Patch::of(language, node);
    match (word.as_str(), arguments.as_slice()) {
        ("format", [format]) if format.kind() == "string" => {
            let text = pattern(&bare(format))?;
            Some(patch.keep(format).range(node.range(), &format!("dateFns.format(new Date(), \"{text}\")")))
        }
        ("add" | "subtract", [number, unit]) if unit.kind() == "string" && matches!(number.kind().as_ref(), "number" | "identifier") => {
            let unit_name = UNITS.iter().find(|(names, _)| names.contains(&bare(unit).as_str()))?.1;
            let call = if word == "add" { "add" } else { "sub" };
            Some(patch.keep(unit).range(node.range(), &format!("dateFns.{call}(new Date(), {{ {unit_name}: {} }})", number.text())))
        }
        _ => None,
    }
}

/// Tokens that are the same, and those with another letter.
const TOKENS: &[(&str, &str)] = &[
    ("YYYY", "yyyy"),
    ("YY", "yy"),
    ("MMMM", "MMMM"),
    ("MMM", "MMM"),
    ("MM", "MM"),
    ("M", "M"),
    ("DD", "dd"),
    ("D", "d"),
    ("dddd", "EEEE"),
    ("ddd", "EEE"),
    ("HH", "HH"),
    ("H", "H"),
    ("hh", "hh"),
    ("h", "h"),
    ("mm", "mm"),
    ("m", "m"),
    ("ss", "ss"),
    ("s", "s"),
    ("SSS", "SSS"),
    ("A", "aa"),
    ("ZZ", "xx"),
    ("Z", "xxx"),
];

/// A pattern of Moment in the letters of date-fns (Unicode's).
fn pattern(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((quoted, more)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            // Two quotes side by side are a quote there.
            if quoted.is_empty() || out.ends_with('\'') {
                return None;
            }
            out.push_str(&format!("'{}'", quoted.replace('\'', "''")));
            rest = more;
        } else if first.is_ascii_alphabetic() {
            let run = rest.find(|c| c != first).unwrap_or(rest.len());
            out.push_str(TOKENS.iter().find(|(old, _)| *old == &rest[..run])?.1);
            rest = &rest[run..];
        } else if matches!(first, '\'' | '"' | '\\') {
            return None;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Some(out)
}
