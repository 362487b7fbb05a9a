//! A value of the driver to a value of the reader.
//!
//! What a column holds is known from the table where it is a column, and from the answer where it is an expression. It
//! must never fail on a value and never make one up: what does not fit the form is an error. Tests: below, and
//! `tests/it/edge_values.rs`.

use mysql_async::consts::ColumnType as T;
use mysql_async::{Column, Value as Wire};
use segue_engine::rows::parse::day_number;
use segue_engine::rows::{Day, Decimal, Moment, Value};
use segue_engine::{EngineError, ErrorKind};

use super::native::Form;

/// How the values of one column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decode {
    Integer,
    Decimal,
    Float,
    Text,
    /// A digit that is 0 where no label is set, and the text: `true` of a set.
    Labels(bool),
    Bytes,
    Date,
    Timestamp,
    Instant,
    Time,
    Bits(u32),
    Json,
    Geometry,
    Own,
}

/// The character set of bytes.
const BINARY: u16 = 63;

/// How a column is read. `form`: of a table's column, `None` for an expression.
pub(crate) fn decode(column: &Column, form: Option<&Form>) -> Decode {
    if let Some(form) = form {
        return match form {
            Form::Integer | Form::Year => Decode::Integer,
            Form::Bits(count) => Decode::Bits(*count),
            Form::Decimal => Decode::Decimal,
            Form::Float => Decode::Float,
            Form::Text(_) | Form::Uuid | Form::Network => Decode::Text,
            Form::Labels { many, .. } => Decode::Labels(*many),
            Form::FixedBytes(_) | Form::Bytes => Decode::Bytes,
            Form::Date => Decode::Date,
            Form::Datetime => Decode::Timestamp,
            Form::Timestamp => Decode::Instant,
            Form::Time => Decode::Time,
            Form::Json => Decode::Json,
            Form::Geometry => Decode::Geometry,
            Form::Own => Decode::Own,
        };
    }
    match column.column_type() {
        T::MYSQL_TYPE_TINY
        | T::MYSQL_TYPE_SHORT
        | T::MYSQL_TYPE_INT24
        | T::MYSQL_TYPE_LONG
        | T::MYSQL_TYPE_LONGLONG
        | T::MYSQL_TYPE_YEAR => Decode::Integer,
        T::MYSQL_TYPE_DECIMAL | T::MYSQL_TYPE_NEWDECIMAL => Decode::Decimal,
        T::MYSQL_TYPE_FLOAT | T::MYSQL_TYPE_DOUBLE => Decode::Float,
        T::MYSQL_TYPE_DATE | T::MYSQL_TYPE_NEWDATE => Decode::Date,
        T::MYSQL_TYPE_DATETIME | T::MYSQL_TYPE_DATETIME2 => Decode::Timestamp,
        T::MYSQL_TYPE_TIMESTAMP | T::MYSQL_TYPE_TIMESTAMP2 => Decode::Instant,
        T::MYSQL_TYPE_TIME | T::MYSQL_TYPE_TIME2 => Decode::Time,
        T::MYSQL_TYPE_BIT => Decode::Bits(column.column_length()),
        T::MYSQL_TYPE_JSON => Decode::Json,
        T::MYSQL_TYPE_GEOMETRY => Decode::Geometry,
        T::MYSQL_TYPE_VECTOR => Decode::Own,
        _ if column.character_set() == BINARY => Decode::Bytes,
        _ => Decode::Text,
    }
}

/// Room for a value that cannot be borrowed as it is: the bits of a `bit(n)`, from its left end.
pub(crate) type Room = [u8; 8];

/// The set of the empty label alone. The set of no label is the empty text.
const EMPTY_LABEL: &[&[u8]] = &[b""];

