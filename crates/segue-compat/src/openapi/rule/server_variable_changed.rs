//! A variable of a server address changed.
//!
//! # What it checks
//!
//! The default of a variable in a server address, or a value that it may have, is another one.
//!
//! # Why it breaks
//!
//! Generated clients put the default into the address, or offer the values; what is gone does not answer any more.
//!
//! # Safe path
//!
//! Keep the old values until nobody uses them.
//!
//! # Example
//!
//! ```yaml
//! # old: default: eu, enum: [eu, us]
//! servers:
//!   - url: https://{region}.example.com
//!     variables:
//!       region: {default: us, enum: [us]}
//! ```

use crate::openapi::found::{DEPLOY, Found, ROLLBACK, Said};
use crate::openapi::model::{Anchor, Server};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;
use segue_model::finding::Severity;
use std::collections::BTreeMap;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-server-variable-changed",
    title: "A variable of a server address changed",
    why: "Generated clients put the default into the address, or offer the values; what is gone does not answer any more.",
    fix: "Keep the old values until nobody uses them.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    let variables = |servers: &[Server]| -> BTreeMap<String, (String, Vec<String>, crate::source::Place)> {
        let of_one = |server: &Server| {
            let place = server.place;
            server
                .variables
                .clone()
                .into_iter()
                .map(move |(name, (default, choices))| (name, (default, choices, place)))
                .collect::<Vec<_>>()
        };
        servers.iter().flat_map(of_one).collect()
    };
    let (before, after) = (variables(&scene.old.servers), variables(&scene.new.servers));
    for (name, (default, choices, _)) in &before {
        let Some((now, now_choices, place)) = after.get(name) else { continue };
        let anchor = Anchor { object: "servers".to_owned(), place: *place };
        if default != now {
            let message = format!("the variable `{name}` of a server address is `{now}` by default, and was `{default}`");
            found.say("", Said::new(&RULE, scene.new.side, &anchor, message).severity(Severity::Low));
        }
        for gone in choices.iter().filter(|choice| !now_choices.is_empty() && !now_choices.contains(choice)) {
            let message = format!("the variable `{name}` of a server address cannot be `{gone}` any more");
            found.say("", Said::new(&RULE, scene.new.side, &anchor, message).breaks(DEPLOY));
        }
        for came in now_choices.iter().filter(|choice| !choices.is_empty() && !choices.contains(choice)) {
            let message = format!("the variable `{name}` of a server address can be `{came}` now");
            found.say("", Said::new(&RULE, scene.new.side, &anchor, message).breaks(ROLLBACK).additive());
        }
    }
}
