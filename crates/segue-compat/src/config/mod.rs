//! Configuration: two files, or two folders of files, of JSON, YAML, TOML, `.env`, properties or INI, compared by their keys.
//!
//! The application reads what operators wrote: a key that is gone breaks who still reads it, a new one is missed after going
//! back. Values are never printed but truth values, numbers
//! and a few words like `debug` or `production` under names that are no secret. With a schema of
//! each side, the old configuration is held against the new schema and the other way round. Tests: `tests/it/config/`.

mod context;
mod entry;
mod format;
pub mod rule;
mod schema;

pub use format::Format;
pub use rule::RULES;
pub use schema::{check_with_schema, joined};

use crate::draft::{Drafts, Outcome};
use crate::policy::Policy;
use crate::source::{File, Refused, Source};

/// The file is a configuration: by its name, or because it is a tree of keys that nothing else claims.
pub fn looks_like(file: &File) -> bool {
    format::of(file).is_some()
}

/// Compares two configurations; files of several are paired by name.
pub fn check(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    let many = old.files.len() > 1 || new.files.len() > 1;
    let (before, after) = match (entry::read(old, many), entry::read(new, many)) {
        (Ok(before), Ok(after)) => (before, after),
        (before, after) => return Err(before.err().into_iter().chain(after.err()).flatten().collect()),
    };
    let context = context::Context::new(&before, &after, policy);
    let mut outcome = Outcome::default();
    let mut found = Drafts::default();
    for check in rule::CHECKS {
        check(&context, &mut found);
    }
    outcome.not_checked.extend(before.not_checked.iter().chain(&after.not_checked).cloned());
    outcome.undecided = !outcome.not_checked.is_empty();
    outcome.take(found);
    Ok(outcome)
}
