//! A trap of YAML itself: `{to: numeric(12,2)}` is two entries, `to: numeric(12` and `2)`.
//!
//! In a flow mapping or list a comma ends a plain value. Where the value before it has an open parenthesis that
//! the file closes further on, the value was meant whole: one problem that shows the quoted form, instead of
//! several about the fragments. Must never show a value that may hold a password. Tests: `tests/it/problems.rs`.

use super::node::{Entry, Kind, Node};
use super::problems::{Problems, Span, brief, code};

/// How many characters behind a value are looked at: bounds the work on a file of nothing but parentheses.
const LOOK_MAX: usize = 300;

/// Takes the fragments out of a flow mapping and refuses the torn values.
pub(super) fn mend_map(entries: &mut Vec<Entry>, whole: &Span, problems: &mut Problems<'_>) {
    let mut kept: Vec<Entry> = Vec::new();
    let mut until = 0;
    for mut entry in std::mem::take(entries) {
        if entry.span.start < until {
            continue;
        }
        if let Some(meant) = meant(&entry.value, problems.text(), whole) {
            until = meant.end;
            tell(&format!("{}: ", brief(&entry.key)), &meant, problems);
            entry.value.kind = Kind::Refused;
        } else if matches!(entry.value.kind, Kind::Null)
            && let Some(meant) = balanced(problems.text(), &entry.span, whole)
        {
            // A torn key has no value of its own: `{coalesce(a, b)}`.
            until = meant.end;
            tell("", &meant, problems);
            continue;
        }
        kept.push(entry);
    }
    *entries = kept;
}

/// Takes the fragments out of a flow list and refuses the torn items.
pub(super) fn mend_list(items: &mut Vec<Node>, whole: &Span, problems: &mut Problems<'_>) {
    let mut kept: Vec<Node> = Vec::new();
    let mut until = 0;
    for mut item in std::mem::take(items) {
        if item.span.start < until {
            continue;
        }
        // `{expression: lower(a, b)}` in a list is torn inside its own mapping, not here.
        if let Some(meant) = meant(&item, problems.text(), whole) {
            until = meant.end;
            tell("", &meant, problems);
            item.kind = Kind::Refused;
        }
        kept.push(item);
    }
    *items = kept;
}

fn tell(before: &str, meant: &Span, problems: &mut Problems<'_>) {
    let text = &problems.text()[meant.clone()];
    // Where a key is torn, its value stands behind it and keeps its own form.
    let (text, after) = match text.find("): ").filter(|_| before.is_empty()) {
        Some(end) => (&text[..=end], brief(&text[end + 1..])),
        None => (text, String::new()),
    };
    let quoted = if text.contains("://") { "…".to_owned() } else { brief(text).replace('\\', "\\\\").replace('"', "\\\"") };
    let after = if after.contains("://") { ": …".to_owned() } else { after };
    let message = "YAML ends a value at the comma inside `{ }` and `[ ]`, so this one is torn in two";
    problems.add(code::TORN, meant, message, format!("write it in double quotes: {before}\"{quoted}\"{after}"));
}

/// The whole of a value that was torn.
fn meant(node: &Node, text: &str, within: &Span) -> Option<Span> {
    matches!(node.kind, Kind::Text(_)).then(|| balanced(text, &node.span, within)).flatten()
}

/// From the beginning of a plain scalar with open parentheses to the end of the value that was meant, if the last
/// of them is closed behind the scalar and still inside the collection.
fn balanced(text: &str, scalar: &Span, within: &Span) -> Option<Span> {
    let own = text.get(scalar.clone())?;
    if own.starts_with(['"', '\'']) || !own.contains('(') {
        return None;
    }
    let rest = text.get(scalar.start..within.end)?;
    let (mut depth, mut quoted, mut closed) = (0_i32, false, false);
    for (at, c) in rest.char_indices().take(LOOK_MAX) {
        if closed && depth == 0 && !quoted && matches!(c, ',' | '}' | ']' | '\n') {
            return Some(scalar.start..scalar.start + rest[..at].trim_end().len());
        }
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        let end = at + c.len_utf8();
        if end == own.len() && depth <= 0 && !quoted {
            return None;
        }
        closed |= end > own.len() && depth == 0 && !quoted;
    }
    None
}
