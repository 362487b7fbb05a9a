//! Rows must refer to something now.
//!
//! # What it checks
//! Foreign keys that only the new side has, by columns and target.
//!
//! # Why it breaks
//! Writers of the old version that write the rows in another order, or delete what is referred to, fail; orphans that are
//! there stop the change.
//!
//! # Safe path
//! Look for orphans first, add the key without validating it, then validate. `add_foreign_key` in segue.yaml does so.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE o (user_id int);
//! -- new
//! CREATE TABLE o (user_id int REFERENCES users (id));
//! ```

use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{DEPLOY, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-foreign-key-added",
    title: "Rows must refer to something now",
    why: "Writers of the old version that write the rows in another order, or delete what is referred to, fail; orphans that are there stop the change.",
    fix: "Look for orphans first, add the key without validating it, then validate. `add_foreign_key` in segue.yaml does so.",
    answers: &["squawk:adding-foreign-key-constraint"],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (old, new) in key::foreign_keys(sides, pair) {
        let (None, Some(new)) = (old, new) else { continue };
        let target = new.references.as_ref().map(|name| name.name.as_str()).unwrap_or_default();
        let columns = new.columns.join(", ");
        let message = format!("({columns}) of table {} must refer to a row of {target} now", pair.new.name.name);
        sink.add(&RULE, DEPLOY, part_path(pair.new, &new.name), format!("foreign key ({columns}) -> {target} added"), message);
    }
}
