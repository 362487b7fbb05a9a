//! The number of properties changed.
//!
//! # What it checks
//! `minProperties` and `maxProperties`.
//!
//! # Why it breaks
//! Maps with fewer or more entries than allowed now are refused.
//!
//! # Safe path
//! Widen the reading side first; before tightening, change who sends such maps.
//!
//! # Example
//! `minProperties` from 0 to 1: `{}` is refused now.

use segue_model::check::Side;
use serde_json::Value;

use crate::rule::Rule;
use crate::shape::pairs::Local;
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "property-count",
    title: "The number of properties changed",
    why: "Maps with fewer or more entries than allowed now are refused.",
    fix: "Widen the reading side first; before tightening, change who sends such maps.",
    answers: &[],
};

/// Compares both counts.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let of = |view: &View<'_>| {
        let least = view.maps.iter().map(|(_, maps)| maps.count_min).max().unwrap_or_default();
        (least, view.maps.iter().filter_map(|(_, maps)| maps.count_max).min())
    };
    let at = |view: &View<'_>| view.maps.first().map(|(at, _)| *at);
    let anchor = local.anchor(at(local.a), at(local.b));
    super::counts::check(local, &RULE, anchor, ("minProperties", "maxProperties", "maps"), of(local.a), of(local.b), &map);
}

/// A map with so many entries.
fn map(local: &mut Local<'_, '_>, side: Side, count: u64) -> Option<Value> {
    let view = if side == Side::Old { local.a } else { local.b };
    let Some(Value::Object(mut entries)) = local.pairs.map(side, view, &[], 0) else { return None };
    if count > 400 {
        return None;
    }
    let names: Vec<&str> = view.maps.iter().flat_map(|(_, maps)| &maps.properties).map(|(name, _)| name.as_ref()).collect();
    let fresh = (1..=count).map(|number| format!("p{number}"));
    for name in names.iter().map(|name| (*name).to_owned()).chain(fresh) {
        if entries.len() as u64 >= count {
            break;
        }
        let ids = local.pairs.property_ids(side, view, &name);
        let conj = local.pairs.arena(side).all(&ids);
        if let Some(value) = local.pairs.example(side, conj, 1) {
            entries.insert(name, value);
        }
    }
    Some(Value::Object(entries))
}
