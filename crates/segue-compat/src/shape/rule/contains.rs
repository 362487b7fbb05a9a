//! What a list must contain changed.
//!
//! # What it checks
//! `contains`, `minContains` and `maxContains`.
//!
//! # Why it breaks
//! Lists without such an item, or with too many of them, are refused now.
//!
//! # Safe path
//! Send lists that fit both sides before it is demanded.
//!
//! # Example
//! `contains: {const: 1}` added: `[]` is refused now.

use crate::rule::Rule;
use crate::shape::pairs::{Local, Part};
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "contains",
    title: "What a list must contain changed",
    why: "Lists without such an item, or with too many of them, are refused now.",
    fix: "Send lists that fit both sides before it is demanded.",
    answers: &[],
};

/// Compares what must be contained.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let of =
        |view: &View<'_>| view.lists.iter().filter_map(|(at, lists)| lists.contains.map(|contains| (*at, contains))).collect::<Vec<_>>();
    let (a, b) = (of(local.a), of(local.b));
    let anchor = local.anchor(a.first().map(|one| one.0), b.first().map(|one| one.0));
    match (a.as_slice(), b.as_slice()) {
        ([], []) => {}
        ([(_, (old, least, most))], [(_, (new, other_least, other_most))]) => {
            if (least, most) != (other_least, other_most) {
                let words = ("contains count".to_owned(), "how many items a list must contain changed".to_owned());
                super::sampled(local, &RULE, anchor, words, (true, true));
                return;
            }
            let words = ("contains".to_owned(), "what a list must contain changed".to_owned());
            // More items fit a wider shape: with a most it counts the other way.
            if most.is_some() {
                super::opaque(local, &RULE, anchor, (&[*old], &[*new]), (true, Part::Item(0)), words.clone());
            }
            super::opaque(local, &RULE, anchor, (&[*old], &[*new]), (false, Part::Item(0)), words);
        }
        // Several at once, as by `allOf`: the same demands in the same order are asked one by one.
        (old, new) if old.len() == new.len() && old.iter().zip(new).all(|(a, b)| (a.1.1, a.1.2) == (b.1.1, b.1.2)) => {
            for ((_, (old, _, most)), (_, (new, ..))) in old.iter().zip(new) {
                let words = ("contains".to_owned(), "what a list must contain changed".to_owned());
                if most.is_some() {
                    super::opaque(local, &RULE, anchor, (&[*old], &[*new]), (true, Part::Item(0)), words.clone());
                }
                super::opaque(local, &RULE, anchor, (&[*old], &[*new]), (false, Part::Item(0)), words);
            }
        }
        (old, new) => {
            let words = (format!("contains {} -> {}", old.len(), new.len()), "what a list must contain changed".to_owned());
            super::sampled(local, &RULE, anchor, words, (!new.is_empty(), !old.is_empty()));
        }
    }
}
