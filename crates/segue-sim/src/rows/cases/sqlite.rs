//! SQLite with itself: two files. Made by SQLite from SQL text; the storage class of a value is a part of it.

use crate::rows::matrix::{Case, Expect, Group};

/// All of them.
pub const ALL: &[Group] = &[(Expect::Equal, EQUAL), (Expect::Different, DIFFERENT), (Expect::Gap, GAP)];

const fn case(name: &'static str, source: (&'static str, &'static str), target: (&'static str, &'static str)) -> Case {
    Case { name, source, target }
}

const EQUAL: &[Case] = &[
    case("a whole number", ("INTEGER", "1"), ("INTEGER", "1")),
    case("text", ("TEXT", "'a'"), ("VARCHAR(3)", "'a'")),
    case("a date in one spelling", ("DATE", "'2026-11-21'"), ("DATE", "'2026-11-21'")),
    case("a float", ("REAL", "1.0"), ("DOUBLE", "1.0")),
    case("any value", ("", "x'00'"), ("ANY", "x'00'")),
];

const DIFFERENT: &[Case] = &[
    case("text and bytes", ("BLOB", "'a'"), ("BLOB", "x'61'")),
    case("a number and its text", ("", "1"), ("", "'1'")),
    case("a whole number and a float", ("", "1"), ("", "1.0")),
    case("one moment in two spellings", ("DATETIME", "'2026-11-21 10:00:00'"), ("DATETIME", "'2026-11-21T10:00:00Z'")),
    case("JSON by text", ("JSON", r#"'{"a":1}'"#), ("JSON", r#"'{"a": 1}'"#)),
    case("a UUID in two cases", ("UUID", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"), ("UUID", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")),
];

const GAP: &[Case] = &[];
