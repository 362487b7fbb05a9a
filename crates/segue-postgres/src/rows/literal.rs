//! Values as SQL: what a column is compared with to find the rows of a key or of a range.
//!
//! Every text goes through the quoting door and has its type beside it. A value that the server's type cannot hold is
//! in no row: it must become no error there and no other value. Tests: below, and `tests/it/rows/select.rs`.

use segue_engine::quote;
use segue_engine::rows::{Class, Datum, Day, Moment, parse};

use super::kind::{Native, Wire};

/// The server's first day, 4714-11-24 before Christ, and the day after its last, from 1970-01-01.
const FIRST_DAY: i64 = -2_440_588;
const BEYOND_DAYS: i64 = 2_145_042_906;
const DAY_MICROS: i64 = 86_400_000_000;
/// The last microsecond of the server's timestamps that ours reaches is our last.
const FIRST_MICRO: i64 = FIRST_DAY * DAY_MICROS;

/// How a value stands to all that a column can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bound {
    /// It is this literal, or lies where this literal does.
    At(String),
    /// Below them all.
    Below,
    /// Above them all.
    Above,
}

/// What finds the rows that hold a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Find {
    /// The first is the second.
    Equal(String, String),
    /// A condition that says it all.
    Condition(String),
    /// No row can hold it.
    Nothing,
    /// Nobody knows here: any row may.
    Anything,
}

