//! A table checks types, or does not any more.
//!
//! # What it checks
//! STRICT on a table of SQLite.
//!
//! # Why it breaks
//! A strict table refuses values that a column took until now; a table that is no longer strict lets them in.
//!
//! # Safe path
//! Look for values of another type first (`typeof`), then build the strict table and copy.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (n INTEGER);
//! -- new
//! CREATE TABLE t (n INTEGER) STRICT;
//! ```

use super::super::pair::{Pair, Sides};
use super::super::sink::{DEPLOY, ROLLBACK, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-strictness-changed",
    title: "A table checks types, or does not any more",
    why: "A strict table refuses values that a column took until now; a table that is no longer strict lets them in.",
    fix: "Look for values of another type first (`typeof`), then build the strict table and copy.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let strict = |options: &[String]| options.iter().any(|option| option == "strict");
    let (old, new) = (strict(&pair.old.options), strict(&pair.new.options));
    if old != new {
        let message = format!("table {} is {} strict", pair.new.name.name, if new { "now" } else { "no longer" });
        sink.add(&RULE, if new { DEPLOY } else { ROLLBACK }, table_path(pair.new), format!("strict {old} -> {new}"), message);
    }
}
