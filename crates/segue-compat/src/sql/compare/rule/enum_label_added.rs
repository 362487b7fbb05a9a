//! A label is new.
//!
//! # What it checks
//! Labels of an enum or set that the old side does not have.
//!
//! # Why it breaks
//! Readers of the old version meet a label that they do not know; going back, rows with it have no value.
//!
//! # Safe path
//! Teach readers the label before the first writer uses it.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (size enum('s','m'));
//! -- new
//! CREATE TABLE t (size enum('s','m','l'));
//! ```

use segue_model::check::{Side, Witness};

use super::super::kind::Kind;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{BOTH, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-enum-label-added",
    title: "A label is new",
    why: "Readers of the old version meet a label that they do not know; going back, rows with it have no value.",
    fix: "Teach readers the label before the first writer uses it.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let Some((old, new)) = labels(couple) else { return };
    let known: std::collections::BTreeSet<&String> = old.iter().collect();
    for label in new.iter().filter(|label| !known.contains(label)) {
        let message = format!("column {} takes the label {label:?} now", typed::shown(pair, couple));
        let draft = sink.add(&RULE, BOTH, column_path(pair.new, couple.new), format!("label {label} added"), message);
        draft.severity = sides.policy.severity(BOTH, true);
        draft.witness = Some(Witness { accepted_by: Side::New, value: serde_json::json!(label) });
    }
}

/// The labels of both sides.
pub(super) fn labels<'a>(couple: &'a Couple<'_>) -> Option<(&'a [String], &'a [String])> {
    couple.fit.as_ref()?;
    match (&couple.kinds.0, &couple.kinds.1) {
        (Kind::Enum(old), Kind::Enum(new)) | (Kind::Set(old), Kind::Set(new)) => Some((old, new)),
        _ => None,
    }
}
