//! A host is not named any more.
//!
//! # What it checks
//!
//! A host of the old `servers` (or `host`) that the new document does not name, though it names others.
//!
//! # Why it breaks
//!
//! Clients that call that host fail when it stops answering.
//!
//! # Safe path
//!
//! Keep the old host answering, and redirect.
//!
//! # Example
//!
//! ```yaml
//! # old: api.example.com and eu.example.com
//! servers:
//!   - url: https://api.example.com
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::{Anchor, Server};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;
use std::collections::BTreeMap;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-server-removed",
    title: "A host is not named any more",
    why: "Clients that call that host fail when it stops answering.",
    fix: "Keep the old host answering, and redirect.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    let hosts = |servers: &[Server]| -> BTreeMap<String, crate::source::Place> {
        servers.iter().filter_map(|server| Some((server.host()?.to_owned(), server.place))).collect()
    };
    let (before, after) = (hosts(&scene.old.servers), hosts(&scene.new.servers));
    for (host, place) in before.iter().filter(|(host, _)| !after.is_empty() && !after.contains_key(*host)) {
        let anchor = Anchor { object: "servers".to_owned(), place: *place };
        let message = format!("the host `{host}` is not named any more");
        found.say("", Said::new(&RULE, scene.old.side, &anchor, message).breaks(DEPLOY).tolerated());
    }
}
