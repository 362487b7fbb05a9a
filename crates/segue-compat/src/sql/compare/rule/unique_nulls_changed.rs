//! Whether NULL counts as a value of a unique key is another thing.
//!
//! # What it checks
//! `NULLS NOT DISTINCT` of unique constraints and indexes that are on both sides.
//!
//! # Why it breaks
//! Without it a key takes any number of rows with NULL, with it one: the second row of the old version is refused.
//!
//! # Safe path
//! Look for rows that are doubled but for NULL, build the new index beside the old one without a lock, then drop the old one.
//!
//! # Example
//! ```sql
//! -- old
//! UNIQUE (email)
//! -- new
//! UNIQUE NULLS NOT DISTINCT (email)
//! ```

use segue_model::catalog::Table;

use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{DEPLOY, ROLLBACK, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-unique-nulls-changed",
    title: "Whether NULL counts as a value of a unique key is another thing",
    why: "Without NULLS NOT DISTINCT a key takes any number of rows with NULL, with it one.",
    fix: "Look for rows that are doubled but for NULL, and build the new index beside the old one.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let old = key::uniques(pair.old, |names| pair.new_names(names), sides.dialect);
    for (held, name) in key::uniques(pair.new, <[String]>::to_vec, sides.dialect) {
        let Some(before) = old.get(&held) else { continue };
        let (breaks, says, change) = match (binds_nulls(pair.old, before), binds_nulls(pair.new, &name)) {
            (false, true) => (DEPLOY, "one row with NULL alone is taken now", "nulls not distinct added"),
            (true, false) => (ROLLBACK, "any number of rows with NULL is taken now", "nulls not distinct dropped"),
            _ => continue,
        };
        let message = format!("the unique key {held} of table {}: {says}", pair.new.name.name);
        sink.add(&RULE, breaks, part_path(pair.new, &name), format!("{held} {change}"), message);
    }
}

fn binds_nulls(table: &Table, name: &str) -> bool {
    let says = |text: &str| text.to_lowercase().contains("nulls not distinct");
    table.constraints.iter().any(|one| one.name == name && says(&one.definition))
        || table.indexes.iter().any(|one| one.name == name && says(&one.definition))
}
