//! Turns the tree into the types of [`crate::change`], through their own `serde` forms.
//!
//! The tree was checked before; a failure here means that a table and a type disagree, which is told as
//! SG-SPEC-099 and never guessed around. Tests: `tests/it/agreement.rs`.

use serde::de::value::{Error, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::node::{Kind, Node};

/// A value of the tree as serde wants it. Keys that are null are left out.
#[derive(Clone, Copy)]
pub(super) struct Value<'n>(pub(super) &'n Node);

impl<'de> IntoDeserializer<'de, Error> for Value<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

/// The entries that are not null.
fn entries(node: &Node) -> impl Iterator<Item = (&str, Value<'_>)> {
    let entries = if let Kind::Map(entries) = &node.kind { entries.as_slice() } else { &[] };
    entries.iter().filter(|entry| !matches!(entry.value.kind, Kind::Null)).map(|entry| (entry.key.as_str(), Value(&entry.value)))
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.0.kind {
            Kind::Null => visitor.visit_unit(),
            // A boolean where SQL is meant; keys that are booleans ask for one by `deserialize_bool`.
            Kind::Bool(value) => visitor.visit_str(if *value { "true" } else { "false" }),
            Kind::Number(text) | Kind::Text(text) => visitor.visit_str(text),
            Kind::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Value))),
            Kind::Map(_) => visitor.visit_map(MapDeserializer::new(entries(self.0))),
            Kind::Refused => Err(Error::custom("a refused value")),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.kind {
            Kind::Bool(value) => visitor.visit_bool(value),
            _ => Err(Error::custom("not a boolean")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if matches!(self.0.kind, Kind::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        match &self.0.kind {
            Kind::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Kind::Map(_) => visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(entries(self.0)))),
            _ => Err(Error::custom("not a variant")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
