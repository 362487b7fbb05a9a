//! A number became exact, or stopped to be.
//!
//! # What it checks
//! A change between floating point and exact or whole numbers.
//!
//! # Why it breaks
//! Floating point holds 0.1 only nearly and whole numbers only up to 2^53: sums drift, large keys meet; the way back cuts
//! fractions.
//!
//! # Safe path
//! Keep money and keys exact. Convert by an explicit rounding, and compare sums before and after.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (price numeric(10,2));
//! -- new
//! CREATE TABLE t (price double precision);
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-exactness-changed",
    title: "A number became exact, or stopped to be",
    why: "Floating point holds 0.1 only nearly and whole numbers only up to 2^53: sums drift, large keys meet; the way back cuts fractions.",
    fix: "Keep money and keys exact. Convert by an explicit rounding, and compare sums before and after.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| fit.what == What::Exactness) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
