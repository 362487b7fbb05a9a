//! The words of a condition: `METRIC[(SIDE)] OP VALUE [for DURATION]`, read and printed.
//!
//! What is printed reads back as the same. Must never know a spec: whether anything measures a metric is decided in
//! `relations`. Tests: below and `tests/it/conditions.rs`.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::program::{MetricCondition, MetricValue};
use crate::units::{Bytes, Millis};

/// The largest number before a unit, in its digits.
const DIGITS_MAX: usize = 16;
/// The largest value in its own unit (thousandths, milliseconds): whatever is printed has [`DIGITS_MAX`] digits.
const VALUE_MAX: u64 = 1_000_000_000_000_000;
/// The sides.
const SIDES: [&str; 4] = ["old", "new", "source", "target"];
const TIMES: [(&str, u64); 6] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];
const SIZES: [&str; 9] = ["B", "KB", "KiB", "MB", "MiB", "GB", "GiB", "TB", "TiB"];

/// Why a text is not a condition, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConditionError {
    /// The bytes of the text that are wrong; may be empty at its end.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: String,
    /// Whether only the size of a number is wrong, which a pattern cannot say.
    pub range: bool,
}

/// A condition and where in its text its metrics and its value stand.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) condition: MetricCondition,
    pub(super) metric: Range<usize>,
    pub(super) value: Range<usize>,
    /// The metric on the right side.
    pub(super) other: Option<Range<usize>>,
}

impl FromStr for MetricCondition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        parse(text).map(|placed| placed.condition)
    }
}

/// Reads a condition with the places of its parts.
pub(super) fn parse(text: &str) -> Result<Placed, ConditionError> {
    let mut words = Reader { text, at: 0 };
    words.blank();
    let (metric, metric_at) = words.name("a metric, such as `error_rate`")?;
    let side = words.side()?;
    words.blank();
    let op = words.op()?;
    words.blank();
    let start = words.at;
    let (value, other) = words.value()?;
    let value_at = start..words.at;
    let gap = words.blank();
    let for_ms = if words.rest().is_empty() { 0 } else { words.held(gap)? };
    words.blank();
    if !words.rest().is_empty() {
        return Err(words.wrong(words.rest().len(), "nothing may follow", "a condition ends here; write one condition an item"));
    }
    let condition = MetricCondition { metric, side, op, value, for_ms };
    Ok(Placed { condition, metric: metric_at, value: value_at, other })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Passes over spaces; how many.
    fn blank(&mut self) -> usize {
        let blanks = self.rest().len() - self.rest().trim_start_matches(' ').len();
        self.at += blanks;
        blanks
    }

    fn wrong(&self, length: usize, message: impl Into<String>, help: impl Into<String>) -> ConditionError {
        ConditionError { at: self.at..self.at + length, message: message.into(), help: help.into(), range: false }
    }

    /// The length of what stands here up to the next space.
    fn word(&self) -> usize {
        self.rest().find(' ').unwrap_or(self.rest().len())
    }

    fn name(&mut self, what: &str) -> Result<(String, Range<usize>), ConditionError> {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            let message = if rest.is_empty() { format!("{what} is missing") } else { format!("here should be {what}") };
            return Err(self.wrong(self.word(), message, FORM));
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
        let at = self.at..self.at + end;
        self.at += end;
        Ok((rest[..end].to_owned(), at))
    }

    fn side(&mut self) -> Result<Option<String>, ConditionError> {
        let back = self.at;
        self.blank();
        if !self.rest().starts_with('(') {
            self.at = back;
            return Ok(None);
        }
        self.at += 1;
        self.blank();
        let end = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest().len());
        let word = &self.rest()[..end];
        if !SIDES.contains(&word) {
            return Err(self.wrong(end, "here should be a side", format!("write one of `{}`", SIDES.join("`, `"))));
        }
        let side = word.to_owned();
        self.at += end;
        self.blank();
        if !self.rest().starts_with(')') {
            return Err(self.wrong(self.word(), "`)` is missing", format!("write `({side})`")));
        }
        self.at += 1;
        Ok(Some(side))
    }

    fn op(&mut self) -> Result<String, ConditionError> {
        for op in ["<=", ">=", "==", "<", ">"] {
            if self.rest().starts_with(op) {
                self.at += op.len();
                return Ok(op.to_owned());
            }
        }
        let message = if self.rest().is_empty() { "the comparison is missing" } else { "here should be a comparison" };
        let help = if self.rest().starts_with('=') { "write `==`" } else { "write one of `<`, `<=`, `>`, `>=`, `==`" };
        Err(self.wrong(self.word(), message, help))
    }

    fn value(&mut self) -> Result<(MetricValue, Option<Range<usize>>), ConditionError> {
        let start = self.at;
        let number = self.number()?;
        let end = self.at;
        let gap = self.blank();
        if self.rest().starts_with('*') {
            self.at += 1;
            self.blank();
            let factor_milli = number.thousandths(start, 3)?;
            let (metric, at) = self.name("a metric, such as `p95(old)`")?;
            let side = self.side()?;
            return Ok((MetricValue::Times { factor_milli, metric, side }, Some(at)));
        }
        if gap <= 1 && self.rest().starts_with('%') {
            self.at += 1;
            return Ok((MetricValue::PercentMilli(number.thousandths(start, 3)?), None));
        }
        let unit = self.unit();
        if gap <= 1 && !unit.is_empty() && unit != "for" {
            let known = quantity(number, unit, start).ok_or_else(|| self.wrong(unit.len(), "this unit is not known", UNITS))?;
            self.at += unit.len();
            return Ok((known?, None));
        }
        self.at = end;
        Ok((MetricValue::Milli(number.thousandths(start, 3)?), None))
    }

    /// The letters that stand here.
    fn unit(&self) -> &'t str {
        let rest = self.rest();
        &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())]
    }

    fn number(&mut self) -> Result<Number<'t>, ConditionError> {
        let rest = self.rest();
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let end = digits(rest);
        if end == 0 || end > DIGITS_MAX {
            let message = match (rest.is_empty(), end) {
                (true, _) => "the value is missing",
                (_, 0) if rest.starts_with('-') => "a value is never negative",
                (_, 0) => "here should be a value",
                _ => "this number is too long",
            };
            return Err(self.wrong(self.word(), message, UNITS));
        }
        let fraction = rest[end..].strip_prefix('.').map(|fraction| &fraction[..digits(fraction)]);
        if fraction.is_some_and(|fraction| fraction.is_empty() || fraction.len() > 9) {
            return Err(self.wrong(self.word(), "this is not a number", "write digits, and at most 9 decimals after a point"));
        }
        let length = end + fraction.map_or(0, |fraction| fraction.len() + 1);
        self.at += length;
        Ok(Number { text: &rest[..length], whole: &rest[..end], fraction: fraction.unwrap_or_default() })
    }

    /// `for 5m`.
    fn held(&mut self, gap: usize) -> Result<u64, ConditionError> {
        let after = self.rest().strip_prefix("for").filter(|after| gap > 0 && (after.is_empty() || after.starts_with(' ')));
        if after.is_none() {
            return Err(self.wrong(self.word(), "nothing but `for` and a duration may follow", "such as `for 5m`"));
        }
        self.at += 3;
        self.blank();
        let start = self.at;
        let number = self.number()?;
        let back = self.at;
        if self.blank() > 1 {
            self.at = back;
        }
        let unit = self.unit();
        let time = quantity(number, unit, start).filter(|_| TIMES.iter().any(|(name, _)| *name == unit));
        let Some(time) = time else { return Err(self.wrong(unit.len(), "here should be a unit of time", "such as `for 5m`")) };
        self.at += unit.len();
        match time? {
            MetricValue::Ms(ms) => Ok(ms),
            _ => Err(self.wrong(unit.len(), "here should be a unit of time", "such as `for 5m`")),
        }
    }
}

