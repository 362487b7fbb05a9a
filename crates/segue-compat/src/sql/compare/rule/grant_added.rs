//! A right is new.
//!
//! # What it checks
//! Rights on a table or column that only the new side gives.
//!
//! # Why it breaks
//! What everybody may do, an intruder may do too.
//!
//! # Safe path
//! Give rights to the role that needs them, never to PUBLIC.
//!
//! # Example
//! ```sql
//! -- old
//! -- no such grant
//! -- new
//! GRANT SELECT ON t TO PUBLIC;
//! ```

use segue_model::finding::Severity;

use super::super::pair::{Pair, Sides};
use super::super::sink::{ROLLBACK, Sink};
use super::grant_removed::rights;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-grant-added",
    title: "A right is new",
    why: "What everybody may do, an intruder may do too.",
    fix: "Give rights to the role that needs them, never to PUBLIC.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (path, right) in rights(pair, false) {
        let everybody = right.to_lowercase().contains("to public");
        let message = format!("{right} on {path} is given{}", if everybody { ": to everybody" } else { "" });
        let draft = sink.add(&RULE, ROLLBACK, path, format!("granted {right}"), message);
        if everybody {
            draft.critical();
        } else {
            draft.at_most(Severity::Low);
        }
    }
}
