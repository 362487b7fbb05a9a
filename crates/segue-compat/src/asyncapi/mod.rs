//! AsyncAPI 2 and 3: channels, operations and messages of an application, through one model for both versions.
//!
//! What the application receives is a request (others make it), what it sends is a response (others read it), and both become
//! stored data where the channel is a log that keeps messages (Kafka): then each version reads what the other wrote. In version
//! 2 `publish` is what clients publish, so the application receives it; `subscribe` is what it sends. Payloads of another
//! schema language are *not checked*. Tests: `tests/it/asyncapi/`, cases in `tests/cases/asyncapi`.

mod context;
mod model;
mod payload;
mod read;
pub mod rule;

pub use rule::RULES;

use crate::doc::{At, Doc, Value};
use crate::draft::{Drafts, Outcome};
use crate::policy::Policy;
use crate::shape::relate::{Comparison, Options, drafts};
use crate::source::{File, Refused, Source};

/// The file says that it is AsyncAPI.
pub fn looks_like(file: &File) -> bool {
    let Ok(text) = file.as_text() else { return false };
    text.contains("asyncapi") && Doc::read(text).is_ok_and(|doc| doc.root().get("asyncapi").is_some())
}

/// Compares two documents, each with the files that it refers to.
pub fn check(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    let (before, after) = match (read::documents(old), read::documents(new)) {
        (Ok(before), Ok(after)) => (before, after),
        (before, after) => return Err(before.err().into_iter().chain(after.err()).flatten().collect()),
    };
    let (left, right) = (read::api(old, &before), read::api(new, &after));
    let context = context::Context::new(&left, &right, policy);
    let mut outcome = Outcome::default();
    let mut found = Drafts::default();
    for check in rule::CHECKS {
        check(&context, &mut found);
    }
    let mut comparison = Comparison::new(&left.shapes, &right.shapes, Options::of(policy));
    payload::relate(&context, &mut comparison);
    found.extend(drafts(comparison.finish(), policy));
    outcome.undecided = left.incomplete || right.incomplete;
    outcome.take(found);
    outcome.not_checked.extend(left.not_checked.iter().chain(&right.not_checked).cloned());
    Ok(outcome)
}

/// Local files that a document names, by relative names.
pub fn references(file: &File) -> Vec<String> {
    let Some(doc) = file.as_text().ok().and_then(|text| Doc::read(text).ok()) else { return Vec::new() };
    let mut found = std::collections::BTreeSet::new();
    let mut open: Vec<At<'_>> = vec![doc.root()];
    let mut steps = 0_usize;
    while let Some(at) = open.pop() {
        steps += 1;
        if steps > crate::doc::NODES_MAX {
            break;
        }
        if let Some(Value::Text(text)) = at.get("$ref").map(At::value) {
            let path = text.split('#').next().unwrap_or_default();
            if !path.is_empty() && !path.contains("://") {
                found.insert(path.to_owned());
            }
        }
        open.extend(at.entries().map(|(_, _, inner)| inner).filter(|inner| inner.is_map() || inner.is_list()));
        open.extend(at.items().filter(|inner| inner.is_map() || inner.is_list()));
    }
    found.into_iter().collect()
}
