//! Business queries: one text for both sides, or one a side, and their answers compared by value.
//!
//! The rows are a multiset unless the query's order is asked for: two servers sort text differently. A side that cannot
//! answer (another dialect, a missing table, a time-out) makes the check undecided, never different. What differs is
//! named by row and column; values are shown only to who asked. Tests: `tests/it/checks/asked.rs`, and with real
//! servers `segue-sim/tests/it/checks/ask.rs`.

use segue_engine::rows::canonical::Torn;
use segue_engine::rows::{Answer, Ask, Datum, Question};
use segue_model::spec::Spec;
use segue_model::spec::program::{CheckSide, Tolerance};
use segue_model::verify::CheckReport;

use super::cell;
use super::{Draft, many};
use crate::{Side, VerifyError};

/// Rows that differ and are named.
const NAMED: usize = 5;

/// A query on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Its name.
    pub name: String,
    /// What the source is asked.
    pub source: String,
    /// What the target is asked.
    pub target: String,
    /// How far numbers may be apart.
    pub tolerance: Option<Tolerance>,
    /// The order of the rows counts.
    pub ordered: bool,
}

/// How queries are asked and told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryOptions {
    /// Rows of an answer, at most.
    pub rows_max: u64,
    /// Milliseconds of a query, at most.
    pub time_ms_max: u64,
    /// Values are shown (`--show-values`).
    pub show_values: bool,
}

impl Default for QueryOptions {
    fn default() -> Self {
        Self { rows_max: 10_000, time_ms_max: 60_000, show_values: false }
    }
}

impl QueryOptions {
    fn question(&self, sql: &str) -> Question {
        Question { rows_max: self.rows_max, time_ms_max: self.time_ms_max, ..Question::new(sql) }
    }
}

/// The queries of a spec's `checks:` that both sides are asked, and a sentence for each that only one side is.
pub fn of_spec(spec: &Spec) -> (Vec<Query>, Vec<String>) {
    let (mut queries, mut left_out) = (Vec::new(), Vec::new());
    for (name, check) in &spec.checks {
        let rule = spec.program.check_rules.get(name).cloned().unwrap_or_default();
        match rule.on {
            CheckSide::Both => queries.push(Query {
                name: name.clone(),
                source: check.sql.clone(),
                target: check.sql.clone(),
                tolerance: rule.tolerance,
                ordered: false,
            }),
            CheckSide::Source | CheckSide::Target => {
                let side = if rule.on == CheckSide::Source { "source" } else { "target" };
                left_out.push(format!("check {name}: it is asked of the {side} alone, so that there is nothing to compare it with"));
            }
        }
    }
    (queries, left_out)
}

/// Asks both sides at once and compares what they say.
pub async fn check(query: &Query, source: &dyn Ask, target: &dyn Ask, options: &QueryOptions) -> Result<CheckReport, VerifyError> {
    let mut draft = Draft::new(&query.name, "query");
    let (left, right) = (options.question(&query.source), options.question(&query.target));
    let (left, right) = futures_util::future::join(source.ask(&left), target.ask(&right)).await;
    match (left, right) {
        (Ok(left), Ok(right)) => match compare(&left, &right, query, options.show_values, &mut draft) {
            Ok(()) => {}
            Err(Torn) => draft.unknown("an answer could not be read back"),
        },
        (left, right) => {
            for (side, answer) in [(Side::Source, left), (Side::Target, right)] {
                if let Err(error) = answer {
                    draft.unanswered(side, "", error)?;
                }
            }
        }
    }
    Ok(draft.finish())
}

/// A row with its place in the answer, from one.
type Placed = (usize, Vec<Datum>);

