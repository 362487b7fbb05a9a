//! Declared conversions as SQLite's expressions. What cannot be converted stays what it is, and so differs.
//!
//! Tests: `tests/it/rows.rs`.

use segue_engine::quote;
use segue_engine::rows::{ColumnRows, Conversion, EpochUnit};

/// The expression, or `None` where SQLite has none.
pub(super) fn spell(column: &ColumnRows, conversion: &Conversion) -> Option<String> {
    let name = quote::name(&column.name);
    match conversion {
        Conversion::Epoch(unit) => {
            let parts = match unit {
                EpochUnit::Seconds => 1,
                EpochUnit::Millis => 1_000,
                EpochUnit::Micros => 1_000_000,
            };
            // The remainder is never below zero, so that the whole is the floor.
            let rest = format!("((({name}) % {parts} + {parts}) % {parts})");
            let whole = format!("(({name} - {rest}) / {parts})");
            let fraction = format!("printf('.%06d', {rest} * {})", 1_000_000 / parts);
            Some(format!(
                "CASE WHEN typeof({name}) = 'integer' THEN coalesce(strftime('%Y-%m-%d %H:%M:%S', {whole}, 'unixepoch') || {fraction}, {name}) ELSE {name} END"
            ))
        }
        Conversion::Zone(zone) if matches!(zone.as_str(), "UTC" | "utc" | "Z" | "+00:00") => Some(name),
        // SQLite knows no zone but UTC and the machine's own.
        Conversion::Zone(_) => None,
        Conversion::Filled { of, by } => Some(format!("coalesce({}, ({by}\n))", stands_for(name, of.as_ref()))),
        Conversion::Unless { of, condition, by } => {
            Some(format!("CASE WHEN NOT ({condition}\n) THEN ({by}\n) ELSE {} END", stands_for(name, of.as_ref())))
        }
        Conversion::ZeroDates(instead) => {
            let instead =
                instead.map_or_else(|| "NULL".to_owned(), |(year, month, day)| quote::text(&format!("{year:04}-{month:02}-{day:02}")));
            Some(format!("CASE WHEN {name} IN ('0000-00-00', '0000-00-00 00:00:00') THEN {instead} ELSE {name} END"))
        }
    }
}

/// The expression that stands for a column. A line break ends a comment in it.
fn stands_for(name: String, of: Option<&String>) -> String {
    of.map_or(name, |of| format!("({of}\n)"))
}
