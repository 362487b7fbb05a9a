//! A column takes fewer values.
//!
//! # What it checks
//! A type whose values are a part of the old one: a shorter text, a smaller number.
//!
//! # Why it breaks
//! Rows that are there may not fit and are refused or cut, and writers of the old version fail.
//!
//! # Safe path
//! Look for values that do not fit, refuse new ones by a check, then change the type. `change_type` in segue.yaml wants
//! `up` and `down` for it.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (code varchar(20));
//! -- new
//! CREATE TABLE t (code varchar(10));
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::policy::Relation;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-type-narrowed",
    title: "A column takes fewer values",
    why: "Rows that are there may not fit and are refused or cut, and writers of the old version fail.",
    fix: "Look for values that do not fit, refuse new ones by a check, then change the type. `change_type` in segue.yaml wants `up` and `down` for it.",
    answers: &["squawk:changing-column-type"],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| matches!(fit.what, What::Range | What::Length) && fit.relation == Relation::Narrowed) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
