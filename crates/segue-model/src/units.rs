//! Units in strings: durations, sizes, read strictly and printed back the way people write them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A length of time in whole milliseconds; written `200ms`, `5s`, `30m`, `12h`, `30d`, `4w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

/// A size in bytes; written `10GiB`, `500MB`, `4096B`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bytes(pub u64);

/// Why a text is not a quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// No number in front.
    #[error("it needs a number in front")]
    Number,
    /// No unit behind, or one that is not known.
    #[error("it needs a unit, one of {0}")]
    Unit(&'static str),
    /// Too large to hold.
    #[error("it is too large")]
    Range,
}

/// A number in groups of three: `1,250,000`. A thin space between them could not be copied.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun: `1 row`, `2,000 rows`, `3 entries`, `4 indexes`.
pub fn counted(number: u64, noun: &str) -> String {
    let hisses = ["s", "x", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    let noun = match (number, noun.strip_suffix('y')) {
        (1, _) => noun.to_owned(),
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}{}", if hisses { "es" } else { "s" }),
    };
    format!("{} {noun}", grouped(number))
}

const TIME_UNITS: &str = "ms, s, m, h, d, w";
const TIMES: [(&str, u64); 6] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];
const SIZE_UNITS: &str = "B, KB, KiB, MB, MiB, GB, GiB, TB, TiB";
const SIZES: [(&str, u64); 9] = [
    ("B", 1),
    ("KB", 1_000),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("GiB", 1 << 30),
    ("TB", 1_000_000_000_000),
    ("TiB", 1 << 40),
];

fn quantity(text: &str, units: &[(&str, u64)], names: &'static str) -> Result<u64, UnitError> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim());
    if number.is_empty() {
        return Err(UnitError::Number);
    }
    let Some(&(_, factor)) = units.iter().find(|(name, _)| *name == unit) else {
        return Err(UnitError::Unit(names));
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || fraction.len() > 9 {
        return Err(UnitError::Number);
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| UnitError::Range)? };
    let part: u64 = if fraction.is_empty() { 0 } else { fraction.parse().map_err(|_| UnitError::Number)? };
    let scale = 10u128.pow(fraction.len() as u32);
    let total = (u128::from(whole) * scale + u128::from(part)) * u128::from(factor) / scale;
    u64::try_from(total).map_err(|_| UnitError::Range)
}

impl Millis {
    /// Reads `5s`, `1.5h`, `200ms`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        quantity(text.trim(), &TIMES, TIME_UNITS).map(Self)
    }

    /// The standard library's form.
    pub fn duration(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.0)
    }
}

impl Bytes {
    /// Reads `10GiB`, `500MB`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        quantity(text.trim(), &SIZES, SIZE_UNITS).map(Self)
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let (unit, factor) = TIMES.iter().rev().find(|(_, factor)| self.0.is_multiple_of(*factor)).copied().unwrap_or(("ms", 1));
        write!(f, "{}{unit}", self.0 / factor)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let binary = SIZES.iter().filter(|(name, _)| name.len() == 3 || *name == "B");
        let (unit, factor) = binary.rev().find(|(_, factor)| self.0 >= *factor).copied().unwrap_or(("B", 1));
        if self.0.is_multiple_of(factor) {
            write!(f, "{} {unit}", self.0 / factor)
        } else {
            write!(f, "{:.1} {unit}", self.0 as f64 / factor as f64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_agrees_with_its_noun() {
        let said: Vec<String> = ["row", "entry", "index", "day", "batch", "class"].iter().map(|noun| counted(2, noun)).collect();
        assert_eq!(said, ["2 rows", "2 entries", "2 indexes", "2 days", "2 batches", "2 classes"]);
        assert_eq!(
            (counted(1, "row"), counted(1_234, "row"), counted(0, "entry")),
            ("1 row".to_owned(), "1,234 rows".to_owned(), "0 entries".to_owned())
        );
    }

    #[test]
    fn numbers_stand_in_groups_of_three() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn durations_read_and_print() {
        for (text, ms) in [("200ms", 200), ("5s", 5_000), ("1.5h", 5_400_000), ("30d", 2_592_000_000), ("0s", 0)] {
            assert_eq!(Millis::parse(text), Ok(Millis(ms)), "{text}");
        }
        assert_eq!(Millis(5_400_000).to_string(), "90m");
        assert_eq!(Millis::parse("5"), Err(UnitError::Unit(TIME_UNITS)));
        assert_eq!(Millis::parse("s"), Err(UnitError::Number));
        assert_eq!(Millis::parse("-1s"), Err(UnitError::Number));
        assert_eq!(Millis::parse("99999999999999999999w"), Err(UnitError::Range));
    }

    #[test]
    fn sizes_read_and_print() {
        assert_eq!(Bytes::parse("10GiB"), Ok(Bytes(10 << 30)));
        assert_eq!(Bytes(10 << 30).to_string(), "10 GiB");
        assert_eq!(Bytes(1536).to_string(), "1.5 KiB");
    }
}
