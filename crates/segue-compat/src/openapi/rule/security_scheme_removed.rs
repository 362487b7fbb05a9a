//! A security scheme was removed.
//!
//! # What it checks
//!
//! A scheme under `components/securitySchemes` that the new document does not have, under any name.
//!
//! # Why it breaks
//!
//! Operations that asked for it are reported by themselves; nobody can use the scheme any more.
//!
//! # Safe path
//!
//! Keep the scheme until no operation and no client uses it.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! components:
//!   securitySchemes:
//!     apiKey: {type: apiKey, in: header, name: X-Key}
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-security-scheme-removed",
    title: "A security scheme was removed",
    why: "Operations that asked for it are reported by themselves; nobody can use the scheme any more.",
    fix: "Keep the scheme until no operation and no client uses it.",
    answers: &["oasdiff:api-security-component-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    for (name, scheme) in &scene.old.schemes {
        if credentials::same_scheme(name, scheme, &scene.old.schemes, &scene.new.schemes).is_none() {
            found.say("", Said::new(&RULE, scene.old.side, &scheme.anchor, format!("the security scheme `{name}` was removed")));
        }
    }
}
