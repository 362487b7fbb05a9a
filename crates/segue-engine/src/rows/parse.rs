//! Exact readings of texts and digits: what is not exactly a value of the kind is `None`, never a guess.
//!
//! Tests: `canonical/tests.rs`.

use std::net::IpAddr;

use super::value::{Day, Decimal, Moment};

/// Microseconds of a day.
pub const DAY_MICROS: i64 = 86_400_000_000;

/// A decimal number without zeros at either end.
pub(crate) struct Number<'a> {
    /// Below zero.
    pub(crate) negative: bool,
    /// Each 0 to 9; the first and the last are not 0. Empty is zero.
    pub(crate) digits: &'a [u8],
    /// The power of ten of the first digit.
    pub(crate) power: i32,
    /// Digits after the point as it was written.
    pub(crate) scale: u16,
    /// 0 below all, 4 above all, 5 not a number.
    pub(crate) special: Option<u8>,
}

/// The empty text is one of the labels in MySQL's `enum('a','')` or `set('a','')`.
pub fn has_empty_label(declared: &str) -> bool {
    let labels = declared.split_once('(').map_or("", |(_, labels)| labels);
    let mut bytes = labels.bytes().peekable();
    while bytes.by_ref().any(|byte| byte == b'\'') {
        let mut empty = true;
        loop {
            match bytes.next() {
                None => return false,
                // A quotation mark within a label is doubled.
                Some(b'\'') if bytes.next_if_eq(&b'\'').is_none() => break,
                Some(_) => empty = false,
            }
        }
        if empty {
            return true;
        }
    }
    false
}

/// The digits of a number. `None` where the text is none.
pub(crate) fn digits<'a>(number: &Decimal<'a>, spill: &'a mut Vec<u8>) -> Option<Number<'a>> {
    let special = |kind| Some(Number { negative: false, digits: &[], power: 0, scale: 0, special: Some(kind) });
    match *number {
        Decimal::Early => special(0),
        Decimal::Late => special(4),
        Decimal::NaN => special(5),
        Decimal::Digits { negative, digits, power, scale } => Some(trimmed(negative, digits, power, scale)),
        Decimal::Text(text) => {
            let (negative, power, scale) = read_decimal(text, spill)?;
            Some(trimmed(negative, spill, power, scale))
        }
    }
}

fn trimmed(negative: bool, digits: &[u8], power: i32, scale: u16) -> Number<'_> {
    let Some(first) = digits.iter().position(|digit| *digit != 0) else {
        return Number { negative: false, digits: &[], power: 0, scale, special: None };
    };
    let last = digits.iter().rposition(|digit| *digit != 0).unwrap_or(first);
    Number { negative, digits: &digits[first..=last], power: power.saturating_sub(first as i32), scale, special: None }
}

/// Reads `-12.50e3` into digits; gives the sign, the power of the first digit and the scale.
fn read_decimal(text: &str, digits: &mut Vec<u8>) -> Option<(bool, i32, u16)> {
    digits.clear();
    let bytes = text.as_bytes();
    let (negative, mut rest) = match bytes.first()? {
        b'-' => (true, &bytes[1..]),
        b'+' => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let mut exponent = 0_i32;
    if let Some(at) = rest.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        exponent = std::str::from_utf8(&rest[at + 1..]).ok()?.parse().ok().filter(|power: &i32| power.unsigned_abs() < 1_000_000)?;
        rest = &rest[..at];
    }
    let mut point = None;
    for byte in rest {
        match byte {
            b'0'..=b'9' => digits.push(byte - b'0'),
            b'.' if point.is_none() => point = Some(digits.len()),
            _ => return None,
        }
    }
    if digits.is_empty() {
        return None;
    }
    let whole = point.unwrap_or(digits.len());
    let scale = (digits.len() - whole) as i64 - i64::from(exponent);
    Some((negative, whole as i32 - 1 + exponent, u16::try_from(scale.max(0)).unwrap_or(u16::MAX)))
}

/// The text is a decimal number.
pub(crate) fn is_decimal(text: &str) -> bool {
    read_decimal(text, &mut Vec::new()).is_some()
}

/// The number where it is whole and fits.
pub(crate) fn whole(number: &Decimal<'_>) -> Option<i128> {
    let mut spill = Vec::new();
    let number = digits(number, &mut spill)?;
    if number.special.is_some() {
        return None;
    }
    if number.digits.is_empty() {
        return Some(0);
    }
    let zeros = usize::try_from(number.power).ok()?.checked_sub(number.digits.len() - 1)?;
    if number.power > 37 {
        return None;
    }
    let magnitude = number.digits.iter().fold(0_i128, |sum, digit| sum * 10 + i128::from(*digit)) * 10_i128.pow(zeros as u32);
    Some(if number.negative { -magnitude } else { magnitude })
}

/// A number in decimal; its length.
pub(crate) fn integer_text(number: i128, room: &mut [u8; 64]) -> Option<usize> {
    use std::io::Write as _;
    let mut rest = &mut room[..];
    write!(rest, "{number}").ok()?;
    let left = rest.len();
    Some(64 - left)
}

/// So many bits, the highest first, as a number.
pub(crate) fn bits_number(count: u32, bits: &[u8]) -> i128 {
    let all = bits.iter().fold(0_i128, |sum, byte| (sum << 8) | i128::from(*byte));
    all >> ((bits.len() as u32 * 8).saturating_sub(count))
}

