//! Values that hold others: arrays and ranges out of their binary form.
//!
//! Layouts: `array_send` (dimensions, a flag, the element's type, length and lower bound of each dimension, the
//! elements with their lengths) and `range_send` (flags, the ends with their lengths). No length is believed before
//! the bytes are there. Tests: below, and `tests/it/rows/values.rs`.

use segue_engine::rows::{Batch, Class, RangeEnds, Value};

use super::kind::Wire;
use super::wire::{Misread, number, scalar};

/// The server's own limit.
const DIMENSIONS_MAX: usize = 6;

/// A value with its length before it; `None` is NULL.
fn part(bytes: &[u8]) -> Result<(Option<&[u8]>, &[u8]), Misread> {
    let (length, rest) = number(bytes)?;
    if length == -1 {
        return Ok((None, rest));
    }
    let length = usize::try_from(length).map_err(|_| Misread)?;
    let (value, rest) = rest.split_at_checked(length).ok_or(Misread)?;
    Ok((Some(value), rest))
}

/// Writes an array.
pub(super) fn array(batch: &mut Batch, of: &Wire, class: &Class, bytes: &[u8]) -> Result<(), Misread> {
    let (count, rest) = number(bytes)?;
    let (_has_null, rest) = number(rest)?;
    let (_type, mut rest) = number(rest)?;
    let count = usize::try_from(count).ok().filter(|count| *count <= DIMENSIONS_MAX).ok_or(Misread)?;
    let (mut dimensions, mut elements) = (Vec::with_capacity(count), usize::from(count > 0));
    for _ in 0..count {
        let (length, after) = number(rest)?;
        let (lower, after) = number(after)?;
        elements = usize::try_from(length).ok().and_then(|length| elements.checked_mul(length)).ok_or(Misread)?;
        dimensions.push((length, lower));
        rest = after;
    }
    // Each element has at least its length.
    if elements > rest.len() / 4 {
        return Err(Misread);
    }
    let mut rooms = vec![Vec::new(); elements];
    let mut values = Vec::with_capacity(elements);
    for room in &mut rooms {
        let (element, after) = part(rest)?;
        values.push(match element {
            None => Value::Null,
            Some(element) => scalar(of, element, room)?,
        });
        rest = after;
    }
    if !rest.is_empty() {
        return Err(Misread);
    }
    batch.value(&Value::Array(&dimensions, &values), class);
    Ok(())
}

mod flag {
    pub(super) const EMPTY: u8 = 0x01;
    pub(super) const LOWER_INCLUSIVE: u8 = 0x02;
    pub(super) const UPPER_INCLUSIVE: u8 = 0x04;
    pub(super) const LOWER_UNBOUNDED: u8 = 0x08;
    pub(super) const UPPER_UNBOUNDED: u8 = 0x10;
    pub(super) const KNOWN: u8 = 0x1f;
}

/// Writes a range.
pub(super) fn range(batch: &mut Batch, of: &Wire, class: &Class, bytes: &[u8]) -> Result<(), Misread> {
    let (flags, mut rest) = bytes.split_first().ok_or(Misread)?;
    let has = |flag: u8| flags & flag != 0;
    if flags & !flag::KNOWN != 0 {
        return Err(Misread);
    }
    let mut rooms = [Vec::new(), Vec::new()];
    let mut ends = [None, None];
    for ((end, room), unbounded) in ends.iter_mut().zip(&mut rooms).zip([flag::LOWER_UNBOUNDED, flag::UPPER_UNBOUNDED]) {
        if !has(flag::EMPTY) && !has(unbounded) {
            let (value, after) = part(rest)?;
            *end = Some(scalar(of, value.ok_or(Misread)?, room)?);
            rest = after;
        }
    }
    if !rest.is_empty() {
        return Err(Misread);
    }
    let [lower, upper] = &ends;
    let both = RangeEnds {
        lower: lower.as_ref().map(|value| (value, has(flag::LOWER_INCLUSIVE))),
        upper: upper.as_ref().map(|value| (value, has(flag::UPPER_INCLUSIVE))),
    };
    batch.value(&Value::Range((!has(flag::EMPTY)).then_some(both)), class);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[i32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    fn read(bytes: &[u8]) -> Result<(), Misread> {
        array(&mut Batch::default(), &Wire::Int4, &Class::Array(Box::new(Class::Integer)), bytes)
    }

    #[test]
    fn no_length_of_an_array_is_believed() {
        assert_eq!(read(&words(&[0, 0, 23])), Ok(()));
        assert_eq!(read(&words(&[1, 0, 23, 2, 1, 4, 7, -1])), Ok(()));
        assert_eq!(read(&words(&[1, 0, 23, 2, 1, 4, 7])), Err(Misread), "one is missing");
        assert_eq!(read(&words(&[1, 0, 23, 1, 1, 4, 7, 4])), Err(Misread), "something is left");
        assert_eq!(read(&words(&[1, 0, 23, i32::MAX, 1, 4, 7])), Err(Misread));
        assert_eq!(read(&words(&[2, 0, 23, i32::MAX, 1, i32::MAX, 1, 4, 7])), Err(Misread));
        assert_eq!(read(&words(&[7, 0, 23])), Err(Misread));
        assert_eq!(read(&words(&[-1, 0, 23])), Err(Misread));
        assert_eq!(read(&words(&[1, 0, 23, 1, 1, -2])), Err(Misread));
        assert_eq!(read(&words(&[1, 0, 23, -1, 1])), Err(Misread));
    }

    #[test]
    fn flags_and_ends_of_a_range_must_fit() {
        let read = |bytes: &[u8]| range(&mut Batch::default(), &Wire::Int4, &Class::Range(Box::new(Class::Integer)), bytes);
        let with = |flags: u8, rest: &[i32]| [&[flags][..], &words(rest)].concat();
        assert_eq!(read(&with(0x01, &[])), Ok(()));
        assert_eq!(read(&with(0x18, &[])), Ok(()));
        assert_eq!(read(&with(0x02, &[4, 1, 4, 9])), Ok(()));
        assert_eq!(read(&with(0x02, &[4, 1])), Err(Misread));
        assert_eq!(read(&with(0x01, &[4, 1])), Err(Misread));
        assert_eq!(read(&with(0x02, &[-1, 4, 9])), Err(Misread));
        assert_eq!(read(&with(0x40, &[])), Err(Misread));
    }
}
