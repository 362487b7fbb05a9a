//! OpenAPI: Swagger 2.0, OpenAPI 3.0 and 3.1, in JSON and YAML, and the API JSON of document 000's scripts.
//!
//! Two documents are read into one model as far as they go, paired, and shown to the rules; value shapes are related by
//! `shape/`. Must never call compatible what could not be read. Tests: `tests/it/openapi/`, `tests/cases/openapi/`.

pub mod coverage;
mod credentials;
mod dates;
mod found;
mod habits;
mod library;
mod model;
mod pair;
mod read;
mod root;
mod rule;
mod seen;
mod steps;

use std::collections::BTreeSet;

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use crate::doc::Doc;
use crate::draft::{Draft, Outcome};
use crate::policy::Policy;
use crate::shape::relate::{self, Comparison, Options};
use crate::source::{File, Refused, Source};
use found::Found;
use library::Library;
use model::Document;
use pair::Scene;

pub use rule::RULES;
pub use seen::{OperationSeen, operations};

/// How many sentences of what was left out are reported.
const NOT_CHECKED_MAX: usize = 200;

/// It is an OpenAPI or Swagger document, by a look at its root.
pub fn looks_like(file: &File) -> bool {
    root::looks_like(file)
}

/// It has `paths` at its root, as the API JSON of document 000's scripts and OpenAPI have.
pub fn looks_like_api_json(file: &File) -> bool {
    root::looks_like_api_json(file)
}

/// Compares two documents; dates that were promised are not compared with a day.
pub fn check(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    check_on(old, new, policy, None)
}

/// Compares two documents as of a day, `2026-11-21`.
pub fn check_on(old: &Source, new: &Source, policy: &Policy, today: Option<&str>) -> Result<Outcome, Vec<Refused>> {
    compare(old, new, policy, today, false)
}

/// Compares the API JSON of document 000's scripts: `paths` and `components/schemas` without a version. OpenAPI is taken as well.
/// Models are compared by themselves where a document has no version, because those scripts do.
pub fn api_json(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    compare(old, new, policy, None, true)
}

/// The names of local files that a document refers to, as they are written; addresses are left out.
pub fn references(file: &File) -> Vec<String> {
    let Ok(text) = file.as_text() else { return Vec::new() };
    let elsewhere = |at: usize| {
        let behind = text[at + 4..].trim_start_matches(['"', '\'', ' ', ':', '\t', '\n', '\r']);
        !behind.starts_with('#')
    };
    if !text.match_indices("$ref").any(|(at, _)| elsewhere(at)) {
        return Vec::new();
    }
    let Ok(doc) = Doc::read(text) else { return Vec::new() };
    let mut names = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![doc.root()];
    while let Some(at) = open.pop() {
        if !seen.insert(at.id) {
            continue;
        }
        if let Some(reference) = at.text_at("$ref") {
            let name = reference.split('#').next().unwrap_or_default();
            if !name.is_empty() && !name.contains("://") && !name.starts_with("//") {
                names.insert(name.to_owned());
            }
        }
        open.extend(at.entries().map(|(_, _, value)| value));
        open.extend(at.items());
    }
    names.into_iter().collect()
}

