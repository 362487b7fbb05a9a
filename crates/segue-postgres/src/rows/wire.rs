//! Single values out of their binary form, as `*_send` of the server writes it, without a copy.
//!
//! What is not of the form is [`Misread`], never a guess and never a panic. Times count from 2000 there and from 1970
//! here. Tests: below, and `tests/it/rows/values.rs` with the server as oracle.

use std::io::Write as _;

use segue_engine::rows::{Batch, Class, Day, Moment, Value};

use super::kind::Wire;
use super::{nested, numeric};

/// Days from 1970-01-01 to 2000-01-01.
const EPOCH_DAYS: i32 = 10_957;
/// The same in microseconds.
const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * 86_400_000_000;

/// Bytes that are not of the form that their type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misread;

/// Decodes a value and writes it. `digits` is room that is used again.
pub(super) fn put(batch: &mut Batch, wire: &Wire, class: &Class, bytes: &[u8], digits: &mut Vec<u8>) -> Result<(), Misread> {
    match wire {
        Wire::Array(of) => nested::array(batch, of, class, bytes),
        Wire::Range(of) => nested::range(batch, of, class, bytes),
        wire => {
            batch.value(&scalar(wire, bytes, digits)?, class);
            Ok(())
        }
    }
}

fn exact<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Misread> {
    bytes.try_into().map_err(|_| Misread)
}

/// The first four bytes as a number, and what follows.
pub(super) fn number(bytes: &[u8]) -> Result<(i32, &[u8]), Misread> {
    let (first, rest) = bytes.split_first_chunk::<4>().ok_or(Misread)?;
    Ok((i32::from_be_bytes(*first), rest))
}

/// One value that holds no other.
pub(super) fn scalar<'a>(wire: &Wire, bytes: &'a [u8], digits: &'a mut Vec<u8>) -> Result<Value<'a>, Misread> {
    Ok(match wire {
        Wire::Bool => match bytes {
            [0] => Value::Boolean(false),
            [1] => Value::Boolean(true),
            _ => return Err(Misread),
        },
        Wire::Int2 => Value::Integer(i16::from_be_bytes(exact(bytes)?).into()),
        Wire::Int4 => Value::Integer(i32::from_be_bytes(exact(bytes)?).into()),
        Wire::Int8 => Value::Integer(i64::from_be_bytes(exact(bytes)?).into()),
        Wire::Oid => Value::Integer(u32::from_be_bytes(exact(bytes)?).into()),
        Wire::Numeric => Value::Decimal(numeric::decimal(bytes, digits)?),
        Wire::Float4 => Value::Float32(f32::from_be_bytes(exact(bytes)?)),
        Wire::Float8 => Value::Float64(f64::from_be_bytes(exact(bytes)?)),
        Wire::Text | Wire::Padded | Wire::Label => Value::Text(bytes),
        // A zero byte is the empty text.
        Wire::Letter => match bytes {
            [0] => Value::Text(&[]),
            [_] => Value::Text(bytes),
            _ => return Err(Misread),
        },
        Wire::Bytes => Value::Bytes(bytes),
        Wire::Date => Value::Date(day(i32::from_be_bytes(exact(bytes)?))?),
        Wire::Time => Value::Time(i64::from_be_bytes(exact(bytes)?)),
        Wire::TimeZoned => {
            let (micros, west) = bytes.split_first_chunk::<8>().ok_or(Misread)?;
            Value::TimeZoned(i64::from_be_bytes(*micros), i32::from_be_bytes(exact(west)?))
        }
        Wire::Timestamp => match moment(bytes)? {
            Ok(moment) => Value::Timestamp(moment),
            Err(far) => far_away(far, digits),
        },
        Wire::Instant => match moment(bytes)? {
            Ok(moment) => Value::Instant(moment),
            Err(far) => far_away(far, digits),
        },
        Wire::Interval => {
            let (micros, rest) = bytes.split_first_chunk::<8>().ok_or(Misread)?;
            let (days, months) = number(rest)?;
            Value::Interval(i32::from_be_bytes(exact(months)?), days, i64::from_be_bytes(*micros))
        }
        Wire::Uuid => Value::Uuid(exact(bytes)?),
        Wire::Json => Value::Json(bytes),
        Wire::Jsonb => match bytes {
            [1, text @ ..] => Value::Json(text),
            _ => return Err(Misread),
        },
        Wire::Bits => {
            let (count, bits) = number(bytes)?;
            let count = u32::try_from(count).map_err(|_| Misread)?;
            if count.div_ceil(8) as usize != bits.len() {
                return Err(Misread);
            }
            Value::Bits(count, bits)
        }
        Wire::Network => network(bytes)?,
        Wire::Own => Value::Own(bytes),
        Wire::Array(_) | Wire::Range(_) => return Err(Misread),
    })
}

