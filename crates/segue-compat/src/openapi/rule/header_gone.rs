//! A header that clients work by and that is not sent any more: what the rules about such headers have in common.
//!
//! Tests: the cases of each of those rules.

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::habits::{self, HeaderKind};
use crate::openapi::model::Response;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// Says every header of a kind that the new response does not send, with what comes of it.
pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    status: &str,
    (old, new): (&Response, &Response),
    rule: &'static Rule,
    (kind, comes_of_it): (HeaderKind, &str),
) {
    let gone = old.headers.iter().filter(|(name, _)| !new.headers.contains_key(*name) && habits::header_kind(name) == Some(kind));
    for (name, header) in gone {
        let anchor = scene.lost(&header.anchor, &format!("responses/{status}/headers/{name}"));
        let message = format!("`{}` is not sent any more: {comes_of_it}", header.name);
        let said = Said::new(rule, scene.old.side, &anchor, message).change("removed").breaks(DEPLOY);
        found.say(&scene.user, if header.required { said } else { said.tolerated() });
    }
}
