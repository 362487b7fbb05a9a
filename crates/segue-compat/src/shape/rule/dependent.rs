//! What a property asks of others changed.
//!
//! # What it checks
//! `dependentRequired`, `dependentSchemas` and `dependencies`.
//!
//! # Why it breaks
//! Values with the one and without the other are refused now.
//!
//! # Safe path
//! Send both together before it is demanded.
//!
//! # Example
//! `dependentRequired: {card: [address]}` added: `{card: 1}` is refused now.

use std::collections::BTreeMap;

use segue_model::check::Side;
use serde_json::Value;

use crate::rule::Rule;
use crate::shape::ShapeId;
use crate::shape::pairs::{Anchor, Local, Part, Way, sides};
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "dependent",
    title: "What a property asks of others changed",
    why: "Values with the one and without the other are refused now.",
    fix: "Send both together before it is demanded.",
    answers: &[],
};

/// Compares both forms.
pub(super) fn check(local: &mut Local<'_, '_>) {
    names(local);
    let (a, b) = (shapes(local.a), shapes(local.b));
    for (name, old) in &a {
        let anchor = local.anchor(old.first().copied(), b.get(name).and_then(|ids| ids.first().copied()));
        let words = (format!("dependent {name}"), format!("what `{name}` asks of the whole value changed"));
        match b.get(name) {
            Some(new) => super::opaque(local, &RULE, anchor, (old, new), (false, Part::Same), words),
            None => super::sampled(local, &RULE, anchor, words, (false, true)),
        }
    }
    for (name, new) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
        let anchor = local.anchor(None, new.first().copied());
        super::sampled(
            local,
            &RULE,
            anchor,
            (format!("dependent + {name}"), format!("`{name}` asks something of the whole value now")),
            (true, false),
        );
    }
}

fn shapes<'a>(view: &View<'a>) -> BTreeMap<&'a str, Vec<ShapeId>> {
    let mut all: BTreeMap<&str, Vec<ShapeId>> = BTreeMap::new();
    for (name, id) in view.maps.iter().flat_map(|(_, maps)| &maps.dependent_shapes) {
        all.entry(name.as_ref()).or_default().push(*id);
    }
    all
}

/// Which property asks for which.
type Asked<'a> = BTreeMap<(&'a str, &'a str), ShapeId>;

fn names(local: &mut Local<'_, '_>) {
    let of = |view: &View<'_>| -> BTreeMap<(String, String), ShapeId> {
        asked(view).into_iter().map(|((name, other), at)| ((name.to_owned(), other.to_owned()), at)).collect()
    };
    let (a, b) = (of(local.a), of(local.b));
    for (way, from, to) in [(Way::Narrowed, &b, &a), (Way::Widened, &a, &b)] {
        for ((name, other), at) in from.iter().filter(|(key, _)| !to.contains_key(*key)) {
            let (takes, refuses) = sides(way);
            let view = if takes == Side::Old { local.a } else { local.b };
            let value = local.pairs.map(takes, view, &[name], 0).map(|value| match value {
                Value::Object(mut entries) => {
                    entries.remove(other);
                    Value::Object(entries)
                }
                value => value,
            });
            let words = match way {
                Way::Narrowed => (
                    format!("dependentRequired + {name} {other}"),
                    format!("`{name}` asks for `{other}` now: values without it are refused"),
                ),
                Way::Widened => (format!("dependentRequired - {name} {other}"), format!("`{name}` no longer asks for `{other}`")),
            };
            local.claim(&RULE, way, Anchor { side: refuses, shape: *at }, words, value);
        }
    }
}

fn asked<'a>(view: &View<'a>) -> Asked<'a> {
    let mut all = Asked::new();
    for (at, maps) in &view.maps {
        for (name, others) in &maps.dependent_required {
            all.extend(others.iter().map(|other| ((name.as_ref(), other.as_ref()), *at)));
        }
    }
    all
}
