//! Labels stand in another order.
//!
//! # What it checks
//! The order of the labels that both sides have.
//!
//! # Why it breaks
//! An enum is compared, sorted and in MySQL stored by the number of its label: ranges, order and numeric access change.
//!
//! # Safe path
//! Add new labels at the end. Sort by an expression of your own where the order matters.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (size enum('s','m','l'));
//! -- new
//! CREATE TABLE t (size enum('l','m','s'));
//! ```

use segue_model::finding::Severity;

use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{BOTH, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-enum-order-changed",
    title: "Labels stand in another order",
    why: "An enum is compared, sorted and in MySQL stored by the number of its label: ranges, order and numeric access change.",
    fix: "Add new labels at the end. Sort by an expression of your own where the order matters.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let Some((old, new)) = super::enum_label_added::labels(couple) else { return };
    let (before, after): (std::collections::BTreeSet<&String>, std::collections::BTreeSet<&String>) =
        (old.iter().collect(), new.iter().collect());
    let kept: Vec<&String> = old.iter().filter(|label| after.contains(label)).collect();
    let now: Vec<&String> = new.iter().filter(|label| before.contains(label)).collect();
    if kept != now {
        let message = format!("column {} has its labels in another order", typed::shown(pair, couple));
        sink.add(&RULE, BOTH, column_path(pair.new, couple.new), "label order", message).at_most(Severity::Medium);
    }
}
