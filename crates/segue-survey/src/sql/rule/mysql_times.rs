//! MySQL → PostgreSQL: dates and times. Tests: `mod.rs` over `CASES`.

use super::{On, Rule, auto, manual, warn};

pub(super) const RULES: &[Rule] = &[
    manual(
        "mysql.zero-date-default",
        15,
        On::Column(|c, _, _| c.default_has("0000-00-00")),
        "a default of zeros is no date in PostgreSQL: decide on NULL or a real date (`convert.zero_dates`), and what the code takes for \"none\"",
    ),
    manual(
        "mysql.zero-date-data",
        30,
        On::Table(|t, _| t.zero_dates),
        "its data holds dates of zeros, which PostgreSQL refuses: decide on NULL or a real date (`convert.zero_dates`); a NOT NULL column cannot take NULL",
    ),
    warn(
        "mysql.on-update",
        10,
        On::Column(|c, _, _| c.on_update),
        "no such clause: a trigger sets the time, also when nothing else changed unless it compares",
    ),
    warn(
        "mysql.timestamp",
        5,
        On::Column(|c, _, _| c.is(&["timestamp"])),
        "stored as UTC and shown in the session's zone: timestamptz does the same; copy with the session's zone set to UTC",
    ),
    warn(
        "mysql.datetime",
        2,
        On::Column(|c, _, _| c.is(&["datetime"])),
        "has no zone: timestamp without time zone, unless it is known in which zone it was written",
    ),
    auto(
        "mysql.fraction",
        On::Column(|c, _, _| c.is(&["datetime", "timestamp", "time"]) && c.length().is_some()),
        "the digits of a second are kept",
    ),
    warn(
        "mysql.time",
        10,
        On::Column(|c, _, _| c.is(&["time"])),
        "reaches from -838:59:59 to 838:59:59: time if it is a time of day, interval if it is a length; look at the largest value",
    ),
    warn("mysql.year", 3, On::Column(|c, _, _| c.is(&["year"])), "smallint with a check (1901 to 2155, or 0)"),
    warn(
        "mysql.timestamp-range",
        2,
        On::Column(|c, _, _| c.is(&["timestamp"]) && c.default.is_none() && c.not_null),
        "without explicit_defaults_for_timestamp the first such column sets itself to now on every write, which no clause shows",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.zero-date-default", "(a datetime not null default '0000-00-00 00:00:00')"),
    ("mysql.zero-date-data", "create table t (id int primary key, a date); insert into t values (1, '0000-00-00');"),
    ("mysql.on-update", "(a timestamp null default current_timestamp() on update current_timestamp())"),
    ("mysql.timestamp", "(a timestamp null)"),
    ("mysql.datetime", "(a datetime)"),
    ("mysql.fraction", "(a datetime(6))"),
    ("mysql.time", "(a time)"),
    ("mysql.year", "(a year(4))"),
    ("mysql.timestamp-range", "(a timestamp not null)"),
];