fn compare(old: &Source, new: &Source, policy: &Policy, today: Option<&str>, lenient: bool) -> Result<Outcome, Vec<Refused>> {
    let (old_files, new_files) = both(Library::read(old).map_err(|one| vec![one]), Library::read(new).map_err(|one| vec![one]))?;
    let (old_dialect, new_dialect) = both(root::dialect(&old_files, lenient), root::dialect(&new_files, lenient))?;
    let (Some(old), Some(new)) = (read::document(&old_files, old_dialect), read::document(&new_files, new_dialect)) else {
        return Ok(Outcome { undecided: true, ..Outcome::default() });
    };
    let models = lenient && [&old_files, &new_files].iter().all(|files| !root::says_version(files));
    let scene = Scene {
        old: &old,
        new: &new,
        old_files: &old_files,
        new_files: &new_files,
        options: Options::of(policy),
        user: String::new(),
        operation: None,
        positions: &pair::SERVED,
    };
    let mut found = Found::new(policy, today);
    let mut shapes = Comparison::new(&old.shapes, &new.shapes, scene.options);
    pair::documents(&mut found, &mut shapes, &scene, models);
    let mut drafts: Vec<Draft> = relate::drafts(shapes.finish(), policy).collect();
    let special = found.said_of_defaults();
    drafts.retain(|draft| !(draft.rule.ends_with("-default") && special.contains(draft.object.trim_end_matches("/schema"))));
    for draft in drafts.iter_mut().filter(|draft| draft.rule.starts_with("request-") && draft.rule.ends_with("-default")) {
        // Nobody is refused, but who leaves the value out gets something else than was asked for.
        draft.severity = draft.severity.max(Severity::Low);
    }
    for draft in &mut drafts {
        one_way(draft, policy);
    }
    let breaking = drafts.iter().filter(|draft| draft.breaks.contains(&Breaks::Deploy)).count() + found.breaking();
    rule::version_not_bumped(&mut found, &scene, breaking);
    rule::version_decreased(&mut found, &scene);
    let (mut not_checked, mut undecided) = left_out(&old, &new);
    if found.left_out > 0 {
        not_checked.push(format!("{} further findings are not listed", found.left_out));
        undecided = true;
    }
    drafts.extend(found.drafts());
    let steps = steps::steps(&drafts);
    Ok(Outcome { drafts, steps, not_checked, undecided })
}

/// A property that goes only the other way now is as good as removed for who reads or sends it; one that came back is as new.
fn one_way(draft: &mut Draft, policy: &Policy) {
    let (breaks, most) = match (draft.rule.as_str(), draft.change.as_str()) {
        ("response-body-write-only", "writeOnly +") | ("request-body-read-only", "readOnly +") => (found::DEPLOY, Severity::Medium),
        ("response-body-write-only", "writeOnly -") | ("request-body-read-only", "readOnly -") => (found::ROLLBACK, Severity::Low),
        _ => return,
    };
    draft.severity = policy.severity(breaks, false).min(most);
    draft.breaks = breaks.to_vec();
    let fix = if draft.rule.starts_with("response") { "Stop reading it first." } else { "Stop sending it first." };
    fix.clone_into(&mut draft.fix);
}

/// Both, or what is wrong with either.
fn both<T>(old: Result<T, Vec<Refused>>, new: Result<T, Vec<Refused>>) -> Result<(T, T), Vec<Refused>> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (Err(mut wrong), Err(more)) => {
            wrong.extend(more);
            Err(wrong)
        }
        (Err(wrong), _) | (_, Err(wrong)) => Err(wrong),
    }
}

/// What was left out on either side, and whether that could hide a difference: it can where the sides left out other things.
fn left_out(old: &Document, new: &Document) -> (Vec<String>, bool) {
    let marks = |document: &Document| -> BTreeSet<(String, u64)> {
        document.skipped.iter().filter(|(_, (_, mark))| *mark != 0).map(|(object, (_, mark))| (object.clone(), *mark)).collect()
    };
    let undecided = marks(old) != marks(new) || !old.unresolved.is_empty() || !new.unresolved.is_empty();
    let mut sentences = BTreeSet::new();
    for document in [old, new] {
        let side = root::side_word(document.side);
        let skipped = document.skipped.values().map(|(sentence, _)| sentence);
        sentences.extend(skipped.chain(&document.unresolved).map(|sentence| format!("{side}: {sentence}")));
    }
    let count = sentences.len();
    let mut listed: Vec<String> = sentences.into_iter().take(NOT_CHECKED_MAX).collect();
    if count > NOT_CHECKED_MAX {
        listed.push(format!("and {} further values of the wrong kind", count - NOT_CHECKED_MAX));
    }
    (listed, undecided)
}
