//! A column became an enum, or stopped to be one.
//!
//! # What it checks
//! A change between an enum or set and a text.
//!
//! # Why it breaks
//! An enum refuses every text that is no label; a text lets in what readers of the old version do not know.
//!
//! # Safe path
//! Look for values that are no label first; keep a check on the text when the enum goes.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (size varchar(10));
//! -- new
//! CREATE TABLE t (size enum('s','m'));
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-enum-to-text",
    title: "A column became an enum, or stopped to be one",
    why: "An enum refuses every text that is no label; a text lets in what readers of the old version do not know.",
    fix: "Look for values that are no label first; keep a check on the text when the enum goes.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if super::enum_label_added::labels(couple).is_none() && couple.fit.as_ref().is_some_and(|fit| fit.what == What::Labels) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
