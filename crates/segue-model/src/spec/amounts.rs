//! Dates, times of day, rates, percentages and numbers with decimals, read from their texts into whole numbers.
//!
//! Must never round: a text that is finer than its type holds is refused. Tests: below.

use super::program::{DataLoss, Date, Rate};
use super::words;
use crate::units::{Millis, UnitError};

/// `2027-01-11`, a day that exists.
pub(super) fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let form =
        bytes.len() == 10 && bytes.iter().enumerate().all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !form {
        return None;
    }
    let (year, month, day) = (text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
    jiff::civil::Date::new(year, month, day).ok().map(Date)
}

/// `2026-12-20/2027-01-04`, in that order.
pub(super) fn dates(text: &str) -> Option<(Date, Date)> {
    let (from, to) = text.split_once('/')?;
    let (from, to) = (date(from)?, date(to)?);
    (from <= to).then_some((from, to))
}

/// `08:30`, as minutes after midnight.
pub(super) fn clock(text: &str) -> Option<u16> {
    let bytes = text.as_bytes();
    let form = bytes.len() == 5 && bytes.iter().enumerate().all(|(at, b)| if at == 2 { *b == b':' } else { b.is_ascii_digit() });
    if !form {
        return None;
    }
    let (hours, minutes): (u16, u16) = (text[..2].parse().ok()?, text[3..].parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// The form of a zone's name; whether there is such a zone is seen where dates are computed.
pub(super) fn is_zone(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-'));
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.split('/').all(part) && text.split('/').count() <= 4
}

/// A number from 0 with at most so many decimals, in units of the last of them; at most 10^12.
pub(super) fn decimal(text: &str, places: usize) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || fraction.is_some_and(|fraction| !digits(fraction)) {
        return None;
    }
    let fraction = fraction.unwrap_or_default().trim_end_matches('0');
    if fraction.len() > places {
        return None;
    }
    let whole: u64 = whole.parse().ok().filter(|whole| *whole <= DECIMAL_MAX)?;
    let scale = 10_u64.pow(u32::try_from(places).ok()?);
    let part: u64 = format!("{fraction:0<places$}").parse().unwrap_or(0);
    whole.checked_mul(scale)?.checked_add(part)
}

/// The largest number with decimals.
pub(super) const DECIMAL_MAX: u64 = 1_000_000_000_000;

/// `25%`, in thousandths of a per cent; at most `100%`.
pub(super) fn percent(text: &str) -> Option<u64> {
    let number = text.strip_suffix('%')?;
    let number = number.strip_suffix(' ').unwrap_or(number);
    let (whole, fraction) = number.split_once('.').map_or((number, "0"), |parts| parts);
    if whole.len() > 3 || fraction.len() > 3 {
        return None;
    }
    decimal(&format!("{whole}.{fraction}"), 3).filter(|thousandths| *thousandths <= 100_000 && (whole.len() < 3 || *thousandths == 100_000))
}

/// `50MiB/s` or `20000 rows/s`; may be 0.
pub(super) fn rate(text: &str) -> Result<Rate, UnitError> {
    let each = text.strip_suffix("/s").ok_or(UnitError::Unit(RATE_UNITS))?;
    match each.strip_suffix("rows") {
        Some(number) => rows(number).map(Rate::RowsPerS),
        None => words::size(each).map(|size| Rate::BytesPerS(size.0)),
    }
}

const RATE_UNITS: &str = "B/s, KB/s, KiB/s, MB/s, MiB/s, GB/s, GiB/s, TB/s, TiB/s, rows/s";

/// `20000` or `20000 `, at most 15 digits.
fn rows(number: &str) -> Result<u64, UnitError> {
    let digits = number.strip_suffix(' ').unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(UnitError::Number);
    }
    if digits.len() > 15 { Err(UnitError::Range) } else { digits.parse().map_err(|_| UnitError::Range) }
}

/// `none`, a duration, `100 rows`, `1 row`.
pub(super) fn loss(text: &str) -> Result<DataLoss, UnitError> {
    if text == "none" {
        return Ok(DataLoss::None);
    }
    if let Some(number) = text.strip_suffix("rows").or_else(|| text.strip_suffix("row")) {
        return rows(number).map(DataLoss::Rows);
    }
    let Millis(time) = words::duration(text, false).map_err(|error| match error {
        UnitError::Unit(_) => UnitError::Unit("ms, s, m, h, d, w, rows"),
        other => other,
    })?;
    Ok(DataLoss::Writes(Millis(time)))
}

