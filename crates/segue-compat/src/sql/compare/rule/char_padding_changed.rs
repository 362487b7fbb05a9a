//! A text is filled up with spaces, or is not any more.
//!
//! # What it checks
//! A change between CHAR and VARCHAR or TEXT, and between BINARY and VARBINARY.
//!
//! # Why it breaks
//! A padded column loses or adds spaces at the end: comparisons, lengths and keys differ.
//!
//! # Safe path
//! Trim the values in the same migration, and trim in the application until both versions are one.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (code char(10));
//! -- new
//! CREATE TABLE t (code varchar(10));
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-char-padding-changed",
    title: "A text is filled up with spaces, or is not any more",
    why: "A padded column loses or adds spaces at the end: comparisons, lengths and keys differ.",
    fix: "Trim the values in the same migration, and trim in the application until both versions are one.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| fit.what == What::Padding) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
