//! A number may be below zero, or may not any more.
//!
//! # What it checks
//! UNSIGNED on a number of MySQL or MariaDB, or a change between two ranges of which one begins at zero.
//!
//! # Why it breaks
//! Half of the range moves: the largest numbers of the unsigned type or every negative one no longer fit.
//!
//! # Safe path
//! Take a wider signed type, which holds both.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (n int unsigned);
//! -- new
//! CREATE TABLE t (n int);
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-signedness-changed",
    title: "A number may be below zero, or may not any more",
    why: "Half of the range moves: the largest numbers of the unsigned type or every negative one no longer fit.",
    fix: "Take a wider signed type, which holds both.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| fit.what == What::Sign) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
