//! An operation answers under another address.
//!
//! # What it checks
//!
//! The `servers` of an operation or of its path name other hosts or base paths than before.
//!
//! # Why it breaks
//!
//! Old clients call an address that does not answer; new clients do so against the old server.
//!
//! # Safe path
//!
//! Keep the old server beside the new one until nobody calls it.
//!
//! # Example
//!
//! ```yaml
//! # old: no servers of its own
//! get:
//!   servers:
//!     - url: /v2
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::model::{Operation, Server};
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use std::collections::BTreeSet;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-operation-server-changed",
    title: "An operation answers under another address",
    why: "Old clients call an address that does not answer; new clients do so against the old server.",
    fix: "Keep the old server beside the new one until nobody calls it.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    if old.servers.is_empty() && new.servers.is_empty() {
        return;
    }
    let targets = |operation: &Operation, of_all: &[Server]| -> BTreeSet<(String, String)> {
        let servers = if operation.servers.is_empty() { of_all } else { &operation.servers };
        if servers.is_empty() {
            return BTreeSet::from([(String::new(), String::new())]);
        }
        servers.iter().map(|server| (server.host().unwrap_or_default().to_owned(), server.path().to_owned())).collect()
    };
    let (before, after) = (targets(old, &scene.old.servers), targets(new, &scene.new.servers));
    if before.is_disjoint(&after) {
        let show =
            |set: &BTreeSet<(String, String)>| set.iter().map(|(host, path)| format!("`{host}{path}/`")).collect::<Vec<_>>().join(", ");
        let message = format!("the operation answered under {} and answers under {} now", show(&before), show(&after));
        // Where one side names no host, both may be the same one.
        let same_path =
            before.iter().any(|(host, path)| after.iter().any(|(other, now)| path == now && (host.is_empty() || other.is_empty())));
        let said = Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(BOTH);
        found.say(&scene.user, if same_path { said.tolerated() } else { said });
    }
}
