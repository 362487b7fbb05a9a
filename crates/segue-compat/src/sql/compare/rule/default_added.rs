//! A column has a default now.
//!
//! # What it checks
//! A column that had no default and has one now.
//!
//! # Why it breaks
//! Going back, inserts of the new version that leave the column out fail where it is not null.
//!
//! # Safe path
//! Keep the default when you go back.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (state text NOT NULL);
//! -- new
//! CREATE TABLE t (state text NOT NULL DEFAULT 'new');
//! ```

use segue_model::finding::Severity;

use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{NOTHING, ROLLBACK, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-default-added",
    title: "A column has a default now",
    why: "Going back, inserts of the new version that leave the column out fail where it is not null.",
    fix: "Keep the default when you go back.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let made =
        couple.old.identity.is_some() || couple.new.identity.is_some() || couple.old.generated.is_some() || couple.new.generated.is_some();
    if made || couple.old.default.is_some() || couple.new.default.is_none() {
        return;
    }
    let breaks = if couple.old.nullable { NOTHING } else { ROLLBACK };
    let message = format!("column {} has a default now", typed::shown(pair, couple));
    sink.add(&RULE, breaks, column_path(pair.new, couple.new), "default added", message).at_most(Severity::Low);
}