/// How often: a word or a duration.
pub(super) fn is_every(text: &str) -> bool {
    matches!(text, "hourly" | "daily" | "weekly" | "monthly") || words::duration(text, false).is_ok()
}

/// `express`, `express@4`, `@nestjs/core@10`.
pub(super) fn is_module(text: &str) -> bool {
    let (name, version) = match text.strip_prefix('@').unwrap_or(text).split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (text.strip_prefix('@').unwrap_or(text), None),
    };
    let part = |part: &str| !part.is_empty() && !part.contains(['@', ' ', '\t', '\r', '\n']);
    part(name) && version.is_none_or(part)
}

/// Three capital letters.
pub(super) fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_exist() {
        for (text, exists) in [
            ("2027-01-11", true),
            ("2028-02-29", true),
            ("2027-02-29", false),
            ("2027-13-01", false),
            ("2027-1-11", false),
            ("27-01-11", false),
            ("2027-01-1é", false),
            ("+027-01-11", false),
        ] {
            assert_eq!(date(text).is_some(), exists, "{text}");
        }
        assert_eq!(date("2027-01-11").map(|date| date.0.to_string()).as_deref(), Some("2027-01-11"));
        assert!(dates("2026-12-20/2027-01-04").is_some() && dates("2026-12-20/2026-12-20").is_some());
        assert!(dates("2027-01-04/2026-12-20").is_none() && dates("2027-01-04").is_none());
    }

    #[test]
    fn times_of_day() {
        assert_eq!((clock("00:00"), clock("08:30"), clock("23:59")), (Some(0), Some(510), Some(1_439)));
        for text in ["24:00", "8:30", "08:60", "08.30", "é:30", ""] {
            assert_eq!(clock(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_never_rounded() {
        assert_eq!(
            (decimal("85", 2), decimal("85.5", 2), decimal("85.50", 2), decimal("0.05", 2)),
            (Some(8_500), Some(8_550), Some(8_550), Some(5))
        );
        assert_eq!((decimal("1.005", 2), decimal("1.000", 2), decimal("1e3", 2), decimal("-1", 2)), (None, Some(100), None, None));
        assert_eq!((decimal("", 2), decimal("1.", 2), decimal(".5", 2), decimal("9999999999999", 2)), (None, None, None, None));
    }

    #[test]
    fn percentages() {
        for (text, thousandths) in
            [("1%", 1_000), ("100%", 100_000), ("100.000 %", 100_000), ("0.001%", 1), ("99.999%", 99_999), ("0%", 0), ("07%", 7_000)]
        {
            assert_eq!(percent(text), Some(thousandths), "{text}");
        }
        for text in ["100.001%", "101%", "1", "%", "1  %", "0.0001%", "-1%", "007%", "1.%", ".5%"] {
            assert_eq!(percent(text), None, "{text}");
        }
    }

    #[test]
    fn rates_and_losses() {
        assert_eq!(rate("50MiB/s"), Ok(Rate::BytesPerS(50 << 20)));
        assert_eq!((rate("20000 rows/s"), rate("20000rows/s")), (Ok(Rate::RowsPerS(20_000)), Ok(Rate::RowsPerS(20_000))));
        assert_eq!(rate("50MiB"), Err(UnitError::Unit(RATE_UNITS)));
        assert_eq!(
            (rate("rows/s"), rate("1.5 rows/s"), rate("1234567890123456 rows/s")),
            (Err(UnitError::Number), Err(UnitError::Number), Err(UnitError::Range))
        );
        assert_eq!(
            (loss("none"), loss("5s"), loss("1 row"), loss("100 rows")),
            (Ok(DataLoss::None), Ok(DataLoss::Writes(Millis(5_000))), Ok(DataLoss::Rows(1)), Ok(DataLoss::Rows(100)))
        );
        assert!(loss("5").is_err() && loss("rows").is_err() && loss("0.5 rows").is_err());
    }

    #[test]
    fn modules_and_zones() {
        for text in ["express", "express@4", "@nestjs/core@10", "c++@20"] {
            assert!(is_module(text), "{text}");
        }
        for text in ["", "@", "a@", "a@b@c", "a b"] {
            assert!(!is_module(text), "{text}");
        }
        assert!(is_zone("UTC") && is_zone("America/Argentina/Buenos_Aires") && is_zone("Etc/GMT+5"));
        assert!(!is_zone("") && !is_zone("/UTC") && !is_zone("+02:00") && !is_zone("Europe/") && !is_zone("Europe/Zürich"));
    }
}
