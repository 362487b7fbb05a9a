//! The primary key is another one.
//!
//! # What it checks
//! The columns of the primary key, in their order, renames followed.
//!
//! # Why it breaks
//! Upserts and replication name rows by it; rows that are there may be doubled or NULL under the new one, and references
//! to it fail.
//!
//! # Safe path
//! Build the new unique key first, move references, then change over.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (a int, b int, PRIMARY KEY (a));
//! -- new
//! CREATE TABLE t (a int, b int, PRIMARY KEY (a, b));
//! ```

use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-primary-key-changed",
    title: "The primary key is another one",
    why: "Upserts and replication name rows by it; rows that are there may be doubled or NULL under the new one, and references to it fail.",
    fix: "Build the new unique key first, move references, then change over.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let (old, new) = (pair.new_names(&pair.old.primary_key()), pair.new.primary_key());
    let fold = |names: &[String]| names.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>();
    if fold(&old) == fold(&new) {
        return;
    }
    let table = &pair.new.name.name;
    let message = match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("table {table} has a primary key now ({})", new.join(", ")),
        (_, true) => format!("table {table} has no primary key any more; it was ({})", old.join(", ")),
        _ => format!("the primary key of table {table} is ({}) where it was ({})", new.join(", "), old.join(", ")),
    };
    let change = format!("primary key ({}) -> ({})", old.join(", "), new.join(", "));
    sink.add(&RULE, BOTH, table_path(pair.new), change, message);
}
