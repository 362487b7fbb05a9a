//! One side's files as one schema, or the reasons why not. Tests: `tests/it/graphql/{read,hostile}.rs`.

use super::read;
use super::schema::{BUILT_IN_DIRECTIVES, Schema};
use crate::doc::Doc;
use crate::source::{Refused, Source, Span};

/// The JSON documents of a side, in the order of its files.
pub(super) struct Docs(Vec<Option<Doc>>);

fn refused(source: &Source, file: usize, span: Option<Span>, code: &'static str, message: String, help: &str) -> Refused {
    let file = source.files.get(file).map(|file| file.name.clone()).unwrap_or_default();
    Refused { code, side: source.side, file, span, message, help: help.to_owned() }
}

/// Reads what is JSON.
pub(super) fn docs(source: &Source) -> Result<Docs, Vec<Refused>> {
    let mut found = Vec::new();
    let mut reasons = Vec::new();
    for (at, file) in source.files.iter().enumerate() {
        let text = match file.as_text() {
            Ok(text) => text,
            Err(byte) => {
                let help = "save the file as UTF-8";
                reasons.push(refused(source, at, Some(Span::new(byte, byte + 1)), "SG-CHK-031", "the file is not UTF-8".to_owned(), help));
                continue;
            }
        };
        if !text.trim_start().starts_with('{') || !read::is_introspection(text) {
            found.push(None);
            continue;
        }
        match Doc::json(text) {
            Ok(doc) => found.push(Some(doc)),
            Err(stop) => {
                let message = format!("the introspection result is no JSON: {}", stop.what);
                reasons.push(refused(source, at, Some(stop.at), "SG-CHK-033", message, "write the server's whole answer to the file"));
            }
        }
    }
    if reasons.is_empty() { Ok(Docs(found)) } else { Err(reasons) }
}

/// Reads the schema of a side.
pub(super) fn schema<'a>(source: &'a Source, docs: &'a Docs) -> Result<Schema<'a>, Vec<Refused>> {
    let mut schema = Schema::default();
    let mut reasons = Vec::new();
    let mut definitions = 0;
    for ((number, file), doc) in (0_u32..).zip(&source.files).zip(&docs.0) {
        let at = number as usize;
        let Ok(text) = file.as_text() else { continue };
        if let Some(doc) = doc {
            match read::read_introspection(doc, &file.name, number, &mut schema) {
                Ok(count) => definitions += count,
                Err(stop) => {
                    let message = format!("the introspection result cannot be read: {}", stop.what);
                    let help = "ask with the introspection query of your GraphQL library, and write the whole answer to the file";
                    reasons.push(refused(source, at, Some(stop.at), "SG-CHK-033", message, help));
                }
            }
            continue;
        }
        match read::read_sdl(text, &file.name, number, &mut schema) {
            Ok(count) => definitions += count,
            Err(stop) if stop.fatal => {
                let help = if stop.what == read::TOO_MANY {
                    "compare the parts of so large a schema one by one"
                } else {
                    "close the text, so that what follows can be read"
                };
                reasons.push(refused(source, at, Some(stop.at), "SG-CHK-031", stop.what.to_owned(), help));
            }
            Err(stop) => {
                let message = format!("most of the file is no GraphQL schema; the first place: {}", stop.what);
                reasons.push(refused(
                    source,
                    at,
                    Some(stop.at),
                    "SG-CHK-032",
                    message,
                    "name a file of type definitions (SDL) or an introspection result",
                ));
            }
        }
    }
    if reasons.is_empty() && definitions == 0 {
        let help = "name a file of type definitions (SDL) or an introspection result";
        reasons.push(refused(source, 0, None, "SG-CHK-030", "the file defines no GraphQL type".to_owned(), help));
    }
    if !reasons.is_empty() {
        return Err(reasons);
    }
    finish(&mut schema);
    Ok(schema)
}

/// What is known only when every file was read.
fn finish(schema: &mut Schema<'_>) {
    schema.default_roots();
    schema.directives.retain(|name, _| !BUILT_IN_DIRECTIVES.contains(name));
    let mut missing: Vec<&str> = Vec::new();
    for def in schema.types.values() {
        let fields =
            def.fields.iter().flat_map(|field| std::iter::once(field.gives.name).chain(field.arguments.iter().map(|one| one.takes.name)));
        let inputs = def.inputs.iter().map(|input| input.takes.name);
        let named = def.members.iter().chain(&def.interfaces).map(|named| named.name);
        missing.extend(fields.chain(inputs).chain(named).filter(|name| schema.kind(name).is_none() && !schema.unread.contains(name)));
    }
    missing.sort_unstable();
    missing.dedup();
    let (few, more) = missing.split_at(missing.len().min(10));
    if !few.is_empty() {
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        let text = format!("types that are used but not defined here: {}{more}; what changes in them is not seen", few.join(", "));
        schema.not_checked.push(text);
    }
}