/// Days since 1970-01-01 of a day that is one of the calendar.
pub fn day_number(year: i32, month: u8, day: u8) -> Option<i32> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !(1..=12).contains(&month) || day == 0 || day > days[usize::from(month) - 1] {
        return None;
    }
    // Counted from 1 March of a year divisible by 400, so that the leap day is a cycle's last.
    let y = i64::from(year) - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    let number = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    i32::try_from(number).ok()
}

/// The year, month and day of a number of days since 1970-01-01.
pub fn day_parts(number: i32) -> (i32, u8, u8) {
    let days = i64::from(number) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * of_year + 2) / 153;
    let day = (of_year - (153 * month_index + 2) / 5 + 1) as u8;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 } as u8;
    ((year_of_era + era * 400 + i64::from(month <= 2)) as i32, month, day)
}

fn number(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 9 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(bytes.iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0')))
}

/// `2026-11-21`.
pub(crate) fn date(text: &[u8]) -> Option<Day> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let (year, month, day) = (number(&[*y1, *y2, *y3, *y4])? as u16, number(&[*m1, *m2])? as u8, number(&[*d1, *d2])? as u8);
    Some(day_number(i32::from(year), month, day).map_or(Day::Unreal { year, month, day }, Day::Number))
}

/// `12:30`, `12:30:15`, `12:30:15.123456`, `-838:59:59`.
pub(crate) fn time(text: &[u8]) -> Option<i64> {
    let (sign, text) = text.strip_prefix(b"-").map_or((1, text), |rest| (-1, rest));
    let mut parts = text.splitn(3, |byte| *byte == b':');
    let hours = number(parts.next()?)?;
    let minutes = parts.next().filter(|part| part.len() == 2).and_then(number)?;
    let (seconds, micros) = parts.next().map_or(Some((0, 0)), seconds)?;
    if minutes > 59 || seconds > 59 || hours > 838 {
        return None;
    }
    Some(sign * ((i64::from(hours) * 3600 + i64::from(minutes) * 60 + i64::from(seconds)) * 1_000_000 + i64::from(micros)))
}

fn seconds(part: &[u8]) -> Option<(u32, u32)> {
    let mut halves = part.splitn(2, |byte| *byte == b'.');
    let whole = halves.next().filter(|whole| whole.len() == 2).and_then(number)?;
    let Some(fraction) = halves.next() else { return Some((whole, 0)) };
    if fraction.is_empty() || fraction.len() > 6 {
        return None;
    }
    Some((whole, number(fraction)? * 10_u32.pow(6 - fraction.len() as u32)))
}

/// `2026-11-21 12:30:15.123456`, with `T`, with `Z` or `+02:00`, or a day alone.
pub(crate) fn moment(text: &[u8]) -> Option<Moment> {
    let (day, rest) = text.split_at_checked(10)?;
    let Day::Number(day) = date(day)? else { return None };
    let midnight = i64::from(day) * DAY_MICROS;
    let Some((b' ' | b'T', rest)) = rest.split_first() else {
        return rest.is_empty().then_some(Moment::Micros(midnight));
    };
    let (clock, offset) = match rest.iter().position(|byte| matches!(byte, b'Z' | b'+' | b'-')) {
        None => (rest, 0),
        Some(at) => (&rest[..at], offset(&rest[at..])?),
    };
    let micros = time(clock).filter(|micros| (0..DAY_MICROS).contains(micros))?;
    Some(Moment::Micros(midnight + micros - offset * 1_000_000))
}

fn offset(text: &[u8]) -> Option<i64> {
    let (sign, rest) = match text.split_first()? {
        (b'Z', []) => return Some(0),
        (b'+', rest) => (1, rest),
        (b'-', rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest {
        [a, b] => (number(&[*a, *b])?, 0),
        [a, b, b':', c, d] | [a, b, c, d] => (number(&[*a, *b])?, number(&[*c, *d])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then(|| sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60))
}

/// A UUID in its usual spelling, in either case, with or without hyphens.
pub(crate) fn uuid(text: &[u8]) -> Option<[u8; 16]> {
    let hyphens = text.len() == 36;
    if !(hyphens || text.len() == 32) || (hyphens && [8, 13, 18, 23].iter().any(|at| text[*at] != b'-')) {
        return None;
    }
    let mut nibbles = text.iter().enumerate().filter(|(at, _)| !(hyphens && [8, 13, 18, 23].contains(at))).map(|(_, byte)| *byte);
    let mut out = [0; 16];
    for byte in &mut out {
        let high = char::from(nibbles.next()?).to_digit(16)?;
        let low = char::from(nibbles.next()?).to_digit(16)?;
        *byte = (high * 16 + low) as u8;
    }
    Some(out)
}

/// Two lower-case digits a byte.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A UUID in its usual spelling.
pub(crate) fn uuid_text(uuid: &[u8; 16]) -> String {
    let hex = hex(uuid);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// An address with its prefix length, if it has one: `10.0.0.1`, `10.0.0.0/8`, `::1`.
pub(crate) fn address(text: &[u8]) -> Option<([u8; 16], usize, u8)> {
    let text = std::str::from_utf8(text).ok()?;
    let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let mut out = [0; 16];
    let length = match address.parse().ok()? {
        IpAddr::V4(four) => {
            out[..4].copy_from_slice(&four.octets());
            4
        }
        IpAddr::V6(six) => {
            out = six.octets();
            16
        }
    };
    let most = length as u8 * 8;
    let prefix = prefix.map_or(Some(most), |prefix| prefix.parse().ok().filter(|prefix| *prefix <= most))?;
    Some((out, length, prefix))
}
