//! A security scheme works in another way.
//!
//! # What it checks
//!
//! The kind of a scheme, the place or the name of a key, the HTTP scheme, or the address of OpenID Connect.
//!
//! # Why it breaks
//!
//! Clients send their credentials as before, where nobody looks for them now; new clients do so with the old server.
//!
//! # Safe path
//!
//! Add the new way as a scheme of its own, accept both, and remove the old one when nobody uses it.
//!
//! # Example
//!
//! ```yaml
//! # old: {type: apiKey, in: query, name: key}
//! apiKey: {type: apiKey, in: header, name: X-Key}
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-security-scheme-changed",
    title: "A security scheme works in another way",
    why: "Clients send their credentials as before, where nobody looks for them now; new clients do so with the old server.",
    fix: "Add the new way as a scheme of its own, accept both, and remove the old one when nobody uses it.",
    answers: &["oasdiff:api-security-component-type-changed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    for (name, old, new) in credentials::scheme_pairs(scene) {
        let users = credentials::users(scene, name);
        let mut changes = Vec::new();
        if old.kind == new.kind {
            for key in ["in", "name", "scheme", "openIdConnectUrl"] {
                let (before, after) = (old.details.get(key), new.details.get(key));
                if before != after {
                    let word = |value: Option<&String>| value.map_or("nothing", String::as_str).to_owned();
                    changes.push(format!("`{key}` of the security scheme `{name}` was `{}` and is `{}` now", word(before), word(after)));
                }
            }
        } else {
            changes.push(format!("the security scheme `{name}` was of the kind `{}` and is of the kind `{}` now", old.kind, new.kind));
        }
        for change in changes {
            for user in &users {
                found.say(user, Said::new(&RULE, scene.new.side, &new.anchor, change.clone()).breaks(BOTH));
            }
            if users.is_empty() {
                found.say("", Said::new(&RULE, scene.new.side, &new.anchor, change).severity(Severity::Low));
            }
        }
    }
}
