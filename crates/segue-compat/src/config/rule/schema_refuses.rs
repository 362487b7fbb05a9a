//! A configuration does not fit a schema.
//!
//! # What it checks
//! The old configuration against the new schema (deploying the application), the new configuration against the old
//! schema (going back), and each against its own. The first place that does not fit is named, never its value.
//!
//! # Why it breaks
//! An application that checks its configuration does not start with it.
//!
//! # Safe path
//! Widen the schema first, then change the configuration, then narrow the schema.
//!
//! # Example
//! ```text
//! new schema: {required: [region]}
//! old configuration: {url: ...}
//! the old configuration does not fit the new schema
//! ```

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use crate::config::context::Context;
use crate::draft::{Draft, Drafts};
use crate::policy::Policy;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-schema-refuses",
    title: "A configuration does not fit a schema",
    why: "An application that checks its configuration does not start with it.",
    fix: "Widen the schema first, then change the configuration, then narrow the schema.",
    answers: &[],
};

/// A pair of a configuration and a schema that do not fit, or of which it could not be decided.
pub(in crate::config) fn draft(policy: &Policy, breaks: Vec<Breaks>, object: String, message: String, undecided: bool) -> Draft {
    let mut draft = Draft::new(&RULE, policy, breaks, object, message);
    draft.undecided = undecided;
    if undecided {
        draft.severity = Severity::Medium;
    }
    draft
}

/// Configurations without schemas have nothing to say here: `config::check_with_schema` makes the drafts.
pub(crate) fn check(_: &Context<'_>, _: &mut Drafts) {}
