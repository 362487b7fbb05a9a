//! A parameter was removed.
//!
//! # What it checks
//!
//! A parameter of the query, a header or a cookie that the new document does not have, and that was not deprecated.
//! Parameters of pagination and idempotency have rules of their own.
//!
//! # Why it breaks
//!
//! Old clients still send it. A server that refuses what it does not know answers 400; one that ignores it answers
//! something else than was asked: a filter that does not filter.
//!
//! # Safe path
//!
//! Deprecate it with a date, keep its meaning until then, and answer 400 rather than ignore it afterwards.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! parameters:
//!   - {name: status, in: query, schema: {type: string}}
//! ```

use crate::openapi::found::{BOTH, DEPLOY, Found, Said};
use crate::openapi::habits;
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-removed",
    title: "A parameter was removed",
    why: "Old clients still send it. A server that refuses what it does not know answers 400; one that ignores it answers something else than was asked: a filter that does not filter.",
    fix: "Deprecate it with a date, keep its meaning until then, and answer 400 rather than ignore it afterwards.",
    answers: &["oasdiff:request-parameter-removed", "claude-skills:required_parameter_removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    for old in matched.removed.iter().filter(|old| !old.life.deprecated && !habits::has_own_rule(&old.name)) {
        let anchor = scene.lost(&old.anchor, &format!("parameters/{}/{}", old.location.word(), old.name));
        let message = format!("the {} parameter `{}` was removed without having been deprecated", old.location.word(), old.name);
        let said = Said::new(&RULE, scene.old.side, &anchor, message).change("removed");
        found.say(&scene.user, if old.required { said.breaks(BOTH) } else { said.breaks(DEPLOY).tolerated() });
    }
}
