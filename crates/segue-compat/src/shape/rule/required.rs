//! Whether a property must be there changed.
//!
//! # What it checks
//! `required`, without what does not go this way (`readOnly` in requests, `writeOnly` in responses).
//!
//! # Why it breaks
//! Values without a property that is required now are refused; a reader who relied on a property finds it missing.
//!
//! # Safe path
//! Send the property everywhere before it is required; in responses keep sending it as long as somebody reads it.
//!
//! # Example
//! `required: [currency]` added: `{}` is refused now.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::Side;
use serde_json::Value;

use crate::rule::Rule;
use crate::shape::ShapeId;
use crate::shape::fast::is_hidden;
use crate::shape::pairs::{Anchor, Local, Way, sides};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "required",
    title: "Whether a property must be there changed",
    why: "Values without a property that is required now are refused; a reader who relied on a property finds it missing.",
    fix: "Send the property everywhere before it is required; in responses keep sending it as long as somebody reads it.",
    answers: &[
        "oasdiff:request-property-became-required",
        "oasdiff:request-property-became-optional",
        "oasdiff:response-property-became-optional",
        "oasdiff:response-property-became-required",
        "oasdiff:request-body-became-required",
    ],
};

/// What a side needs: the shape that says so, and the property's own.
pub(super) type Needed<'a> = BTreeMap<&'a str, (ShapeId, Option<ShapeId>)>;

/// Compares what must be there; `told` are the properties of which another rule tells everything.
pub(super) fn check(local: &mut Local<'_, '_>, (a, b): (&Needed<'_>, &Needed<'_>), told: &BTreeSet<&str>) {
    for (name, (at, _)) in b.iter().filter(|(name, _)| !a.contains_key(*name) && !told.contains(*name)) {
        one(local, Way::Narrowed, name, *at);
    }
    for (name, (at, _)) in a.iter().filter(|(name, _)| !b.contains_key(*name) && !told.contains(*name)) {
        one(local, Way::Widened, name, *at);
    }
}

/// The properties that a side needs in this role.
pub(super) fn needed<'a>(local: &Local<'_, 'a>, side: Side) -> Needed<'a> {
    let (view, shapes) = if side == Side::Old { (local.a, local.pairs.old.shapes) } else { (local.b, local.pairs.new.shapes) };
    let mut all = BTreeMap::new();
    for (at, maps) in &view.maps {
        for name in &maps.required {
            let declared = view.maps.iter().find_map(|(_, maps)| {
                let index = maps.properties.binary_search_by(|(known, _)| known.cmp(name)).ok()?;
                maps.properties.get(index).map(|(_, id)| *id)
            });
            if declared.is_none_or(|id| !is_hidden(shapes, id, local.role)) {
                all.entry(name.as_ref()).or_insert((*at, declared));
            }
        }
    }
    all
}

fn one(local: &mut Local<'_, '_>, way: Way, name: &str, at: ShapeId) {
    let (takes, refuses) = sides(way);
    let view = if takes == Side::Old { local.a } else { local.b };
    let without = local.pairs.map(takes, view, &[], 0).map(|value| match value {
        Value::Object(mut entries) => {
            entries.remove(name);
            Value::Object(entries)
        }
        other => other,
    });
    let anchor = Anchor { side: refuses, shape: at };
    let (change, message) = match way {
        Way::Narrowed => (format!("required + {name}"), format!("`{name}` is required now: values without it are refused")),
        Way::Widened => (format!("required - {name}"), format!("`{name}` is no longer required: values without it are accepted now")),
    };
    let count = local.diffs.len();
    local.claim(&RULE, way, anchor, (change, message), without);
    if let Some(diff) = local.diffs.get_mut(count) {
        diff.tail = Some(format!("properties/{}", name.replace('~', "~0").replace('/', "~1")).into());
    }
}
