//! The length of a text changed.
//!
//! # What it checks
//! `minLength` and `maxLength`.
//!
//! # Why it breaks
//! Texts that are shorter or longer than allowed now are refused, or cut where they are stored.
//!
//! # Safe path
//! Widen what stores and reads first; before tightening, change who sends such texts.
//!
//! # Example
//! `maxLength` from 100 to 50: a text of 51 letters is refused now.

use segue_model::check::Side;

use crate::rule::Rule;
use crate::shape::limits;
use crate::shape::pairs::{Anchor, Local, Way, sides};
use crate::shape::pattern::Found;
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "length",
    title: "The length of a text changed",
    why: "Texts that are shorter or longer than allowed now are refused, or cut where they are stored.",
    fix: "Widen what stores and reads first; before tightening, change who sends such texts.",
    answers: &[
        "oasdiff:request-property-max-length-decreased",
        "oasdiff:request-property-min-length-increased",
        "oasdiff:response-property-max-length-increased",
        "oasdiff:response-property-min-length-decreased",
    ],
};

/// Compares both lengths.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let (a, b) = (limits::lengths(local.a), limits::lengths(local.b));
    if a.0 != b.0 {
        let at = |view: &View<'_>| {
            view.texts.iter().max_by_key(|(_, texts)| texts.length_min).filter(|(_, texts)| texts.length_min > 0).map(|(at, _)| *at)
        };
        let anchor = local.anchor(at(local.a), at(local.b));
        let tighter = b.0 > a.0;
        let then =
            if tighter { format!("shorter than {} are refused now", b.0) } else { format!("of {} characters are accepted now", b.0) };
        let words = (format!("minLength {} -> {}", a.0, b.0), format!("`minLength` went from {} to {}: texts {then}", a.0, b.0));
        let range = if tighter { (a.0, Some(b.0 - 1).min_some(a.1)) } else { (b.0, Some(a.0 - 1).min_some(b.1)) };
        claim(local, if tighter { Way::Narrowed } else { Way::Widened }, anchor, words, range);
    }
    if a.1 != b.1 {
        let at = |view: &View<'_>| {
            view.texts.iter().filter(|(_, texts)| texts.length_max.is_some()).min_by_key(|(_, texts)| texts.length_max).map(|(at, _)| *at)
        };
        let anchor = local.anchor(at(local.a), at(local.b));
        let show = |most: Option<u64>| most.map_or("none".to_owned(), |most| most.to_string());
        let tighter = b.1.is_some_and(|new| a.1.is_none_or(|old| new < old));
        let most = if tighter { b.1 } else { a.1 }.unwrap_or(u64::MAX);
        let then = if tighter { "refused" } else { "accepted" };
        let words = (
            format!("maxLength {} -> {}", show(a.1), show(b.1)),
            format!("`maxLength` went from {} to {}: texts longer than {most} are {then} now", show(a.1), show(b.1)),
        );
        let range = if tighter { ((most + 1).max(a.0), a.1) } else { ((most + 1).max(b.0), b.1) };
        claim(local, if tighter { Way::Narrowed } else { Way::Widened }, anchor, words, range);
    }
}

/// A text of these lengths proves it; when the expressions allow none, nothing changed.
fn claim(local: &mut Local<'_, '_>, way: Way, anchor: Anchor, words: (String, String), (least, most): (u64, Option<u64>)) {
    let (side, _) = sides(way);
    let view = if side == Side::Old { local.a } else { local.b };
    match local.pairs.search(view, least, most, None) {
        Found::Nothing => {}
        Found::Text(text) => local.claim(&RULE, way, anchor, words, [serde_json::Value::String(text)]),
        Found::GaveUp => local.claim(&RULE, way, anchor, words, []),
    }
}

trait MinSome {
    /// The smaller of those that are there.
    fn min_some(self, other: Self) -> Self;
}

impl MinSome for Option<u64> {
    fn min_some(self, other: Self) -> Self {
        match (self, other) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}
