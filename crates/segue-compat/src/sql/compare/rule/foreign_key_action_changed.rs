//! What happens to referring rows is another thing.
//!
//! # What it checks
//! ON DELETE and ON UPDATE of a foreign key that both sides have.
//!
//! # Why it breaks
//! A delete that was refused takes rows along, or one that took them along is refused.
//!
//! # Safe path
//! Let the application delete the rows itself while both versions run, then change the action.
//!
//! # Example
//! ```sql
//! -- old
//! REFERENCES users (id) ON DELETE RESTRICT
//! -- new
//! REFERENCES users (id) ON DELETE CASCADE
//! ```

use super::super::expression;
use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-foreign-key-action-changed",
    title: "What happens to referring rows is another thing",
    why: "A delete that was refused takes rows along, or one that took them along is refused.",
    fix: "Let the application delete the rows itself while both versions run, then change the action.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (old, new) in key::foreign_keys(sides, pair) {
        let (Some(old), Some(new)) = (old, new) else { continue };
        let (before, now) = (expression::actions(&old.definition, sides.dialect), expression::actions(&new.definition, sides.dialect));
        for (what, before, now) in [("delete", &before.0, &now.0), ("update", &before.1, &now.1)] {
            if before == now {
                continue;
            }
            let columns = new.columns.join(", ");
            let message = format!("the key ({columns}) of table {} has ON {what} {now} where it was {before}", pair.new.name.name);
            let change = format!("({columns}) on {what} {before} -> {now}");
            let draft = sink.add(&RULE, BOTH, part_path(pair.new, &new.name), change, message);
            if what == "delete" && now != "no action" {
                draft.critical();
            }
        }
    }
}
