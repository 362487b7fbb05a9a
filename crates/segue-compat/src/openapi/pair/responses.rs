//! Which response is which: by status, then by the range or the default that covers it, then the only success that changed.
//!
//! Tests: `tests/cases/openapi/responses.txt`.

use std::collections::BTreeMap;

use super::{Scene, media, relate};
use crate::openapi::found::Found;
use crate::openapi::model::{Operation, Response};
use crate::openapi::rule;
use crate::shape::relate::Comparison;

/// A response with its status.
type Named<'a> = (&'a str, &'a Response);

/// The responses of a pair of operations.
pub(in crate::openapi) struct StatusMatch<'a> {
    pub(in crate::openapi) same: Vec<(&'a str, &'a Response, &'a Response)>,
    /// The only one of its class that went, and the only one that came.
    pub(in crate::openapi) changed: Vec<(Named<'a>, Named<'a>)>,
    pub(in crate::openapi) removed: Vec<(&'a str, &'a Response)>,
    pub(in crate::openapi) added: Vec<(&'a str, &'a Response)>,
}

/// Shows the responses to the rules, and relates their shapes.
pub(super) fn compare<'a>(found: &mut Found<'_>, shapes: &mut Comparison<'a>, scene: &Scene<'a>, old: &'a Operation, new: &'a Operation) {
    let matched = match_responses(&old.responses, &new.responses);
    for rule in rule::RESPONSES {
        rule(found, scene, &matched);
    }
    let changed = matched.changed.iter().map(|((_, old), (status, new))| (*status, *old, *new));
    for (status, old, new) in matched.same.iter().copied().chain(changed) {
        let types = media::match_media(&old.media, &new.media);
        for rule in rule::RESPONSE {
            rule(found, scene, status, (old, new), &types);
        }
        let mut pairs = types.same;
        if let ([(_, old)], [(_, new)]) = (types.removed.as_slice(), types.added.as_slice()) {
            pairs.push((old, new));
        }
        media::pairs(found, shapes, scene, &pairs, scene.positions.answer);
        for (name, old) in &old.headers {
            let Some(new) = new.headers.get(name) else { continue };
            for rule in rule::HEADER {
                rule(found, scene, old, new);
            }
            relate(found, shapes, scene, (old.shape, new.shape), scene.positions.header, &[]);
        }
    }
}

fn match_responses<'a>(old: &'a BTreeMap<String, Box<Response>>, new: &'a BTreeMap<String, Box<Response>>) -> StatusMatch<'a> {
    let mut matched = StatusMatch { same: Vec::new(), changed: Vec::new(), removed: Vec::new(), added: Vec::new() };
    for (status, response) in old {
        match new.get(status).map(AsRef::as_ref).or_else(|| covering(status, new)) {
            Some(other) => matched.same.push((status, response, other)),
            None => matched.removed.push((status, response)),
        }
    }
    for (status, response) in new {
        if old.contains_key(status) {
            continue;
        }
        match covering(status, old) {
            Some(other) => matched.same.push((status, other, response)),
            None => matched.added.push((status, response)),
        }
    }
    for class in ['2', '4', '5'] {
        let of_class = |list: &[(&'a str, &'a Response)]| {
            let mut found = list.iter().filter(|(status, _)| status.starts_with(class));
            found.next().copied().filter(|_| found.next().is_none())
        };
        if let (Some(old), Some(new)) = (of_class(&matched.removed), of_class(&matched.added)) {
            matched.removed.retain(|one| one.0 != old.0);
            matched.added.retain(|one| one.0 != new.0);
            matched.changed.push((old, new));
        }
    }
    matched
}

/// `2xx` for `204`; `default` for an error.
fn covering<'a>(status: &str, among: &'a BTreeMap<String, Box<Response>>) -> Option<&'a Response> {
    let class = status.chars().next().filter(char::is_ascii_digit)?;
    let range = among.get(&format!("{class}xx")).filter(|_| !status.ends_with("xx"));
    range.or_else(|| among.get("default").filter(|_| matches!(class, '4' | '5'))).map(AsRef::as_ref)
}
