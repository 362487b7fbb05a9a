//! A value is another.
//!
//! # What it checks
//! Scalars of the same kind that differ. Shown are truth values, numbers and short words under names that are no
//! secret; everything else is only said to differ. An address with another scheme (`postgres:` → `mysql:`) is louder.
//!
//! # Why it breaks
//! Configuration is made to be changed; the behaviour changes with it, and no type says so.
//!
//! # Safe path
//! Check that the change is meant for this environment.
//!
//! # Example
//! ```text
//! old: {timeout: 30}
//! new: {timeout: 3}
//! `timeout` was 30 and is 3
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use super::guard_opened;
use crate::config::context::Context;
use crate::config::entry::Value;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;
use crate::shape::Number;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-value-changed",
    title: "A value is another",
    why: "Configuration is made to be changed; the behaviour changes with it, and no type says so.",
    fix: "Check that the change is meant for this environment.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (path, old, new) in &context.pairs {
        let same_kind = std::mem::discriminant(&old.value) == std::mem::discriminant(&new.value);
        if !same_kind
            || !old.is_scalar()
            || old.value == new.value
            || same_number(&old.value, &new.value)
            || guard_opened::opens(path, old, new)
        {
            continue;
        }
        let schemes = (scheme(&old.value), scheme(&new.value));
        let (message, severity) = match schemes {
            (Some(before), Some(after)) if before != after => {
                (format!("`{path}` goes by `{after}:` now, by `{before}:` before"), Severity::Medium)
            }
            _ => {
                let (before, after) = (old.shown(path), new.shown(path));
                let message = if before == after {
                    format!("`{path}` has another value ({before})")
                } else {
                    format!("`{path}` was {before} and is {after}")
                };
                (message, Severity::Low)
            }
        };
        out.push(Draft::new(&RULE, context.policy, Vec::new(), *path, message).severity(severity).at(Side::New, new.at));
    }
}

/// The scheme of an address.
fn scheme(value: &Value) -> Option<&str> {
    let Value::Text(text) = value else { return None };
    let (scheme, _) = text.split_once("://")?;
    (scheme.len() <= 24 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+')).then_some(scheme)
}

/// One number in two spellings.
fn same_number(old: &Value, new: &Value) -> bool {
    let read = |value: &Value| if let Value::Number(text) = value { Number::read(text) } else { None };
    read(old).is_some() && read(old) == read(new)
}
