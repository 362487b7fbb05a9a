//! A scope of OAuth was removed.
//!
//! # What it checks
//!
//! A scope that a scheme offered and does not offer any more.
//!
//! # Why it breaks
//!
//! Clients that ask for it when they get a token are refused, even where no operation needs it.
//!
//! # Safe path
//!
//! Keep the scope and let it mean nothing, until no client asks for it.
//!
//! # Example
//!
//! ```yaml
//! # old: scopes: {read: …, write: …}
//! scopes: {read: …}
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::Scheme;
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;
use std::collections::BTreeSet;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-oauth-scope-removed",
    title: "A scope of OAuth was removed",
    why: "Clients that ask for it when they get a token are refused, even where no operation needs it.",
    fix: "Keep the scope and let it mean nothing, until no client asks for it.",
    answers: &["oasdiff:api-security-component-oauth-scope-removed", "oasdiff:api-security-component-oauth-scope-changed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    let scopes = |scheme: &Scheme| -> BTreeSet<String> { scheme.flows.values().flat_map(|flow| flow.scopes.iter().cloned()).collect() };
    for (name, old, new) in credentials::scheme_pairs(scene) {
        let users = credentials::users(scene, name);
        let _ = users;
        for scope in scopes(old).difference(&scopes(new)) {
            let message = format!("`{name}` does not know the scope `{scope}` any more");
            found.say("", Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(DEPLOY));
        }
    }
}
