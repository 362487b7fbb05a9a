//! A host does not answer under a protocol any more.
//!
//! # What it checks
//!
//! A host that both documents name, without one of the protocols that it had: `http` or `https`.
//!
//! # Why it breaks
//!
//! Clients that call it by that protocol cannot connect. Without `https`, everything is sent in the open.
//!
//! # Safe path
//!
//! Keep the protocol, or redirect from it; never give up `https`.
//!
//! # Example
//!
//! ```yaml
//! # old: schemes: [http, https]
//! schemes: [https]
//! ```

use crate::openapi::found::{DEPLOY, Found, ROLLBACK, Said};
use crate::openapi::model::{Anchor, Server};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;
use segue_model::finding::Severity;
use std::collections::BTreeMap;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-server-protocol-removed",
    title: "A host does not answer under a protocol any more",
    why: "Clients that call it by that protocol cannot connect. Without `https`, everything is sent in the open.",
    fix: "Keep the protocol, or redirect from it; never give up `https`.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    let protocols = |servers: &[Server]| -> BTreeMap<String, BTreeMap<String, crate::source::Place>> {
        let mut found: BTreeMap<String, BTreeMap<String, crate::source::Place>> = BTreeMap::new();
        for server in servers {
            if let (Some(host), Some(protocol)) = (server.host(), server.protocol()) {
                found.entry(host.to_owned()).or_default().insert(protocol.to_owned(), server.place);
            }
        }
        found
    };
    let (before, after) = (protocols(&scene.old.servers), protocols(&scene.new.servers));
    for (host, protocols) in &before {
        let Some(now) = after.get(host) else { continue };
        for (protocol, place) in protocols.iter().filter(|(protocol, _)| !now.contains_key(*protocol)) {
            let anchor = Anchor { object: "servers".to_owned(), place: *place };
            let message = format!("`{host}` does not answer by {protocol} any more");
            let said = Said::new(&RULE, scene.old.side, &anchor, message).breaks(DEPLOY);
            let hole = protocol == "https" || protocol == "wss";
            found.say("", if hole { said.severity(Severity::Critical) } else { said });
        }
        for (protocol, place) in now.iter().filter(|(protocol, _)| !protocols.contains_key(*protocol)) {
            let anchor = Anchor { object: "servers".to_owned(), place: *place };
            let message = format!("`{host}` answers by {protocol} as well");
            found.say("", Said::new(&RULE, scene.new.side, &anchor, message).breaks(ROLLBACK).additive());
        }
    }
}
