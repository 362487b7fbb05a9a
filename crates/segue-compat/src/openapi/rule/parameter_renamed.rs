//! A parameter seems to have another name.
//!
//! # What it checks
//!
//! A parameter that went and one that came in the same place and of the same kind, whose names say the same. It is a
//! proposal, with its confidence and evidence; both are compared as one parameter.
//!
//! # Why it breaks
//!
//! The server does not know the name that old clients send.
//!
//! # Safe path
//!
//! Read both names for a while, and deprecate the old one.
//!
//! # Example
//!
//! ```yaml
//! # old: userId
//! parameters:
//!   - {name: user_id, in: query, schema: {type: string}}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-renamed",
    title: "A parameter seems to have another name",
    why: "The server does not know the name that old clients send.",
    fix: "Read both names for a while, and deprecate the old one.",
    answers: &["oasdiff:request-parameter-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    for renamed in &matched.renamed {
        let (old, new) = (renamed.old, renamed.new);
        let (percent, evidence) = (renamed.confidence_percent, renamed.evidence);
        let place = new.location.word();
        let message = format!("the {place} parameter `{}` seems to be called `{}` now ({percent}% sure: {evidence})", old.name, new.name);
        let anchor = scene.gained(&new.anchor, &format!("parameters/{}/{}", new.location.word(), new.name));
        let said = Said::new(&RULE, scene.new.side, &anchor, message).change(format!("{} -> {}", old.name, new.name)).breaks(BOTH);
        found.say(&scene.user, said);
    }
}
