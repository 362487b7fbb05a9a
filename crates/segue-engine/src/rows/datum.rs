//! A value read back from its canonical bytes: to ask for a row by its key, to write a correction, to show a value to
//! somebody who asked for it.
//!
//! It must never be printed by accident: `Debug` says the kind alone; [`Datum::show`] is for `--show-values` and keys.
//! Tests: `canonical/tests.rs`.

use std::fmt;

use super::canonical::{Torn, split, tag};
use super::parse;
use super::value::{Day, Moment};

/// A value of its own.
#[derive(Clone, PartialEq)]
pub enum Datum {
    /// NULL.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// A decimal number in plain digits: `-12.5`, `NaN`, `Infinity`, `-Infinity`.
    Decimal(String),
    /// A float.
    Float(f64),
    /// Text. Bytes that are not UTF-8 stay what they are.
    Text(Vec<u8>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A day.
    Date(Day),
    /// Microseconds of a time.
    Time(i64),
    /// Microseconds of the day, seconds west of UTC.
    TimeZoned(i64, i32),
    /// A date and time.
    Timestamp(Moment),
    /// A moment.
    Instant(Moment),
    /// Months, days, microseconds.
    Interval(i32, i32, i64),
    /// A UUID.
    Uuid([u8; 16]),
    /// The text of a JSON document.
    JsonText(Vec<u8>),
    /// So many bits.
    Bits(u32, Vec<u8>),
    /// An address, its prefix length, and whether it is a network.
    Network(Vec<u8>, u8, bool),
    /// Labels, sorted.
    Set(Vec<Datum>),
    /// SRID and well-known binary.
    Geometry(u32, Vec<u8>),
    /// Dimensions and elements.
    Array(Vec<(i32, i32)>, Vec<Datum>),
    /// The engine's own text.
    Own(Vec<u8>),
    /// The error value of MySQL's `enum`.
    NoLabel,
    /// A kind that is compared and not read back: a range, JSON by value. Who must write it reads it again by its text.
    Compared(&'static str),
}

impl fmt::Debug for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("value")
    }
}

impl Datum {
    /// The first value of canonical bytes, and what follows it.
    pub fn split(bytes: &[u8]) -> Result<(Self, &[u8]), Torn> {
        let (value, rest) = split(bytes)?;
        match value {
            None => Ok((Self::Null, rest)),
            Some((tag, payload)) => Ok((Self::read(tag, payload)?, rest)),
        }
    }

    /// All values of a canonical row.
    pub fn row(bytes: &[u8]) -> Result<Vec<Self>, Torn> {
        let (mut rest, mut out) = (bytes, Vec::new());
        while !rest.is_empty() {
            let (value, after) = Self::split(rest)?;
            out.push(value);
            rest = after;
        }
        Ok(out)
    }

