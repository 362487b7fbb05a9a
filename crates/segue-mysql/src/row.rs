//! A row of the catalog as the driver gave it: numbers and texts, whatever type the server chose for a column.
//!
//! The two flavours, and their versions, differ in the types of `information_schema`. It must never fail on a type:
//! what is not what was asked for is absent. Tests: below.

use mysql_async::{Row, Value};

/// The fields of a row.
#[derive(Debug)]
pub(crate) struct Fields(Vec<Value>);

impl From<Row> for Fields {
    fn from(row: Row) -> Self {
        Self(row.unwrap_raw().into_iter().map(|value| value.unwrap_or(Value::NULL)).collect())
    }
}

impl Fields {
    /// A text, or a number as text; `None` for NULL.
    pub(crate) fn optional(&self, at: usize) -> Option<String> {
        match self.0.get(at)? {
            Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            Value::Int(number) => Some(number.to_string()),
            Value::UInt(number) => Some(number.to_string()),
            Value::Float(number) => Some(number.to_string()),
            Value::Double(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The same, empty for NULL.
    pub(crate) fn text(&self, at: usize) -> String {
        self.optional(at).unwrap_or_default()
    }

    /// A whole number that is not negative; the part before the point of a decimal one.
    pub(crate) fn number(&self, at: usize) -> Option<u64> {
        self.optional(at)?.split('.').next()?.parse().ok()
    }

    /// `YES`, `1`.
    pub(crate) fn yes(&self, at: usize) -> bool {
        matches!(self.text(at).as_str(), "YES" | "1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_type_the_value_is_read() {
        let fields = Fields(vec![
            Value::UInt(u64::MAX),
            Value::Bytes(b"12.75".to_vec()),
            Value::NULL,
            Value::Int(-1),
            Value::Bytes(b"YES".to_vec()),
        ]);
        assert_eq!((fields.number(0), fields.number(1), fields.number(2), fields.number(3)), (Some(u64::MAX), Some(12), None, None));
        assert_eq!((fields.text(2).as_str(), fields.optional(9), fields.yes(4)), ("", None, true));
    }
}
