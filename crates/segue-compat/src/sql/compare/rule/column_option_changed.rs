//! A column does something else by itself.
//!
//! # What it checks
//! ON UPDATE CURRENT_TIMESTAMP, INVISIBLE, and whether a generated column is stored (MySQL, MariaDB).
//!
//! # Why it breaks
//! A time that was set on every change stays as it is; a hidden column vanishes from `SELECT *` and from inserts without
//! names.
//!
//! # Safe path
//! Let the application set the time before the option goes; name the columns in every statement.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (at datetime ON UPDATE CURRENT_TIMESTAMP);
//! -- new
//! CREATE TABLE t (at datetime);
//! ```

use segue_model::catalog::Table;
use segue_model::finding::Severity;

use super::super::expression;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{NOTHING, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-column-option-changed",
    title: "A column does something else by itself",
    why: "A time that was set on every change stays as it is; a hidden column vanishes from `SELECT *` and from inserts without names.",
    fix: "Let the application set the time before the option goes; name the columns in every statement.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let of = |table: &Table, name: &str| -> Vec<String> {
        let prefix = format!("column `{}`: ", name.replace('`', "``"));
        let found = table.options.iter().filter_map(|option| option.strip_prefix(prefix.as_str()));
        found
            .map(|what| {
                what.strip_prefix("on update ").map_or_else(
                    || what.replace("persistent", "stored"),
                    |what| format!("on update {}", expression::form(what, sides.dialect)),
                )
            })
            .collect()
    };
    let (old, new) = (of(pair.old, &couple.old.name), of(pair.new, &couple.new.name));
    for (what, now) in old
        .iter()
        .filter(|what| !new.contains(what))
        .map(|what| (what, false))
        .chain(new.iter().filter(|what| !old.contains(what)).map(|what| (what, true)))
    {
        if what.ends_with("generated") {
            continue;
        }
        let message = format!("column {} is {} `{what}`", typed::shown(pair, couple), if now { "now" } else { "no longer" });
        let change = format!("{} {what}", if now { "added" } else { "removed" });
        sink.add(&RULE, NOTHING, column_path(pair.new, couple.new), change, message).at_least(Severity::Medium);
    }
}
