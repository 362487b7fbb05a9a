//! SQLite as the source, MariaDB as the target. Made by the servers from SQL text.

use crate::rows::matrix::{Case, Expect, Group};

/// All of them.
pub const ALL: &[Group] = &[(Expect::Equal, EQUAL), (Expect::Different, DIFFERENT), (Expect::Gap, GAP)];

const fn case(name: &'static str, source: (&'static str, &'static str), target: (&'static str, &'static str)) -> Case {
    Case { name, source, target }
}

const EQUAL: &[Case] = &[
    case("NULL", ("TEXT", "null"), ("varchar(10)", "null")),
    case("a whole number", ("INTEGER", "42"), ("int unsigned", "42")),
    case("text", ("VARCHAR(10)", "'é'"), ("varchar(10) character set latin1", "_utf8mb4'é'")),
    case("a float", ("REAL", "0.1"), ("double", "0.1")),
    case("a decimal", ("DECIMAL(10,2)", "1.5"), ("decimal(10,2)", "1.50")),
    case("bytes", ("BLOB", "x'00ff'"), ("varbinary(4)", "x'00ff'")),
    case("a boolean", ("BOOLEAN", "1"), ("tinyint(1)", "1")),
    case("a date and time", ("DATETIME", "'2026-11-21 10:00:00'"), ("datetime", "'2026-11-21 10:00:00'")),
    case("a moment", ("TIMESTAMP", "'2026-11-21 10:00:00Z'"), ("timestamp null", "'2026-11-21 10:00:00'")),
    case("an enum", ("TEXT", "'b'"), ("enum('a','b')", "'b'")),
    case("a set", ("TEXT", "'a,b'"), ("set('a','b')", "'b,a'")),
    case("a zero date", ("DATE", "'0000-00-00'"), ("date", "'0000-00-00'")),
    case("a long time", ("TIME", "'838:59:59'"), ("time", "'838:59:59'")),
];

const DIFFERENT: &[Case] = &[
    case("NULL and the empty text", ("TEXT", "null"), ("varchar(10)", "''")),
    case("upper and lower case", ("TEXT", "'a'"), ("varchar(10)", "'A'")),
    case("a space at the end", ("TEXT", "'a '"), ("varchar(10)", "'a'")),
    case("a space at the end beside a char", ("TEXT", "'a '"), ("char(10)", "'a'")),
    case("text in a column of numbers", ("INTEGER", "'x'"), ("int", "0")),
    case("a zero date and NULL", ("DATE", "null"), ("date", "'0000-00-00'")),
    case("bytes and a zero at their end", ("BLOB", "x'61'"), ("binary(2)", "'a'")),
    case("a float of 32 bits", ("REAL", "0.1"), ("float", "0.1")),
];

const GAP: &[Case] = &[case("text and bytes", ("TEXT", "'a'"), ("blob", "'a'"))];