    /// A value by its tag.
    pub(crate) fn read(tag: u8, payload: &[u8]) -> Result<Self, Torn> {
        let array = |at: usize| payload.get(at..at + 8).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()).ok_or(Torn);
        Ok(match tag {
            tag::BOOLEAN => Self::Boolean(payload == [1]),
            tag::INTEGER => Self::Integer(integer(payload)?),
            tag::DECIMAL => Self::Decimal(decimal(payload, None)?),
            tag::DECIMAL_SCALED => {
                let (scale, rest) = payload.split_first_chunk::<2>().ok_or(Torn)?;
                Self::Decimal(decimal(rest, Some(u16::from_be_bytes(*scale)))?)
            }
            tag::FLOAT => Self::Float(f64::from_bits(u64::from_be_bytes(array(0)?))),
            tag::TEXT => Self::Text(payload.to_vec()),
            tag::BYTES => Self::Bytes(payload.to_vec()),
            tag::DATE => Self::Date(day(payload)?),
            tag::TIME => Self::Time((u64::from_be_bytes(array(0)?) ^ (1 << 63)) as i64),
            tag::TIME_ZONED => {
                let west = payload.last_chunk::<4>().ok_or(Torn)?;
                Self::TimeZoned(i64::from_be_bytes(array(0)?), i32::from_be_bytes(*west))
            }
            tag::TIMESTAMP => Self::Timestamp(moment(payload)?),
            tag::INSTANT => Self::Instant(moment(payload)?),
            tag::INTERVAL => {
                let (months, rest) = payload.split_first_chunk::<4>().ok_or(Torn)?;
                let (days, _) = rest.split_first_chunk::<4>().ok_or(Torn)?;
                Self::Interval(i32::from_be_bytes(*months), i32::from_be_bytes(*days), i64::from_be_bytes(array(8)?))
            }
            tag::UUID => Self::Uuid(payload.try_into().map_err(|_| Torn)?),
            tag::JSON => Self::Compared("JSON by value"),
            tag::JSON_TEXT => Self::JsonText(payload.to_vec()),
            tag::BITS => {
                let (count, bits) = payload.split_first_chunk::<4>().ok_or(Torn)?;
                Self::Bits(u32::from_be_bytes(*count), bits.to_vec())
            }
            tag::NETWORK => match payload {
                [prefix, network, address @ ..] => Self::Network(address.to_vec(), *prefix, *network == 1),
                _ => return Err(Torn),
            },
            tag::SET => Self::Set(Self::row(payload)?),
            tag::GEOMETRY => {
                let (srid, wkb) = payload.split_first_chunk::<4>().ok_or(Torn)?;
                Self::Geometry(u32::from_be_bytes(*srid), wkb.to_vec())
            }
            tag::ARRAY => array_of(payload)?,
            tag::RANGE => Self::Compared("range"),
            tag::OWN => Self::Own(payload.to_vec()),
            tag::NO_LABEL => Self::NoLabel,
            _ => return Err(Torn),
        })
    }

    /// As a person reads it. For keys, and for those who asked with `--show-values`.
    pub fn show(&self) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let hex = parse::hex;
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Boolean(truth) => truth.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Decimal(number) => number.clone(),
            Self::Float(number) => format!("{number:?}"),
            Self::Text(bytes) | Self::JsonText(bytes) | Self::Own(bytes) => text(bytes),
            Self::Bytes(bytes) => format!("0x{}", hex(bytes)),
            Self::Date(day) => show_day(*day),
            Self::Time(micros) => show_time(*micros),
            Self::TimeZoned(micros, west) => format!("{} {}s west", show_time(*micros), west),
            Self::Timestamp(moment) => show_moment(*moment),
            Self::Instant(moment) => format!("{}Z", show_moment(*moment)),
            Self::Interval(months, days, micros) => format!("{months} months {days} days {}", show_time(*micros)),
            Self::Uuid(uuid) => parse::uuid_text(uuid),
            Self::Bits(count, bits) => (0..*count as usize)
                .map(|at| if bits.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0) { '1' } else { '0' })
                .collect(),
            Self::Network(address, prefix, _) => match (<[u8; 4]>::try_from(&address[..]), <[u8; 16]>::try_from(&address[..])) {
                (Ok(four), _) => format!("{}/{prefix}", std::net::Ipv4Addr::from(four)),
                (_, Ok(six)) => format!("{}/{prefix}", std::net::Ipv6Addr::from(six)),
                _ => hex(address),
            },
            Self::Set(labels) => labels.iter().map(Self::show).collect::<Vec<_>>().join(","),
            Self::Geometry(srid, wkb) => format!("SRID={srid};0x{}", hex(wkb)),
            Self::Array(_, elements) => format!("{{{}}}", elements.iter().map(Self::show).collect::<Vec<_>>().join(",")),
            Self::NoLabel => "(no label)".to_owned(),
            Self::Compared(what) => format!("({what})"),
        }
    }
}

fn integer(payload: &[u8]) -> Result<i128, Torn> {
    let (first, bytes) = payload.split_first().ok_or(Torn)?;
    let negative = *first < 0x80;
    if bytes.len() > 16 || usize::from(first.abs_diff(0x80)) != bytes.len() {
        return Err(Torn);
    }
    let magnitude = bytes.iter().fold(0_u128, |sum, byte| (sum << 8) | u128::from(if negative { !byte } else { *byte }));
    Ok(if negative { (magnitude as i128).wrapping_neg() } else { magnitude as i128 })
}

/// Plain digits. `scale`: so many after the point, else as many as there are.
pub(super) fn decimal(payload: &[u8], scale: Option<u16>) -> Result<String, Torn> {
    let (kind, rest) = payload.split_first().ok_or(Torn)?;
    let mask = match kind {
        0 => return Ok("-Infinity".to_owned()),
        4 => return Ok("Infinity".to_owned()),
        5 => return Ok("NaN".to_owned()),
        2 => return Ok(plain(false, &[], 0, scale.unwrap_or(0))),
        1 => 0xff,
        3 => 0,
        _ => return Err(Torn),
    };
    let (power, pairs) = rest.split_first_chunk::<4>().ok_or(Torn)?;
    let power = (u32::from_be_bytes(power.map(|byte| byte ^ mask)) ^ 0x8000_0000) as i32;
    let mut digits = Vec::new();
    for pair in pairs {
        match pair ^ mask {
            0 => break,
            pair => digits.extend_from_slice(&[(pair - 1) / 10, (pair - 1) % 10]),
        }
    }
    while digits.last() == Some(&0) {
        digits.pop();
    }
    let natural = (digits.len() as i32 - 1 - power).max(0);
    Ok(plain(*kind == 1, &digits, power, scale.unwrap_or_else(|| u16::try_from(natural).unwrap_or(u16::MAX))))
}