fn compare(source: &Answer, target: &Answer, query: &Query, show: bool, draft: &mut Draft) -> Result<(), Torn> {
    if source.columns.len() != target.columns.len() {
        draft.differs(format!("the source gives {} columns, the target {}", source.columns.len(), target.columns.len()));
        return Ok(());
    }
    for (at, (left, right)) in source.columns.iter().zip(&target.columns).enumerate() {
        if !left.name.eq_ignore_ascii_case(&right.name) {
            draft.say(format!("column {} is `{}` at the source and `{}` at the target: compared by place", at + 1, left.name, right.name));
        }
    }
    let (mut left, mut right) = (rows(source)?, rows(target)?);
    if left.len() != right.len() {
        draft.differs(format!("the source gives {}, the target {}", many(left.len() as u64, "row", "rows"), right.len()));
    }
    if !query.ordered {
        let loose = loose(&left, &right, source.columns.len(), query.tolerance);
        for side in [&mut left, &mut right] {
            side.sort_by_cached_key(|(_, row)| key(row, &loose));
        }
        if left.len() != right.len() {
            missing(&left, &right, query, draft);
            return Ok(());
        }
    }
    let (mut count, mut utc) = (0_u64, false);
    for ((place, source_row), (other, target_row)) in left.iter().zip(&right) {
        utc |= source_row.iter().zip(target_row).any(|(a, b)| cell::assumes_utc(a, b));
        let columns: Vec<usize> =
            (0..source_row.len()).filter(|at| !cell::same(&source_row[*at], &target_row[*at], query.tolerance)).collect();
        if columns.is_empty() {
            continue;
        }
        count += 1;
        if count <= NAMED as u64 {
            draft.differs(difference(source, (*place, source_row), (*other, target_row), &columns, show));
        }
    }
    if count > NAMED as u64 {
        draft.differs(format!("and {} more", many(count - NAMED as u64, "row differs", "rows differ")));
    }
    if count == 0 && left.len() == right.len() {
        let tolerance = if query.tolerance.is_some() { ", numbers within the tolerance" } else { "" };
        draft.say(format!(
            "{} of {} agree{tolerance}",
            many(left.len() as u64, "row", "rows"),
            many(source.columns.len() as u64, "column", "columns")
        ));
    }
    if utc {
        draft.say("a date and time without a zone was read as UTC");
    }
    Ok(())
}

fn rows(answer: &Answer) -> Result<Vec<Placed>, Torn> {
    let read = |(at, row): (usize, &Vec<u8>)| {
        let row = Datum::row(row)?;
        if row.len() == answer.columns.len() { Ok((at + 1, row)) } else { Err(Torn) }
    };
    answer.rows.iter().enumerate().map(read).collect()
}

/// The columns that hold numbers alone, where numbers may be apart: they sort after the others.
fn loose(left: &[Placed], right: &[Placed], columns: usize, tolerance: Option<Tolerance>) -> Vec<bool> {
    let numeric = |at: usize| left.iter().chain(right).all(|(_, row)| matches!(row[at], Datum::Null) || cell::is_number(&row[at]));
    (0..columns).map(|at| tolerance.is_some() && numeric(at)).collect()
}

fn key(row: &[Datum], loose: &[bool]) -> Vec<Vec<u8>> {
    let part = |which: bool| row.iter().zip(loose).filter(move |(_, loose)| **loose == which).map(|(value, _)| cell::sort_key(value));
    part(false).chain(part(true)).collect()
}

/// Of two sorted answers of other lengths: the first row that has no partner.
fn missing(left: &[Placed], right: &[Placed], query: &Query, draft: &mut Draft) {
    let same = |a: &Placed, b: &Placed| a.1.iter().zip(&b.1).all(|(a, b)| cell::same(a, b, query.tolerance));
    let at = left.iter().zip(right).position(|(a, b)| !same(a, b)).unwrap_or_else(|| left.len().min(right.len()));
    let (word, side) = if left.len() > right.len() { ("source", left) } else { ("target", right) };
    if let Some((place, _)) = side.get(at) {
        draft.differs(format!("the first row without a partner is row {place} of the {word}, or near it"));
    }
}

fn difference(answer: &Answer, source: (usize, &Vec<Datum>), target: (usize, &Vec<Datum>), columns: &[usize], show: bool) -> String {
    let name = |at: &usize| format!("`{}`", answer.columns[*at].name);
    let places = if source.0 == target.0 {
        format!("row {}", source.0)
    } else {
        format!("row {} of the source and row {} of the target", source.0, target.0)
    };
    if !show {
        return format!(
            "{places}: {} {}",
            columns.iter().map(name).collect::<Vec<_>>().join(", "),
            if columns.len() == 1 { "differs" } else { "differ" }
        );
    }
    let values = |at: &usize| format!("{} is {} at the source, {} at the target", name(at), source.1[*at].show(), target.1[*at].show());
    format!("{places}: {}", columns.iter().map(values).collect::<Vec<_>>().join("; "))
}
