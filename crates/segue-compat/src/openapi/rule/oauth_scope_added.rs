//! A scope of OAuth was added.
//!
//! # What it checks
//!
//! A scope that only the new document offers.
//!
//! # Why it breaks
//!
//! New clients that ask for it are refused by the old server.
//!
//! # Safe path
//!
//! Let clients ask for it when no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # old: scopes: {read: …}
//! scopes: {read: …, write: …}
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Scheme;
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;
use std::collections::BTreeSet;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-oauth-scope-added",
    title: "A scope of OAuth was added",
    why: "New clients that ask for it are refused by the old server.",
    fix: "Let clients ask for it when no old server is left.",
    answers: &["oasdiff:api-security-component-oauth-scope-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    let scopes = |scheme: &Scheme| -> BTreeSet<String> { scheme.flows.values().flat_map(|flow| flow.scopes.iter().cloned()).collect() };
    for (name, old, new) in credentials::scheme_pairs(scene) {
        let users = credentials::users(scene, name);
        let _ = users;
        for scope in scopes(new).difference(&scopes(old)) {
            let message = format!("`{name}` knows the scope `{scope}` now");
            found.say("", Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(ROLLBACK).additive());
        }
    }
}