const FORM: &str = "write `METRIC OP VALUE`, such as `error_rate(new) > 1% for 2m`";
const UNITS: &str = "write a number, a percentage such as `1%`, a duration such as `200ms`, a size such as `10GiB`, or `2 * p95(old)`";

/// A number as it is written.
#[derive(Clone, Copy)]
struct Number<'t> {
    text: &'t str,
    whole: &'t str,
    fraction: &'t str,
}

impl Number<'_> {
    fn beyond(self, start: usize, message: &str) -> ConditionError {
        let help = "write a value that a measurement can have";
        ConditionError { at: start..start + self.text.len(), message: message.to_owned(), help: help.to_owned(), range: true }
    }

    /// In thousandths; more decimals are refused as no number of that kind.
    fn thousandths(self, start: usize, places: usize) -> Result<u64, ConditionError> {
        if self.fraction.len() > places {
            let error = self.beyond(start, "this has more than 3 decimals");
            return Err(ConditionError { help: "write at most 3 decimals".to_owned(), range: false, ..error });
        }
        let whole: u64 = self.whole.parse().map_err(|_| self.beyond(start, "this number is too large"))?;
        let part: u64 = format!("{:0<3}", self.fraction).parse().map_err(|_| self.beyond(start, "this is not a number"))?;
        let all = whole.checked_mul(1_000).and_then(|whole| whole.checked_add(part)).filter(|all| *all <= VALUE_MAX);
        all.ok_or_else(|| self.beyond(start, "this number is too large"))
    }
}

/// A number with its unit; `None` for a unit that is not known.
fn quantity(number: Number<'_>, unit: &str, start: usize) -> Option<Result<MetricValue, ConditionError>> {
    let text = format!("{}{unit}", number.text);
    let read = if TIMES.iter().any(|(name, _)| *name == unit) {
        Millis::parse(&text).map(|time| MetricValue::Ms(time.0))
    } else if SIZES.contains(&unit) {
        Bytes::parse(&text).map(|size| MetricValue::Bytes(size.0))
    } else {
        return None;
    };
    Some(match read {
        Ok(value @ (MetricValue::Ms(amount) | MetricValue::Bytes(amount))) if amount <= VALUE_MAX && is_exact(number, unit, amount) => {
            Ok(value)
        }
        Ok(MetricValue::Ms(amount) | MetricValue::Bytes(amount)) if amount <= VALUE_MAX => {
            Err(number.beyond(start, "this is finer than what is measured"))
        }
        _ => Err(number.beyond(start, "this number is too large")),
    })
}

