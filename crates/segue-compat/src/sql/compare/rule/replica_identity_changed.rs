//! Subscribers know rows by something else.
//!
//! # What it checks
//! The replica identity of a table.
//!
//! # Why it breaks
//! Without an identity updates and deletes on a published table fail; subscribers find rows by other columns.
//!
//! # Safe path
//! Change it on both ends, while no update is under way.
//!
//! # Example
//! ```sql
//! -- old
//! ALTER TABLE t REPLICA IDENTITY FULL;
//! -- new
//! ALTER TABLE t REPLICA IDENTITY NOTHING;
//! ```

use segue_model::finding::Severity;

use super::super::pair::{Pair, Sides};
use super::super::sink::{DEPLOY, NOTHING, ROLLBACK, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-replica-identity-changed",
    title: "Subscribers know rows by something else",
    why: "Without an identity updates and deletes on a published table fail; subscribers find rows by other columns.",
    fix: "Change it on both ends, while no update is under way.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let of = |identity: &Option<String>| identity.clone().unwrap_or_else(|| "default".to_owned());
    let (old, new) = (of(&pair.old.replica_identity), of(&pair.new.replica_identity));
    if old != new {
        let breaks = match (old.as_str(), new.as_str()) {
            (_, "nothing") => DEPLOY,
            ("nothing", _) => ROLLBACK,
            _ => NOTHING,
        };
        let message = format!("the replica identity of table {} is {new} where it was {old}", pair.new.name.name);
        sink.add(&RULE, breaks, table_path(pair.new), format!("replica identity {old} -> {new}"), message).at_least(Severity::Medium);
    }
}
