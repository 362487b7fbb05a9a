//! A trigger is new, gone or another one.
//!
//! # What it checks
//! Triggers and rewrite rules of a table, by their texts.
//!
//! # Why it breaks
//! What happens beside a write differs: audit rows, times, other tables.
//!
//! # Safe path
//! Read the trigger: whether an application notices cannot be told from its text.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TRIGGER log AFTER INSERT ON t ...
//! -- new
//! -- no such trigger
//! ```

use segue_model::catalog::Named;

use super::super::pair::{Pair, Sides};
use super::super::sink::{NOTHING, Sink, part_path};
use super::super::{definition, expression};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-trigger-changed",
    title: "A trigger is new, gone or another one",
    why: "What happens beside a write differs: audit rows, times, other tables.",
    fix: "Read the trigger: whether an application notices cannot be told from its text.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (what, old, new) in [("trigger", &pair.old.triggers, &pair.new.triggers), ("rule", &pair.old.rules, &pair.new.rules)] {
        let find = |list: &[Named], name: &str| list.iter().find(|one| one.name == name).map(|one| one.definition.clone());
        for one in old {
            let says = match find(new, &one.name) {
                None => "is gone",
                Some(other)
                    if pair.renamed_text(&one.definition, sides.dialect) != expression::form(&other, sides.dialect)
                        && !definition::same(&one.definition, &other, sides.dialect) =>
                {
                    "is another one"
                }
                Some(_) => continue,
            };
            let message = format!("{what} {} of table {} {says}", one.name, pair.new.name.name);
            sink.add(&RULE, NOTHING, part_path(pair.new, &one.name), format!("{what} {says}"), message).not_decided();
        }
        for one in new.iter().filter(|one| find(old, &one.name).is_none()) {
            let message = format!("{what} {} of table {} is new", one.name, pair.new.name.name);
            sink.add(&RULE, NOTHING, part_path(pair.new, &one.name), format!("{what} is new"), message).not_decided();
        }
    }
}
