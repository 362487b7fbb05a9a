//! Rows that take each other's unique values: which of them a script gives a spare value before.
//!
//! The executor sees a collision and then mends it; a script must know it beforehand. Values are compared without regard
//! to case and trailing spaces, as some collations do: a spare value too many does no harm, one too few stops the script.
//! Tests: `tests/it/repair_swap.rs` of `segue-sim`.

use std::collections::BTreeMap;

use segue_engine::rows::canonical::{Torn, columns};
use segue_engine::rows::{Datum, Read, Unique};

use super::{Correction, Deed, Repair};

/// For the position of a correction: the old row with spare values, which is written before all rows that change or come.
pub(super) fn spares(repair: &Repair) -> Result<BTreeMap<usize, Vec<Datum>>, Torn> {
    let mut out: BTreeMap<usize, Vec<Datum>> = BTreeMap::new();
    for (table, uniques) in &repair.uniques {
        let of_table = |(_, one): &(usize, &Correction)| repair.shapes[one.shape].table == *table && one.copies.is_none();
        let those: Vec<(usize, &Correction)> = repair.corrections.iter().enumerate().filter(of_table).collect();
        for unique in uniques {
            for at in in_the_way(repair, &those, unique)? {
                let correction = &repair.corrections[at];
                let row = match (out.remove(&at), &correction.old) {
                    (Some(row), _) => Some(row),
                    (None, Some(old)) => Some(Datum::row(old)?),
                    (None, None) => None,
                };
                if let Some(mut row) = row
                    && unique.set(&repair.shapes[correction.shape], &mut row, at)
                {
                    out.insert(at, row);
                }
            }
        }
    }
    Ok(out)
}

/// Rows that change, and hold until then what a row before them takes.
fn in_the_way(repair: &Repair, those: &[(usize, &Correction)], unique: &Unique) -> Result<Vec<usize>, Torn> {
    let values = |one: &Correction, row: &Option<Vec<u8>>| match row {
        Some(row) => folded(&repair.shapes[one.shape], row, unique),
        None => Ok(None),
    };
    let mut held = BTreeMap::new();
    for (at, one) in those.iter().filter(|(_, one)| one.deed() == Deed::Update) {
        let (old, new) = (values(one, &one.old)?, values(one, &one.new)?);
        if let Some(old) = old.filter(|old| new.as_ref() != Some(old)) {
            held.insert(old, *at);
        }
    }
    let mut out = Vec::new();
    for (at, one) in those {
        let taken = values(one, &one.new)?.and_then(|new| held.get(&new).copied());
        out.extend(taken.filter(|holder| holder > at));
    }
    Ok(out)
}

/// The values of a row in the columns of an index; `None` where one of them is NULL or not read.
fn folded(read: &Read, row: &[u8], unique: &Unique) -> Result<Option<Vec<Vec<u8>>>, Torn> {
    let all = columns(row)?;
    let mut out = Vec::with_capacity(unique.columns.len());
    for name in &unique.columns {
        let Some(value) = read.columns.iter().position(|column| column.name == *name).and_then(|at| all.get(at)) else { return Ok(None) };
        out.push(match Datum::split(value)?.0 {
            Datum::Null => return Ok(None),
            Datum::Text(text) => String::from_utf8_lossy(&text).trim_end().to_lowercase().into_bytes(),
            _ => value.to_vec(),
        });
    }
    Ok(Some(out))
}
