//! Avro: schema resolution both ways, the new reader of old data and the old reader of new data.
//!
//! `read` makes one arena of a side's files; `resolve` is the specification's resolution, each pair of types once; `rule/`
//! says what it found, one rule a file; `datum` makes the proofs. A schema that no library would take is refused, never
//! called compatible. Tests: `tests/it/avro/`, cases in `tests/cases/avro/`.

mod context;
pub mod coverage;
mod datum;
mod read;
mod resolve;
pub mod rule;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use crate::doc::{At, Doc};
use crate::draft::Outcome;
use crate::policy::Policy;
use crate::source::{File, Refused, Source};
use context::{Context, Sides};
pub use rule::RULES;
use schema::{Id, Schema};

/// The file is an Avro schema, by what is in it: a named type of Avro somewhere near its root, or only a name of its types.
pub fn looks_like(file: &File) -> bool {
    let Ok(text) = file.as_text() else { return false };
    let words = ["\"record\"", "\"enum\"", "\"fixed\"", "\"error\""];
    let begins = text.trim_start().bytes().next();
    if !matches!(begins, Some(b'{' | b'[')) || !words.iter().any(|word| text.contains(word)) {
        return false;
    }
    Doc::json(text).is_ok_and(|doc| is_type(doc.root(), 0))
}

fn is_type(at: At<'_>, depth: usize) -> bool {
    let named = at.text_at("name").is_some();
    match at.text_at("type") {
        Some("record" | "error") => named && at.get("fields").is_some_and(At::is_list),
        Some("enum") => named && at.get("symbols").is_some_and(At::is_list),
        Some("fixed") => named && at.get("size").is_some(),
        Some("array") => depth < 4 && at.get("items").is_some_and(|items| is_type(items, depth + 1)),
        Some("map") => depth < 4 && at.get("values").is_some_and(|values| is_type(values, depth + 1)),
        _ => depth < 4 && at.is_list() && at.items().take(64).any(|item| is_type(item, depth + 1)),
    }
}

/// Compares two schemas, each of one or more files.
pub fn check(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    let (old, new) = match (read::read(old), read::read(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(mut refused), Err(more)) => {
            refused.extend(more);
            return Err(refused);
        }
        (Err(refused), _) | (_, Err(refused)) => return Err(refused),
    };
    let mut context = Context::new(&old, &new, policy);
    let mut outcome = Outcome::default();
    let (pairs, gone, came) = pair_roots(&old, &new);
    // A rename that is known silences the two problems that it explains: find them all first.
    let mut resolved = Vec::new();
    let mut seen = BTreeSet::new();
    for roots in pairs {
        let forth = resolve::resolve(&old, &new, roots);
        let back = resolve::resolve(&new, &old, (roots.1, roots.0));
        if !(forth.whole && back.whole) {
            outcome.undecided = true;
            outcome.not_checked.push("the schemas have more pairs of types than are compared".to_owned());
        }
        seen.extend(forth.pairs.iter().copied());
        seen.extend(back.pairs.iter().map(|(writer, reader)| (*reader, *writer)));
        resolved.push((roots, forth.problems, back.problems));
    }
    for (one, other) in &seen {
        rule::renames(&mut context, *one, *other);
    }
    for (roots, forth, back) in resolved {
        context.roots = roots;
        for problem in &forth {
            rule::problem(&mut context, Sides::Deploy, problem);
        }
        for problem in &back {
            rule::problem(&mut context, Sides::Rollback, problem);
        }
    }
    for (one, other) in &seen {
        rule::notes(&mut context, *one, *other);
    }
    for (file, root) in gone {
        rule::schema_removed::check(&mut context, &file, root);
    }
    for (file, root) in came {
        rule::schema_added::check(&mut context, &file, root);
    }
    context.tell(&mut outcome);
    Ok(outcome)
}

type Alone = Vec<(String, Id)>;

/// The first file of each side, then files of the same name, then types of the same name wherever they stand.
fn pair_roots(old: &Schema, new: &Schema) -> (Vec<(Id, Id)>, Alone, Alone) {
    let mut pairs = Vec::new();
    if let (Some(first), Some(partner)) = (old.roots.first(), new.roots.first()) {
        pairs.push((first.1, partner.1));
    }
    let by_file: BTreeMap<&str, Id> = new.roots.iter().skip(1).map(|(file, root)| (file.as_str(), *root)).collect();
    let old_files: BTreeSet<&str> = old.roots.iter().map(|(file, _)| file.as_str()).collect();
    let mut gone = Alone::new();
    for (file, root) in old.roots.iter().skip(1) {
        match by_file.get(file.as_str()).or_else(|| new.names.get(old.branch(*root).as_str())) {
            Some(partner) => pairs.push((*root, *partner)),
            None => gone.push((file.clone(), *root)),
        }
    }
    let is_new = |(file, root): &&(String, Id)| !old_files.contains(file.as_str()) && !old.names.contains_key(new.branch(*root).as_str());
    let came = new.roots.iter().skip(1).filter(is_new).cloned().collect();
    (pairs, gone, came)
}
