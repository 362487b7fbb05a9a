//! What `ALTER COLUMN … TYPE` does to a table.
//!
//! PostgreSQL writes the table anew unless the old type is binary coercible to the new one and no length has to be enforced;
//! indexes are rebuilt when their operator class or collation changes, or when they have an expression or predicate on the
//! column (<https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>; `ATColumnChangeRequiresRewrite`
//! and `CheckIndexCompatible` of its source). What is not known to be free is a rewrite. Tests: below, and the lock oracle.

use segue_model::catalog::{ConstraintKind, Table};

use crate::sql::postgres::expression;
use crate::sql::postgres::statement::{Action, Expression};
use crate::sql::postgres::world::World;

/// What a change of type does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cost {
    /// The catalog alone changes.
    Free,
    /// The rows stay; indexes are built anew (`true`) or checks are tried again.
    Touches { indexes: Vec<String>, checks: Vec<String> },
    /// Every row is written anew.
    Rewrites { why: String },
}

/// The change of a column's type on a table as it stands.
pub(crate) fn cost(world: &World, table: Option<&Table>, change: &Change<'_>) -> Cost {
    let Some((table, column)) = table.and_then(|table| Some((table, table.column(change.column)?))) else {
        return Cost::Rewrites { why: "the column's present type is not known, so that the worst is assumed".to_owned() };
    };
    let old = base(world, &column.data_type);
    if let Some(using) = change.using
        && !plain(using, change.column, change.data_type)
    {
        return Cost::Rewrites { why: "USING computes a value for each row".to_owned() };
    }
    if world.constrained(change.data_type) {
        return Cost::Rewrites { why: format!("each row is checked against the domain {}", change.data_type) };
    }
    let new = base(world, change.data_type);
    if let Some(why) = rewrites(&old, &new, change) {
        return Cost::Rewrites { why };
    }
    let class = class_of(&old) != class_of(&new) || change.collation.is_some_and(|new| column.collation.as_deref() != Some(new));
    let indexes: Vec<String> = table
        .indexes
        .iter()
        .filter(|index| {
            let key = index.columns.iter().any(|name| name == change.column);
            let inside = index.partial_or_expression && expression::words_of(&index.definition).iter().any(|word| word == change.column);
            (key && class) || inside
        })
        .map(|index| index.name.clone())
        .collect();
    let checks: Vec<String> = table
        .constraints
        .iter()
        .filter(|check| check.kind == ConstraintKind::Check && check.validated && check.columns.iter().any(|name| name == change.column))
        .map(|check| check.name.clone())
        .collect();
    if indexes.is_empty() && checks.is_empty() { Cost::Free } else { Cost::Touches { indexes, checks } }
}

/// A change of type, as the statement says it.
pub(crate) struct Change<'a> {
    pub(crate) column: &'a str,
    pub(crate) data_type: &'a str,
    pub(crate) collation: Option<&'a str>,
    pub(crate) using: Option<&'a Expression>,
    /// The session's time zone is UTC; `None`: not known.
    pub(crate) utc: Option<bool>,
    pub(crate) version: u32,
}

impl<'a> Change<'a> {
    /// What an action does to a column's type; none when it is another action.
    pub(crate) fn of(action: &'a Action, utc: Option<bool>, version: u32) -> Option<Self> {
        let Action::SetType { column, data_type, collation, using } = action else { return None };
        Some(Self { column, data_type, collation: collation.as_deref(), using: using.as_ref(), utc, version })
    }
}

/// A domain counts as the type below it.
fn base(world: &World, data_type: &str) -> String {
    let mut name = data_type.to_owned();
    for _ in 0..32 {
        match world.domains.get(&name) {
            Some(domain) => name.clone_from(&domain.base),
            None => break,
        }
    }
    // A type of an extension stands in some schema; its name tells what it is.
    for known in TEXTS {
        if name.split_once('.').is_some_and(|(_, bare)| bare == *known) {
            return (*known).to_owned();
        }
    }
    name
}

/// `USING column` and `USING column::type` say what would happen anyway.
fn plain(using: &Expression, column: &str, data_type: &str) -> bool {
    let text = using.text.trim_matches(['(', ')']);
    let name = crate::sql::postgres::cursor::quote(column);
    text == name || text.strip_prefix(&format!("{name}::")).is_some_and(|cast| same_type(cast, data_type))
}

fn same_type(written: &str, data_type: &str) -> bool {
    let Ok(script) = crate::sql::postgres::token::cut(written) else { return false };
    let mut cursor = crate::sql::postgres::cursor::Cursor::new(written, &script.tokens);
    crate::sql::postgres::type_name::take(&mut cursor).is_some_and(|read| read.text == data_type)
}

