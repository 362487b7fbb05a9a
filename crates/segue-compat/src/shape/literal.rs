//! A value that a document writes: a member of an enum, a default, an example.

use super::Number;
use crate::doc::{At, Value};

/// A literal value; equal by JSON's meaning (`1.0` is `1`), ordered so that sets of them have one order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// `null`.
    Null,
    /// A truth.
    Bool(bool),
    /// A number.
    Number(NumberKey),
    /// A text.
    Text(Box<str>),
    /// A list.
    List(Vec<Literal>),
    /// A map, sorted by key.
    Map(Vec<(Box<str>, Literal)>),
}

/// A number that is exact, or only its text when it has too many digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberKey {
    /// Exact.
    Exact(Number),
    /// By its text.
    Text(Box<str>),
}

impl Literal {
    /// The literal of a document's value.
    pub fn of(at: At<'_>) -> Self {
        match at.value() {
            Value::Null => Self::Null,
            Value::Bool(is) => Self::Bool(is),
            Value::Number(text) => Self::number(text),
            Value::Text(text) => Self::Text(text.into()),
            Value::List(_) => Self::List(at.items().map(Self::of).collect()),
            Value::Map => {
                let mut entries: Vec<(Box<str>, Self)> = at.entries().map(|(key, _, value)| (key.into(), Self::of(value))).collect();
                entries.sort();
                Self::Map(entries)
            }
        }
    }

    /// A number by its text.
    pub fn number(text: &str) -> Self {
        Self::Number(Number::read(text).map_or_else(|| NumberKey::Text(text.into()), NumberKey::Exact))
    }

    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// As JSON.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(is) => (*is).into(),
            Self::Number(NumberKey::Exact(number)) => number.json(),
            Self::Number(NumberKey::Text(text)) => serde_json::from_str(text).unwrap_or(serde_json::Value::Null),
            Self::Text(text) => serde_json::Value::String(text.to_string()),
            Self::List(items) => items.iter().map(Self::json).collect(),
            Self::Map(entries) => entries.iter().map(|(key, value)| (key.to_string(), value.json())).collect(),
        }
    }
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.json())
    }
}
