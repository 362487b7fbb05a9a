//! A value of SQLite as a [`Value`]: by its own storage class, never by the column's declared type.
//!
//! Tests: `tests/it/rows.rs`, the matrix of `segue_sim::rows`.

use rusqlite::types::ValueRef;
use segue_engine::rows::{Class, Value};

/// The value. `room` is for the digits of a number in a column of JSON.
pub(super) fn value<'a>(raw: ValueRef<'a>, class: &Class, room: &'a mut String) -> Value<'a> {
    match (raw, class) {
        (ValueRef::Null, _) => Value::Null,
        // A column called JSON has the affinity of numbers: a document that is a number is stored as one.
        (ValueRef::Integer(number), Class::Json | Class::JsonText) => digits(room, &number),
        (ValueRef::Real(number), Class::Json | Class::JsonText) => digits(room, &number),
        (ValueRef::Integer(number), _) => Value::Integer(i128::from(number)),
        (ValueRef::Real(number), _) => Value::Float64(number),
        (ValueRef::Text(text), Class::Json | Class::JsonText) => Value::Json(text),
        // A text among bytes is another value than the bytes.
        (ValueRef::Text(text), Class::Bytes | Class::BytesPadded) => Value::Own(text),
        (ValueRef::Text(text), _) => Value::Text(text),
        (ValueRef::Blob(bytes), _) => Value::Bytes(bytes),
    }
}

fn digits<'a>(room: &'a mut String, number: &dyn std::fmt::Display) -> Value<'a> {
    use std::fmt::Write as _;
    room.clear();
    // Writing into a String does not fail.
    let _written = write!(room, "{number}");
    Value::Json(room.as_bytes())
}
