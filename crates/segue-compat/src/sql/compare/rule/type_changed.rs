//! A column has another type.
//!
//! # What it checks
//! A change of type that is neither a wider nor a narrower form of the old one.
//!
//! # Why it breaks
//! Applications read the values in another form, and some values do not survive the conversion.
//!
//! # Safe path
//! Add a column of the new type, write both, convert, then change over. `change_type` in segue.yaml does so with `up` and
//! `down`.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (born text);
//! -- new
//! CREATE TABLE t (born date);
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::policy::Relation;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-type-changed",
    title: "A column has another type",
    why: "Applications read the values in another form, and some values do not survive the conversion.",
    fix: "Add a column of the new type, write both, convert, then change over. `change_type` in segue.yaml does so with `up` and `down`.",
    answers: &["squawk:changing-column-type"],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| {
        fit.what == What::Kind
            || (matches!(fit.what, What::Range | What::Length) && !matches!(fit.relation, Relation::Narrowed | Relation::Widened))
    }) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
