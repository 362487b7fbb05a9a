//! Declared conversions as expressions of this server's SQL. Nothing that cannot be converted becomes NULL.
//!
//! Tests: `tests/it/rows/select.rs`.

use segue_engine::quote;
use segue_engine::rows::{Class, ColumnRows, Conversion, EpochUnit};

/// The column's value after the conversion.
pub(super) fn expression(column: &ColumnRows, conversion: &Conversion) -> Option<String> {
    let name = quote::name(&column.name);
    match (conversion, &column.class) {
        (Conversion::Epoch(unit), Class::Integer | Class::Decimal | Class::DecimalScaled) => {
            let (micros, a_day) = match unit {
                EpochUnit::Seconds => ("1000000", "86400"),
                EpochUnit::Millis => ("1000", "86400000"),
                EpochUnit::Micros => ("1", "86400000000"),
            };
            // Whole days and the rest apart: each is a float that holds it exactly. A day is 24 hours in UTC.
            Some(format!(
                "('1970-01-01 00:00:00+00'::pg_catalog.timestamptz operator(pg_catalog.+) \
                 (pg_catalog.div({name}::pg_catalog.numeric, {a_day})::pg_catalog.float8 operator(pg_catalog.*) '1 day'::pg_catalog.interval) \
                 operator(pg_catalog.+) ((pg_catalog.mod({name}::pg_catalog.numeric, {a_day}) operator(pg_catalog.*) {micros})::pg_catalog.float8 \
                 operator(pg_catalog.*) '1 microsecond'::pg_catalog.interval))"
            ))
        }
        (Conversion::Zone(zone), Class::Timestamp) if !zone.contains('\0') => {
            Some(format!("pg_catalog.timezone({}::pg_catalog.text, {name})", quote::text(zone)))
        }
        // Every day of this server is one of the calendar.
        (Conversion::ZeroDates(_), Class::Date | Class::Timestamp | Class::Instant) => Some(name),
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
