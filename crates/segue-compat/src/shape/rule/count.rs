//! The number of items changed.
//!
//! # What it checks
//! `minItems` and `maxItems`.
//!
//! # Why it breaks
//! Lists that are shorter or longer than allowed now are refused.
//!
//! # Safe path
//! Widen the reading side first; before tightening, change who sends such lists.
//!
//! # Example
//! `maxItems` from 10 to 5: a list of 6 is refused now.

use segue_model::check::Side;
use serde_json::Value;

use crate::rule::Rule;
use crate::shape::make::item_ids;
use crate::shape::pairs::Local;
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "item-count",
    title: "The number of items changed",
    why: "Lists that are shorter or longer than allowed now are refused.",
    fix: "Widen the reading side first; before tightening, change who sends such lists.",
    answers: &[
        "oasdiff:request-property-min-items-increased",
        "oasdiff:request-property-max-items-decreased",
        "oasdiff:response-property-min-items-decreased",
    ],
};

/// Compares both counts.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let of = |view: &View<'_>| {
        let least = view.lists.iter().map(|(_, lists)| lists.count_min).max().unwrap_or_default();
        (least, view.lists.iter().filter_map(|(_, lists)| lists.count_max).min())
    };
    let at = |view: &View<'_>| view.lists.first().map(|(at, _)| *at);
    let anchor = local.anchor(at(local.a), at(local.b));
    let (mut old, mut new) = (of(local.a), of(local.b));
    if old.1 != new.1 {
        // `items: false` behind the first ones is a limit too.
        let (a, b) = (local.a, local.b);
        old.1 = local.pairs.most_items(Side::Old, a);
        new.1 = local.pairs.most_items(Side::New, b);
    }
    super::counts::check(local, &RULE, anchor, ("minItems", "maxItems", "lists"), old, new, &list);
}

/// A list with so many items.
fn list(local: &mut Local<'_, '_>, side: Side, count: u64) -> Option<Value> {
    let view = if side == Side::Old { local.a } else { local.b };
    let index = u32::try_from(count).ok()?;
    if index == 0 {
        return Some(Value::Array(Vec::new()));
    }
    let ids = item_ids(view, index as usize - 1);
    let conj = local.pairs.arena(side).all(&ids);
    let unique = view.lists.iter().any(|(_, lists)| lists.unique);
    let last = local.pairs.samples(side, conj, if unique { (index as usize + 1).min(64) } else { 1 }, 1).pop()?;
    local.pairs.lists(side, view, Some((index - 1, &last)), 0)
}
