//! JSON Schema documents, drafts 4 to 2020-12: the contract of stored data and of registries.
//!
//! Data is written by one version and read by another, so that the role is `Data` and the policies of registries apply. What a
//! document is, `$schema` says, or its keywords. It must never take a document of another kind for an empty schema. Tests:
//! `tests/it/json_schema/`, `tests/cases/json_schema/`.

mod dialect;
mod names;
mod read;

use segue_model::check::Side;

use crate::doc::Doc;
use crate::draft::{Drafts, Outcome};
use crate::policy::{Policy, Role};
use crate::rule::Rule;
use crate::shape::ShapeId;
use crate::shape::relate::{Comparison, Options, drafts};
use crate::source::{File, Refused, Source};

/// The rules: those of shapes, by the position `data`.
pub static RULES: &[&Rule] = crate::shape::rule::RULES;

/// The file looks like a schema: it says so, or has the keywords of one.
pub fn looks_like(file: &File) -> bool {
    let Ok(text) = file.as_text() else { return false };
    if dialect::says_so(text) {
        return true;
    }
    let begins = text.trim_start().starts_with('{') || text.contains("$schema") || text.contains("type:");
    begins && Doc::read(text).is_ok_and(|doc| dialect::is_schema(doc.root()))
}

/// What the new schema changes for data of the old one, and the other way round.
pub fn check(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    // What a document says is in its shapes, and it is let go before the other one is read.
    let shown = |source: &Source| read::Side::of(source).map(|side| side.shapes(source));
    let (before, after) = match (shown(old), shown(new)) {
        (Ok(before), Ok(after)) => (before, after),
        (before, after) => return Err([before.err(), after.err()].into_iter().flatten().flatten().collect()),
    };
    let not_checked = before.not_checked.iter().chain(&after.not_checked).cloned().collect();
    let mut comparison = Comparison::new(&before.shapes, &after.shapes, Options::of(policy));
    comparison.relate(before.root, after.root, Role::Data, "data", &title(new, &after.shapes, after.root));
    let mut found = Drafts::default();
    found.extend(drafts(comparison.finish(), policy));
    // What was read on neither side may differ all the same.
    let mut outcome = Outcome { not_checked, undecided: before.lost || after.lost, ..Outcome::default() };
    outcome.take(found);
    Ok(outcome)
}

/// Local files that a document refers to, by their relative names.
pub fn references(file: &File) -> Vec<String> {
    let text = file.as_text().ok().filter(|text| names::may_leave(text));
    text.and_then(|text| Doc::read(text).ok()).map(|doc| names::files(doc.root())).unwrap_or_default()
}

/// Documents on the web that a document of the JSON Schema family refers to, each once; what it names itself by `$id` is not one.
pub fn remote_references(file: &File) -> Vec<String> {
    let text = file.as_text().ok().filter(|text| text.contains("://") && names::may_leave(text));
    text.and_then(|text| Doc::read(text).ok()).map(|doc| names::remote(doc.root())).unwrap_or_default()
}

/// What a person calls the whole: its title, or the file's name.
fn title(source: &Source, shapes: &crate::shape::Shapes, root: ShapeId) -> String {
    let said = shapes.get(root).notes.as_ref().and_then(|notes| notes.title.as_deref());
    said.map_or_else(|| source.files.first().map(|file| file.name.clone()).unwrap_or_default(), str::to_owned)
}

/// A side in words, for messages.
fn word(side: Side) -> &'static str {
    match side {
        Side::Old => "old",
        Side::New => "new",
    }
}
