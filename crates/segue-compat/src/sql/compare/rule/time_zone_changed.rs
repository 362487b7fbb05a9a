//! A time became a moment, or stopped to be.
//!
//! # What it checks
//! A change between a time with and one without a time zone (`timestamptz` and `timestamp`, TIMESTAMP and DATETIME).
//!
//! # Why it breaks
//! The server reads the old values in the zone of the session that runs the change: a wrong zone shifts every row.
//!
//! # Safe path
//! Say the zone in the conversion (`at time zone`), and keep the old column until a comparison agrees.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (at timestamp);
//! -- new
//! CREATE TABLE t (at timestamptz);
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-time-zone-changed",
    title: "A time became a moment, or stopped to be",
    why: "The server reads the old values in the zone of the session that runs the change: a wrong zone shifts every row.",
    fix: "Say the zone in the conversion (`at time zone`), and keep the old column until a comparison agrees.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| fit.what == What::Zone) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
