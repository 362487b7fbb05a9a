//! A further host is named.
//!
//! # What it checks
//!
//! A host that only the new document names, beside others.
//!
//! # Why it breaks
//!
//! New clients that call it fail where only the old server stands.
//!
//! # Safe path
//!
//! Nothing has to be done, if the host answers before clients are told.
//!
//! # Example
//!
//! ```yaml
//! # old: api.example.com
//! servers:
//!   - url: https://api.example.com
//!   - url: https://eu.example.com
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::{Anchor, Server};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;
use std::collections::BTreeMap;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-server-added",
    title: "A further host is named",
    why: "New clients that call it fail where only the old server stands.",
    fix: "Nothing has to be done, if the host answers before clients are told.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    let hosts = |servers: &[Server]| -> BTreeMap<String, crate::source::Place> {
        servers.iter().filter_map(|server| Some((server.host()?.to_owned(), server.place))).collect()
    };
    let (before, after) = (hosts(&scene.old.servers), hosts(&scene.new.servers));
    for (host, place) in after.iter().filter(|(host, _)| !before.is_empty() && !before.contains_key(*host)) {
        let anchor = Anchor { object: "servers".to_owned(), place: *place };
        let message = format!("the host `{host}` is named now");
        found.say("", Said::new(&RULE, scene.new.side, &anchor, message).breaks(ROLLBACK).tolerated().additive());
    }
}
