//! SQLite as the source, PostgreSQL as the target. Made by the servers from SQL text.

use crate::rows::matrix::{Case, Expect, Group};

/// All of them.
pub const ALL: &[Group] = &[(Expect::Equal, EQUAL), (Expect::Different, DIFFERENT), (Expect::Gap, GAP)];

const fn case(name: &'static str, source: (&'static str, &'static str), target: (&'static str, &'static str)) -> Case {
    Case { name, source, target }
}

const EQUAL: &[Case] = &[
    case("NULL", ("TEXT", "null"), ("text", "null")),
    case("a whole number", ("INTEGER", "-9223372036854775808"), ("bigint", "-9223372036854775808")),
    case("emoji", ("TEXT", "'😀'"), ("text", "'😀'")),
    case("a float", ("REAL", "0.1"), ("double precision", "0.1")),
    case("infinity", ("REAL", "9e999"), ("double precision", "'Infinity'")),
    case("a float and its shortest decimal", ("REAL", "0.1"), ("numeric", "0.1")),
    case("a declared decimal", ("NUMERIC(10,2)", "1.5"), ("numeric(10,2)", "1.50")),
    case("a decimal in text", ("TEXT", "'12.50'"), ("numeric(10,2)", "12.5")),
    case("bytes", ("BLOB", "x'00ff'"), ("bytea", r"'\x00ff'")),
    case("a boolean", ("BOOLEAN", "1"), ("boolean", "true")),
    case("a number and a boolean", ("INTEGER", "0"), ("boolean", "false")),
    case("a date", ("DATE", "'2026-11-21'"), ("date", "'2026-11-21'")),
    case("a date in text", ("TEXT", "'2026-11-21'"), ("date", "'2026-11-21'")),
    case("a date and time", ("DATETIME", "'2026-11-21 10:00:00.5'"), ("timestamp", "'2026-11-21 10:00:00.5'")),
    case("a moment in ISO's spelling", ("DATETIME", "'2026-11-21T12:00:00+02:00'"), ("timestamptz", "'2026-11-21 10:00:00+00'")),
    case("a time", ("TIME", "'10:00'"), ("time", "'10:00:00'")),
    case("a UUID in text", ("TEXT", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"), ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")),
    case("a UUID in bytes", ("BLOB", "x'a0eebc999c0b4ef8bb6d6bb9bd380a11'"), ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")),
    case("JSON", ("JSON", r#"'{"b": 1, "a": 2}'"#), ("jsonb", r#"'{"a":2,"b":1}'"#)),
    case("JSON that is a number, and stored as one", ("JSON", "'12'"), ("jsonb", "'12'")),
    case("no declared type", ("", "'x'"), ("text", "'x'")),
    case("char has no padding", ("CHAR(5)", "'a'"), ("char(5)", "'a'")),
    case("names in another case", ("cols:Total INTEGER", "1"), ("cols:total integer", "1")),
];

const DIFFERENT: &[Case] = &[
    case("NULL and the empty text", ("TEXT", "null"), ("text", "''")),
    case("text in a column of numbers", ("INTEGER", "'abc'"), ("bigint", "0")),
    case("a float in a column of whole numbers", ("INTEGER", "1.5"), ("bigint", "1")),
    case("bytes in a column of text", ("TEXT", "x'61'"), ("text", "'a'")),
    case("text in a column of bytes", ("BLOB", "'a'"), ("bytea", r"'\x61'")),
    case("a boolean of two", ("BOOLEAN", "2"), ("boolean", "true")),
    case("a boolean in words", ("BOOLEAN", "'true'"), ("boolean", "true")),
    case("a date as a number of seconds", ("DATE", "1795219200"), ("date", "'2026-11-21'")),
    case("a day that is none", ("DATE", "'2026-02-31'"), ("date", "'2026-03-03'")),
    case("a date with spaces", ("TEXT", "' 2026-11-21'"), ("date", "'2026-11-21'")),
    case("minus zero, which SQLite stores as zero", ("REAL", "-0.0"), ("double precision", "'-0'")),
    case("a number beyond 64 bits becomes a float", ("INTEGER", "9223372036854775808"), ("numeric", "9223372036854775809")),
    case("upper and lower case under NOCASE", ("TEXT COLLATE NOCASE", "'a'"), ("text", "'A'")),
    case("a zero byte", ("TEXT", "'a' || char(0)"), ("text", "'a'")),
    case("JSON: a number and a text", ("JSON", r#"'{"a":1}'"#), ("jsonb", r#"'{"a":"1"}'"#)),
    case("a moment an hour later", ("DATETIME", "'2026-11-21T12:00:00+01:00'"), ("timestamptz", "'2026-11-21 10:00:00+00'")),
    case("values swapped between columns", ("cols:a TEXT, b TEXT", "'x', 'y'"), ("cols:a text, b text", "'y', 'x'")),
];

const GAP: &[Case] = &[
    case("text and bytes", ("TEXT", "'a'"), ("bytea", "'a'")),
    case("a number and a moment", ("INTEGER", "1"), ("timestamptz", "'1970-01-01 00:00:01+00'")),
    case("text and an array", ("TEXT", "'{1}'"), ("integer[]", "'{1}'")),
];
