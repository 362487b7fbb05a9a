//! A table is partitioned in another way.
//!
//! # What it checks
//! The key, the bounds or the number of partitions.
//!
//! # Why it breaks
//! Rows without a partition are refused, keys must hold the partition key, and dropping a partition drops its rows.
//!
//! # Safe path
//! Add partitions before rows come; detach and keep a partition before it is dropped.
//!
//! # Example
//! ```sql
//! -- old
//! PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10))
//! -- new
//! PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (5))
//! ```

use segue_model::finding::Severity;

use super::super::expression;
use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, DEPLOY, ROLLBACK, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-partitioning-changed",
    title: "A table is partitioned in another way",
    why: "Rows without a partition are refused, keys must hold the partition key, and dropping a partition drops its rows.",
    fix: "Add partitions before rows come; detach and keep a partition before it is dropped.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let table = &pair.new.name.name;
    if !expression::same_optional(pair.old.partition_key.as_deref(), pair.new.partition_key.as_deref(), sides.dialect) {
        if pair.old.kind == pair.new.kind {
            let message = format!("table {table} has another partition key");
            sink.add(&RULE, BOTH, table_path(pair.new), "partition key", message).not_decided();
        }
        return;
    }
    // A server writes a bound in other words than a person.
    let parts = |options: &[String]| -> Vec<String> {
        options.iter().filter(|option| option.starts_with("partition ")).map(|option| expression::form(option, sides.dialect)).collect()
    };
    let (old, new) = (parts(&pair.old.options), parts(&pair.new.options));
    let gone = old.iter().any(|one| !new.contains(one));
    let come = new.iter().any(|one| !old.contains(one));
    if gone {
        let message = format!("partitions of table {table} are gone or have other bounds: their rows may be lost or refused");
        sink.add(&RULE, if come { BOTH } else { DEPLOY }, table_path(pair.new), "partitions", message).critical();
    } else if come {
        let message = format!("table {table} has further partitions");
        sink.add(&RULE, ROLLBACK, table_path(pair.new), "partitions added", message).at_most(Severity::Low);
    }
}
