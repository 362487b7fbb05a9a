//! The largest number changed.
//!
//! # What it checks
//! `maximum` and `exclusiveMaximum` taken together, and for whole numbers by what they mean.
//!
//! # Why it breaks
//! Numbers outside of the tighter limit are refused; a looser one lets numbers through that readers never saw.
//!
//! # Safe path
//! Loosen the side that reads first; before tightening, find and change who sends such numbers.
//!
//! # Example
//! `maximum` from 100 to 10: 50 is refused now.

use crate::rule::Rule;
use crate::shape::limits::Range;
use crate::shape::pairs::Local;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "maximum",
    title: "The largest number changed",
    why: "Numbers outside of the tighter limit are refused; a looser one lets numbers through that readers never saw.",
    fix: "Loosen the side that reads first; before tightening, find and change who sends such numbers.",
    answers: &[
        "oasdiff:request-property-max-decreased",
        "oasdiff:response-property-max-increased",
        "oasdiff:request-parameter-max-decreased",
    ],
};

/// Compares this end of the range.
pub(super) fn check(local: &mut Local<'_, '_>, old: &Range, new: &Range) {
    super::ends::check(local, &RULE, "maximum", false, old, new);
}
