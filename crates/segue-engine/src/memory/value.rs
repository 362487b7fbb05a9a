//! The values of the memory engine: four kinds, with one total order, and the casts between them.
//!
//! Must never: hold a float, read a locale, or round. A cast that cannot be exact is an error, which a change
//! of form turns into a rejected row. Tests: below, and `conformance` in `segue-sim`.

use std::fmt;

use super::failure::Failure;

/// One value of one column. Truth is `Int(1)` and `Int(0)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// NULL. Stands before everything in the order of keys.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// What a declared type means here; the declared words themselves stay in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers and truth.
    Int,
    /// Texts.
    Text,
    /// Bytes.
    Blob,
}

impl Kind {
    /// The kind of a declared type, by its words: `bigint`, `varchar(20)`, `bytea`.
    pub fn of(data_type: &str) -> Option<Self> {
        let lower = data_type.trim().to_ascii_lowercase();
        let word = lower.split(['(', ' ']).next().unwrap_or_default();
        match word {
            "int" | "integer" | "bigint" | "smallint" | "int2" | "int4" | "int8" | "bool" | "boolean" | "serial" | "bigserial" => {
                Some(Self::Int)
            }
            "text" | "varchar" | "character" | "char" | "citext" | "uuid" => Some(Self::Text),
            "bytea" | "blob" => Some(Self::Blob),
            _ => None,
        }
    }
}

impl Value {
    /// NULL?
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// True, for a condition; NULL is not true.
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Int(n) if *n != 0)
    }

    /// A truth value.
    pub fn truth(truth: bool) -> Self {
        Self::Int(i64::from(truth))
    }

    /// The value as the type's own kind. Fails where that would not be exact.
    pub fn cast(self, kind: Kind) -> Result<Self, Failure> {
        match (self, kind) {
            (Self::Null, _) => Ok(Self::Null),
            (Self::Int(n), Kind::Int) => Ok(Self::Int(n)),
            (Self::Int(n), Kind::Text) => Ok(Self::Text(n.to_string())),
            (Self::Text(text), Kind::Text) => Ok(Self::Text(text)),
            (Self::Text(text), Kind::Int) => {
                text.trim().parse().map(Self::Int).map_err(|_| Failure::value("a text is not a whole number in the range of 64 bits"))
            }
            (Self::Text(text), Kind::Blob) => Ok(Self::Blob(text.into_bytes())),
            (Self::Blob(bytes), Kind::Blob) => Ok(Self::Blob(bytes)),
            (Self::Blob(bytes), Kind::Text) => {
                String::from_utf8(bytes).map(Self::Text).map_err(|_| Failure::value("bytes are not a text in UTF-8"))
            }
            (Self::Int(_), Kind::Blob) | (Self::Blob(_), Kind::Int) => {
                Err(Failure::value("there is no cast between whole numbers and bytes"))
            }
        }
    }

    /// The value as a writer gives it to a column: only casts that cannot fail on some value, and texts that
    /// hold a number.
    pub fn assign(self, data_type: &str) -> Result<Self, Failure> {
        match Kind::of(data_type) {
            Some(kind) => self.cast(kind),
            None => Err(Failure::syntax(format!("the memory engine has no type {data_type}"))),
        }
    }

    /// As JSON, for keys and digests. Reads back with [`Value::from_json`].
    pub(super) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Int(n) => serde_json::Value::from(*n),
            Self::Text(text) => serde_json::Value::from(text.as_str()),
            Self::Blob(bytes) => serde_json::json!({ "blob": bytes }),
        }
    }

    /// From JSON, as written by [`Value::to_json`].
    pub(super) fn from_json(json: &serde_json::Value) -> Option<Self> {
        match json {
            serde_json::Value::Null => Some(Self::Null),
            serde_json::Value::Number(n) => n.as_i64().map(Self::Int),
            serde_json::Value::String(text) => Some(Self::Text(text.clone())),
            serde_json::Value::Object(map) => {
                let bytes = map.get("blob")?.as_array()?;
                let bytes = bytes.iter().map(|b| b.as_u64().and_then(|b| u8::try_from(b).ok())).collect::<Option<_>>()?;
                Some(Self::Blob(bytes))
            }
            _ => None,
        }
    }

    /// As clients of the tests see it: `NULL`, `7`, `ann`, `x'00ff'`.
    pub fn show(&self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Int(n) => n.to_string(),
            Self::Text(text) => text.clone(),
            Self::Blob(bytes) => {
                let hex: Vec<_> = bytes.iter().map(|b| format!("{b:02x}")).collect();
                format!("x'{}'", hex.concat())
            }
        }
    }
}

impl fmt::Debug for Value {
    /// The kind and never the value: a value may be a person's data, also in an assertion's message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Int(_) => "Int(_)",
            Self::Text(_) => "Text(_)",
            Self::Blob(_) => "Blob(_)",
        })
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_is_exact_or_fails() {
        assert_eq!(Value::from(" 12 ").cast(Kind::Int).expect("a number"), Value::Int(12));
        assert!(Value::from("12.5").cast(Kind::Int).is_err());
        assert!(Value::from("9223372036854775808").cast(Kind::Int).is_err());
        assert!(Value::Blob(vec![0xff]).cast(Kind::Text).is_err());
        assert_eq!(Value::Null.cast(Kind::Int).expect("null"), Value::Null);
    }

    #[test]
    fn a_key_reads_back_from_its_json() {
        for value in [Value::Null, Value::Int(i64::MIN), Value::from("a\"\u{1f600}"), Value::Blob(vec![0, 255])] {
            assert!(Value::from_json(&value.to_json()) == Some(value));
        }
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(format!("{:?}", Value::from("secret")), "Text(_)");
    }
}
