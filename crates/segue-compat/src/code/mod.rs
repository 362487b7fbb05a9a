//! Code: the public signatures of a Python or TypeScript module, or of a tree of modules, compared.
//!
//! Files are parsed, never run; what callers can name becomes a flat surface (`model`), pairs of both sides are made
//! (`context`), and each rule is one file. A parameter rule claims a break only with a call that one side takes and the other
//! refuses (`call`). What could not be parsed or is computed is *not checked*. Tests: `tests/it/code/`, cases in
//! `tests/cases/python` and `tests/cases/typescript`.

mod call;
mod context;
mod limit;
mod model;
mod overload;
mod python;
mod resolve;
pub mod rule;
mod syntax;
mod typescript;
mod typing;
mod usage;

pub use model::Language;
pub use rule::RULES;

use std::collections::BTreeMap;

use segue_model::check::{Reach, Side};

use crate::draft::{Draft, Drafts, Outcome};
use crate::policy::Policy;
use crate::source::{File, Refused, Source, Span};
use model::Surface;

/// The language of a file, by its name.
pub fn language(file: &File) -> Option<Language> {
    let name = file.name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".py", ".pyi"]) {
        Some(Language::Python)
    } else if ends(&[".ts", ".tsx", ".mts", ".cts"]) {
        Some(Language::TypeScript)
    } else {
        None
    }
}

/// The file is a module that this family reads.
pub fn looks_like(file: &File) -> bool {
    language(file).is_some()
}

/// The name of the kind in reports, by the first file: `python` or `typescript`.
pub fn kind(source: &Source) -> Option<&'static str> {
    source.files.iter().find_map(language).map(|language| match language {
        Language::Python => "python",
        Language::TypeScript => "typescript",
    })
}

/// Compares the public signatures of both sides. Both must be of one language.
pub fn check(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    let wanted = new.files.iter().chain(&old.files).find_map(language);
    let Some(wanted) = wanted else {
        return Err(vec![refused(
            "SG-CHK-082",
            new,
            0,
            None,
            "no file of it is Python or TypeScript",
            "name modules by `.py`, `.pyi`, `.ts`, `.tsx` or `.d.ts`",
        )]);
    };
    // One file on each side: the name of the file is no part of what callers write.
    let single = old.files.len() == 1 && new.files.len() == 1;
    match (read(old, wanted, single), read(new, wanted, single)) {
        (Ok(before), Ok(after)) => Ok(compare(&before, &after, wanted, policy)),
        (before, after) => Err(before.err().into_iter().chain(after.err()).flatten().collect()),
    }
}

fn compare(old: &Surface, new: &Surface, language: Language, policy: &Policy) -> Outcome {
    let context = context::Context::new(old, new, language, policy);
    let mut outcome = Outcome::default();
    let mut found = Drafts::default();
    for check in rule::CHECKS {
        check(&context, &mut found);
    }
    for (side, surface) in [("old", old), ("new", new)] {
        outcome.not_checked.extend(surface.not_checked.iter().map(|what| format!("{side}: {what}")));
    }
    // What is missing on both sides alike was not compared either.
    outcome.undecided = old.incomplete || new.incomplete || !context.unread.is_empty();
    outcome.take(found);
    outcome.drafts = once(outcome.drafts);
    outcome.not_checked.extend(context.unread);
    outcome
}

/// What is handed on under several names is told of once, under the shortest, with the others as its reach.
fn once(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut groups: BTreeMap<_, Vec<Draft>> = BTreeMap::new();
    for draft in drafts {
        let place = draft.at.map(|(side, place)| (side == Side::New, place));
        groups
            .entry((draft.rule.clone(), place, draft.message.len() - draft.object.len().min(draft.message.len())))
            .or_default()
            .push(draft);
    }
    let mut all = Vec::new();
    for (_, mut group) in groups {
        group.sort_by(|a, b| (a.object.len(), &a.object).cmp(&(b.object.len(), &b.object)));
        let names: Vec<String> = group.iter().map(|draft| draft.object.clone()).collect();
        let count = names.len();
        if let Some(mut first) = group.into_iter().next() {
            if count > 1 {
                first.reach = Some(Reach { count, examples: names.into_iter().take(3).collect() });
            }
            all.push(first);
        }
    }
    all
}

fn read(source: &Source, wanted: Language, single: bool) -> Result<Surface, Vec<Refused>> {
    let mut surface = Surface::default();
    let mut stops = Vec::new();
    let mut modules = Vec::new();
    let mut read_any = false;
    let root = if single { String::new() } else { common_root(source) };
    for (index, file) in (0_u32..).zip(&source.files) {
        let prefix = if single { String::new() } else { resolve::module(&file.name, &root, wanted) };
        modules.push(prefix.clone());
        if language(file) != Some(wanted) {
            if language(file).is_some() {
                surface.not_checked.push(format!("{}: it is of another language than the other files", file.name));
            }
            continue;
        }
        if file.bytes.len() > syntax::BYTES_MAX {
            surface.incomplete = true;
            surface.not_checked.push(format!("{}: larger than 2 MiB, not read", file.name));
            read_any = true;
            continue;
        }
        let text = match file.as_text() {
            Ok(text) => text,
            Err(at) => {
                let span = Some(Span::new(at, at + 1));
                stops.push(refused("SG-CHK-080", source, index, span, "it is not UTF-8 from here on", "save the module as UTF-8"));
                continue;
            }
        };
        let whole = match wanted {
            Language::Python => python::read(&mut surface, index, &file.name, &prefix, text),
            Language::TypeScript => typescript::read(&mut surface, index, &file.name, &prefix, text),
        };
        let help = "check that the file is what its name says, and that it parses";
        read_any |= whole != Ok(false);
        if let Err(span) = whole {
            stops.push(refused("SG-CHK-081", source, index, Some(span), "it cannot be parsed here, where a declaration is lost", help));
        } else if whole == Ok(false) {
            stops.push(refused("SG-CHK-081", source, index, None, "nothing in it could be parsed as a module", help));
        }
    }
    if !stops.is_empty() {
        return Err(stops);
    }
    if !read_any {
        return Err(vec![refused(
            "SG-CHK-082",
            source,
            0,
            None,
            "it is of another language than the other side",
            "compare modules of one language",
        )]);
    }
    resolve::imports(&mut surface, &modules, wanted);
    Ok(surface)
}

/// The folder that all files of a side stand in, with its slash.
fn common_root(source: &Source) -> String {
    let mut root: Option<&str> = None;
    for file in &source.files {
        let folder = file.name.rfind('/').map_or("", |at| &file.name[..=at]);
        root = Some(match root {
            None => folder,
            Some(known) => {
                let same = known.bytes().zip(folder.bytes()).take_while(|(a, b)| a == b).count();
                known.get(..same).and_then(|part| part.rfind('/')).map_or("", |at| &known[..=at])
            }
        });
    }
    root.unwrap_or_default().to_owned()
}

fn refused(code: &'static str, source: &Source, file: u32, span: Option<Span>, message: &str, help: &str) -> Refused {
    let name = source.files.get(file as usize).map(|file| file.name.clone()).unwrap_or_default();
    Refused { code, side: source.side, file: name, span, message: message.to_owned(), help: help.to_owned() }
}
