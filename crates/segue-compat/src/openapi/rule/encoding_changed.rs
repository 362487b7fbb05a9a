//! The parts of a form are written in another way.
//!
//! # What it checks
//!
//! `encoding` of a media type: the content type, style or headers of a part of a form.
//!
//! # Why it breaks
//!
//! The server reads a part in another way than old clients write it.
//!
//! # Safe path
//!
//! Read both ways for a while.
//!
//! # Example
//!
//! ```yaml
//! # old: contentType: text/plain
//! multipart/form-data:
//!   encoding:
//!     meta: {contentType: application/json}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::model::Media;
use crate::openapi::pair::Scene;
use crate::policy::Role;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-encoding-changed",
    title: "The parts of a form are written in another way",
    why: "The server reads a part in another way than old clients write it.",
    fix: "Read both ways for a while.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Media, new: &Media, _: (Role, &str)) {
    if old.encoding != new.encoding {
        found.say(
            &scene.user,
            Said::new(&RULE, scene.new.side, &new.anchor, "the parts of the form are written in another way").breaks(BOTH).tolerated(),
        );
    }
}
