//! The base path of the API changed.
//!
//! # What it checks
//!
//! `basePath`, or the path of every server address, is another one, and the paths themselves do not make up for it.
//!
//! # Why it breaks
//!
//! Every call of an old client goes to an address that does not answer; so does every call of a new client to the old
//! server.
//!
//! # Safe path
//!
//! Answer under both base paths, by a second server or a redirect in the gateway, until no old client is left.
//!
//! # Example
//!
//! ```yaml
//! # old: https://api.example.com/v1
//! servers:
//!   - url: https://api.example.com/v2
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::model::{Anchor, Server};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;
use std::collections::BTreeSet;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-server-path-changed",
    title: "The base path of the API changed",
    why: "Every call of an old client goes to an address that does not answer; so does every call of a new client to the old server.",
    fix: "Answer under both base paths, by a second server or a redirect in the gateway, until no old client is left.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    if matched.by_full_path {
        return;
    }
    let paths = |servers: &[Server]| -> BTreeSet<String> {
        if servers.is_empty() { BTreeSet::from([String::new()]) } else { servers.iter().map(|server| server.path().to_owned()).collect() }
    };
    let (before, after) = (paths(&scene.old.servers), paths(&scene.new.servers));
    if before.is_disjoint(&after) {
        let show = |set: &BTreeSet<String>| set.iter().map(|path| format!("`{path}/`")).collect::<Vec<_>>().join(", ");
        let place = scene.new.servers.first().map_or(scene.new.root.place, |server| server.place);
        let anchor = Anchor { object: "servers".to_owned(), place };
        let message = format!("the API answered under {} and answers under {} now", show(&before), show(&after));
        let said = Said::new(&RULE, scene.new.side, &anchor, message).breaks(BOTH);
        found.say("", said);
    }
}
