//! Which names properties may have changed.
//!
//! # What it checks
//! `propertyNames`.
//!
//! # Why it breaks
//! Maps with other names are refused now.
//!
//! # Safe path
//! Rename such keys where they are made before it is demanded.
//!
//! # Example
//! `propertyNames: {pattern: ^[a-z]+$}` added: `{"A": 1}` is refused now.

use crate::rule::Rule;
use crate::shape::Types;
use crate::shape::pairs::{Local, Part};
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "property-names",
    title: "Which names properties may have changed",
    why: "Maps with other names are refused now.",
    fix: "Rename such keys where they are made before it is demanded.",
    answers: &[],
};

/// Compares the shapes of names.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let of = |view: &View<'_>| view.maps.iter().filter_map(|(_, maps)| maps.names).collect::<Vec<_>>();
    let (a, b) = (of(local.a), of(local.b));
    if a.is_empty() && b.is_empty() {
        return;
    }
    // Names are texts: what is said of other values does not count.
    let anchor = local.anchor(a.first().copied(), b.first().copied());
    let words = ("propertyNames".to_owned(), "which names properties may have changed".to_owned());
    let (old, new) = (local.pairs.old.all(&a), local.pairs.new.all(&b));
    let pair = (local.pairs.old.masked(old, Types::STRING), local.pairs.new.masked(new, Types::STRING));
    super::opaque_pair(local, &RULE, anchor, pair, (false, Part::Name), words);
}
