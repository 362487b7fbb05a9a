//! By which columns rows are found again, and whether ranges of them mean the same rows on both sides.
//!
//! A key is a promise of the source alone: rows that are there twice are the comparison's work to see. Must never
//! choose a column that is not compared. Tests: `tests/it/mapping.rs`.

use segue_engine::rows::{ColumnRows, TableRows};

use super::Mapping;
use super::columns::{Found, Made, Pairing};
use crate::VerifyError;

/// The pairings of the key, in its order; empty: a multiset.
pub(super) fn choose<'a>(
    source: &TableRows,
    target: &TableRows,
    found: &'a Found,
    mapping: &Mapping,
    notes: &mut Vec<String>,
) -> Result<Vec<&'a Pairing>, VerifyError> {
    let by_source = |name: &String| found.pairs.iter().find(|pairing| pairing.source.as_ref() == Some(name));
    if !mapping.key.is_empty() {
        let by_either = |name: &String| by_source(name).or_else(|| found.pairs.iter().find(|pairing| pairing.target == *name));
        let stated = mapping.key.iter().map(|name| {
            by_either(name)
                .ok_or_else(|| VerifyError::Cannot(format!("the key's column {name:?} is not on both sides, or is not compared")))
        });
        return stated.collect();
    }
    let Some(key) = &source.key else {
        return Ok(Vec::new());
    };
    let Some(chosen) = key.iter().map(by_source).collect::<Option<Vec<_>>>() else {
        notes.push("the target does not have all columns of the source's key".to_owned());
        return Ok(Vec::new());
    };
    let names: Vec<&str> = chosen.iter().map(|pairing| pairing.target.as_str()).collect();
    let same = target.key.as_ref().is_some_and(|key| key.len() == names.len() && key.iter().all(|name| names.contains(&name.as_str())));
    if !same {
        notes.push(format!("the target does not promise that ({}) is unique; rows are found by it all the same", names.join(", ")));
    }
    Ok(chosen)
}

/// Where the key's columns stand among those that are compared.
pub(super) fn positions(chosen: &[&Pairing], made: &Made, mapping: &Mapping) -> Result<Vec<usize>, String> {
    let place = |pairing: &&Pairing| {
        let at = made.target.iter().position(|column| column.name == pairing.target);
        at.ok_or_else(|| {
            let why = made.gaps.iter().find(|gap| gap.column == pairing.name()).map_or("it is left out", |gap| gap.reason.as_str());
            let whose = if mapping.key.is_empty() { "the source's key" } else { "the key" };
            format!("the column {:?} of {whose} is not compared: {why}", pairing.name())
        })
    };
    chosen.iter().map(place).collect()
}

/// Ranges of the first key column are cheap on both sides, and mean the same rows.
pub(super) fn ranges(source: &TableRows, target: &TableRows, made: &Made, key: &[usize]) -> bool {
    let Some(first) = key.first().copied() else { return false };
    let (here, there) = (&made.source[first], &made.target[first]);
    let native = |table: &TableRows, name: &str| table.columns.iter().find(|column| column.name == *name).map(class_of);
    source.ranges_are_cheap
        && target.ranges_are_cheap
        && here.class.splits()
        && here.class == there.class
        && here.expression.is_none()
        && there.expression.is_none()
        && native(source, &here.name).as_ref() == Some(&here.class)
        && native(target, &there.name).as_ref() == Some(&there.class)
        && starts(source, &here.name)
        && starts(target, &there.name)
}

fn class_of(column: &ColumnRows) -> segue_engine::rows::Class {
    column.class.clone()
}

/// What an engine says of ranges, it says of the first column of its own key.
fn starts(table: &TableRows, name: &str) -> bool {
    table.key.as_ref().and_then(|key| key.first()).is_some_and(|first| first == name)
}
