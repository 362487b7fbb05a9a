//! A default is another one.
//!
//! # What it checks
//! The default of a column, compared as text without spacing, case, outer brackets and written casts.
//!
//! # Why it breaks
//! Rows that either version inserts without the column get another value than its authors expect.
//!
//! # Safe path
//! Let writers give the value themselves before the default changes.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (state text DEFAULT 'new');
//! -- new
//! CREATE TABLE t (state text DEFAULT 'open');
//! ```

use segue_model::finding::Severity;

use super::super::expression;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{NOTHING, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-default-changed",
    title: "A default is another one",
    why: "Rows that either version inserts without the column get another value than its authors expect.",
    fix: "Let writers give the value themselves before the default changes.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let (Some(old), Some(new)) = (&couple.old.default, &couple.new.default) else { return };
    if couple.new.identity.is_some() || expression::same_optional(Some(old), Some(new), sides.dialect) {
        return;
    }
    let message = format!("column {} has another default: what inserts leave out gets another value", typed::shown(pair, couple));
    sink.add(&RULE, NOTHING, column_path(pair.new, couple.new), "default changed", message).at_least(Severity::Medium);
}
