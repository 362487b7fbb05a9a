//! Columns stand in another order.
//!
//! # What it checks
//! The order of the columns that both sides have.
//!
//! # Why it breaks
//! `SELECT *` read by position, and `INSERT` or `COPY` without column names, put values into other columns.
//!
//! # Safe path
//! Name the columns in every statement; the order alone is not worth a migration.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (a int, b int);
//! -- new
//! CREATE TABLE t (b int, a int);
//! ```

use std::collections::BTreeMap;

use segue_model::finding::Severity;

use super::super::pair::{Pair, Sides};
use super::super::sink::{NOTHING, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-column-order-changed",
    title: "Columns stand in another order",
    why: "`SELECT *` read by position, and `INSERT` or `COPY` without column names, put values into other columns.",
    fix: "Name the columns in every statement; the order alone is not worth a migration.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let places: BTreeMap<&str, usize> = pair.old.columns.iter().enumerate().map(|(at, column)| (column.name.as_str(), at)).collect();
    let place = |name: &str| places.get(name).copied();
    let mut last = None;
    for couple in pair.couples.iter().filter(|couple| couple.renamed.is_none()) {
        let at = place(&couple.old.name);
        if last > at {
            let message = format!("columns of table {} stand in another order", pair.new.name.name);
            sink.add(&RULE, NOTHING, table_path(pair.new), "column order", message).at_least(Severity::Low);
            return;
        }
        last = at;
    }
}