/// Whether nothing was cut off.
fn is_exact(number: Number<'_>, unit: &str, amount: u64) -> bool {
    let places = number.fraction.trim_end_matches('0').len() as u32;
    let one = Millis::parse(&format!("1{unit}")).map(|time| time.0).or_else(|_| Bytes::parse(&format!("1{unit}")).map(|size| size.0));
    let (Ok(one), Ok(digits)) = (one, format!("{}{}", number.whole, number.fraction.trim_end_matches('0')).parse::<u128>()) else {
        return false;
    };
    digits * u128::from(one) == u128::from(amount) * 10_u128.pow(places)
}

impl fmt::Display for MetricCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} {} {}", self.metric, Side(self.side.as_deref()), self.op, self.value)?;
        if self.for_ms > 0 { write!(f, " for {}", Millis(self.for_ms)) } else { Ok(()) }
    }
}

impl fmt::Display for MetricValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Milli(milli) => f.write_str(&thousandths(*milli)),
            Self::PercentMilli(milli) => write!(f, "{}%", thousandths(*milli)),
            Self::Ms(ms) => Millis(*ms).fmt(f),
            Self::Bytes(bytes) => f.write_str(&exact(*bytes)),
            Self::Times { factor_milli, metric, side } => {
                write!(f, "{} * {metric}{}", thousandths(*factor_milli), Side(side.as_deref()))
            }
        }
    }
}

/// `(new)`, or nothing.
struct Side<'s>(Option<&'s str>);

impl fmt::Display for Side<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |side| write!(f, "({side})"))
    }
}

fn thousandths(milli: u64) -> String {
    let text = format!("{}.{:03}", milli / 1_000, milli % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A size in the largest unit that it is a whole number of.
fn exact(bytes: u64) -> String {
    let units = SIZES.iter().filter_map(|unit| Some((*unit, Bytes::parse(&format!("1{unit}")).ok()?.0)));
    let largest = units.filter(|(_, one)| bytes > 0 && bytes.is_multiple_of(*one)).max_by_key(|(_, one)| *one);
    largest.map_or_else(|| format!("{bytes}B"), |(unit, one)| format!("{}{unit}", bytes / one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn wrong(text: &str, at: Range<usize>, message: &str) {
        let error = text.parse::<MetricCondition>().expect_err("no condition");
        assert_eq!((error.at, error.message.as_str()), (at, message), "{text}");
    }

    #[test]
    fn each_form_reads_and_prints() {
        for (text, printed) in [
            ("error_rate(new)>1%for 2m", ""),
            ("error_rate(new)>1% for 2m", "error_rate(new) > 1% for 2m"),
            ("  p95 ( new ) >= 2.5*p95( old )   for  90s ", "p95(new) >= 2.5 * p95(old) for 90s"),
            ("mismatches > 0", "mismatches > 0"),
            ("disk_free < 10 GiB", "disk_free < 10GiB"),
            ("lag <= 1.5s", "lag <= 1500ms"),
            ("availability == 99.95%", "availability == 99.95%"),
            ("my-query < 0.001", "my-query < 0.001"),
            ("x > 1 for 0s", "x > 1"),
        ] {
            match text.parse::<MetricCondition>() {
                Ok(condition) => assert_eq!(condition.to_string(), printed),
                Err(error) => assert_eq!("", printed, "{error}"),
            }
        }
    }

    #[test]
    fn errors_point_into_the_text() {
        wrong("", 0..0, "a metric, such as `error_rate` is missing");
        wrong("p95", 3..3, "the comparison is missing");
        wrong("p95 = 2", 4..5, "here should be a comparison");
        wrong("p95 >", 5..5, "the value is missing");
        wrong("p95 > -1", 6..8, "a value is never negative");
        wrong("p95(newer) > 1", 4..9, "here should be a side");
        wrong("p95(new > 1", 8..9, "`)` is missing");
        wrong("p95 > 5 parsecs", 8..15, "this unit is not known");
        wrong("p95 > 1.2345", 6..12, "this has more than 3 decimals");
        wrong("p95 > 0.5ms", 6..9, "this is finer than what is measured");
        wrong("p95 > 9999999999999999w", 6..22, "this number is too large");
        wrong("p95 > 1s for 5", 14..14, "here should be a unit of time");
        wrong("p95 > 1s for 5GiB", 14..17, "here should be a unit of time");
        wrong("p95 > 1s and lag > 1s", 9..12, "nothing but `for` and a duration may follow");
        wrong("p95 > 1s for 5m x", 16..17, "nothing may follow");
        wrong("1 > p95", 0..1, "here should be a metric, such as `error_rate`");
        wrong("p95 > 2 * 3", 10..11, "here should be a metric, such as `p95(old)`");
        wrong("é > 1", 0..2, "here should be a metric, such as `error_rate`");
    }
}
