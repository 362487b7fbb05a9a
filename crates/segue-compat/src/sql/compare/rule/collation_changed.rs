//! Texts compare or are encoded in another way.
//!
//! # What it checks
//! The collation and character set of a text column, its own or its table's.
//!
//! # Why it breaks
//! Order, equality and with them uniqueness change: two keys may become one. A smaller character set cannot hold every
//! letter.
//!
//! # Safe path
//! Look for keys that meet under the new collation and for letters that the new set lacks; indexes are built anew.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (name varchar(20) COLLATE utf8mb4_bin UNIQUE);
//! -- new
//! CREATE TABLE t (name varchar(20) COLLATE utf8mb4_general_ci UNIQUE);
//! ```

use segue_model::catalog::{Column, Table};
use segue_model::check::{Side, Witness};
use segue_model::finding::Severity;

use super::super::key::in_a_key;
use super::super::kind::Kind;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{BOTH, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-collation-changed",
    title: "Texts compare or are encoded in another way",
    why: "Order, equality and with them uniqueness change: two keys may become one. A smaller character set cannot hold every letter.",
    fix: "Look for keys that meet under the new collation and for letters that the new set lacks; indexes are built anew.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let textual = |kind: &Kind| matches!(kind, Kind::Text { .. } | Kind::Enum(_) | Kind::Set(_) | Kind::Affinity(_) | Kind::Other(_));
    if !textual(&couple.kinds.0) || !textual(&couple.kinds.1) {
        return;
    }
    let (old, new) = (effective(couple.old, pair.old), effective(couple.new, pair.new));
    if old == new || same_as_far_as_known(old.as_deref(), new.as_deref()) {
        return;
    }
    let name = |collation: &Option<String>| collation.clone().unwrap_or_else(|| "the default one".to_owned());
    let change = format!("collation {} -> {}", name(&old), name(&new));
    let message = format!("column {} has collation {} where it was {}", typed::shown(pair, couple), name(&new), name(&old));
    let keyed = in_a_key(pair.old, &couple.old.name) || in_a_key(pair.new, &couple.new.name);
    let draft = sink.add(&RULE, BOTH, column_path(pair.new, couple.new), change, message);
    if !keyed {
        draft.at_most(Severity::Medium);
    }
    let sets = (old.as_deref().map(charset), new.as_deref().map(charset));
    if let (Some(from), Some(to)) = sets
        && from != to
        && rank(from) > rank(to)
    {
        draft.critical();
        draft.witness =
            Some(Witness { accepted_by: Side::Old, value: serde_json::json!(if from == "utf8mb4" { "\u{1F600}" } else { "\u{4E2D}" }) });
    }
}

/// The column's own collation, else the table's.
fn effective(column: &Column, table: &Table) -> Option<String> {
    let own = column.collation.as_deref().map(|name| bare(name).to_owned());
    own.or_else(|| table.options.iter().find_map(|option| option.strip_prefix("collation=")).map(str::to_owned))
}

/// A server writes `pg_catalog."C"` where a person writes `"C"`.
fn bare(collation: &str) -> &str {
    let quoted = collation.strip_suffix('"').and_then(|rest| rest.rsplit_once('"'));
    let plain = |prefix: &str| collation.strip_prefix(prefix);
    quoted.map(|(_, name)| name).or_else(|| plain("pg_catalog.")).or_else(|| plain("public.")).unwrap_or(collation)
}

/// A charset alone (`charset utf8mb4`) meets every collation of it: which one it is, only the server knows.
fn same_as_far_as_known(old: Option<&str>, new: Option<&str>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return false };
    (old.starts_with("charset ") || new.starts_with("charset ")) && charset(old) == charset(new)
}

/// `utf8mb4` of `utf8mb4_general_ci`.
fn charset(collation: &str) -> &str {
    let name = collation.strip_prefix("charset ").unwrap_or(collation);
    name.split('_').next().unwrap_or(name)
}

/// A set that holds every letter of those with a lower number.
fn rank(charset: &str) -> u8 {
    match charset {
        "utf8mb4" | "utf16" | "utf32" => 3,
        "utf8" | "utf8mb3" | "ucs2" => 2,
        "ascii" => 0,
        _ => 1,
    }
}
