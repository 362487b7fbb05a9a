//! A column takes no NULL any more.
//!
//! # What it checks
//! A column that took NULL and does not now, where it also is no key of its own.
//!
//! # Why it breaks
//! Writers of the old version that leave it out or give NULL fail, and the change itself fails where a row has NULL.
//!
//! # Safe path
//! Fill the rows, add a check that is not validated, validate it, then set NOT NULL. `set_not_null` in segue.yaml does
//! so.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (email text);
//! -- new
//! CREATE TABLE t (email text NOT NULL);
//! ```

use segue_model::check::{Side, Witness};

use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{BOTH, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-not-null-added",
    title: "A column takes no NULL any more",
    why: "Writers of the old version that leave it out or give NULL fail, and the change itself fails where a row has NULL.",
    fix: "Fill the rows, add a check that is not validated, validate it, then set NOT NULL. `set_not_null` in segue.yaml does so.",
    answers: &["atlas:MF104", "squawk:adding-not-nullable-field"],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    if couple.old.nullable && !couple.new.nullable {
        let message = format!("column {} takes no NULL any more", typed::shown(pair, couple));
        let draft = sink.add(&RULE, BOTH, column_path(pair.new, couple.new), "not null", message);
        draft.witness = Some(Witness { accepted_by: Side::Old, value: serde_json::Value::Null });
    }
}
