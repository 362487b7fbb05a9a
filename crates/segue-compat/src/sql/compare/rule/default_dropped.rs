//! A default is gone.
//!
//! # What it checks
//! A column that had a default and has none now.
//!
//! # Why it breaks
//! Inserts of the old version that leave the column out fail where it is not null, and store NULL without a word where it
//! is not.
//!
//! # Safe path
//! Keep the default until every writer gives a value.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (state text NOT NULL DEFAULT 'new');
//! -- new
//! CREATE TABLE t (state text NOT NULL);
//! ```

use segue_model::finding::Severity;

use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{DEPLOY, NOTHING, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-default-dropped",
    title: "A default is gone",
    why: "Inserts of the old version that leave the column out fail where it is not null, and store NULL without a word where it is not.",
    fix: "Keep the default until every writer gives a value.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let made =
        couple.old.identity.is_some() || couple.new.identity.is_some() || couple.old.generated.is_some() || couple.new.generated.is_some();
    if made || couple.old.default.is_none() || couple.new.default.is_some() {
        return;
    }
    let (breaks, what) = if couple.new.nullable { (NOTHING, "store NULL") } else { (DEPLOY, "fail") };
    let message =
        format!("column {} has no default any more: inserts of the old version that leave it out {what}", typed::shown(pair, couple));
    sink.add(&RULE, breaks, column_path(pair.new, couple.new), "default dropped", message).at_least(Severity::Medium);
}
