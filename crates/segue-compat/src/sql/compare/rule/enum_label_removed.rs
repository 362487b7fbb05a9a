//! A label is gone.
//!
//! # What it checks
//! Labels of an enum or set that the new side does not have.
//!
//! # Why it breaks
//! Rows with that label have no value any more, and writers of the old version that use it fail.
//!
//! # Safe path
//! Move the rows to another label first, and stop writing it.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (size enum('s','m','l'));
//! -- new
//! CREATE TABLE t (size enum('s','m'));
//! ```

use segue_model::check::{Side, Witness};

use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{BOTH, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-enum-label-removed",
    title: "A label is gone",
    why: "Rows with that label have no value any more, and writers of the old version that use it fail.",
    fix: "Move the rows to another label first, and stop writing it.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let Some((old, new)) = super::enum_label_added::labels(couple) else { return };
    let known: std::collections::BTreeSet<&String> = new.iter().collect();
    for label in old.iter().filter(|label| !known.contains(label)) {
        let message = format!("column {} does not take the label {label:?} any more", typed::shown(pair, couple));
        let draft = sink.add(&RULE, BOTH, column_path(pair.new, couple.new), format!("label {label} removed"), message);
        draft.critical();
        draft.witness = Some(Witness { accepted_by: Side::Old, value: serde_json::json!(label) });
    }
}
