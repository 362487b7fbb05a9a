//! A value as SQLite stores it, and as a literal of its SQL.
//!
//! What has no such form is an error and never something near it. Tests: below.

use rusqlite::types::Value;
use segue_engine::rows::Datum;
use segue_engine::rows::apply::{hex, no_form};
use segue_engine::{EngineError, quote};

/// As a bound value.
pub(super) fn bound(datum: &Datum, column: &str) -> Result<Value, EngineError> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map(Value::Text).map_err(|_| no_form(column));
    Ok(match datum {
        Datum::Null => Value::Null,
        Datum::Boolean(truth) => Value::Integer(i64::from(*truth)),
        Datum::Integer(number) => Value::Integer(i64::try_from(*number).map_err(|_| no_form(column))?),
        // SQLite turns NaN into NULL without a word.
        Datum::Float(number) if number.is_nan() => return Err(no_form(column)),
        Datum::Float(number) => Value::Real(*number),
        Datum::Decimal(number) => Value::Text(number.clone()),
        Datum::Text(bytes) | Datum::JsonText(bytes) | Datum::Own(bytes) => text(bytes)?,
        Datum::Bytes(bytes) => Value::Blob(bytes.clone()),
        Datum::Date(_) | Datum::Time(_) | Datum::Timestamp(_) | Datum::Instant(_) | Datum::Uuid(_) | Datum::Network(..) | Datum::Set(_) => {
            Value::Text(datum.show())
        }
        Datum::TimeZoned(..)
        | Datum::Interval(..)
        | Datum::Bits(..)
        | Datum::Geometry(..)
        | Datum::Array(..)
        | Datum::NoLabel
        | Datum::Compared(_) => return Err(no_form(column)),
    })
}

/// As a literal. Bytes stand for a text that could not be said safely: a NUL would end the statement, and line breaks are
/// changed by editors and clients.
pub(super) fn literal(datum: &Datum, column: &str) -> Result<String, EngineError> {
    Ok(match bound(datum, column)? {
        Value::Null => "NULL".to_owned(),
        // The smallest number is no literal: its digits alone are too large.
        Value::Integer(i64::MIN) => "(-9223372036854775807 - 1)".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) if number.is_infinite() => if number > 0.0 { "9e999" } else { "-9e999" }.to_owned(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) if text.contains(['\0', '\n', '\r']) => format!("CAST(x'{}' AS TEXT)", hex(text.as_bytes())),
        Value::Text(text) => quote::text(&text),
        Value::Blob(bytes) => format!("x'{}'", hex(&bytes)),
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn a_literal_is_the_value_that_is_bound() {
        let connection = Connection::open_in_memory().expect("a database");
        let texts = ["it's", "a\"b", "back\\slash", "new\nline", "nul\0inside", "$1 ?1 :a @b %s", "😀", "", "''; drop table t;--"];
        let mut data: Vec<Datum> = texts.iter().map(|text| Datum::Text(text.as_bytes().to_vec())).collect();
        data.extend([i128::from(i64::MIN), i128::from(i64::MAX), 0, -1].map(Datum::Integer));
        data.extend([0.1, -0.0, 1e300, 5e-324, f64::INFINITY, f64::NEG_INFINITY, 1.0].map(Datum::Float));
        data.extend([Datum::Null, Datum::Bytes(vec![0, 255, 39]), Datum::Bytes(vec![])]);
        for datum in data {
            let sql = format!("SELECT {0} IS ?1 AND typeof({0}) = typeof(?1)", literal(&datum, "c").expect("a literal"));
            let same: bool = connection.query_row(&sql, [bound(&datum, "c").expect("a value")], |row| row.get(0)).expect("a row");
            assert!(same, "{}", datum.show());
        }
        assert_eq!(bound(&Datum::Float(f64::NAN), "c").expect_err("no form").code, "SG-FIX-012");
        assert!(bound(&Datum::Integer(1 << 70), "c").is_err());
        assert!(bound(&Datum::Text(vec![0xff]), "c").is_err());
    }
}
