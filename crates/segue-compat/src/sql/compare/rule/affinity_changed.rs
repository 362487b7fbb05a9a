//! SQLite converts the values of a column in another way.
//!
//! # What it checks
//! The type affinity that SQLite derives from the declared type, and types that bind in STRICT tables.
//!
//! # Why it breaks
//! The same value is stored, compared and sorted in another way: 10 sorts before 9 as text.
//!
//! # Safe path
//! Convert the rows by CAST while the table is built anew.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (n TEXT);
//! -- new
//! CREATE TABLE t (n INTEGER);
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-affinity-changed",
    title: "SQLite converts the values of a column in another way",
    why: "The same value is stored, compared and sorted in another way: 10 sorts before 9 as text.",
    fix: "Convert the rows by CAST while the table is built anew.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| fit.what == What::Affinity) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
