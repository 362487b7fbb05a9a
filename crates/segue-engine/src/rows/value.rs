//! A value as an engine took it off the wire, on its way into canonical bytes. Borrowed: nothing is copied twice.
//!
//! It must never be printed: `Debug` says the kind alone. Tests: `canonical.rs`.

use std::fmt;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// Days since 1970-01-01, proleptic Gregorian.
    Number(i32),
    /// Before all days.
    Early,
    /// After all days.
    Late,
    /// What is not a day of the calendar: MySQL's `0000-00-00`, `2026-00-10`, `2026-02-31`.
    Unreal {
        /// 0 to 9999.
        year: u16,
        /// 0 to 12.
        month: u8,
        /// 0 to 31.
        day: u8,
    },
}

/// A date and time, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Microseconds since 1970-01-01 00:00:00 (of UTC for an instant).
    Micros(i64),
    /// Before all.
    Early,
    /// After all.
    Late,
    /// On a day that is not one of the calendar.
    Unreal {
        /// 0 to 9999.
        year: u16,
        /// 0 to 12.
        month: u8,
        /// 0 to 31.
        day: u8,
        /// Microseconds of the day.
        micros: u64,
    },
}

/// A decimal number: its sign, its digits and where its point stands.
#[derive(Clone, Copy)]
pub enum Decimal<'a> {
    /// `-12.50`: an optional sign, ASCII digits, at most one point, and an exponent if there is one.
    Text(&'a str),
    /// Digits (each 0 to 9, most significant first), of which the first is worth 10^`power` (`123.45`: power 2).
    Digits {
        /// Below zero.
        negative: bool,
        /// Each 0 to 9.
        digits: &'a [u8],
        /// The power of ten of the first digit.
        power: i32,
        /// Digits after the point as the server shows it.
        scale: u16,
    },
    /// Not a number.
    NaN,
    /// Below all numbers.
    Early,
    /// Above all numbers.
    Late,
}

/// A value.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// NULL.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// A decimal number.
    Decimal(Decimal<'a>),
    /// A float of 32 bits.
    Float32(f32),
    /// A float of 64 bits.
    Float64(f64),
    /// Text in UTF-8; bytes that are not UTF-8 stay what they are.
    Text(&'a [u8]),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A day.
    Date(Day),
    /// Microseconds: of the day, or MySQL's length of time with its sign.
    Time(i64),
    /// Microseconds of the day, and seconds west of UTC as PostgreSQL counts them.
    TimeZoned(i64, i32),
    /// A date and time without a zone.
    Timestamp(Moment),
    /// A moment.
    Instant(Moment),
    /// Months, days, microseconds.
    Interval(i32, i32, i64),
    /// A UUID.
    Uuid([u8; 16]),
    /// The text of a JSON document.
    Json(&'a [u8]),
    /// So many bits, the first the highest of the first byte.
    Bits(u32, &'a [u8]),
    /// 4 or 16 bytes of an address, its prefix length, and whether it is a network (`cidr`).
    Network(&'a [u8], u8, bool),
    /// Labels in any order.
    Set(&'a [&'a [u8]]),
    /// SRID and well-known binary.
    Geometry(u32, &'a [u8]),
    /// Dimensions as (length, lower bound), and the elements in row-major order.
    Array(&'a [(i32, i32)], &'a [Value<'a>]),
    /// A range; `None` is the empty one.
    Range(Option<RangeEnds<'a>>),
    /// The engine's own text of a type that only it has.
    Own(&'a [u8]),
    /// The error value of MySQL's `enum`: none of its labels, and no text.
    NoLabel,
}

/// The two ends of a range. `None` is unbounded.
#[derive(Clone, Copy)]
pub struct RangeEnds<'a> {
    /// The lower end and whether it belongs to the range.
    pub lower: Option<(&'a Value<'a>, bool)>,
    /// The upper end and whether it belongs to the range.
    pub upper: Option<(&'a Value<'a>, bool)>,
}

impl Value<'_> {
    /// The word for its kind, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Boolean(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Decimal(_) => "decimal",
            Self::Float32(_) | Self::Float64(_) => "float",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Date(_) => "date",
            Self::Time(_) | Self::TimeZoned(..) => "time",
            Self::Timestamp(_) => "timestamp",
            Self::Instant(_) => "instant",
            Self::Interval(..) => "interval",
            Self::Uuid(_) => "uuid",
            Self::Json(_) => "JSON",
            Self::Bits(..) => "bits",
            Self::Network(..) => "network",
            Self::Set(_) => "set",
            Self::Geometry(..) => "geometry",
            Self::Array(..) => "array",
            Self::Range(_) => "range",
            Self::Own(_) => "own",
            Self::NoLabel => "no label",
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl fmt::Debug for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("decimal")
    }
}
