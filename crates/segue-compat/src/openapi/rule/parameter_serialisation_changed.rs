//! A parameter is a document now, or not any more.
//!
//! # What it checks
//!
//! A parameter that was written by a style and is written by a media type (`content`), the other way round, or by another
//! media type.
//!
//! # Why it breaks
//!
//! Where `filter=a,b` was sent, JSON is expected: the server cannot read what old clients send.
//!
//! # Safe path
//!
//! Take a new name for the new way.
//!
//! # Example
//!
//! ```yaml
//! # old: schema: {type: string}
//! parameters:
//!   - name: filter
//!     in: query
//!     content: {application/json: {schema: {type: object}}}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::model::Parameter;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-serialisation-changed",
    title: "A parameter is a document now, or not any more",
    why: "Where `filter=a,b` was sent, JSON is expected: the server cannot read what old clients send.",
    fix: "Take a new name for the new way.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    if old.media != new.media {
        let way = |parameter: &Parameter| parameter.media.as_ref().map_or_else(|| "plain text".to_owned(), |media| format!("`{media}`"));
        let message = format!("the {} parameter `{}` was {} and is {} now", new.location.word(), new.name, way(old), way(new));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(BOTH));
    }
}