fn plain(negative: bool, digits: &[u8], power: i32, scale: u16) -> String {
    let digit = |power_of: i32| {
        let at = i64::from(power) - i64::from(power_of);
        let digit = usize::try_from(at).ok().and_then(|at| digits.get(at)).copied().unwrap_or(0);
        char::from(b'0' + digit)
    };
    let mut out = String::from(if negative { "-" } else { "" });
    out.extend((0..=power.max(0)).rev().map(digit));
    if scale > 0 {
        out.push('.');
        out.extend((1..=i32::from(scale)).map(|place| digit(-place)));
    }
    out
}

fn day(payload: &[u8]) -> Result<Day, Torn> {
    Ok(match payload {
        [0] => Day::Early,
        [1, y1, y2, month, day] => Day::Unreal { year: u16::from_be_bytes([*y1, *y2]), month: *month, day: *day },
        [2, rest @ ..] => Day::Number((u32::from_be_bytes(rest.try_into().map_err(|_| Torn)?) ^ 0x8000_0000) as i32),
        [3] => Day::Late,
        _ => return Err(Torn),
    })
}

fn moment(payload: &[u8]) -> Result<Moment, Torn> {
    Ok(match payload {
        [0] => Moment::Early,
        [1, y1, y2, month, day, micros @ ..] => Moment::Unreal {
            year: u16::from_be_bytes([*y1, *y2]),
            month: *month,
            day: *day,
            micros: u64::from_be_bytes(micros.try_into().map_err(|_| Torn)?),
        },
        [2, rest @ ..] => Moment::Micros((u64::from_be_bytes(rest.try_into().map_err(|_| Torn)?) ^ (1 << 63)) as i64),
        [3] => Moment::Late,
        _ => return Err(Torn),
    })
}

fn array_of(payload: &[u8]) -> Result<Datum, Torn> {
    let (count, mut rest) = payload.split_first().ok_or(Torn)?;
    let mut dimensions = Vec::new();
    for _ in 0..*count {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(Torn)?;
        let (lower, after) = after.split_first_chunk::<4>().ok_or(Torn)?;
        dimensions.push((i32::from_be_bytes(*length), i32::from_be_bytes(*lower)));
        rest = after;
    }
    Ok(Datum::Array(dimensions, Datum::row(rest)?))
}

/// `2026-11-21`, `infinity`, `0000-00-00`; years outside 0 to 9999 with their sign.
pub(crate) fn show_day(day: Day) -> String {
    match day {
        Day::Early => "-infinity".to_owned(),
        Day::Late => "infinity".to_owned(),
        Day::Unreal { year, month, day } => format!("{year:04}-{month:02}-{day:02}"),
        Day::Number(number) => {
            let (year, month, day) = parse::day_parts(number);
            if year <= 0 { format!("{:04}-{month:02}-{day:02} BC", 1 - year) } else { format!("{year:04}-{month:02}-{day:02}") }
        }
    }
}

/// `12:30:15.5`, `-838:59:59`.
pub(crate) fn show_time(micros: i64) -> String {
    let (sign, all) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    let (seconds, rest) = (all / 1_000_000, all % 1_000_000);
    let mut out = format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest > 0 {
        out.push_str(format!(".{rest:06}").trim_end_matches('0'));
    }
    out
}

/// `2026-11-21 12:30:15.5`.
pub(crate) fn show_moment(moment: Moment) -> String {
    match moment {
        Moment::Early => "-infinity".to_owned(),
        Moment::Late => "infinity".to_owned(),
        Moment::Unreal { year, month, day, micros } => {
            format!("{year:04}-{month:02}-{day:02} {}", show_time(i64::try_from(micros).unwrap_or(0)))
        }
        Moment::Micros(micros) => {
            let day = micros.div_euclid(parse::DAY_MICROS);
            let of_day = micros.rem_euclid(parse::DAY_MICROS);
            format!("{} {}", show_day(Day::Number(i32::try_from(day).unwrap_or(0))), show_time(of_day))
        }
    }
}
