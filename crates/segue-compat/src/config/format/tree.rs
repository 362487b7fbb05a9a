//! JSON and YAML by the arena of this crate; of YAML every document, named by what it says it is. Tests: `tests/it/config/`.

use super::{Stop, TOO_MANY, join, put};
use crate::config::entry::{ENTRIES_MAX, Entry, Listing, Value, identity};
use crate::doc::{At, Doc, Value as Read};
use crate::source::{Place, Span};

/// More documents of one file are not read.
const DOCUMENTS_MAX: usize = 4_096;

pub(super) fn json(file: u32, text: &str, into: &mut Listing) -> Result<(), Stop> {
    let doc = Doc::json(text).map_err(|stop| (stop.at, stop.what))?;
    tree(file, &doc, 0, "", into)
}

pub(super) fn yaml(file: u32, text: &str, into: &mut Listing) -> Result<(), Stop> {
    let parts = documents(text);
    if parts.len() > DOCUMENTS_MAX {
        return Err((Span::new(0, 1), format!("more than {DOCUMENTS_MAX} documents")));
    }
    let single = parts.len() == 1;
    for (index, (start, part)) in parts.iter().enumerate() {
        let doc = Doc::yaml(part).map_err(|stop| (Span::new(stop.at.start as usize + start, stop.at.end as usize + start), stop.what))?;
        let prefix = if single { String::new() } else { format!("<{}>", name(doc.root()).unwrap_or_else(|| index.to_string())) };
        tree(file, &doc, *start, &prefix, into)?;
    }
    Ok(())
}

/// The documents of a text with the byte where each begins; empty ones are left out.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut cuts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if (line.starts_with("---") && line[3..].starts_with([' ', '\n', '\r', '\t']) || line == "---") && at > 0 {
            cuts.push(at);
        }
        at += line.len();
    }
    cuts.push(text.len());
    let parts: Vec<(usize, &str)> = cuts.windows(2).map(|cut| (cut[0], &text[cut[0]..cut[1]])).collect();
    let blank = |part: &str| {
        part.lines().all(|line| {
            line.trim().is_empty() || line.trim_start().starts_with('#') || line.trim_end() == "---" || line.trim_end() == "..."
        })
    };
    let full: Vec<(usize, &str)> = parts.iter().copied().filter(|(_, part)| !blank(part)).collect();
    if full.is_empty() { vec![(0, text)] } else { full }
}

/// What a manifest says it is: `Deployment/web`.
fn name(root: At<'_>) -> Option<String> {
    let kind = root.text_at("kind")?;
    let meta = root.get("metadata")?;
    let name = meta.text_at("name")?;
    let space = meta.text_at("namespace").map(|space| format!("{space}/")).unwrap_or_default();
    Some(format!("{kind}/{space}{name}"))
}

fn tree(file: u32, doc: &Doc, shift: usize, prefix: &str, into: &mut Listing) -> Result<(), Stop> {
    let place = |span: Span| Place { file, span: Span::new(span.start as usize + shift, span.end as usize + shift) };
    for (key, span) in doc.twice() {
        into.twice.push((join(prefix, key), place(*span)));
    }
    let mut open = vec![(prefix.to_owned(), doc.root().span(), doc.root())];
    while let Some((path, span, at)) = open.pop() {
        let value = match at.value() {
            Read::Null => Value::Null,
            Read::Bool(is) => Value::Bool(is),
            Read::Number(text) => Value::Number(text.to_owned()),
            Read::Text(text) => Value::Text(text.to_owned()),
            Read::List(items) => Value::List(items.len()),
            Read::Map => Value::Map,
        };
        let scalar = !matches!(value, Value::List(_) | Value::Map);
        let mut entry = Entry::new(value, place(span));
        if scalar {
            // What stands in the file decides how another version of YAML reads it.
            let written = doc.text().get(at.span().start as usize..at.span().end as usize).unwrap_or_default();
            entry.written = Some(written.trim().chars().take(32).collect());
        }
        if !path.is_empty() {
            put(into, path.clone(), entry)?;
        }
        // Each of them would be put: before so many names are made, it is known that they are too many.
        if at.items().len() + at.entries().len() > ENTRIES_MAX {
            return Err((at.span(), TOO_MANY.to_owned()));
        }
        open.extend(at.entries().map(|(key, span, inner)| (join(&path, key), span, inner)));
        for (index, item) in at.items().enumerate() {
            let of = |key: &str| item.text_at(key).or_else(|| item.get(key).and_then(At::number)).map(str::to_owned);
            let scalar = item.text().or_else(|| item.number()).map(str::to_owned);
            open.push((format!("{path}[{}]", identity(&path, index, of, scalar)), item.span(), item));
        }
    }
    Ok(())
}
