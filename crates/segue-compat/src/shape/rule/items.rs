//! Which items a list may have changed.
//!
//! # What it checks
//! `items`, `prefixItems` and `additionalItems`: where one side restricts items and the other does not. What both restrict is compared item by item.
//!
//! # Why it breaks
//! Lists with items of another kind are refused now.
//!
//! # Safe path
//! Accept both kinds of items for a while.
//!
//! # Example
//! `items: {type: string}` added: `[1]` is refused now.

use segue_model::check::Side;

use super::{is_anything, misfit};
use crate::rule::Rule;
use crate::shape::ShapeId;
use crate::shape::make::item_ids;
use crate::shape::pairs::{Kind, Local, Part, Way, sides};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "items",
    title: "Which items a list may have changed",
    why: "Lists with items of another kind are refused now.",
    fix: "Accept both kinds of items for a while.",
    answers: &[],
};

/// Compares the first items one by one, and the others at once.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let (a, b) = (local.a, local.b);
    if a.lists.is_empty() && b.lists.is_empty() {
        return;
    }
    let first = a.lists.iter().chain(&b.lists).map(|(_, lists)| lists.first.len()).max().unwrap_or_default();
    let most = (local.pairs.most_items(Side::Old, a), local.pairs.most_items(Side::New, b));
    // Where both have a limit, the count's rule tells of what lies beyond the lower one.
    let counted = a.lists.iter().chain(&b.lists).any(|(_, lists)| lists.count_max.is_some());
    let most = most.0.zip(most.1).filter(|_| counted).map_or(u64::MAX, |(a, b)| a.min(b));
    for index in (0..=first).take_while(|index| (*index as u64) < most) {
        let (old, new) = (item_ids(a, index), item_ids(b, index));
        match (old.is_empty(), new.is_empty()) {
            (true, true) => {}
            (false, false) => local.edge(&old, &new, Kind::Plain, Part::Item(index as u32)),
            (true, false) => one_side(local, Way::Narrowed, index, first, &new),
            (false, true) => one_side(local, Way::Widened, index, first, &old),
        }
    }
}

/// Only one side says what the item must be.
fn one_side(local: &mut Local<'_, '_>, way: Way, index: usize, first: usize, ids: &[ShapeId]) {
    let (takes, refuses) = sides(way);
    let conj = local.pairs.arena(refuses).all(ids);
    if is_anything(local, refuses, conj) {
        return;
    }
    let other = misfit(local, refuses, conj);
    let view = if takes == Side::Old { local.a } else { local.b };
    let candidates: Vec<_> = other.into_iter().filter_map(|item| local.pairs.lists(takes, view, Some((index as u32, &item)), 0)).collect();
    let of = |side: Side| (refuses == side).then(|| ids.first().copied()).flatten();
    let anchor = local.anchor(of(Side::Old), of(Side::New));
    let which = if index < first { format!("item {index}") } else { "items".to_owned() };
    let (change, message) = match way {
        Way::Narrowed => (format!("{which} restricted"), format!("{which} could be anything and must fit a schema now")),
        Way::Widened => (format!("{which} free"), format!("{which} had to fit a schema and can be anything now")),
    };
    local.claim(&RULE, way, anchor, (change, message), candidates);
}
