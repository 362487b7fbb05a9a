//! A check says something else.
//!
//! # What it checks
//! A check of the same name with another condition. Bounds of numbers and lists of values are compared; all else is
//! undecided.
//!
//! # Why it breaks
//! Rows that passed may fail now, or the other way round.
//!
//! # Safe path
//! Add the new check beside the old one without validating, mend the rows, validate, drop the old one.
//!
//! # Example
//! ```sql
//! -- old
//! CHECK (state IN ('new', 'paid'))
//! -- new
//! CHECK (state IN ('new', 'sent'))
//! ```

use super::super::condition;
use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, DEPLOY, NOTHING, ROLLBACK, Sink, part_path};
use crate::policy::Relation;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-check-changed",
    title: "A check says something else",
    why: "Rows that passed may fail now, or the other way round.",
    fix: "Add the new check beside the old one without validating, mend the rows, validate, drop the old one.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (old, new) in key::checks(sides, pair) {
        let (Some(old), Some(new)) = (old, new) else { continue };
        let before = pair.renamed_text(key::condition(&old.definition), sides.dialect);
        let relation = condition::relate(&before, key::condition(&new.definition), sides.dialect);
        let (breaks, says) = match relation {
            Relation::Equal => (NOTHING, "the same in other words"),
            Relation::Narrowed => (DEPLOY, "lets fewer rows pass"),
            Relation::Widened => (ROLLBACK, "lets more rows pass"),
            Relation::Changed => (BOTH, "lets other rows pass"),
            Relation::Undecided => (NOTHING, "cannot be compared with the old one by its text"),
        };
        let message = format!("the check {} of table {} is another one: it {says}", new.name, pair.new.name.name);
        let draft = sink.add(&RULE, breaks, part_path(pair.new, &new.name), "condition", message);
        if relation == Relation::Undecided {
            draft.not_decided();
        }
    }
}
