//! A key refers to other columns, or is not validated.
//!
//! # What it checks
//! The columns that a foreign key refers to, and whether it was checked against every row.
//!
//! # Why it breaks
//! Rows that referred to something may not under the new key.
//!
//! # Safe path
//! Treat it as a new key: look for orphans, add it without validating, validate, drop the old one.
//!
//! # Example
//! ```sql
//! -- old
//! REFERENCES users (id)
//! -- new
//! REFERENCES users (number)
//! ```

use segue_model::finding::Severity;

use super::super::expression;
use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, NOTHING, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-foreign-key-target-changed",
    title: "A key refers to other columns, or is not validated",
    why: "Rows that referred to something may not under the new key.",
    fix: "Treat it as a new key: look for orphans, add it without validating, validate, drop the old one.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (old, new) in key::foreign_keys(sides, pair) {
        let (Some(old), Some(new)) = (old, new) else { continue };
        let renamed = |names: Vec<String>| {
            old.references.as_ref().and_then(|name| sides.pair_of_old(name)).map_or(names.clone(), |target| target.new_names(&names))
        };
        let (a, b) = (
            renamed(expression::referred_columns(&old.definition, sides.dialect)),
            expression::referred_columns(&new.definition, sides.dialect),
        );
        if !a.is_empty() && !b.is_empty() && a != b {
            let message = format!("the key ({}) of table {} refers to other columns", new.columns.join(", "), pair.new.name.name);
            sink.add(&RULE, BOTH, part_path(pair.new, &new.name), format!("refers to ({}) -> ({})", a.join(", "), b.join(", ")), message);
        }
        if old.validated != new.validated {
            let message = format!(
                "the key ({}) of table {} is {} validated",
                new.columns.join(", "),
                pair.new.name.name,
                if new.validated { "now" } else { "no longer" }
            );
            sink.add(&RULE, NOTHING, part_path(pair.new, &new.name), format!("validated {}", new.validated), message)
                .at_least(Severity::Low);
        }
    }
}