fn typed(text: &str, name: &str) -> String {
    format!("{}::pg_catalog.{name}", quote::text(text))
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

fn hex(bytes: &[u8]) -> String {
    typed(&format!("\\x{}", digits(bytes)), "bytea")
}

/// `2026-11-21`, with ` BC` after it where the year is.
fn day_text(day: i32) -> (String, &'static str) {
    let (year, month, day) = parse::day_parts(day);
    let (year, era) = if year <= 0 { (1 - year, " BC") } else { (year, "") };
    (format!("{year:04}-{month:02}-{day:02}"), era)
}

fn clock(micros: i64) -> String {
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    format!("{:02}:{:02}:{:02}.{rest:06}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A day in the range of the server's.
fn date(day: Day) -> Bound {
    let number = match day {
        Day::Early => return Bound::At(typed("-infinity", "date")),
        Day::Late => return Bound::At(typed("infinity", "date")),
        // What is no day comes after minus infinity and before every day.
        Day::Unreal { .. } => FIRST_DAY,
        Day::Number(number) => i64::from(number).max(FIRST_DAY),
    };
    if number >= BEYOND_DAYS {
        return Bound::At(typed("infinity", "date"));
    }
    let (text, era) = day_text(number as i32);
    Bound::At(typed(&format!("{text}{era}"), "date"))
}

/// A moment in the range of the server's, as this type.
fn moment(moment: Moment, name: &str) -> Bound {
    let micros = match moment {
        Moment::Early => return Bound::At(typed("-infinity", name)),
        Moment::Late => return Bound::At(typed("infinity", name)),
        Moment::Unreal { .. } => FIRST_MICRO,
        Moment::Micros(micros) => micros.max(FIRST_MICRO),
    };
    let (day, era) = day_text(micros.div_euclid(DAY_MICROS) as i32);
    let zone = if name == "timestamptz" { "+00" } else { "" };
    Bound::At(typed(&format!("{day} {}{zone}{era}", clock(micros.rem_euclid(DAY_MICROS))), name))
}

/// The end of a range of a column of this form. `None`: such a column is not cut into ranges of such values.
pub(super) fn bound(wire: &Wire, value: &Datum) -> Option<Bound> {
    Some(match (wire, value) {
        (Wire::Int2 | Wire::Int4 | Wire::Int8, Datum::Integer(number)) => match i64::try_from(*number) {
            Ok(number) => Bound::At(typed(&number.to_string(), "int8")),
            Err(_) if *number < 0 => Bound::Below,
            Err(_) => Bound::Above,
        },
        (Wire::Oid, Datum::Integer(number)) => match u32::try_from(*number) {
            Ok(number) => Bound::At(typed(&number.to_string(), "oid")),
            Err(_) if *number < 0 => Bound::Below,
            Err(_) => Bound::Above,
        },
        (Wire::Numeric, Datum::Integer(number)) => Bound::At(typed(&number.to_string(), "numeric")),
        (Wire::Date, Datum::Date(day)) => date(*day),
        (Wire::Date, Datum::Timestamp(at)) | (Wire::Timestamp, Datum::Timestamp(at) | Datum::Instant(at)) => moment(*at, "timestamp"),
        (Wire::Instant, Datum::Timestamp(at) | Datum::Instant(at)) => moment(*at, "timestamptz"),
        _ => return None,
    })
}

/// How to find a value in an expression of this type, read under this class. `unicode`: the server's texts are UTF-8.
pub(super) fn find(expression: &str, native: &Native, class: &Class, value: &Datum, unicode: bool) -> Find {
    if matches!(value, Datum::Null) {
        return Find::Condition(format!("{expression} is null"));
    }
    let at = |literal: String| Find::Equal(expression.to_owned(), literal);
    match (&native.wire, value) {
        (Wire::Int2 | Wire::Int4 | Wire::Int8, Datum::Boolean(truth)) => at(typed(if *truth { "1" } else { "0" }, "int8")),
        (Wire::Bool, Datum::Boolean(truth)) => at(typed(&truth.to_string(), "bool")),
        (Wire::Bool, Datum::Integer(number @ (0 | 1))) => at(typed(&(*number == 1).to_string(), "bool")),
        (Wire::Int2 | Wire::Int4 | Wire::Int8 | Wire::Numeric, Datum::Decimal(number)) => match number.parse::<i64>() {
            Ok(whole) if native.wire != Wire::Numeric => at(typed(&whole.to_string(), "int8")),
            _ => at(typed(number, "numeric")),
        },
        (Wire::Bool, Datum::Integer(_))
        | (Wire::Date, Datum::Date(Day::Unreal { .. }))
        | (_, Datum::Timestamp(Moment::Unreal { .. }) | Datum::Instant(Moment::Unreal { .. })) => Find::Nothing,
        (Wire::Int2 | Wire::Int4 | Wire::Int8 | Wire::Oid | Wire::Numeric, Datum::Integer(_))
        | (Wire::Date | Wire::Timestamp | Wire::Instant, Datum::Date(_) | Datum::Timestamp(_) | Datum::Instant(_)) => {
            match bound(&native.wire, value) {
                Some(Bound::At(literal)) => at(literal),
                Some(_) => Find::Nothing,
                None => Find::Anything,
            }
        }
        (Wire::Float4 | Wire::Float8, Datum::Float(number)) => {
            let text =
                if number.is_infinite() { format!("{}Infinity", if *number < 0.0 { "-" } else { "" }) } else { format!("{number:e}") };
            at(typed(&text, "float8"))
        }
        (Wire::Uuid, Datum::Uuid(uuid)) => at(typed(&digits(uuid), "uuid")),
        (Wire::Bytes, Datum::Uuid(uuid)) => at(hex(uuid)),
        (Wire::Bytes, Datum::Bytes(bytes)) if *class == Class::BytesPadded => {
            Find::Equal(format!("pg_catalog.rtrim({expression}, {})", hex(&[0])), hex(bytes))
        }
        (Wire::Bytes, Datum::Bytes(bytes)) => at(hex(bytes)),
        (Wire::Text | Wire::Padded | Wire::Label | Wire::Letter | Wire::Uuid, Datum::Text(text)) => {
            text_of(expression, native, class, text, unicode)
        }
        (Wire::Text | Wire::Padded, Datum::Uuid(uuid)) => Find::Equal(
            format!("pg_catalog.lower(pg_catalog.replace(({expression})::pg_catalog.text, '-', ''))"),
            typed(&digits(uuid), "text"),
        ),
        (Wire::Time, Datum::Time(micros)) if (0..=DAY_MICROS).contains(micros) => at(typed(&clock(*micros), "time")),
        _ => Find::Anything,
    }
}

/// A text in a column of texts.
fn text_of(expression: &str, native: &Native, class: &Class, text: &[u8], unicode: bool) -> Find {
    let as_text = format!("({expression})::pg_catalog.text");
    if !unicode {
        // A literal would be converted into the server's encoding, which may not have its letters: bytes have all.
        let sent = if native.wire == Wire::Padded && *class != Class::TextPadded {
            format!("pg_catalog.bpcharsend({expression})")
        } else if *class == Class::TextPadded {
            format!("pg_catalog.textsend(pg_catalog.rtrim({as_text}, ' '))")
        } else {
            format!("pg_catalog.textsend({as_text})")
        };
        return Find::Equal(sent, hex(text));
    }
    // No text of a server in UTF-8 has a zero byte, or bytes that are none of UTF-8.
    let Some(text) = std::str::from_utf8(text).ok().filter(|text| !text.contains('\0')) else { return Find::Nothing };
    let literal = typed(text, "text");
    match native.wire {
        Wire::Uuid if text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()) => {
            Find::Equal(as_text, literal)
        }
        Wire::Uuid => Find::Nothing,
        // Its own comparison does not see the spaces at the end: more rows may come.
        Wire::Padded => Find::Equal(expression.to_owned(), typed(text, "bpchar")),
        _ if *class == Class::TextPadded => Find::Equal(format!("pg_catalog.rtrim({as_text}, ' ')"), literal),
        Wire::Text if native.cast.is_none() => Find::Equal(expression.to_owned(), literal),
        _ => Find::Equal(as_text, literal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn native(wire: Wire) -> Native {
        Native { wire, cast: None, class: Class::Text }
    }

    fn equal(wire: Wire, class: &Class, value: &Datum) -> String {
        match find("k", &native(wire), class, value, true) {
            Find::Equal(left, right) => format!("{left} = {right}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn each_value_has_its_type_beside_it() {
        assert_eq!(equal(Wire::Int4, &Class::Integer, &Datum::Integer(-5)), "k = '-5'::pg_catalog.int8");
        assert_eq!(equal(Wire::Int4, &Class::Integer, &Datum::Integer(1 << 70)), "Nothing");
        assert_eq!(equal(Wire::Int4, &Class::Decimal, &Datum::Decimal("1.5".to_owned())), "k = '1.5'::pg_catalog.numeric");
        let hostile = Datum::Text(b"'; drop table t;-- \xf0\x9f\x98\x80\\".to_vec());
        assert_eq!(equal(Wire::Text, &Class::Text, &hostile), "k = '''; drop table t;-- 😀\\'::pg_catalog.text");
        assert_eq!(equal(Wire::Text, &Class::Text, &Datum::Text(vec![b'a', 0])), "Nothing");
        assert_eq!(equal(Wire::Text, &Class::Text, &Datum::Text(vec![0xff])), "Nothing");
        assert_eq!(equal(Wire::Bytes, &Class::Bytes, &Datum::Bytes(vec![0, 0xff])), "k = '\\x00ff'::pg_catalog.bytea");
        assert_eq!(equal(Wire::Float8, &Class::Float, &Datum::Float(f64::NEG_INFINITY)), "k = '-Infinity'::pg_catalog.float8");
        assert_eq!(equal(Wire::Own, &Class::Own("x".to_owned()), &Datum::Own(b"x".to_vec())), "Anything");
        assert_eq!(equal(Wire::Int4, &Class::Integer, &Datum::Null), "Condition(\"k is null\")");
    }

    #[test]
    fn days_and_moments_are_written_in_the_servers_calendar() {
        let day = |number| equal(Wire::Date, &Class::Date, &Datum::Date(Day::Number(number)));
        assert_eq!(day(0), "k = '1970-01-01'::pg_catalog.date");
        assert_eq!(day(-719_529), "k = '0002-12-31 BC'::pg_catalog.date");
        assert_eq!(day(-719_528), "k = '0001-01-01 BC'::pg_catalog.date");
        assert_eq!(day(i32::MIN), "k = '4714-11-24 BC'::pg_catalog.date", "the first that there is: its row does not match and may come");
        let at = |micros| equal(Wire::Instant, &Class::Instant, &Datum::Instant(Moment::Micros(micros)));
        assert_eq!(at(-1), "k = '1969-12-31 23:59:59.999999+00'::pg_catalog.timestamptz");
        assert_eq!(at(i64::MIN), "k = '4714-11-24 00:00:00.000000+00 BC'::pg_catalog.timestamptz");
        assert_eq!(bound(&Wire::Text, &Datum::Integer(1)), None);
        assert_eq!(bound(&Wire::Oid, &Datum::Integer(-1)), Some(Bound::Below));
        assert_eq!(bound(&Wire::Int8, &Datum::Integer(1 << 64)), Some(Bound::Above));
    }
}
