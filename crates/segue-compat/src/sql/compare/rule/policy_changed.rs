//! A row-level policy is new, gone or another one.
//!
//! # What it checks
//! The policies of a table, by their texts.
//!
//! # Why it breaks
//! Rows are shown to, or hidden from, other roles than before.
//!
//! # Safe path
//! Try the policy as each role, on both sides.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE POLICY own ON t USING (owner = current_user);
//! -- new
//! -- no such policy
//! ```

use segue_model::finding::Severity;

use super::super::expression;
use super::super::pair::{Pair, Sides};
use super::super::sink::{NOTHING, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-policy-changed",
    title: "A row-level policy is new, gone or another one",
    why: "Rows are shown to, or hidden from, other roles than before.",
    fix: "Try the policy as each role, on both sides.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let table = &pair.new.name.name;
    let restrictive = |text: &str| text.to_lowercase().contains("restrictive");
    for old in &pair.old.policies {
        match pair.new.policies.iter().find(|new| new.name == old.name) {
            None => {
                let message = format!("policy {} of table {table} is gone", old.name);
                let draft = sink.add(&RULE, NOTHING, part_path(pair.old, &old.name), "removed", message);
                draft.not_decided();
                if restrictive(&old.definition) {
                    // It only ever hid rows.
                    draft.critical();
                }
            }
            Some(new) if pair.renamed_text(&old.definition, sides.dialect) != expression::form(&new.definition, sides.dialect) => {
                let message = format!("policy {} of table {table} is another one", old.name);
                sink.add(&RULE, NOTHING, part_path(pair.new, &new.name), "changed", message).not_decided().at_least(Severity::High);
            }
            Some(_) => {}
        }
    }
    for new in pair.new.policies.iter().filter(|new| !pair.old.policies.iter().any(|old| old.name == new.name)) {
        let message = format!("policy {} of table {table} is new", new.name);
        sink.add(&RULE, NOTHING, part_path(pair.new, &new.name), "added", message).not_decided();
    }
}
