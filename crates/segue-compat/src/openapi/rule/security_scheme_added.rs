//! A security scheme was added.
//!
//! # What it checks
//!
//! A scheme under `components/securitySchemes` that only the new document has.
//!
//! # Why it breaks
//!
//! Nothing breaks: operations that ask for it are reported by themselves.
//!
//! # Safe path
//!
//! Nothing has to be done.
//!
//! # Example
//!
//! ```yaml
//! # new
//! components:
//!   securitySchemes:
//!     oauth: {type: oauth2}
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-security-scheme-added",
    title: "A security scheme was added",
    why: "Nothing breaks: operations that ask for it are reported by themselves.",
    fix: "Nothing has to be done.",
    answers: &["oasdiff:api-security-component-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    for (name, scheme) in &scene.new.schemes {
        if credentials::same_scheme(name, scheme, &scene.new.schemes, &scene.old.schemes).is_none() {
            found.say("", Said::new(&RULE, scene.new.side, &scheme.anchor, format!("the security scheme `{name}` was added")));
        }
    }
}
