//! A number or time keeps more or fewer digits.
//!
//! # What it checks
//! Precision and scale of exact numbers, the digits of seconds, the size of floating point, and the step between a date
//! and a date with time.
//!
//! # Why it breaks
//! Digits that are not kept are rounded away without an error: amounts and times change.
//!
//! # Safe path
//! Widen only. To cut digits, decide by an expression how, keep the old column, and compare sums.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (price numeric(12,4));
//! -- new
//! CREATE TABLE t (price numeric(12,2));
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-precision-changed",
    title: "A number or time keeps more or fewer digits",
    why: "Digits that are not kept are rounded away without an error: amounts and times change.",
    fix: "Widen only. To cut digits, decide by an expression how, keep the old column, and compare sums.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| fit.what == What::Precision) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