/// What a column is asked for or compared with to find this field again.
pub(crate) fn parameter(wire: Wire, how: Decode) -> Wire {
    match (wire, how) {
        // Its number: as a text it would be taken for the empty label.
        (Wire::Bytes(bytes), Decode::Labels(false)) if bytes.first() == Some(&b'0') => Wire::Int(0),
        (Wire::Bytes(bytes), Decode::Labels(_)) => Wire::Bytes(bytes.get(1..).unwrap_or_default().to_vec()),
        (wire, _) => wire,
    }
}

/// The value of a field.
pub(crate) fn value<'a>(wire: &'a Wire, how: Decode, room: &'a mut Room) -> Result<Value<'a>, EngineError> {
    Ok(match (wire, how) {
        (Wire::NULL, _) => Value::Null,
        (Wire::Int(number), Decode::Integer) => Value::Integer(i128::from(*number)),
        (Wire::UInt(number), Decode::Integer) => Value::Integer(i128::from(*number)),
        (Wire::Float(number), Decode::Float) => Value::Float32(*number),
        (Wire::Double(number), Decode::Float) => Value::Float64(*number),
        (Wire::Bytes(bytes), how) => of_bytes(bytes, how, room)?,
        (Wire::Date(year, month, day, ..), Decode::Date) => Value::Date(to_day(*year, *month, *day)),
        (Wire::Date(..), Decode::Timestamp) => Value::Timestamp(to_moment(wire)),
        (Wire::Date(..), Decode::Instant) => Value::Instant(to_moment(wire)),
        (Wire::Time(negative, days, hours, minutes, seconds, micros), Decode::Time) => {
            let whole = (i64::from(*days) * 24 + i64::from(*hours)) * 3600 + i64::from(*minutes) * 60 + i64::from(*seconds);
            let micros = whole * 1_000_000 + i64::from(*micros);
            Value::Time(if *negative { -micros } else { micros })
        }
        _ => return Err(misunderstood()),
    })
}

fn of_bytes<'a>(bytes: &'a [u8], how: Decode, room: &'a mut Room) -> Result<Value<'a>, EngineError> {
    Ok(match how {
        Decode::Text => Value::Text(bytes),
        Decode::Labels(many) => match (bytes.split_first().ok_or_else(misunderstood)?, many) {
            ((b'0', _), false) => Value::NoLabel,
            ((b'0', _), true) => Value::Text(b""),
            ((_, []), true) => Value::Set(EMPTY_LABEL),
            ((_, label), _) => Value::Text(label),
        },
        Decode::Bytes => Value::Bytes(bytes),
        Decode::Decimal => Value::Decimal(Decimal::Text(std::str::from_utf8(bytes).map_err(|_| misunderstood())?)),
        Decode::Json => Value::Json(bytes),
        Decode::Own => Value::Own(bytes),
        Decode::Bits(count) if bytes.len() <= 8 => {
            let number = bytes.iter().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
            *room = (number << (64 - count.clamp(1, 64))).to_be_bytes();
            Value::Bits(count, &room[..count.div_ceil(8) as usize])
        }
        Decode::Geometry => {
            let (srid, wkb) = bytes.split_first_chunk::<4>().ok_or_else(misunderstood)?;
            Value::Geometry(u32::from_le_bytes(*srid), wkb)
        }
        _ => return Err(misunderstood()),
    })
}

fn to_day(year: u16, month: u8, day: u8) -> Day {
    day_number(i32::from(year), month, day).map_or(Day::Unreal { year, month, day }, Day::Number)
}

fn to_moment(wire: &Wire) -> Moment {
    let Wire::Date(year, month, day, hour, minute, second, micros) = *wire else { return Moment::Early };
    let seconds = u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second);
    let micros = seconds * 1_000_000 + u64::from(micros);
    match to_day(year, month, day) {
        // A time of the day is far below 2^63.
        Day::Number(number) => Moment::Micros(i64::from(number) * segue_engine::rows::parse::DAY_MICROS + micros.cast_signed()),
        _ => Moment::Unreal { year, month, day, micros },
    }
}

