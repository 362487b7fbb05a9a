//! Rules that somebody declares about data, counted on a side: not NULL, unique, within bounds, of a pattern, referring
//! to what is there.
//!
//! A rule is counted by the server, exactly; it names how many rows break it and no row. Tests: below, and with real
//! servers `segue-sim/tests/it/checks/rules.rs`.

use segue_engine::rows::{Answer, Ask, Datum, Probe, Question};
use segue_model::ident::TableName;
use segue_model::verify::CheckReport;
use serde::Deserialize;

use super::queries::QueryOptions;
use super::{Draft, cell, many, side_word};
use crate::checks::Exact;
use crate::{Side, VerifyError};

/// A rule about a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name; else the words of the rule.
    #[serde(default)]
    pub name: Option<String>,
    /// The table, as a client of the URL would name it.
    pub table: String,
    /// What must be.
    pub rule: Must,
    /// Rows that may break it.
    #[serde(default)]
    pub at_most: u64,
    /// A condition in the server's SQL: only these rows are meant. Not for `refers_to`.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
}

/// What must be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Must {
    /// The column is not NULL.
    NotNull {
        /// The column.
        column: String,
    },
    /// No two rows have the same values in these columns.
    Unique {
        /// The columns.
        columns: Vec<String>,
    },
    /// The value is within these bounds: numbers in plain digits, or days as `2026-11-21`.
    Between {
        /// The column.
        column: String,
        /// The smallest that may be.
        #[serde(default)]
        min: Option<String>,
        /// The largest that may be.
        #[serde(default)]
        max: Option<String>,
    },
    /// The text fits a pattern: `%` is any text, `_` any character, `!` makes either plain; case matters.
    Like {
        /// The column.
        column: String,
        /// The pattern.
        pattern: String,
    },
    /// The row that it refers to is there.
    RefersTo {
        /// The columns that refer.
        columns: Vec<String>,
        /// The table that is referred to.
        table: String,
        /// Its columns, as many.
        to: Vec<String>,
    },
}

/// Reads a file of rules: a JSON list.
pub fn read(json: &[u8]) -> Result<Vec<Rule>, String> {
    let rules: Vec<Rule> = serde_json::from_slice(json).map_err(|error| format!("it is no list of rules: {error}"))?;
    rules.iter().try_for_each(|rule| probe(rule).map(|_| ()))?;
    Ok(rules)
}

/// Counts the rows of a side that break each rule.
pub async fn check(rules: &[Rule], which: Side, side: &dyn Ask, options: &QueryOptions) -> Result<CheckReport, VerifyError> {
    let mut draft = Draft::new("quality", "quality");
    draft.say(format!("counted on the {}", side_word(which)));
    for rule in rules {
        let words = rule.name.clone().unwrap_or_else(|| words(rule));
        let probe = match probe(rule) {
            Ok(probe) => probe,
            Err(why) => {
                draft.unknown(format!("{words}: {why}"));
                continue;
            }
        };
        let question = Question { time_ms_max: options.time_ms_max, ..Question::new(side.sql(&probe)) };
        match side.ask(&question).await {
            Ok(answer) => judge(rule, &words, &answer, &mut draft),
            Err(error) => draft.unanswered(which, &words, error)?,
        }
    }
    Ok(draft.finish())
}

fn judge(rule: &Rule, words: &str, answer: &Answer, draft: &mut Draft) {
    let row = match answer.rows.as_slice() {
        [row] => Datum::row(row).ok(),
        _ => None,
    };
    let Some(broken) = row.as_deref().and_then(|row| cell::number(row.first()?)) else {
        draft.unknown(format!("{words}: the answer is not one number"));
        return;
    };
    let rows = broken.show().parse().unwrap_or(u64::MAX);
    let allowed = if rule.at_most > 0 { format!(", {} may", rule.at_most) } else { String::new() };
    if broken > Exact::from(rule.at_most) {
        draft.differs(format!("{words}: {} {} it{allowed}", many(rows, "row", "rows"), if rows == 1 { "breaks" } else { "break" }));
    } else {
        draft.say(format!("{words}: {rows} rows break it{allowed}"));
    }
}

fn words(rule: &Rule) -> String {
    let table = &rule.table;
    match &rule.rule {
        Must::NotNull { column } => format!("{table}.{column} is not NULL"),
        Must::Unique { columns } => format!("{table} ({}) is unique", columns.join(", ")),
        Must::Between { column, min, max } => {
            format!("{table}.{column} is between {} and {}", min.as_deref().unwrap_or("anything"), max.as_deref().unwrap_or("anything"))
        }
        Must::Like { column, pattern } => format!("{table}.{column} is like {pattern}"),
        Must::RefersTo { columns, table: to, .. } => format!("{table} ({}) refers to {to}", columns.join(", ")),
    }
}

fn probe(rule: &Rule) -> Result<Probe, String> {
    let named = |name: &str| TableName::parse(name).map_err(|error| format!("`{name}` is no table's name: {error}"));
    let (table, filter) = (named(&rule.table)?, rule.filter.clone());
    Ok(match &rule.rule {
        Must::NotNull { column } => Probe::Nulls { table, column: column.clone(), filter },
        Must::Unique { columns } if columns.is_empty() => return Err("it names no columns".to_owned()),
        Must::Unique { columns } => Probe::Duplicates { table, columns: columns.clone(), filter },
        Must::Between { min: None, max: None, .. } => return Err("it has neither `min` nor `max`".to_owned()),
        Must::Between { column, min, max } => Probe::Outside { table, column: column.clone(), min: min.clone(), max: max.clone(), filter },
        Must::Like { column, pattern } => Probe::Unlike { table, column: column.clone(), pattern: pattern.clone(), filter },
        Must::RefersTo { columns, to, .. } if columns.is_empty() || columns.len() != to.len() => {
            return Err("it names no columns, or not as many on both sides".to_owned());
        }
        Must::RefersTo { .. } if filter.is_some() => return Err("`where` is not for `refers_to`".to_owned()),
        Must::RefersTo { columns, table: parent, to } => {
            Probe::Orphans { table, columns: columns.clone(), parent: named(parent)?, parent_columns: to.clone() }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_and_nonsense_is_refused() {
        let rules = read(
            br#"[{"table": "orders", "rule": {"not_null": {"column": "email"}}},
                 {"name": "totals", "table": "shop.orders", "rule": {"between": {"column": "total", "min": "0"}}, "at_most": 2},
                 {"table": "orders", "rule": {"refers_to": {"columns": ["customer"], "table": "customers", "to": ["id"]}}}]"#,
        )
        .expect("rules");
        assert_eq!(words(&rules[0]), "orders.email is not NULL");
        assert_eq!(rules[1].at_most, 2);
        for bad in [
            r#"[{"table": "t", "rule": {"unique": {"columns": []}}}]"#,
            r#"[{"table": "t", "rule": {"between": {"column": "a"}}}]"#,
            r#"[{"table": "t", "rule": {"refers_to": {"columns": ["a", "b"], "table": "p", "to": ["a"]}}}]"#,
            r#"[{"table": "t", "rule": {"regex": {"column": "a"}}}]"#,
            r#"[{"table": "t", "rules": {}}]"#,
            "{}",
        ] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
