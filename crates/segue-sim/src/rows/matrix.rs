//! One value on each side, and whether a comparison calls the two the same.
//!
//! Each case is a table of one row on either side, described by the engine, paired by the mapping and read by a
//! stream: the whole way of `segue verify` but for the comparison of many rows. Cases are in `cases/`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use segue_engine::rows::{Class, TableRows};
use segue_verify::mapping::{Mapping, pair};

use super::Place;
use super::page::bare;
use super::read::all_rows;

/// What a case must come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// The two values are the same.
    Equal,
    /// They differ.
    Different,
    /// The two types are not compared, and a gap says why.
    Gap,
}

/// A value on each side. A type that begins with `cols:` is a list of columns, and its value a list of values.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// What is tried.
    pub name: &'static str,
    /// The source's type and value, in its SQL.
    pub source: (&'static str, &'static str),
    /// The target's type and value, in its SQL.
    pub target: (&'static str, &'static str),
}

/// Cases that must come to one thing.
pub type Group = (Expect, &'static [Case]);

/// What a case came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What was expected.
    pub expected: Expect,
    /// What was seen.
    pub seen: Expect,
    /// The common class of the value's column, where there is one.
    pub class: Option<Class>,
    /// What the mapping says: notes, and the gap's reason.
    pub said: Vec<String>,
}

/// Of how many types of the source a value was the same at the target, and how many were tried. Neither a length nor a
/// collation makes a type.
pub fn types(outcomes: &[(Case, Outcome)]) -> (usize, usize) {
    let mut types: BTreeMap<String, bool> = BTreeMap::new();
    for (case, outcome) in outcomes.iter().filter(|(case, _)| !case.source.0.starts_with("cols:")) {
        *types.entry(without_length(&bare(case.source.0))).or_default() |= outcome.seen == Expect::Equal;
    }
    (types.values().filter(|came| **came).count(), types.len())
}

fn without_length(of: &str) -> String {
    let parts = of.split_once('(').zip(of.rsplit_once(')'));
    parts.map_or_else(|| of.to_owned(), |((name, _), (_, rest))| format!("{}{rest}", name.trim_end()))
}

/// Runs all cases between two places; the outcomes are in the order of the cases.
pub async fn run(source: &Place, target: &Place, groups: &[Group]) -> Vec<(Case, Outcome)> {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let number = RUNS.fetch_add(1, Ordering::Relaxed);
    let cases: Vec<(Expect, Case)> = groups.iter().flat_map(|(expect, cases)| cases.iter().map(|case| (*expect, *case))).collect();
    for (at, (_, case)) in cases.iter().enumerate() {
        make(source, &format!("s{number}_{at}"), case.source).await;
        make(target, &format!("t{number}_{at}"), case.target).await;
    }
    let here = source.rows().snapshot(1).await.expect("a snapshot of the source");
    let there = target.rows().snapshot(1).await.expect("a snapshot of the target");
    let mut out = Vec::new();
    for (at, (expected, case)) in cases.into_iter().enumerate() {
        let (a, b) = (described(source, &format!("s{number}_{at}")).await, described(target, &format!("t{number}_{at}")).await);
        let paired =
            pair(&a, source.engine, &b, target.engine, &Mapping::default()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let value = paired.names.iter().position(|name| name != "id");
        let mut said = paired.notes.clone();
        said.extend(paired.not_compared.iter().map(|gap| gap.reason.clone()));
        let seen = if paired.not_compared.is_empty() {
            let left = all_rows(here.as_ref(), &paired.source).await.unwrap_or_else(|error| panic!("{} at the source: {error}", case.name));
            let right =
                all_rows(there.as_ref(), &paired.target).await.unwrap_or_else(|error| panic!("{} at the target: {error}", case.name));
            assert_eq!((left.len(), right.len()), (1, 1), "{}: one row a side", case.name);
            if left == right { Expect::Equal } else { Expect::Different }
        } else {
            Expect::Gap
        };
        let class = value.map(|at| paired.source.columns[at].class.clone());
        out.push((case, Outcome { expected, seen, class, said }));
    }
    here.close().await.expect("the source's snapshot ends");
    there.close().await.expect("the target's snapshot ends");
    out
}

async fn described(place: &Place, table: &str) -> TableRows {
    let name = place.table(table);
    place.rows().describe(&name).await.unwrap_or_else(|error| panic!("{}: {name}: {error}", place.shown))
}

async fn make(place: &Place, table: &str, (of, value): (&str, &str)) {
    let name = place.sql_name(table);
    let columns = of.strip_prefix("cols:").map_or_else(|| format!("v {of}"), str::to_owned);
    let not_null = if place.engine == "sqlite" { "integer" } else { "int not null" };
    place.execute(&format!("create table {name} (id {not_null} primary key, {columns})")).await;
    place.execute(&format!("insert into {name} values (1, {value})")).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_makes_no_type() {
        for (of, type_alone) in [
            ("numeric(10,2)", "numeric"),
            ("timestamp(3) with time zone", "timestamp with time zone"),
            ("enum('a(b)')", "enum"),
            ("int unsigned", "int unsigned"),
        ] {
            assert_eq!(without_length(of), type_alone);
        }
    }

    #[test]
    fn a_type_counts_once_and_only_where_a_value_came_over() {
        let seen = |source: &'static str, seen| {
            let case = Case { name: "x", source: (source, "1"), target: ("text", "'1'") };
            (case, Outcome { expected: seen, seen, class: None, said: Vec::new() })
        };
        let all = [
            seen("char(3)", Expect::Equal),
            seen("char(4) collate \"C\"", Expect::Different),
            seen("xml", Expect::Gap),
            seen("date", Expect::Different),
            seen("cols:a int", Expect::Equal),
        ];
        assert_eq!(types(&all), (1, 3));
    }
}
