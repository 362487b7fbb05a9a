//! The document follows another version of the specification.
//!
//! # What it checks
//!
//! Swagger 2.0, OpenAPI 3.0 and OpenAPI 3.1 on the two sides.
//!
//! # Why it breaks
//!
//! Nothing on the wire changes by that alone; what both sides promise is compared by what each specification means. Tools
//! that read the document may not know the new version.
//!
//! # Safe path
//!
//! Publish both for a while, if others generate code from the document.
//!
//! # Example
//!
//! ```yaml
//! # old: openapi: 3.0.3
//! openapi: 3.1.0
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-specification-changed",
    title: "The document follows another version of the specification",
    why: "Nothing on the wire changes by that alone; what both sides promise is compared by what each specification means. Tools that read the document may not know the new version.",
    fix: "Publish both for a while, if others generate code from the document.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    if scene.old.dialect != scene.new.dialect {
        let message = format!("the document was {} and is {} now", scene.old.dialect.name(), scene.new.dialect.name());
        found.say("", Said::new(&RULE, scene.new.side, &scene.new.root, message));
    }
}
