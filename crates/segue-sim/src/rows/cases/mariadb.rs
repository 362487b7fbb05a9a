//! MariaDB with itself. Made by the server from SQL text.

use crate::rows::matrix::{Case, Expect, Group};

/// All of them.
pub const ALL: &[Group] = &[(Expect::Equal, EQUAL), (Expect::Different, DIFFERENT), (Expect::Gap, GAP)];

const fn case(name: &'static str, source: (&'static str, &'static str), target: (&'static str, &'static str)) -> Case {
    Case { name, source, target }
}

const EQUAL: &[Case] = &[
    case("latin1 and UTF-8", ("varchar(10) character set latin1", "_utf8mb4'é'"), ("varchar(10) character set utf8mb4", "'é'")),
    case("three bytes and four", ("varchar(10) character set utf8mb3", "'é'"), ("varchar(10) character set utf8mb4", "'é'")),
    case("two collations, the same bytes", ("varchar(10) collate utf8mb4_general_ci", "'Aé'"), ("varchar(10) collate utf8mb4_bin", "'Aé'")),
    case("char stores no spaces at the end", ("char(5)", "'a'"), ("char(9)", "'a  '")),
    case("char and varchar", ("char(5)", "'a'"), ("varchar(5)", "'a'")),
    case("two precisions", ("datetime", "'2026-11-21 10:00:00'"), ("datetime(6)", "'2026-11-21 10:00:00'")),
    case("zero dates", ("date", "'0000-00-00'"), ("date", "'0000-00-00'")),
    case("zero datetimes", ("datetime", "'0000-00-00 00:00:00'"), ("datetime(6)", "'0000-00-00 00:00:00'")),
    case("a day that is none", ("date", "'2026-02-00'"), ("date", "'2026-02-00'")),
    case("the longest time", ("time", "'-838:59:59'"), ("time(3)", "'-838:59:59'")),
    case("unsigned 64-bit", ("bigint unsigned", "18446744073709551615"), ("decimal(20,0)", "18446744073709551615")),
    case("decimal scale", ("decimal(10,2)", "1.5"), ("decimal(20,6)", "1.5")),
    case("enums in another order", ("enum('a','b')", "'b'"), ("enum('b','a')", "'b'")),
    case("sets in another order", ("set('a','b')", "'a,b'"), ("set('b','a')", "'a,b'")),
    case("bits", ("bit(8)", "5"), ("bit(8)", "b'101'")),
    case("bits and a number", ("bit(8)", "5"), ("int", "5")),
    case("years", ("year", "1901"), ("int", "1901")),
    case("points", ("point", "point(1, 2)"), ("geometry", "point(1, 2)")),
    case("JSON by text", ("json", r#"'{"a":1}'"#), ("longtext", r#"'{"a":1}'"#)),
    case("binary(n)", ("binary(4)", "'a'"), ("varbinary(4)", "x'61000000'")),
    case("binary of two lengths", ("binary(2)", "'a'"), ("binary(4)", "'a'")),
    case("a UUID and its text", ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"), ("char(36)", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")),
    case("a timestamp and a datetime in UTC", ("timestamp null", "'2026-11-21 10:00:00'"), ("datetime", "'2026-11-21 10:00:00'")),
    case("floats", ("float", "0.1"), ("float", "0.1")),
    case("minus zero", ("double", "-0e0"), ("double", "-0e0")),
    case("sjis and UTF-8", ("varchar(10) character set sjis", "_utf8mb4'日本'"), ("varchar(10) character set utf8mb4", "'日本'")),
    case(
        "geometries of many parts",
        ("geometry", "st_geomfromtext('geometrycollection(point(1 2),linestring(0 0,1 1))')"),
        ("geometrycollection", "st_geomfromtext('geometrycollection(point(1 2),linestring(0 0,1 1))')"),
    ),
    case("a compressed column", ("varchar(2000) compressed", "repeat('ab', 500)"), ("varchar(2000)", "repeat('ab', 500)")),
    case("an address of IPv6 in two spellings", ("inet6", "'::1'"), ("inet6", "'0:0:0:0:0:0:0:1'")),
];

const DIFFERENT: &[Case] = &[
    case("a zero date and NULL", ("date", "'0000-00-00'"), ("date", "null")),
    case("two days that are none", ("date", "'2026-00-10'"), ("date", "'2026-01-00'")),
    case(
        "equal under a collation: case",
        ("varchar(10) collate utf8mb4_general_ci", "'a'"),
        ("varchar(10) collate utf8mb4_general_ci", "'A'"),
    ),
    case(
        "equal under a collation: accents",
        ("varchar(10) collate utf8mb4_general_ci", "'e'"),
        ("varchar(10) collate utf8mb4_general_ci", "'é'"),
    ),
    case(
        "equal under a collation: sharp s",
        ("varchar(10) collate utf8mb4_unicode_ci", "'ss'"),
        ("varchar(10) collate utf8mb4_unicode_ci", "'ß'"),
    ),
    case("equal under a collation: spaces at the end", ("varchar(10)", "'a'"), ("varchar(10)", "'a '")),
    case(
        "two emoji that one collation calls equal",
        ("varchar(10) collate utf8mb4_unicode_ci", "'😀'"),
        ("varchar(10) collate utf8mb4_unicode_ci", "'😎'"),
    ),
    case("UTF-8 read as latin1", ("varchar(10) character set utf8mb4", "'é'"), ("varchar(10) character set latin1", "_latin1 x'c3a9'")),
    case("a zero byte at the end", ("varchar(10)", "'a'"), ("varchar(10)", r"'a\0'")),
    case("unsigned and signed", ("bigint unsigned", "18446744073709551615"), ("bigint", "-1")),
    case("JSON by text: white space", ("json", r#"'{"a":1}'"#), ("json", r#"'{"a": 1}'"#)),
    case("another label", ("enum('a','b')", "'a'"), ("enum('b','a')", "'b'")),
    case("another set", ("set('a','b')", "'a'"), ("set('a','b')", "'b'")),
    case("other bits", ("bit(8)", "1"), ("bit(8)", "2")),
    case("bits of two lengths", ("bit(8)", "1"), ("bit(9)", "1")),
    case("points swapped", ("point", "point(1, 2)"), ("point", "point(2, 1)")),
    case("another SRID", ("geometry", "st_geomfromtext('point(1 2)', 0)"), ("geometry", "st_geomfromtext('point(1 2)', 4326)")),
    case("0.1 of two sizes", ("float", "0.1"), ("double", "0.1")),
    case("minus zero and zero", ("double", "-0e0"), ("double", "0e0")),
    case("a precision that was cut", ("datetime(6)", "'2026-11-21 10:00:00.123456'"), ("datetime(3)", "'2026-11-21 10:00:00.123456'")),
    case("a time and its opposite", ("time", "'01:00:00'"), ("time", "'-01:00:00'")),
    case("the year 0000 and NULL", ("year", "0"), ("year", "null")),
    case("a zero byte in a blob", ("blob", "x'61'"), ("blob", "x'6100'")),
    case("a blob in another case", ("blob", "'a'"), ("blob", "'A'")),
    case(
        "a letter that another character set does not have",
        ("varchar(10) character set utf8mb4", "'日'"),
        ("varchar(10) character set latin1", "_utf8mb4'日'"),
    ),
    case(
        "a polygon's direction",
        ("geometry", "st_geomfromtext('polygon((0 0,0 1,1 1,0 0))')"),
        ("geometry", "st_geomfromtext('polygon((0 0,1 1,0 1,0 0))')"),
    ),
    case("a char and its spaces before", ("char(5)", "' a'"), ("char(5)", "'a'")),
];

const GAP: &[Case] =
    &[case("a blob and text", ("blob", "'a'"), ("text", "'a'")), case("a geometry and bytes", ("point", "point(1, 2)"), ("blob", "'a'"))];
