//! An address of an OAuth flow changed.
//!
//! # What it checks
//!
//! `authorizationUrl`, `tokenUrl` or `refreshUrl` of a flow, or a flow that is gone.
//!
//! # Why it breaks
//!
//! Clients that have the old address get no token when it stops answering.
//!
//! # Safe path
//!
//! Keep the old address answering, by a redirect at least.
//!
//! # Example
//!
//! ```yaml
//! # old: https://old.example.com/token
//! flows:
//!   clientCredentials:
//!     tokenUrl: https://new.example.com/token
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{BOTH, DEPLOY, Found, ROLLBACK, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-oauth-address-changed",
    title: "An address of an OAuth flow changed",
    why: "Clients that have the old address get no token when it stops answering.",
    fix: "Keep the old address answering, by a redirect at least.",
    answers: &["oasdiff:api-security-component-oauth-url-changed", "oasdiff:api-security-component-oauth-token-url-changed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    for (name, old, new) in credentials::scheme_pairs(scene) {
        for (kind, flow) in &old.flows {
            let Some(now) = new.flows.get(kind) else {
                let message = format!("the flow `{kind}` of `{name}` is gone");
                found.say("", Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(DEPLOY));
                continue;
            };
            for (key, address) in &flow.addresses {
                if now.addresses.get(key).is_some_and(|now| now != address) {
                    let message = format!("`{key}` of the flow `{kind}` of `{name}` is another address");
                    found.say("", Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(BOTH).tolerated());
                }
            }
        }
        for kind in new.flows.keys().filter(|kind| !old.flows.contains_key(*kind)) {
            let message = format!("the flow `{kind}` of `{name}` is new");
            found.say("", Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(ROLLBACK).additive());
        }
    }
}
