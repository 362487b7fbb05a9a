//! An operation answers under another base path.
//!
//! # What it checks
//!
//! The `servers` of an operation or of its path name other base paths than before.
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
    title: "An operation answers under another base path",
    why: "Old clients call an address that does not answer; new clients do so against the old server.",
    fix: "Keep the old server beside the new one until nobody calls it.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    let paths = |operation: &Operation, of_all: &[Server]| -> BTreeSet<String> {
        let servers = if operation.servers.is_empty() { of_all } else { &operation.servers };
        servers.iter().map(|server| server.path().to_owned()).collect()
    };
    if old.servers.is_empty() && new.servers.is_empty() {
        return;
    }
    let (before, after) = (paths(old, &scene.old.servers), paths(new, &scene.new.servers));
    if before.is_disjoint(&after) && !before.is_empty() && !after.is_empty() {
        let show = |set: &BTreeSet<String>| set.iter().map(|path| format!("`{path}/`")).collect::<Vec<_>>().join(", ");
        let message = format!("the operation answered under {} and answers under {} now", show(&before), show(&after));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(BOTH));
    }
}