fn misunderstood() -> EngineError {
    EngineError::new("SG-MY-017", ErrorKind::Other, "a value came in another form than its column's")
}

#[cfg(test)]
mod tests {
    use segue_engine::rows::{Batch, Class, Datum};

    use super::*;

    fn shown(wire: &Wire, how: Decode, class: &Class) -> String {
        let mut room = Room::default();
        let mut batch = Batch::default();
        batch.value(&value(wire, how, &mut room).expect("a value"), class);
        batch.end_row(&[]);
        Datum::row(batch.row(0).1).expect("canonical")[0].show()
    }

    #[test]
    fn values_come_out_as_they_are() {
        assert_eq!(shown(&Wire::UInt(u64::MAX), Decode::Integer, &Class::Integer), "18446744073709551615");
        assert_eq!(shown(&Wire::Bytes(vec![0x01, 0xff]), Decode::Bits(9), &Class::Bits), "111111111");
        assert_eq!(shown(&Wire::Bytes(vec![0x05]), Decode::Bits(3), &Class::Bits), "101");
        assert_eq!(shown(&Wire::Bytes(vec![0x80, 0, 0, 0, 0, 0, 0, 1]), Decode::Bits(64), &Class::Bits).len(), 64);
        assert_eq!(shown(&Wire::Time(true, 34, 22, 59, 59, 1), Decode::Time, &Class::Time), "-838:59:59.000001");
        assert_eq!(shown(&Wire::Date(0, 0, 0, 0, 0, 0, 0), Decode::Date, &Class::Date), "0000-00-00");
        assert_eq!(shown(&Wire::Date(2026, 0, 10, 1, 2, 3, 4), Decode::Timestamp, &Class::Timestamp), "2026-00-10 01:02:03.000004");
        assert_eq!(shown(&Wire::Date(2026, 11, 21, 0, 0, 0, 0), Decode::Instant, &Class::Instant), "2026-11-21 00:00:00Z");
        assert_eq!(shown(&Wire::Bytes(b"\xe6\x10\0\0\x01".to_vec()), Decode::Geometry, &Class::Geometry), "SRID=4326;0x01");
        assert_eq!(shown(&Wire::NULL, Decode::Bits(1), &Class::Bits), "NULL");
    }

    #[test]
    fn no_label_is_not_the_empty_one() {
        let text = |text: &str| Wire::Bytes(text.as_bytes().to_vec());
        let seen = |wire: &Wire, how, class: &Class| {
            let (mut room, mut batch) = (Room::default(), Batch::default());
            batch.value(&value(wire, how, &mut room).expect("a value"), class);
            batch.end_row(&[]);
            batch.row(0).1.to_vec()
        };
        for (how, class) in [(Decode::Labels(false), Class::Text), (Decode::Labels(true), Class::Set)] {
            assert_ne!(seen(&text("0"), how, &class), seen(&text("1"), how, &class), "{class}");
            assert_eq!(seen(&text("1a"), how, &class), seen(&text("a"), Decode::Text, &class), "{class}");
        }
        let enumerated = Decode::Labels(false);
        assert_eq!((parameter(text("0"), enumerated), parameter(text("1"), enumerated)), (Wire::Int(0), text("")));
        assert_eq!((parameter(text("1a"), Decode::Labels(true)), parameter(Wire::NULL, enumerated)), (text("a"), Wire::NULL));
        assert_eq!(parameter(text("0"), Decode::Text), text("0"));
        assert!(value(&text(""), enumerated, &mut Room::default()).is_err(), "the digit is always there");
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let mut room = Room::default();
        assert!(value(&Wire::Int(1), Decode::Text, &mut room).is_err());
        assert!(value(&Wire::Bytes(vec![1]), Decode::Geometry, &mut room).is_err());
        assert!(value(&Wire::Date(1, 1, 1, 0, 0, 0, 0), Decode::Integer, &mut room).is_err());
    }
}
