//! Protobuf: trees of `.proto` files and descriptor sets, compared by what readers make of what writers wrote.
//!
//! `parse/` and `descriptor/` read files into one form; `resolve` finds types and inherits features; `pair` says what is the
//! same; `rule/` holds one rule a file; `value/` tries values instead of looking types up. A file that cannot be read whole
//! is refused, and a type of a file that was not given is named under *not checked*. Must never recurse by the document
//! without a bound. Tests: `tests/it/proto/`, cases in `tests/cases/proto/`.

mod ast;
mod context;
pub mod coverage;
mod custom;
mod descriptor;
mod features;
mod lex;
mod model;
mod pair;
mod parse;
mod ranges;
mod reach;
mod resolve;
pub mod rule;
mod value;

use std::collections::BTreeSet;

use crate::draft::Outcome;
use crate::policy::Policy;
use crate::source::{File, Refused, Source};
use ast::{DESCRIPTOR, Fault, FileAst, GRAMMAR, MEANING, NOT_PROTO};
use context::Context;
use model::{Model, Type};
use pair::Pairs;
pub use rule::RULES;

/// Refusals that are told of one side.
const REFUSED_MAX: usize = 40;

/// The file is a `.proto` text or a descriptor set, by what is in it.
pub fn looks_like(file: &File) -> bool {
    if descriptor::looks_like(&file.bytes) {
        return true;
    }
    let Ok(text) = file.as_text() else { return false };
    lex::begins_like_proto(text)
}

/// The paths that a file imports, as written: relative to a root that only the caller knows. Well-known ones are left out.
pub fn references(file: &File) -> Vec<String> {
    let Ok(text) = file.as_text() else { return Vec::new() };
    if descriptor::looks_like(&file.bytes) {
        return Vec::new();
    }
    parse::imports(text).into_iter().filter(|path| !path.starts_with("google/protobuf/")).collect()
}

/// How many custom options are named.
const CUSTOM_MAX: usize = 20;
/// How many imports that were not given are named one by one.
const IMPORTS_MAX: usize = 1_000;

/// Compares two trees of files.
pub fn check(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    let (old_model, new_model) = match (read(old), read(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(mut refused), Err(more)) => {
            refused.extend(more);
            return Err(refused);
        }
        (Err(refused), _) | (_, Err(refused)) => return Err(refused),
    };
    let pairs = Pairs::of(&old_model, &new_model);
    let mut context = Context::new(&old_model, &new_model, &pairs, policy);
    rule::check(&mut context);
    let found = context.drafts;
    let not_checked = not_checked(&old_model, &new_model);
    let undecided = elsewhere_differs(&old_model, &new_model);
    let mut outcome = Outcome { not_checked, undecided, ..Outcome::default() };
    outcome.take(found);
    Ok(outcome)
}

fn read(source: &Source) -> Result<Model, Vec<Refused>> {
    let mut asts: Vec<FileAst> = Vec::new();
    let mut faults: Vec<(u32, Fault)> = Vec::new();
    for (at, file) in (0_u32..).zip(&source.files) {
        let fault = |code, start, what: String| (at, Fault { code, at: crate::source::Span::new(start, start), what });
        if descriptor::looks_like(&file.bytes) {
            match descriptor::read(&file.bytes) {
                Ok(read) => asts.extend(read),
                Err(what) => faults.push(fault(DESCRIPTOR, 0, what.to_owned())),
            }
            continue;
        }
        match file.as_text() {
            Ok(text) if text.trim().is_empty() => faults.push(fault(NOT_PROTO, 0, "the file is empty".to_owned())),
            Ok(text) => {
                let (mut ast, found) = parse::parse(&file.name, text);
                ast.source = Some(at);
                if found.is_empty() && is_hollow(&ast) {
                    faults.push(fault(NOT_PROTO, 0, "the file declares nothing".to_owned()));
                }
                faults.extend(found.into_iter().map(|found| (at, found)));
                asts.push(ast);
            }
            Err(start) => faults.push(fault(NOT_PROTO, start, "the file is neither text in UTF-8 nor a descriptor set".to_owned())),
        }
    }
    if !faults.is_empty() {
        return Err(refuse(source, faults));
    }
    let sources: Vec<Option<u32>> = asts.iter().map(|ast| ast.source).collect();
    let mut custom = BTreeSet::new();
    for ast in &asts {
        custom::names(ast, &mut custom);
    }
    let (mut model, found) = resolve::resolve(asts);
    model.custom = custom;
    if found.is_empty() {
        return Ok(model);
    }
    let faults = found.into_iter().map(|(at, fault)| (sources.get(at as usize).copied().flatten().unwrap_or(0), fault));
    Err(refuse(source, faults.collect()))
}

/// Nothing that a schema has: no syntax, no package, no declaration.
fn is_hollow(ast: &FileAst) -> bool {
    let declares = !(ast.messages.is_empty() && ast.enums.is_empty() && ast.services.is_empty() && ast.extends.is_empty());
    !declares && ast.package.text.is_empty() && ast.imports.is_empty() && ast.options.is_empty() && ast.syntax_at.end == 0
}

fn refuse(source: &Source, faults: Vec<(u32, Fault)>) -> Vec<Refused> {
    let help = |code: &str| match code {
        GRAMMAR => "mend the file until `protoc` or `buf build` reads it",
        MEANING => "the file contradicts itself; mend it until `protoc` or `buf build` reads it",
        ast::UNKNOWN_TYPE => "give the file that declares the type as well, or its import",
        DESCRIPTOR => "make the set anew: `protoc --include_imports --descriptor_set_out=FILE`",
        _ => "give `.proto` files or a descriptor set",
    };
    faults
        .into_iter()
        .take(REFUSED_MAX)
        .map(|(at, fault)| {
            let file = source.files.get(at as usize);
            Refused {
                code: fault.code,
                side: source.side,
                file: file.map_or_else(String::new, |file| file.name.clone()),
                span: file.filter(|file| file.as_text().is_ok()).map(|_| fault.at),
                message: fault.what,
                help: help(fault.code).to_owned(),
            }
        })
        .collect()
}

fn not_checked(old: &Model, new: &Model) -> Vec<String> {
    let missing: BTreeSet<&str> = [old, new].iter().flat_map(|model| &model.missing).map(|(_, import)| import.text.as_ref()).collect();
    let sentence = |import: &&str| format!("the import `{import}` was not given: its types are compared by name only");
    let mut said: Vec<String> = missing.iter().take(IMPORTS_MAX).map(sentence).collect();
    if missing.len() > IMPORTS_MAX {
        said.push(format!("and {} further imports were not given", missing.len() - IMPORTS_MAX));
    }
    let custom: Vec<String> = old.custom.union(&new.custom).take(CUSTOM_MAX).map(|name| format!("`{name}`")).collect();
    if !custom.is_empty() {
        said.push(format!("custom options are not compared: {}", custom.join(", ")));
    }
    said.sort();
    said
}

/// A type that was not given has the same name on both sides, or a finding; what is inside it may still differ. That is
/// said, and undecided only where the sides were not given the same files.
fn elsewhere_differs(old: &Model, new: &Model) -> bool {
    fn names(model: &Model) -> BTreeSet<&str> {
        model.missing.iter().map(|(_, import)| import.text.as_ref()).collect()
    }
    let used = |model: &Model, other: &Model| {
        model.messages.iter().flat_map(|message| &message.fields).any(|field| match &field.kind {
            Type::Elsewhere(name) => other.types.contains_key(name),
            _ => false,
        })
    };
    names(old) != names(new) && (used(old, new) || used(new, old))
}
