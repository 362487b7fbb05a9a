//! JSON is kept in another form.
//!
//! # What it checks
//! A change between `json` and `jsonb`.
//!
//! # Why it breaks
//! `jsonb` keeps neither the order of keys nor spacing nor doubled keys; operators and indexes differ.
//!
//! # Safe path
//! Look for documents with doubled keys first; do not rely on the order of keys.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (doc json);
//! -- new
//! CREATE TABLE t (doc jsonb);
//! ```

use super::super::fit::What;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::Sink;
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-json-form-changed",
    title: "JSON is kept in another form",
    why: "`jsonb` keeps neither the order of keys nor spacing nor doubled keys; operators and indexes differ.",
    fix: "Look for documents with doubled keys first; do not rely on the order of keys.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.fit.as_ref().is_some_and(|fit| fit.what == What::JsonForm) {
        typed::report(&RULE, sides, pair, couple, sink);
    }
}
