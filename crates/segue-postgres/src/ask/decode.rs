//! What a column of a query holds, and its values out of the server's text.
//!
//! The session's settings fix the text: ISO dates in UTC, floats in their shortest exact digits, bytes in hexadecimal.
//! A text that is not what its class says keeps its text, so that it equals nothing of the class. Tests: below.

use segue_engine::rows::{Batch, Class, Decimal, Value};
use tokio_postgres::types::{Kind, Type};

/// The class of a type. JSON stays text: who compares reads it by its value.
pub(super) fn class(of: &Type) -> Class {
    if let Kind::Domain(base) = of.kind() {
        return class(base);
    }
    if matches!(of.kind(), Kind::Enum(_)) {
        return Class::Text;
    }
    match of.name() {
        "bool" => Class::Boolean,
        "int2" | "int4" | "int8" | "oid" => Class::Integer,
        "numeric" => Class::Decimal,
        "float4" | "float8" => Class::Float,
        "text" | "varchar" | "name" | "char" | "unknown" => Class::Text,
        "bpchar" => Class::TextPadded,
        "bytea" => Class::Bytes,
        "date" => Class::Date,
        "time" => Class::Time,
        "timestamp" => Class::Timestamp,
        "timestamptz" => Class::Instant,
        "uuid" => Class::Uuid,
        "json" | "jsonb" => Class::JsonText,
        "inet" => Class::Network,
        other => Class::Own(other.to_owned()),
    }
}

/// Writes a value of a column. `of`: its type, where a class has several.
pub(super) fn value(batch: &mut Batch, text: Option<&str>, class: &Class, of: &Type) {
    let Some(text) = text else {
        batch.value(&Value::Null, class);
        return;
    };
    let bytes = text.as_bytes();
    match class {
        Class::Boolean => batch.value(&Value::Boolean(text == "t"), class),
        Class::Integer => match text.parse() {
            Ok(number) => batch.value(&Value::Integer(number), class),
            Err(_) => batch.value(&Value::Text(bytes), class),
        },
        Class::Decimal => {
            let number = match text {
                "NaN" => Decimal::NaN,
                "Infinity" => Decimal::Late,
                "-Infinity" => Decimal::Early,
                digits => Decimal::Text(digits),
            };
            batch.value(&Value::Decimal(number), class);
        }
        Class::Float if *of == Type::FLOAT4 => match text.parse() {
            Ok(number) => batch.value(&Value::Float32(number), class),
            Err(_) => batch.value(&Value::Text(bytes), class),
        },
        Class::Float => match text.parse() {
            Ok(number) => batch.value(&Value::Float64(number), class),
            Err(_) => batch.value(&Value::Text(bytes), class),
        },
        Class::Bytes => match hex(bytes) {
            Some(raw) => batch.value(&Value::Bytes(&raw), class),
            None => batch.value(&Value::Own(bytes), class),
        },
        Class::JsonText => batch.value(&Value::Json(bytes), class),
        Class::Own(_) => batch.value(&Value::Own(bytes), class),
        // The canonical form reads dates, times and addresses out of their text.
        _ => batch.value(&Value::Text(bytes), class),
    }
}

/// `\x0aff`.
fn hex(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_prefix(b"\\x").filter(|digits| digits.len() % 2 == 0)?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits.chunks(2).map(|pair| Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8)).collect()
}

#[cfg(test)]
mod tests {
    use segue_engine::rows::Datum;

    use super::*;

    fn read(text: Option<&str>, of: &Type) -> Datum {
        let mut batch = Batch::default();
        value(&mut batch, text, &class(of), of);
        batch.end_row(&[]);
        Datum::row(batch.row(0).1).expect("canonical").remove(0)
    }

    #[test]
    fn texts_become_values() {
        assert!(read(None, &Type::INT4) == Datum::Null);
        assert!(read(Some("t"), &Type::BOOL) == Datum::Boolean(true));
        assert!(read(Some("-12"), &Type::INT8) == Datum::Integer(-12));
        assert!(read(Some("1.50"), &Type::NUMERIC) == Datum::Decimal("1.5".to_owned()));
        assert!(read(Some("NaN"), &Type::NUMERIC) == Datum::Decimal("NaN".to_owned()));
        assert!(read(Some("0.1"), &Type::FLOAT8) == Datum::Float(0.1));
        assert!(read(Some("0.1"), &Type::FLOAT4) == Datum::Float(f64::from(0.1_f32)));
        assert!(read(Some("\\x00ff"), &Type::BYTEA) == Datum::Bytes(vec![0, 255]));
        assert!(read(Some("{\"a\": 1}"), &Type::JSONB) == Datum::JsonText(b"{\"a\": 1}".to_vec()));
        assert_eq!(read(Some("2026-11-21 10:00:00.5+00"), &Type::TIMESTAMPTZ).show(), "2026-11-21 10:00:00.5Z");
        assert_eq!(read(Some("2026-11-21"), &Type::DATE).show(), "2026-11-21");
        assert!(read(Some("{1,2}"), &Type::INT4_ARRAY) == Datum::Own(b"{1,2}".to_vec()));
    }
}
