//! A column takes more values.
//!
//! # What it checks
//! A type whose values hold all of the old one: a longer text, a larger number.
//!
//! # Why it breaks
//! Readers of the old version may meet numbers that they cannot hold; going back, new values are refused or cut.
//!
//! # Safe path
//! Widen what readers can hold first. Before going back, look for values that do not fit.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (id integer);
//! -- new
//! CREATE TABLE t (id bigint);
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::policy::Relation;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-type-widened",
    title: "A column takes more values",
    why: "Readers of the old version may meet numbers that they cannot hold; going back, new values are refused or cut.",
    fix: "Widen what readers can hold first. Before going back, look for values that do not fit.",
    answers: &["squawk:changing-column-type"],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| matches!(fit.what, What::Range | What::Length) && fit.relation == Relation::Widened) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
