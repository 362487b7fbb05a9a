//! Whether items may repeat changed.
//!
//! # What it checks
//! `uniqueItems`.
//!
//! # Why it breaks
//! A list with the same item twice is refused now, or reaches a reader who took it for a set.
//!
//! # Safe path
//! Remove duplicates where lists are made before it is demanded.
//!
//! # Example
//! `uniqueItems: true` added: `[1, 1]` is refused now.

use segue_model::check::Side;
use serde_json::Value;

use crate::rule::Rule;
use crate::shape::make::item_ids;
use crate::shape::pairs::{Local, Way, sides};
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "unique-items",
    title: "Whether items may repeat changed",
    why: "A list with the same item twice is refused now, or reaches a reader who took it for a set.",
    fix: "Remove duplicates where lists are made before it is demanded.",
    answers: &["oasdiff:request-property-became-unique-items"],
};

/// Compares whether items may repeat.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let of = |view: &View<'_>| view.lists.iter().find(|(_, lists)| lists.unique).map(|(at, _)| *at);
    let (old, new) = (of(local.a), of(local.b));
    let (way, word) = match (old.is_some(), new.is_some()) {
        (false, true) => (Way::Narrowed, "no two items may be the same now: lists that repeat one are refused"),
        (true, false) => (Way::Widened, "items may repeat now"),
        _ => return,
    };
    let anchor = local.anchor(old, new);
    let (side, _) = sides(way);
    let view = if side == Side::Old { local.a } else { local.b };
    let least = view.lists.iter().map(|(_, lists)| lists.count_min).max().unwrap_or_default().clamp(2, 200) as usize;
    let ids = item_ids(view, 0);
    let conj = local.pairs.arena(side).all(&ids);
    let mut items = Vec::new();
    for index in 0..least {
        let ids = item_ids(view, index);
        let each = local.pairs.arena(side).all(&ids);
        items.extend(if index < 2 { local.pairs.example(side, conj, 1) } else { local.pairs.example(side, each, 1) });
    }
    let change = format!("uniqueItems {} -> {}", old.is_some(), new.is_some());
    local.claim(&RULE, way, anchor, (change, word.to_owned()), [Value::Array(items)]);
}
