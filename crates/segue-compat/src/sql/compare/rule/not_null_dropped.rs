//! A column takes NULL now.
//!
//! # What it checks
//! A column that did not take NULL and does now.
//!
//! # Why it breaks
//! Readers of the old version meet NULL where they never did; going back, rows with NULL and writers that leave it out
//! are refused.
//!
//! # Safe path
//! Teach every reader NULL first. Before going back, fill the rows.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (email text NOT NULL);
//! -- new
//! CREATE TABLE t (email text);
//! ```

use segue_model::check::{Side, Witness};

use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{BOTH, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-not-null-dropped",
    title: "A column takes NULL now",
    why: "Readers of the old version meet NULL where they never did; going back, rows with NULL and writers that leave it out are refused.",
    fix: "Teach every reader NULL first. Before going back, fill the rows.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if !couple.old.nullable && couple.new.nullable {
        let message = format!("column {} takes NULL now", typed::shown(pair, couple));
        let draft = sink.add(&RULE, BOTH, column_path(pair.new, couple.new), "null", message);
        draft.severity = sides.policy.severity(BOTH, true);
        draft.witness = Some(Witness { accepted_by: Side::New, value: serde_json::Value::Null });
    }
}
