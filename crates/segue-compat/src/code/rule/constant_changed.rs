//! A public constant has another value.
//!
//! # What it checks
//! Module and class constants whose literal values differ. Values are shown when they are truth values, numbers or
//! short words under a name that is no secret.
//!
//! # Why it breaks
//! Callers that compare with it, store it or rely on its size get another behaviour without an error.
//!
//! # Safe path
//! Give the new value a new name, or say so in the change log.
//!
//! # Example
//! ```text
//! old: MAX_SIZE = 100
//! new: MAX_SIZE = 10
//! `MAX_SIZE` was 100 and is 10
//! ```

use segue_model::check::{Breaks, Side};
use segue_model::finding::Severity;

use super::{became, value};
use crate::code::context::{Context, Record};
use crate::code::model::{What, last};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-constant-changed",
    title: "A public constant has another value",
    why: "Callers that compare with it, store it or rely on its size get another behaviour without an error.",
    fix: "Give the new value a new name, or say so in the change log.",
    answers: &["griffe:ATTRIBUTE_CHANGED_VALUE"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (What::Attribute(old), What::Attribute(new)) = (&pair.old.what, &pair.new.what) else { continue };
        let (Some(before), Some(after)) = (&old.value, &new.value) else { continue };
        // Versions are meant to change.
        if before.trim_matches(['"', '\'']) == after.trim_matches(['"', '\''])
            || matches!(last(pair.path), "__version__" | "VERSION" | "version")
        {
            continue;
        }
        let (before, after) = (value(pair.path, before), value(pair.path, after));
        let message = format!("`{}` {}", pair.path, became(&before, &after));
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        let draft = context.draft(&RULE, breaks, pair.path, message, Record::new(before, after).silent());
        let severity = draft.severity.min(Severity::Medium);
        out.push(draft.severity(severity).at(Side::New, pair.new.at));
    }
}
