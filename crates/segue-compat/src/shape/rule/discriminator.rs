//! The discriminator changed.
//!
//! # What it checks
//! The property of `discriminator` and its mapping.
//!
//! # Why it breaks
//! Generated clients choose the class of a value by it: they choose none, or the wrong one.
//!
//! # Safe path
//! Keep the property and its values; add new values only after clients know them.
//!
//! # Example
//! `propertyName: kind` to `type`: clients find no class for a value.

use crate::rule::Rule;
use crate::shape::pairs::{Anchor, Local, Proof};
use crate::shape::{ShapeId, Shapes, Step};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "discriminator",
    title: "The discriminator changed",
    why: "Generated clients choose the class of a value by it: they choose none, or the wrong one.",
    fix: "Keep the property and its values; add new values only after clients know them.",
    answers: &[
        "oasdiff:request-body-discriminator-added",
        "oasdiff:request-body-discriminator-removed",
        "oasdiff:request-body-discriminator-property-name-changed",
        "oasdiff:request-body-discriminator-mapping-deleted",
        "oasdiff:request-body-discriminator-mapping-changed",
        "oasdiff:response-body-discriminator-property-name-changed",
        "oasdiff:response-body-discriminator-mapping-added",
    ],
};

/// A discriminator: who says it, the property, and the values.
type Said<'a> = (ShapeId, &'a str, Vec<(&'a str, String)>);

/// Compares the property, then its values.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let (old, new) = (local.pairs.old.shapes, local.pairs.new.shapes);
    let (a, b) = (said(old, &local.a.parts), said(new, &local.b.parts));
    let anchor = local.anchor(a.as_ref().map(|one| one.0), b.as_ref().map(|one| one.0));
    match (&a, &b) {
        (Some(a), Some(b)) if a.1 == b.1 => mapping(local, anchor, a, b),
        (Some(a), Some(b)) => {
            let words = (format!("discriminator {} -> {}", a.1, b.1), format!("the discriminator went from `{}` to `{}`", a.1, b.1));
            local.differ(&RULE, anchor, words, Proof::Yes(None), Proof::Yes(None));
        }
        (None, Some(b)) => {
            super::note(local, &RULE, anchor, (format!("discriminator + {}", b.1), format!("`{}` tells the members apart now", b.1)));
        }
        (Some(a), None) => {
            super::note(local, &RULE, anchor, (format!("discriminator - {}", a.1), format!("`{}` no longer tells the members apart", a.1)));
        }
        (None, None) => {}
    }
}

fn said<'a>(shapes: &'a Shapes, parts: &[ShapeId]) -> Option<Said<'a>> {
    parts.iter().find_map(|id| {
        let (property, values) = shapes.get(*id).combined.as_ref()?.discriminator.as_deref()?;
        let name = |id: ShapeId| match &shapes.get(shapes.resolve(id)).step {
            Step::Root(name) => name.rsplit('/').next().unwrap_or(name).to_owned(),
            _ => shapes.object(id),
        };
        Some((*id, property.as_ref(), values.iter().map(|(value, id)| (value.as_ref(), name(*id))).collect()))
    })
}

fn mapping(local: &mut Local<'_, '_>, anchor: Anchor, a: &Said<'_>, b: &Said<'_>) {
    // Both are sorted by the value.
    let find = |all: &[(&str, String)], value: &str| {
        let at = all.partition_point(|(known, _)| *known < value);
        all.get(at).filter(|(known, _)| *known == value).map(|(_, name)| name.clone())
    };
    for (value, name) in &a.2 {
        match find(&b.2, value) {
            None => {
                let words = (format!("mapping - {value}"), format!("the discriminator's value `{value}` was removed"));
                local.differ(&RULE, anchor, words, Proof::Yes(None), Proof::No);
            }
            Some(other) if other != *name => {
                let words = (
                    format!("mapping {value} {name} -> {other}"),
                    format!("the discriminator's value `{value}` means `{other}` now, not `{name}`"),
                );
                local.differ(&RULE, anchor, words, Proof::Yes(None), Proof::Yes(None));
            }
            Some(_) => {}
        }
    }
    for (value, _) in b.2.iter().filter(|(value, _)| find(&a.2, value).is_none()) {
        let words = (format!("mapping + {value}"), format!("the discriminator has the value `{value}` now"));
        let count = local.diffs.len();
        local.differ(&RULE, anchor, words, Proof::No, Proof::Yes(None));
        let response = local.role == crate::policy::Role::Response;
        if let Some(diff) = local.diffs.get_mut(count) {
            diff.tolerated = response;
        }
    }
}
