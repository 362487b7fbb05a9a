//! `numeric` out of its binary form: groups of four digits become digits, without a text between.
//!
//! Layout (`numeric_send`): number of groups, weight of the first in powers of 10,000, sign, digits after the point;
//! then the groups, each 0 to 9999. Tests: below, and `tests/it/rows/values.rs`.

use segue_engine::rows::Decimal;

use super::wire::Misread;

mod sign {
    pub(super) const POSITIVE: u16 = 0x0000;
    pub(super) const NEGATIVE: u16 = 0x4000;
    pub(super) const NAN: u16 = 0xc000;
    pub(super) const LATE: u16 = 0xd000;
    pub(super) const EARLY: u16 = 0xf000;
}

/// Decodes into `digits`, which is emptied first.
pub(super) fn decimal<'a>(bytes: &[u8], digits: &'a mut Vec<u8>) -> Result<Decimal<'a>, Misread> {
    let (head, groups) = bytes.split_first_chunk::<8>().ok_or(Misread)?;
    let [c1, c2, w1, w2, s1, s2, d1, d2] = *head;
    let (count, weight) = (u16::from_be_bytes([c1, c2]), i16::from_be_bytes([w1, w2]));
    let (sign, scale) = (u16::from_be_bytes([s1, s2]), u16::from_be_bytes([d1, d2]));
    if groups.len() != usize::from(count) * 2 {
        return Err(Misread);
    }
    let negative = match sign {
        sign::POSITIVE => false,
        sign::NEGATIVE => true,
        sign::NAN if count == 0 => return Ok(Decimal::NaN),
        sign::LATE if count == 0 => return Ok(Decimal::Late),
        sign::EARLY if count == 0 => return Ok(Decimal::Early),
        _ => return Err(Misread),
    };
    digits.clear();
    digits.reserve(groups.len() * 2);
    for group in groups.chunks_exact(2) {
        let four = u16::from_be_bytes([group[0], group[1]]);
        if four > 9999 {
            return Err(Misread);
        }
        let (high, low) = ((four / 100) as u8, (four % 100) as u8);
        digits.extend_from_slice(&[high / 10, high % 10, low / 10, low % 10]);
    }
    Ok(Decimal::Digits { negative, digits, power: i32::from(weight) * 4 + 3, scale })
}

#[cfg(test)]
mod tests {
    use segue_engine::rows::{Batch, Class, Datum, Value};

    use super::*;

    fn shown(words: &[u16]) -> Result<String, Misread> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let (mut digits, mut batch) = (Vec::new(), Batch::default());
        batch.value(&Value::Decimal(decimal(&bytes, &mut digits)?), &Class::DecimalScaled);
        batch.end_row(&[]);
        Ok(Datum::row(batch.row(0).1).expect("canonical")[0].show())
    }

    #[test]
    fn groups_become_digits() {
        assert_eq!(shown(&[2, 0, 0, 2, 123, 4500]).as_deref(), Ok("123.45"));
        assert_eq!(shown(&[1, 0xffff, 0x4000, 4, 1]).as_deref(), Ok("-0.0001"));
        assert_eq!(shown(&[1, 2, 0, 0, 10]).as_deref(), Ok("1000000000"));
        assert_eq!(shown(&[0, 0, 0, 3]).as_deref(), Ok("0.000"));
        assert_eq!(shown(&[0, 0, 0xc000, 0]).as_deref(), Ok("NaN"));
        assert_eq!(shown(&[0, 0, 0xd000, 0]).as_deref(), Ok("Infinity"));
        assert_eq!(shown(&[0, 0, 0xf000, 0]).as_deref(), Ok("-Infinity"));
    }

    #[test]
    fn what_no_server_writes_is_refused() {
        assert_eq!(shown(&[1, 0, 0, 0, 10_000]), Err(Misread));
        assert_eq!(shown(&[2, 0, 0, 0, 1]), Err(Misread));
        assert_eq!(shown(&[0, 0, 0x1234, 0]), Err(Misread));
        assert_eq!(shown(&[1, 0, 0xc000, 0, 1]), Err(Misread));
        assert_eq!(shown(&[0, 0, 0]), Err(Misread));
    }
}
