//! Declared conversions as expressions of MySQL's and MariaDB's SQL.
//!
//! What cannot be converted must never become NULL, nor another moment: it becomes a text that is no moment, and so
//! differs from all. Tests: below, and `segue-sim/tests/it/rows_declared.rs` with a server.

use segue_engine::quote;
use segue_engine::rows::{Class, ColumnRows, Conversion, EpochUnit};

/// The expression, or `None` where there is none for such a column.
pub(crate) fn expression(column: &ColumnRows, conversion: &Conversion) -> Option<String> {
    let name = quote::backtick(&column.name);
    match (conversion, &column.class) {
        (Conversion::Epoch(unit), Class::Integer | Class::Decimal) => {
            let micros = match unit {
                EpochUnit::Seconds => 1_000_000,
                EpochUnit::Millis => 1_000,
                EpochUnit::Micros => 1,
            };
            // Exact for as long as a datetime goes; beyond it the function gives NULL.
            let moment = format!("timestampadd(microsecond, {name} * {micros}, timestamp'1970-01-01 00:00:00.000000')");
            Some(marked(&moment, &name))
        }
        (Conversion::Zone(zone), Class::Timestamp) => Some(zoned(&name, zone)),
        (Conversion::ZeroDates(instead), Class::Date | Class::Timestamp | Class::Instant) => {
            let word = if column.class == Class::Date { "date" } else { "timestamp" };
            let clock = if column.class == Class::Date { "" } else { " 00:00:00" };
            let instead =
                instead.map_or_else(|| "null".to_owned(), |(year, month, day)| format!("{word}'{year:04}-{month:02}-{day:02}{clock}'"));
            let none = format!("month({name}) = 0 or dayofmonth({name}) = 0 or dayofmonth({name}) > dayofmonth(last_day({name}))");
            Some(format!("case when {none} then {instead} else {name} end"))
        }
        (Conversion::Filled { of, by }, _) => Some(format!("coalesce({}, ({by}\n))", stands_for(name, of.as_ref()))),
        (Conversion::Unless { of, condition, by }, _) => {
            Some(format!("case when ({condition}\n) is false then ({by}\n) else {} end", stands_for(name, of.as_ref())))
        }
        _ => None,
    }
}

/// The expression that stands for a column. A line break ends a comment in it.
fn stands_for(name: String, of: Option<&String>) -> String {
    of.map_or(name, |of| format!("({of}\n)"))
}

/// A clock of a zone as a moment.
fn zoned(name: &str, zone: &str) -> String {
    if let Some(seconds) = offset_seconds(zone) {
        return marked(&format!("timestampadd(second, {}, {name})", -seconds), name);
    }
    // Outside the range of a timestamp the function gives back what it was given.
    let inside = format!("{name} >= timestamp'1970-01-03 00:00:00' and {name} < timestamp'2038-01-17 00:00:00'");
    let zone = quote::backslash_text(zone);
    marked(&format!("case when {inside} then convert_tz({name}, {zone}, '+00:00') end"), name)
}

/// A moment as text; where there is none, the value with a word that no moment has.
fn marked(moment: &str, name: &str) -> String {
    format!("coalesce(cast({moment} as char), concat(cast({name} as char), ' not converted'))")
}

/// `UTC`, `+02:00`.
fn offset_seconds(zone: &str) -> Option<i64> {
    if matches!(zone, "UTC" | "utc" | "Z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 16 && (0..60).contains(&minutes)).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read() {
        assert_eq!(offset_seconds("UTC"), Some(0));
        assert_eq!(offset_seconds("+02:00"), Some(7_200));
        assert_eq!(offset_seconds("-05:30"), Some(-19_800));
        assert_eq!(offset_seconds("Europe/Berlin"), None);
    }

    #[test]
    fn what_does_not_fit_is_not_spelt() {
        let column = ColumnRows {
            name: "v".to_owned(),
            data_type: "varchar(10)".to_owned(),
            class: Class::Text,
            nullable: true,
            generated: false,
            unreadable: None,
        };
        assert_eq!(expression(&column, &Conversion::Epoch(EpochUnit::Seconds)), None);
        assert_eq!(expression(&column, &Conversion::ZeroDates(None)), None);
    }
}
