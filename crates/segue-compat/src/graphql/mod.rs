//! GraphQL: SDL or an introspection result against another, by what clients' operations can notice.
//!
//! `read/` makes a schema of either form, `pair/` walks both sides at once, `rule/` judges, `reach` counts the root fields from
//! which a type is reached, `witness` writes the operation that one side takes and the other refuses. GraphQL is nominal and
//! names what it asks for, so that positions follow its own variance; values of inputs go through the shape relation too
//! (`values`). Must never call a skipped part removed, or compatible. Tests: `tests/it/graphql/`, `tests/cases/graphql/`.

mod context;
pub mod coverage;
mod judge;
mod load;
mod pair;
mod reach;
mod read;
mod rename;
pub mod rule;
mod schema;
mod steps;
mod values;
mod witness;

use crate::draft::Outcome;
use crate::policy::Policy;
use crate::rule::Rule;
use crate::source::{File, Refused, Source};

/// Every rule of the family.
pub static RULES: &[&Rule] = rule::RULES;

/// It is SDL or an introspection result, by its first words.
pub fn looks_like(file: &File) -> bool {
    file.as_text().is_ok_and(read::looks_like)
}

/// The files that `# import … from "file"` lines name.
pub fn references(file: &File) -> Vec<String> {
    file.as_text().map(read::imports).unwrap_or_default()
}

/// Compares two schemas.
///
/// # Errors
/// What of either side cannot be read as a schema, each with its place.
pub fn check(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    let (old_docs, new_docs) = both(load::docs(old), load::docs(new))?;
    let (old, new) = both(load::schema(old, &old_docs), load::schema(new, &new_docs))?;
    let mut cx = context::Context::new(&old, &new, policy);
    pair::compare(&mut cx);
    let mut drafts = cx.drafts();
    let mut not_checked: Vec<String> = Vec::new();
    values::relate(&cx, &mut drafts, &mut not_checked);
    for (name, schema) in [("old", &old), ("new", &new)] {
        not_checked.extend(schema.not_checked.iter().map(|sentence| format!("{name}: {sentence}")));
    }
    if old.shown_uses.is_some() != new.shown_uses.is_some() {
        not_checked.push("directives on definitions: an introspection result does not show them".to_owned());
    }
    if cx.gave_up() {
        not_checked.push("which operations reach some of the types: there are too many to count".to_owned());
    }
    if cx.merged_out() {
        not_checked.push("which fields conflict with their namesakes in unions and interfaces: there are too many".to_owned());
    }
    // What is only counted was not judged, and may be what breaks.
    let not_listed = cx.not_listed();
    let undecided = old.skipped || new.skipped || !not_listed.is_empty();
    not_checked.extend(not_listed);
    let steps = steps::steps(std::mem::take(&mut cx.going), &mut not_checked);
    Ok(Outcome { drafts, steps, not_checked, undecided })
}

/// Both, or the reasons of both.
fn both<T>(old: Result<T, Vec<Refused>>, new: Result<T, Vec<Refused>>) -> Result<(T, T), Vec<Refused>> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (Err(mut reasons), Err(more)) => {
            reasons.extend(more);
            Err(reasons)
        }
        (Err(reasons), Ok(_)) | (Ok(_), Err(reasons)) => Err(reasons),
    }
}
