//! How a value of the source becomes another at the target, as a spec declares it.
//!
//! An engine spells a conversion as an expression of its own SQL, read instead of the column. It must never be spelt
//! so that a value that cannot be converted becomes NULL. Tests: the conformance of reading in `segue-sim`.

use std::fmt;

/// A conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conversion {
    /// A number is a count since 1970-01-01 00:00:00 UTC; it becomes a moment.
    Epoch(EpochUnit),
    /// A date and time is a clock's in this zone; it becomes a moment.
    Zone(String),
    /// A day that is none of the calendar becomes NULL, or this year, month and day.
    ZeroDates(Option<(u16, u8, u8)>),
    /// A value that is missing becomes what an expression gives.
    Filled {
        /// What stands for the column, where something was made of it before.
        of: Option<String>,
        /// The expression.
        by: String,
    },
    /// In a row of which a condition is false, the value becomes what an expression gives.
    Unless {
        /// What stands for the column, where something was made of it before.
        of: Option<String>,
        /// The condition.
        condition: String,
        /// The expression.
        by: String,
    },
}

impl Conversion {
    /// The same, of a column that an expression stands for already.
    #[must_use]
    pub fn over(self, expression: Option<String>) -> Self {
        match self {
            Self::Filled { by, .. } => Self::Filled { of: expression, by },
            Self::Unless { condition, by, .. } => Self::Unless { of: expression, condition, by },
            other => other,
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
}

impl fmt::Display for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Epoch(EpochUnit::Seconds) => f.write_str("seconds since 1970"),
            Self::Epoch(EpochUnit::Millis) => f.write_str("milliseconds since 1970"),
            Self::Epoch(EpochUnit::Micros) => f.write_str("microseconds since 1970"),
            Self::Zone(zone) => write!(f, "a clock in the zone {zone}"),
            // Their expressions are the user's, and may hold values.
            Self::Filled { .. } => f.write_str("what is missing gets a value"),
            Self::Unless { .. } => f.write_str("rows that fail a check get a value"),
            Self::ZeroDates(None) => f.write_str("zero dates are NULL"),
            Self::ZeroDates(Some((year, month, day))) => write!(f, "zero dates are {year:04}-{month:02}-{day:02}"),
        }
    }
}
