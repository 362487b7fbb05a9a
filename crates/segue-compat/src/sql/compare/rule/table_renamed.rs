//! A table has another name.
//!
//! # What it checks
//! A table that is gone and a new one that has most of its columns: a rename is proposed, with how sure that is.
//!
//! # Why it breaks
//! The old version asks for the old name, the new version for the new one: one of them fails at every moment.
//!
//! # Safe path
//! Rename it, never drop and create: that would lose the rows. Keep a view of the other name until both versions are one.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE customer (id bigint, email text, name text, city text);
//! -- new
//! CREATE TABLE customers (id bigint, email text, name text, city text);
//! ```

use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-table-renamed",
    title: "A table has another name",
    why: "The old version asks for the old name, the new version for the new one: one of them fails at every moment.",
    fix: "Rename it, never drop and create: that would lose the rows. Keep a view of the other name until both versions are one.",
    answers: &["atlas:BC101", "squawk:renaming-table"],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let Some(evidence) = &pair.renamed else { return };
    let (old, new) = (&pair.old.name.name, &pair.new.name.name);
    let message = format!(
        "table {old} seems to be renamed to {new} (confidence {}%: {}); dropping and creating it would lose its rows",
        evidence.confidence, evidence.why
    );
    sink.add(&RULE, BOTH, table_path(pair.new), format!("renamed {old} -> {new}"), message);
}
