//! A new path answers requests that another path answered before.
//!
//! # What it checks
//!
//! A path that was added and that a template of the old document matches as well: `/users/me` beside `/users/{id}`.
//!
//! # Why it breaks
//!
//! A client that asked for the user called `me` gets another answer with the same status, and nothing in its code changed.
//!
//! # Safe path
//!
//! Choose a path that no template matches, or make sure that no such identifier exists.
//!
//! # Example
//!
//! ```yaml
//! # old: /users/{id}; new as well:
//! paths:
//!   /users/me:
//!     get: {}
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::pair::{Matched, Scene, template};
use crate::rule::Rule;
use segue_model::finding::Severity;
use std::collections::BTreeMap;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-path-shadowed",
    title: "A new path answers requests that another path answered before",
    why: "A client that asked for the user called `me` gets another answer with the same status, and nothing in its code changed.",
    fix: "Choose a path that no template matches, or make sure that no such identifier exists.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    let known: BTreeMap<(String, &str), &str> =
        scene.old.operations.iter().map(|old| ((template(&old.path), old.method.as_str()), old.path.as_str())).collect();
    for new in &matched.added {
        let path = template(&new.path);
        let parts: Vec<&str> = path.split('/').collect();
        let general = (0..parts.len().min(32)).filter(|at| !parts[*at].is_empty() && parts[*at] != "{}").find_map(|at| {
            let mut general = parts.clone();
            general[at] = "{}";
            known.get(&(general.join("/"), new.method.as_str())).copied()
        });
        if let Some(general) = general {
            let message = format!("{} now answers what `{general}` answered before", new.label());
            let said = Said::new(&RULE, scene.new.side, &new.anchor, message).change(format!("shadows {general}")).severity(Severity::Low);
            found.say(&new.label(), said);
        }
    }
}
