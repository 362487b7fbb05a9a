//! Rows must pass a check now.
//!
//! # What it checks
//! Checks that only the new side has, by their text, renames followed.
//!
//! # Why it breaks
//! Writers of the old version may write rows that fail it; rows that fail it stop the change.
//!
//! # Safe path
//! Add it without validating, mend the rows, then validate. `add_check` in segue.yaml does so.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (price int);
//! -- new
//! CREATE TABLE t (price int CHECK (price > 0));
//! ```

use segue_model::finding::Severity;

use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{DEPLOY, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-check-added",
    title: "Rows must pass a check now",
    why: "Writers of the old version may write rows that fail it; rows that fail it stop the change.",
    fix: "Add it without validating, mend the rows, then validate. `add_check` in segue.yaml does so.",
    answers: &["squawk:constraint-missing-not-valid"],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (old, new) in key::checks(sides, pair) {
        let (None, Some(new)) = (old, new) else { continue };
        let own = only_new_columns(pair, key::condition(&new.definition), sides.dialect);
        let message = format!("rows of table {} must pass the check {} now", pair.new.name.name, shown(&new.name));
        let draft =
            sink.add(&RULE, DEPLOY, part_path(pair.new, &new.name), format!("check {} added", key::condition(&new.definition)), message);
        if own {
            // A check of a new column binds nobody who does not know the column.
            draft.at_most(Severity::Low);
        }
    }
}

/// The condition names new columns and none that was there.
fn only_new_columns(pair: &Pair<'_>, condition: &str, dialect: crate::sql::Dialect) -> bool {
    let form = super::super::expression::form(condition, dialect);
    let names = |name: &String| form.split(' ').any(|word| word.eq_ignore_ascii_case(name));
    pair.added.iter().any(|column| names(&column.name)) && !pair.couples.iter().any(|couple| names(&couple.new.name))
}

/// A name, or that it has none.
pub(super) fn shown(name: &str) -> String {
    if name.is_empty() { "(without a name)".to_owned() } else { name.to_owned() }
}
