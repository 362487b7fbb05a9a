//! What a file must be to be an OpenAPI document at all, and how it is told from others.
//!
//! A document without its root is refused with a code and a place; it is never read as one that promises nothing. Tests:
//! `tests/it/openapi/refused.rs`.

use segue_model::check::Side;

use super::library::Library;
use super::model::Dialect;
use crate::doc::{At, Value};
use crate::source::{File, Refused, Span};

/// The maps at the root; a list or a text in their place makes the whole document unreadable.
const MAPS: &[&str] = &["paths", "components", "webhooks", "definitions", "parameters", "responses", "securityDefinitions"];

/// How far a file is looked into to tell what it is.
const LOOKED_AT: usize = 64 * 1024;

/// The key `openapi` or `swagger` at the root, by a cheap look.
pub(super) fn looks_like(file: &File) -> bool {
    has_root_key(file, &["openapi", "swagger"])
}

/// `paths` at the root: the API JSON of document 000's scripts, or an OpenAPI document.
pub(super) fn looks_like_api_json(file: &File) -> bool {
    has_root_key(file, &["paths", "openapi", "swagger"])
}

/// A key that stands at the root: at depth one of JSON, at the beginning of a line of YAML.
fn has_root_key(file: &File, keys: &[&str]) -> bool {
    let Ok(text) = file.as_text() else { return false };
    let trimmed = text.trim_start();
    if trimmed.starts_with('{') {
        return json_root_keys(trimmed).any(|key| keys.contains(&key));
    }
    let head = text.char_indices().nth(LOOKED_AT).map_or(text, |(at, _)| &text[..at]);
    head.lines().any(|line| {
        let line = line.trim_start_matches("--- ");
        let key = line.split(':').next().unwrap_or_default().trim_end().trim_matches(['"', '\'']);
        line.contains(':') && keys.contains(&key)
    })
}

/// The keys at depth one of a JSON map, without reading the values.
fn json_root_keys(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut key_next) = (0, 0_usize, false);
    std::iter::from_fn(move || {
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'{' | b'[' => {
                    depth += 1;
                    key_next = *byte == b'{';
                }
                b'}' | b']' => depth = depth.saturating_sub(1),
                b',' => key_next = true,
                b':' => key_next = false,
                b'"' => {
                    let start = at;
                    while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                        at += if bytes.get(at) == Some(&b'\\') { 2 } else { 1 };
                    }
                    let word = text.get(start..at);
                    at += 1;
                    if depth == 1 && key_next {
                        return Some(word.unwrap_or_default());
                    }
                }
                _ => {}
            }
        }
        None
    })
}

/// The dialect of a document with a root; all that is wrong with it otherwise. `lenient`: `paths` alone is enough.
pub(super) fn dialect(library: &Library, lenient: bool) -> Result<Dialect, Vec<Refused>> {
    let name = library.trees().next().map_or(String::new(), |(_, name, _)| name.to_owned());
    let refuse = |code, span: Option<Span>, message: String, help: &str| Refused {
        code,
        side: library.side,
        file: name.clone(),
        span,
        message,
        help: help.to_owned(),
    };
    let Some(root) = library.root() else {
        return Err(vec![refuse("SG-CHK-021", None, "it could not be read".to_owned(), "Name another file.")]);
    };
    let root = root.at;
    if !root.is_map() {
        let message = format!("the root is {}, and an OpenAPI document is a map", root.what());
        return Err(vec![refuse("SG-CHK-020", Some(root.span()), message, "Name the OpenAPI document itself.")]);
    }
    let dialect = match version(root) {
        Ok(dialect) => dialect,
        Err(None) if lenient && root.get("paths").is_some() => Dialect::V30,
        Err(None) => {
            let message = "neither `openapi` nor `swagger` stands at the root".to_owned();
            let help = "Add `openapi: 3.1.0` (or the version that it follows), or give `--type` when it is another kind of file.";
            return Err(vec![refuse("SG-CHK-022", Some(root.span()), message, help)]);
        }
        Err(Some(at)) => {
            let message = "the version of the specification is none of 2.0, 3.0, 3.1 and 3.2".to_owned();
            return Err(vec![refuse("SG-CHK-023", Some(at.span()), message, "Write the version that the document follows.")]);
        }
    };
    let mut wrong: Vec<Refused> = MAPS
        .iter()
        .filter_map(|key| Some((key, root.get(key)?)))
        .filter(|(_, at)| !at.is_map() && !(matches!(at.value(), Value::Null)))
        .map(|(key, at)| {
            let message = format!("`{key}` is {} where a map belongs", at.what());
            refuse("SG-CHK-025", Some(at.span()), message, "Write it as a map from names to what they name.")
        })
        .collect();
    let roots: &[&str] = if dialect == Dialect::V31 { &["paths", "webhooks", "components"] } else { &["paths"] };
    if wrong.is_empty() && !roots.iter().any(|key| root.get(key).is_some_and(At::is_map)) {
        let message = "it has no `paths`: nothing says what the API offers".to_owned();
        wrong.push(refuse(
            "SG-CHK-024",
            Some(root.span()),
            message,
            "Name the whole document, or write `paths: {}` when the API offers nothing.",
        ));
    }
    if wrong.is_empty() { Ok(dialect) } else { Err(wrong) }
}

/// The document says which specification it follows.
pub(super) fn says_version(library: &Library) -> bool {
    library.root().is_some_and(|root| version(root.at).is_ok())
}

/// By what the root says; the value that says nothing known otherwise, if there is one.
fn version<'a>(root: At<'a>) -> Result<Dialect, Option<At<'a>>> {
    let word = |at: At<'a>| at.text().or_else(|| at.number());
    if let Some(at) = root.get("openapi") {
        return match word(at).map(|word| (word, word.get(..3).unwrap_or(word))) {
            Some((_, "3.0") | ("3", _)) => Ok(Dialect::V30),
            Some((_, "3.1" | "3.2")) => Ok(Dialect::V31),
            _ => Err(Some(at)),
        };
    }
    match root.get("swagger") {
        Some(at) if word(at).is_some_and(|word| word == "2" || word.starts_with("2.0")) => Ok(Dialect::Swagger2),
        other => Err(other),
    }
}

/// What a side is called in sentences.
pub(super) fn side_word(side: Side) -> &'static str {
    match side {
        Side::Old => "the old document",
        Side::New => "the new document",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_from_others() {
        let is = |text: &str| looks_like(&File::text("x", text));
        assert!(is("{\"info\": {\"a\": [\"}\\\"\"]}, \"openapi\": \"3.0.0\"}") && is("# x\nopenapi: 3.1.0\n") && is("swagger: '2.0'"));
        assert!(!is("{\"info\": {\"openapi\": 1}}") && !is("a:\n  openapi: 3\n") && !is("{\"a\": \"openapi\"}") && !is("") && !is("{\""));
        assert!(looks_like_api_json(&File::text("x", "{\"paths\": {}}")));
    }
}
