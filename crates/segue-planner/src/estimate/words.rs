//! Numbers as people read them, the same everywhere in the planner: sizes, rates, times, factors.
//!
//! Whole-number arithmetic only. Tests: below.

use segue_model::units::Bytes;

pub(crate) use segue_model::units::grouped;

/// `12.4 GiB`.
pub(crate) fn bytes(bytes: u64) -> String {
    Bytes(bytes).to_string()
}

/// `50 MiB/s`.
pub(super) fn byte_rate(bytes_per_s: u64) -> String {
    format!("{}/s", bytes(bytes_per_s))
}

/// `4 m 12 s`, `9 h`, `3 d 4 h`: the two largest parts.
pub(crate) fn seconds(seconds: u64) -> String {
    let parts = [("d", seconds / 86_400), ("h", seconds / 3_600 % 24), ("m", seconds / 60 % 60), ("s", seconds % 60)];
    let Some(first) = parts.iter().position(|(_, amount)| *amount > 0) else { return "0 s".to_owned() };
    let shown = parts[first..].iter().take(2).filter(|(_, amount)| *amount > 0);
    shown.map(|(unit, amount)| format!("{amount} {unit}")).collect::<Vec<_>>().join(" ")
}

/// People's work: `3 h 20 m`, never in days, because a working day has no fixed length.
pub(crate) fn work(seconds: u64) -> String {
    let minutes = seconds.div_ceil(60);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} m"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} m"),
    }
}

/// Thousandths as a factor: `1.49`, `1`.
pub(super) fn factor(permille: u64) -> String {
    let text = format!("{}.{:03}", permille / 1_000, permille % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `1 table`, `2 tables`.
pub(crate) use segue_model::units::counted as count;

/// `1 index`, `5 indexes`.
pub(super) fn indexes(number: u64) -> String {
    if number == 1 { "1 index".to_owned() } else { format!("{number} indexes") }
}

/// Money in hundredths: `1,250.00 EUR`.
pub(crate) fn money(hundredths: u64, currency: &str) -> String {
    let whole = grouped(hundredths / 100);
    let text = format!("{whole}.{:02} {currency}", hundredths % 100);
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(seconds(252), "4 m 12 s");
        assert_eq!(seconds(32_400), "9 h");
        assert_eq!(seconds(86_400 * 3 + 59), "3 d");
        assert_eq!(seconds(0), "0 s");
        assert_eq!((work(59).as_str(), work(12_000).as_str(), work(7_200).as_str()), ("1 m", "3 h 20 m", "2 h"));
        assert_eq!((factor(1_490).as_str(), factor(1_000).as_str(), factor(85).as_str()), ("1.49", "1", "0.085"));
        assert_eq!(money(125_000_005, "EUR"), "1,250,000.05 EUR");
        assert_eq!(money(99, ""), "0.99");
        assert_eq!((count(1, "table").as_str(), indexes(2).as_str()), ("1 table", "2 indexes"));
    }
}
