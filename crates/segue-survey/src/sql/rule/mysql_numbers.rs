//! MySQL → PostgreSQL: numbers and bits. Tests: `mod.rs` over `CASES`.

use super::{On, Rule, auto, manual, warn};

const SMALL: &[&str] = &["tinyint", "smallint", "mediumint", "int", "integer"];

pub(super) const RULES: &[Rule] = &[
    warn(
        "mysql.unsigned",
        2,
        On::Column(|c, _, _| c.unsigned && c.is(SMALL)),
        "there is no unsigned type; the next wider one holds the range, and a check (>= 0) keeps negative numbers out",
    ),
    warn(
        "mysql.bigint-unsigned",
        10,
        On::Column(|c, _, _| c.unsigned && c.is(&["bigint"])),
        "numbers above 9223372036854775807 do not fit bigint: numeric(20) if there are any, else bigint with a check; look at the largest value first",
    ),
    warn(
        "mysql.decimal-unsigned",
        2,
        On::Column(|c, _, _| c.unsigned && c.is(&["decimal", "float", "double", "double precision", "real"])),
        "there is no unsigned type; a check (>= 0) keeps negative numbers out",
    ),
    manual(
        "mysql.zerofill",
        15,
        On::Column(|c, _, _| c.zerofill),
        "leading zeros were added when the value was shown; PostgreSQL shows the number: whoever reads it must pad it, or a generated text column does",
    ),
    warn(
        "mysql.tinyint1",
        5,
        On::Column(|c, _, _| c.is(&["tinyint"]) && c.length() == Some(1) && !c.unsigned),
        "drivers take it for a boolean; boolean is right only if it holds nothing but 0, 1 and NULL, else smallint",
    ),
    warn(
        "mysql.boolean",
        2,
        On::Column(|c, _, _| c.is(&["boolean"])),
        "MySQL stores a tinyint: expressions such as `a + 1`, `sum(a)` or `a = 1` need a cast where the column becomes boolean",
    ),
    auto("mysql.tinyint", On::Column(|c, _, _| c.is(&["tinyint"]) && c.length() != Some(1)), "smallint: one byte more, the same values"),
    auto("mysql.mediumint", On::Column(|c, _, _| c.is(&["mediumint"])), "integer: one byte more, the same values and more"),
    auto(
        "mysql.display-width",
        On::Column(|c, _, _| !c.zerofill && c.length().is_some() && (c.is(&["smallint", "mediumint", "int", "integer", "bigint"]))),
        "the number in brackets is a width for showing, not a limit; it is left out",
    ),
    warn(
        "mysql.float-digits",
        10,
        On::Column(|c, _, _| c.args.len() == 2 && c.is(&["float", "double", "double precision", "real"])),
        "MySQL rounded to that many digits on write; numeric with the same digits does so too, a float does not",
    ),
    warn(
        "mysql.float",
        3,
        On::Column(|c, _, _| c.is(&["float"]) && c.args.len() < 2),
        "MySQL shows 6 digits of it and PostgreSQL all that are needed: texts made of it and comparisons with `=` differ",
    ),
    auto(
        "mysql.double",
        On::Column(|c, _, _| c.is(&["double"]) && c.args.is_empty()),
        "double precision: the same 8 bytes and the same shortest text",
    ),
    warn(
        "mysql.bit",
        10,
        On::Column(|c, _, _| c.is(&["bit"])),
        "bit(1) becomes boolean and bit(n) bit(n); PostgreSQL does no arithmetic on bits and drivers give text instead of bytes",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.unsigned", "(a int unsigned)"),
    ("mysql.bigint-unsigned", "(a bigint(20) unsigned)"),
    ("mysql.decimal-unsigned", "(a decimal(9,2) unsigned)"),
    ("mysql.zerofill", "(a int(5) zerofill)"),
    ("mysql.tinyint1", "(a tinyint(1))"),
    ("mysql.boolean", "(a bool)"),
    ("mysql.tinyint", "(a tinyint(4))"),
    ("mysql.mediumint", "(a mediumint)"),
    ("mysql.display-width", "(a int(11))"),
    ("mysql.float-digits", "(a float(7,4))"),
    ("mysql.float", "(a float)"),
    ("mysql.double", "(a double)"),
    ("mysql.bit", "(a bit(3) default b'1')"),
];
