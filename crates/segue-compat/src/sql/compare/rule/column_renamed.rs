//! A column has another name.
//!
//! # What it checks
//! A column that is gone and a new one of the same type at the same place or with a similar name: a rename is proposed,
//! with how sure that is.
//!
//! # Why it breaks
//! The old version asks for the old name, the new version for the new one: one of them fails at every moment.
//!
//! # Safe path
//! Rename it by `rename_column` in segue.yaml, which serves both names until `contract`; never drop and add, which loses
//! the values.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE users (id int, name text);
//! -- new
//! CREATE TABLE users (id int, full_name text);
//! ```

use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{BOTH, Sink, column_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-column-renamed",
    title: "A column has another name",
    why: "The old version asks for the old name, the new version for the new one: one of them fails at every moment.",
    fix: "Rename it by `rename_column` in segue.yaml, which serves both names until `contract`; never drop and add, which loses the values.",
    answers: &["atlas:BC102", "squawk:renaming-column"],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let Some(evidence) = &couple.renamed else { return };
    let (old, new) = (&couple.old.name, &couple.new.name);
    let message = format!(
        "column {}.{old} seems to be renamed to {new} (confidence {}%: {}); dropping and adding it would lose its values",
        pair.new.name.name, evidence.confidence, evidence.why
    );
    sink.add(&RULE, BOTH, column_path(pair.new, couple.new), format!("renamed {old} -> {new}"), message);
}
