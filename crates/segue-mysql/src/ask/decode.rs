//! What a column of a query holds, and its values out of the binary protocol.
//!
//! A date that is none of the calendar stays what it is. A value that is not what its class says keeps its own kind.
//! Tests: below.

use mysql_async::consts::ColumnType as C;
use mysql_async::{Column, Value as Wire};
use segue_engine::rows::{Batch, Class, Day, Decimal, Moment, Value, parse};

/// The number of the character set that means bytes.
const BINARY: u16 = 63;
const DAY_MICROS: i64 = 86_400_000_000;

/// The class of a column. JSON stays text; a BIT is its number.
pub(super) fn class(column: &Column) -> Class {
    let binary = column.character_set() == BINARY;
    match column.column_type() {
        C::MYSQL_TYPE_TINY
        | C::MYSQL_TYPE_SHORT
        | C::MYSQL_TYPE_INT24
        | C::MYSQL_TYPE_LONG
        | C::MYSQL_TYPE_LONGLONG
        | C::MYSQL_TYPE_YEAR
        | C::MYSQL_TYPE_BIT => Class::Integer,
        C::MYSQL_TYPE_DECIMAL | C::MYSQL_TYPE_NEWDECIMAL => Class::Decimal,
        C::MYSQL_TYPE_FLOAT | C::MYSQL_TYPE_DOUBLE => Class::Float,
        C::MYSQL_TYPE_DATE | C::MYSQL_TYPE_NEWDATE => Class::Date,
        C::MYSQL_TYPE_TIME | C::MYSQL_TYPE_TIME2 => Class::Time,
        C::MYSQL_TYPE_DATETIME | C::MYSQL_TYPE_DATETIME2 => Class::Timestamp,
        C::MYSQL_TYPE_TIMESTAMP | C::MYSQL_TYPE_TIMESTAMP2 => Class::Instant,
        C::MYSQL_TYPE_JSON => Class::JsonText,
        C::MYSQL_TYPE_GEOMETRY => Class::Own("geometry".to_owned()),
        _ if binary => Class::Bytes,
        _ => Class::Text,
    }
}

/// Writes a value of a column.
pub(super) fn value(batch: &mut Batch, wire: Option<Wire>, class: &Class) {
    match wire.unwrap_or(Wire::NULL) {
        Wire::NULL => batch.value(&Value::Null, class),
        Wire::Int(number) => batch.value(&Value::Integer(i128::from(number)), class),
        Wire::UInt(number) => batch.value(&Value::Integer(i128::from(number)), class),
        Wire::Float(number) => batch.value(&Value::Float32(number), class),
        Wire::Double(number) => batch.value(&Value::Float64(number), class),
        Wire::Date(year, month, day, hour, minute, second, micros) => {
            let of_day = ((i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second)) * 1_000_000 + i64::from(micros);
            let number = parse::day_number(i32::from(year), month, day);
            let of_class = match (class, number) {
                (Class::Date, Some(number)) => Value::Date(Day::Number(number)),
                (Class::Date, None) => Value::Date(Day::Unreal { year, month, day }),
                (_, number) => {
                    let moment = match number {
                        Some(number) => Moment::Micros(i64::from(number) * DAY_MICROS + of_day),
                        None => Moment::Unreal { year, month, day, micros: of_day.unsigned_abs() },
                    };
                    if *class == Class::Instant { Value::Instant(moment) } else { Value::Timestamp(moment) }
                }
            };
            batch.value(&of_class, class);
        }
        Wire::Time(negative, days, hours, minutes, seconds, micros) => {
            let hours = i64::from(days) * 24 + i64::from(hours);
            let all = ((hours * 60 + i64::from(minutes)) * 60 + i64::from(seconds)) * 1_000_000 + i64::from(micros);
            batch.value(&Value::Time(if negative { -all } else { all }), class);
        }
        Wire::Bytes(bytes) => from_bytes(batch, &bytes, class),
    }
}

fn from_bytes(batch: &mut Batch, bytes: &[u8], class: &Class) {
    match class {
        Class::Decimal => match std::str::from_utf8(bytes) {
            Ok(text) => batch.value(&Value::Decimal(Decimal::Text(text)), class),
            Err(_) => batch.value(&Value::Bytes(bytes), class),
        },
        // A BIT comes as the bytes of its number.
        Class::Integer if bytes.len() <= 8 => {
            let number = bytes.iter().fold(0_i128, |sum, byte| (sum << 8) | i128::from(*byte));
            batch.value(&Value::Integer(number), class);
        }
        Class::Bytes => batch.value(&Value::Bytes(bytes), class),
        Class::JsonText => batch.value(&Value::Json(bytes), class),
        Class::Own(_) => batch.value(&Value::Own(bytes), class),
        _ => batch.value(&Value::Text(bytes), class),
    }
}

#[cfg(test)]
mod tests {
    use segue_engine::rows::Datum;

    use super::*;

    fn read(wire: Wire, class: &Class) -> Datum {
        let mut batch = Batch::default();
        value(&mut batch, Some(wire), class);
        batch.end_row(&[]);
        Datum::row(batch.row(0).1).expect("canonical").remove(0)
    }

    #[test]
    fn the_wire_becomes_values() {
        assert!(read(Wire::NULL, &Class::Integer) == Datum::Null);
        assert!(read(Wire::UInt(u64::MAX), &Class::Integer) == Datum::Integer(i128::from(u64::MAX)));
        assert!(read(Wire::Bytes(b"-1.50".to_vec()), &Class::Decimal) == Datum::Decimal("-1.5".to_owned()));
        assert!(read(Wire::Bytes(vec![1, 0]), &Class::Integer) == Datum::Integer(256));
        assert_eq!(read(Wire::Date(2026, 11, 21, 10, 0, 0, 5), &Class::Timestamp).show(), "2026-11-21 10:00:00.000005");
        assert_eq!(read(Wire::Date(2026, 11, 21, 10, 0, 0, 0), &Class::Instant).show(), "2026-11-21 10:00:00Z");
        assert_eq!(read(Wire::Date(0, 0, 0, 0, 0, 0, 0), &Class::Date).show(), "0000-00-00");
        assert_eq!(read(Wire::Time(true, 1, 2, 3, 4, 0), &Class::Time).show(), "-26:03:04");
    }
}