/// A type's name without its length, and its numbers: `numeric(10,2)` is `numeric` and 10, 2.
fn parts(data_type: &str) -> (String, Vec<i64>) {
    let Some((before, rest)) = data_type.split_once('(') else { return (data_type.to_owned(), Vec::new()) };
    let Some((inside, behind)) = rest.split_once(')') else { return (data_type.to_owned(), Vec::new()) };
    (format!("{before}{behind}"), inside.split(',').filter_map(|number| number.trim().parse().ok()).collect())
}

const TEXTS: &[&str] = &["text", "character varying", "citext"];

/// The operator class by which an index compares: types that share it keep their indexes.
fn class_of(data_type: &str) -> String {
    let (name, _) = parts(data_type);
    match name.as_str() {
        "character varying" => "text".to_owned(),
        "cidr" => "inet".to_owned(),
        "bit varying" => "bit varying".to_owned(),
        _ => name,
    }
}

/// Why rows are written anew; none when they stay as they are.
fn rewrites(old: &str, new: &str, change: &Change<'_>) -> Option<String> {
    if old == new {
        return None;
    }
    let ((old_name, old_numbers), (new_name, new_numbers)) = (parts(old), parts(new));
    let both_texts = TEXTS.contains(&old_name.as_str()) && TEXTS.contains(&new_name.as_str());
    let same = old_name == new_name;
    let why = || Some(format!("{old} and {new} are stored differently"));
    if both_texts || (same && old_name == "bit varying") {
        return longer(&old_numbers, &new_numbers).map(|()| format!("every value is checked against the length of {new}"));
    }
    if same && matches!(old_name.as_str(), "numeric") {
        return numeric(&old_numbers, &new_numbers).then(|| format!("every value is brought to the form of {new}"));
    }
    if is_moment(&old_name) && is_moment(&new_name) {
        let zones = old_name != new_name;
        if zones && !(old_name.starts_with("timestamp") && new_name.starts_with("timestamp")) {
            return why();
        }
        if zones && (change.version < 120_000 || change.utc != Some(true)) {
            return Some("every value is turned by the session's time zone, which is not known to be UTC".to_owned());
        }
        let fits = new_numbers.first().is_none_or(|new| *new >= 6 || old_numbers.first().is_some_and(|old| old <= new));
        return if fits { None } else { Some(format!("every value is rounded to the precision of {new}")) };
    }
    let binary = [
        ("cidr", "inet"),
        ("integer", "oid"),
        ("oid", "integer"),
        ("xml", "text"),
        ("xml", "character varying"),
        ("bit", "bit varying"),
        ("oid", "regclass"),
        ("regclass", "oid"),
        ("text", "bpchar"),
        ("character varying", "bpchar"),
    ];
    if binary.contains(&(old_name.as_str(), new_name.as_str())) && new_numbers.is_empty() {
        return None;
    }
    if same && old_numbers == new_numbers { None } else { why() }
}

fn is_moment(name: &str) -> bool {
    name.starts_with("timestamp ") || name.starts_with("time ") || name == "interval"
}

/// `Some` when a length has to be enforced.
fn longer(old: &[i64], new: &[i64]) -> Option<()> {
    match (old.first(), new.first()) {
        (_, None) => None,
        (Some(old), Some(new)) if old <= new => None,
        _ => Some(()),
    }
}

fn numeric(old: &[i64], new: &[i64]) -> bool {
    match (old, new) {
        (_, []) => false,
        ([old_precision, old_scale], [precision, scale]) => !(old_scale == scale && old_precision <= precision),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(old: &str, new: &str, utc: bool) -> bool {
        let change = Change { column: "a", data_type: new, collation: None, using: None, utc: Some(utc), version: 150_000 };
        rewrites(old, new, &change).is_none()
    }

    #[test]
    fn a_wider_type_of_the_same_storage_is_free() {
        let ts = "timestamp without time zone";
        let tz = "timestamp with time zone";
        for (old, new, is_free) in [
            ("character varying(20)", "character varying(30)", true),
            ("character varying(20)", "text", true),
            ("character varying(20)", "character varying(10)", false),
            ("text", "character varying(10)", false),
            ("numeric(10,2)", "numeric(12,2)", true),
            ("numeric(10,2)", "numeric", true),
            ("numeric(10,2)", "numeric(12,3)", false),
            ("numeric", "numeric(10,2)", false),
            ("integer", "bigint", false),
            ("cidr", "inet", true),
            ("inet", "cidr", false),
            ("character(3)", "character(4)", false),
            ("timestamp(3) without time zone", ts, true),
            (ts, "timestamp(3) without time zone", false),
            (ts, tz, true),
            ("json", "jsonb", false),
        ] {
            assert_eq!(free(old, new, true), is_free, "{old} to {new}");
        }
        assert!(!free(ts, tz, false));
    }
}
