//! How a column is compared: the class of its values.
//!
//! Two columns are compared under one class, which the mapping of `segue-verify` chooses from the two native
//! classes. Two values are the same exactly when their canonical bytes under that class are the same
//! (`docs/canonical.md`). It must never hold a case in which two different values of one class are called equal
//! without the mapping having said so. Tests: `canonical.rs`, and the matrix of `segue-sim` with servers as oracle.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The class of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// True or false.
    Boolean,
    /// A whole number of any size that a server has, unsigned 64-bit included. Truth is 1 and 0.
    Integer,
    /// A decimal number by its value: `1.5` is `1.50`. NaN and infinities are values.
    Decimal,
    /// A decimal number with its scale: `1.5` is not `1.50`.
    DecimalScaled,
    /// A binary floating-point number of 32 or 64 bits by its value. `-0` is not `0`; all NaN are one.
    Float,
    /// Text by its bytes in UTF-8: no collation, no normalisation.
    Text,
    /// Text without its trailing spaces: one side is `char(n)`.
    TextPadded,
    /// Bytes.
    Bytes,
    /// Bytes without their trailing zero bytes: one side is `binary(n)`.
    BytesPadded,
    /// A day of the calendar, infinities and what MySQL calls zero dates included.
    Date,
    /// A time of the day, or a length of time of MySQL's `time`, in microseconds.
    Time,
    /// A time of the day with its own offset.
    TimeZoned,
    /// A date and time without a zone, in microseconds.
    Timestamp,
    /// A moment, in microseconds of UTC.
    Instant,
    /// Months, days and microseconds, each for itself.
    Interval,
    /// A UUID.
    Uuid,
    /// JSON by its value: objects without order, numbers as decimals by value.
    Json,
    /// JSON by its text, byte for byte.
    JsonText,
    /// Bits with their count.
    Bits,
    /// An address or network of IPv4 or IPv6 with its prefix length.
    Network,
    /// A set of labels, without order.
    Set,
    /// A geometry: SRID and well-known binary.
    Geometry,
    /// An array with its dimensions and lower bounds.
    Array(Box<Class>),
    /// A range with its bounds.
    Range(Box<Class>),
    /// A type that only one engine has, by that engine's own text: comparable with itself alone.
    Own(String),
}

impl Class {
    /// Values of this class have an order that every engine can give and that is the order of their key bytes.
    pub fn is_ordered(&self) -> bool {
        matches!(
            self,
            Self::Boolean
                | Self::Integer
                | Self::Decimal
                | Self::Text
                | Self::Bytes
                | Self::Date
                | Self::Timestamp
                | Self::Instant
                | Self::Uuid
        )
    }

    /// Ranges of a key of this class mean the same rows on every engine: `>=` and `<` know no collation.
    pub fn splits(&self) -> bool {
        matches!(self, Self::Integer | Self::Date | Self::Timestamp | Self::Instant)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Boolean => "boolean",
            Self::Integer => "whole number",
            Self::Decimal => "decimal by value",
            Self::DecimalScaled => "decimal with its scale",
            Self::Float => "floating point",
            Self::Text => "text",
            Self::TextPadded => "text without trailing spaces",
            Self::Bytes => "bytes",
            Self::BytesPadded => "bytes without trailing zeros",
            Self::Date => "date",
            Self::Time => "time",
            Self::TimeZoned => "time with offset",
            Self::Timestamp => "date and time",
            Self::Instant => "moment",
            Self::Interval => "interval",
            Self::Uuid => "uuid",
            Self::Json => "JSON by value",
            Self::JsonText => "JSON by text",
            Self::Bits => "bits",
            Self::Network => "network address",
            Self::Set => "set of labels",
            Self::Geometry => "geometry",
            Self::Array(of) => return write!(f, "array of {of}"),
            Self::Range(of) => return write!(f, "range of {of}"),
            Self::Own(name) => return write!(f, "{name} as its engine writes it"),
        };
        f.write_str(word)
    }
}
