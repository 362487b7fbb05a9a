//! The class of a declared type: first by the words that say more than an affinity, then by SQLite's affinities.
//!
//! Tests: below, `tests/it/rows.rs`.

use segue_engine::rows::Class;

use crate::affinity::{self, Affinity};

/// What a column without a type of its own is: each value speaks for itself.
pub(crate) const UNTYPED: &str = "any";

/// The class of a declared type.
pub(super) fn class(declared: &str) -> Class {
    let lower = declared.to_ascii_lowercase();
    let word = lower.split('(').next().unwrap_or_default().trim();
    match word {
        "" | "any" => return Class::Own(UNTYPED.to_owned()),
        "bool" | "boolean" => return Class::Boolean,
        "date" => return Class::Date,
        "time" => return Class::Time,
        "datetime" | "timestamp" | "timestamp without time zone" => return Class::Timestamp,
        "timestamptz" | "timestamp with time zone" | "datetimeoffset" => return Class::Instant,
        "json" | "jsonb" => return Class::JsonText,
        "uuid" | "guid" | "uniqueidentifier" => return Class::Uuid,
        _ => {}
    }
    match affinity::of(declared) {
        Affinity::Integer => Class::Integer,
        Affinity::Text => Class::Text,
        Affinity::Blob => Class::Bytes,
        Affinity::Real => Class::Float,
        Affinity::Numeric => Class::Decimal,
        // A name that says nothing, such as MONEY or POINT: the affinity is that of numbers, the values are what they are.
        Affinity::Anything => Class::Own(UNTYPED.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_types_have_their_classes() {
        let cases = [
            ("INTEGER", Class::Integer),
            ("tinyint(1)", Class::Integer),
            ("NVARCHAR(160)", Class::Text),
            ("NUMERIC(10,2)", Class::Decimal),
            ("DECIMAL", Class::Decimal),
            ("double precision", Class::Float),
            ("BLOB", Class::Bytes),
            ("DATETIME", Class::Timestamp),
            ("timestamp with time zone", Class::Instant),
            ("DATE", Class::Date),
            ("BOOLEAN", Class::Boolean),
            ("JSON", Class::JsonText),
            ("UUID", Class::Uuid),
            ("", Class::Own(UNTYPED.to_owned())),
        ];
        for (declared, expect) in cases {
            assert_eq!(class(declared), expect, "{declared}");
        }
    }
}
