//! Does a type take a default? By the table of the specification; of a union, any branch (1.12).

use crate::avro::schema::{Id, Kind, Schema};
use crate::shape::literal::NumberKey;
use crate::shape::{Literal, Number};

const DEPTH_MAX: usize = 64;

/// The type takes the value; what is deeper than is looked at is taken.
pub(in crate::avro) fn fits(schema: &Schema, id: Id, value: &Literal, depth: usize) -> bool {
    if depth > DEPTH_MAX {
        return true;
    }
    let within = |number: &NumberKey, limit: i128| match number {
        NumberKey::Exact(number) => number.is_whole() && *number >= Number::whole(-limit - 1) && *number <= Number::whole(limit),
        NumberKey::Text(_) => false,
    };
    match (&schema.node(id).kind, value) {
        (Kind::Null, Literal::Null)
        | (Kind::Boolean, Literal::Bool(_))
        | (Kind::Float | Kind::Double, Literal::Number(_))
        | (Kind::String, Literal::Text(_)) => true,
        // Java and others write what JSON has no number for as a text.
        (Kind::Float | Kind::Double, Literal::Text(text)) => matches!(&**text, "NaN" | "Infinity" | "-Infinity" | "INF" | "-INF"),
        (Kind::Int, Literal::Number(number)) => within(number, i128::from(i32::MAX)),
        (Kind::Long, Literal::Number(number)) => within(number, i128::from(i64::MAX)),
        (Kind::Bytes, Literal::Text(text)) => text.chars().all(|char| u32::from(char) < 256),
        (Kind::Fixed { size, .. }, Literal::Text(text)) => {
            text.chars().all(|char| u32::from(char) < 256) && text.chars().count() as u64 == *size
        }
        (Kind::Enum { symbols, .. }, Literal::Text(text)) => symbols.contains(text),
        (Kind::Array(items), Literal::List(list)) => list.iter().all(|item| fits(schema, *items, item, depth + 1)),
        (Kind::Map(values), Literal::Map(entries)) => entries.iter().all(|entry| fits(schema, *values, &entry.1, depth + 1)),
        (Kind::Record { fields, .. }, Literal::Map(entries)) => {
            fields.iter().all(|field| match entries.binary_search_by(|entry| entry.0.cmp(&field.name)) {
                Ok(at) => fits(schema, field.schema, &entries[at].1, depth + 1),
                Err(_) => field.default.is_some(),
            })
        }
        (Kind::Union(branches), value) => branches.iter().any(|branch| fits(schema, *branch, value, depth + 1)),
        _ => false,
    }
}
