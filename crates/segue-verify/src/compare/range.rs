//! Ranges of the first key column: where they are cut, and in which order they stand.

use segue_engine::rows::{Class, Datum, KeyRange, Snapshot, Value, canonical, key};

use super::Resume;
use super::reader::failed;
use crate::{Side, TablePair, VerifyError};

/// The class of the first key column, where ranges of it mean the same rows on both sides.
pub(crate) fn splits_by(pair: &TablePair) -> Option<&Class> {
    let first = *pair.source.key.first()?;
    let class = &pair.source.columns[first].class;
    (pair.ranges && class.splits() && pair.target.columns[first].class == *class).then_some(class)
}

/// The key bytes of a value of a class that splits.
pub(crate) fn bound_bytes(bound: &Datum, class: &Class) -> Option<Vec<u8>> {
    let value = match bound {
        Datum::Integer(number) => Value::Integer(*number),
        Datum::Date(day) => Value::Date(*day),
        Datum::Timestamp(moment) => Value::Timestamp(*moment),
        Datum::Instant(moment) => Value::Instant(*moment),
        _ => return None,
    };
    let (mut row, mut out) = (Vec::new(), Vec::new());
    canonical::write(&mut row, &value, class);
    key::write(&mut out, &row).ok()?;
    Some(out)
}

/// The ranges to read, ascending and without a gap. One of everything where the table cannot be cut.
pub(crate) async fn cut(
    source: &dyn Snapshot,
    pair: &TablePair,
    rows: u64,
    within: &KeyRange,
    resume: Option<&Resume>,
) -> Result<Vec<KeyRange>, VerifyError> {
    let Some(class) = splits_by(pair) else { return Ok(vec![within.clone()]) };
    let mut read = pair.source.clone();
    read.range = (*within != KeyRange::default()).then(|| within.clone());
    let splits = source.splits(&read, rows.max(1)).await.map_err(failed(Side::Source))?;
    let bytes = |bound: &Option<Datum>| bound.as_ref().and_then(|bound| bound_bytes(bound, class));
    let (from, below) = (bytes(&within.from), bytes(&within.below));
    let mut bounds: Vec<(Vec<u8>, Datum)> =
        splits.into_iter().filter_map(|split| bound_bytes(&split, class).map(|bytes| (bytes, split))).collect();
    bounds.sort_by(|a, b| a.0.cmp(&b.0));
    bounds.dedup_by(|a, b| a.0 == b.0);
    bounds.retain(|(bytes, _)| from.as_ref().is_none_or(|from| bytes > from) && below.as_ref().is_none_or(|below| bytes < below));
    let mut start = within.from.clone();
    if let Some(resume) = resume {
        let read = key::read(&resume.below).ok().and_then(|mut values| values.pop());
        let begin = read.filter(|value| bound_bytes(value, class).as_deref() == Some(&resume.below[..]));
        start = Some(begin.ok_or_else(|| VerifyError::Cannot("the place to go on from is not one of this table".to_owned()))?);
        bounds.retain(|(bytes, _)| *bytes > resume.below);
    }
    let mut out = Vec::with_capacity(bounds.len() + 1);
    for (_, bound) in bounds {
        out.push(KeyRange { from: start.take(), below: Some(bound.clone()) });
        start = Some(bound);
    }
    out.push(KeyRange { from: start, below: within.below.clone() });
    Ok(out)
}
