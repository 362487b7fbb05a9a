//! A path parameter has another name.
//!
//! # What it checks
//!
//! The name between braces of a path changed; the position is the same.
//!
//! # Why it breaks
//!
//! Nothing on the wire changes. Generated clients name the argument anew, so calls by name do not compile.
//!
//! # Safe path
//!
//! Keep the name, if clients are generated.
//!
//! # Example
//!
//! ```yaml
//! # old: /orders/{id}
//! paths:
//!   /orders/{orderId}:
//!     get: {}
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::model::{Location, Parameter};
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-path-parameter-renamed",
    title: "A path parameter has another name",
    why: "Nothing on the wire changes. Generated clients name the argument anew, so calls by name do not compile.",
    fix: "Keep the name, if clients are generated.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    if old.location == Location::Path && new.location == Location::Path && old.name != new.name {
        let message = format!("the path parameter `{}` is called `{}` now", old.name, new.name);
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message));
    }
}