fn day(days: i32) -> Result<Day, Misread> {
    Ok(match days {
        i32::MIN => Day::Early,
        i32::MAX => Day::Late,
        days => Day::Number(days.checked_add(EPOCH_DAYS).ok_or(Misread)?),
    })
}

/// A moment, or the server's own count where ours does not reach.
fn moment(bytes: &[u8]) -> Result<Result<Moment, i64>, Misread> {
    Ok(match i64::from_be_bytes(exact(bytes)?) {
        i64::MIN => Ok(Moment::Early),
        i64::MAX => Ok(Moment::Late),
        micros => micros.checked_add(EPOCH_MICROS).map(Moment::Micros).ok_or(micros),
    })
}

/// The last thirty of the server's years, 294247 to 294276, are more than 2^63 µs from 1970: they keep their own count.
fn far_away(micros: i64, text: &mut Vec<u8>) -> Value<'_> {
    text.clear();
    // Writing into memory cannot fail.
    let _ = write!(text, "{micros} microseconds after 2000-01-01 00:00:00");
    Value::Own(text)
}

fn network(bytes: &[u8]) -> Result<Value<'_>, Misread> {
    let [family, prefix, network, length, address @ ..] = bytes else { return Err(Misread) };
    let expected = match family {
        2 => 4,
        3 => 16,
        _ => return Err(Misread),
    };
    if usize::from(*length) != expected || address.len() != expected || usize::from(*prefix) > expected * 8 || *network > 1 {
        return Err(Misread);
    }
    Ok(Value::Network(address, *prefix, *network == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(wire: &Wire, class: &Class, bytes: &[u8]) -> Result<Vec<u8>, Misread> {
        let mut batch = Batch::default();
        put(&mut batch, wire, class, bytes, &mut Vec::new())?;
        batch.end_row(&[]);
        Ok(batch.row(0).1.to_vec())
    }

    #[test]
    fn each_wrong_length_is_refused() {
        use Wire::{Bits, Bool, Date, Float4, Float8, Instant, Int2, Int4, Int8, Interval, Jsonb, Letter, Network, Numeric, Oid, Time};
        use Wire::{TimeZoned, Timestamp, Uuid};
        let all = [
            (Bool, 1),
            (Int2, 2),
            (Int4, 4),
            (Int8, 8),
            (Oid, 4),
            (Numeric, 8),
            (Float4, 4),
            (Float8, 8),
            (Letter, 1),
            (Date, 4),
            (Time, 8),
            (TimeZoned, 12),
            (Timestamp, 8),
            (Instant, 8),
            (Interval, 16),
            (Uuid, 16),
            (Bits, 4),
        ];
        for (wire, length) in all {
            assert!(canonical(&wire, &Class::Text, &vec![0; length]).is_ok(), "{wire:?}");
            assert_eq!(canonical(&wire, &Class::Text, &vec![0; length + 1]), Err(Misread), "{wire:?}");
            assert_eq!(canonical(&wire, &Class::Text, &vec![0; length - 1]), Err(Misread), "{wire:?}");
        }
        for wire in [Jsonb, Network, Wire::Array(Box::new(Int4)), Wire::Range(Box::new(Int4))] {
            assert_eq!(canonical(&wire, &Class::Text, &[]), Err(Misread), "{wire:?}");
        }
        assert_eq!(canonical(&Bool, &Class::Boolean, &[2]), Err(Misread));
        assert_eq!(canonical(&Jsonb, &Class::Json, b"\x02{}"), Err(Misread));
        assert_eq!(canonical(&Network, &Class::Network, &[2, 33, 0, 4, 1, 2, 3, 4]), Err(Misread));
        assert_eq!(canonical(&Network, &Class::Network, &[3, 32, 0, 4, 1, 2, 3, 4]), Err(Misread));
        assert_eq!(canonical(&Bits, &Class::Bits, &[0xff, 0xff, 0xff, 0xff]), Err(Misread));
    }

    #[test]
    fn the_last_years_of_the_server_do_not_meet_infinity_or_each_other() {
        let last = 9_223_371_331_199_999_999_i64;
        let far = canonical(&Wire::Instant, &Class::Instant, &last.to_be_bytes()).expect("a value");
        let before = canonical(&Wire::Instant, &Class::Instant, &(last - 1).to_be_bytes()).expect("a value");
        let late = canonical(&Wire::Instant, &Class::Instant, &i64::MAX.to_be_bytes()).expect("a value");
        assert!(far != before && far != late && before != late);
        assert_eq!(day(0), Ok(Day::Number(10_957)));
        assert_eq!(day(i32::MAX - 1), Err(Misread), "no server has such a day");
    }
}
