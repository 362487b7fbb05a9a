//! Types: how a value of each travels in the binary form, and which class is its own.
//!
//! A type that has no form here is read as the server's text under the settings of `session.rs`, compared with itself
//! alone. Two types must never share a form that gives two different values the same bytes. Tests: below, and
//! `tests/it/rows/`.

use std::collections::BTreeMap;

use segue_engine::EngineError;
use segue_engine::rows::Class;
use tokio_postgres::Client;

use crate::error::db;

/// The binary form of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wire {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Numeric,
    Float4,
    Float8,
    /// `text`, `varchar`, `name`, `json`, and what is cast to text.
    Text,
    /// `bpchar`: with the spaces that fill it.
    Padded,
    /// The one byte of `"char"`.
    Letter,
    /// A label of an enum.
    Label,
    Bytes,
    Date,
    Time,
    TimeZoned,
    Timestamp,
    Instant,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Bits,
    Network,
    /// The server's text of a type that only it has.
    Own,
    Array(Box<Wire>),
    Range(Box<Wire>),
}

/// How a column's type is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Native {
    pub(super) wire: Wire,
    /// The type that it is cast to first.
    pub(super) cast: Option<String>,
    pub(super) class: Class,
}

impl Native {
    fn new(wire: Wire, class: Class) -> Self {
        Self { wire, cast: None, class }
    }

    fn cast(wire: Wire, class: Class, to: &str) -> Self {
        Self { wire, cast: Some(format!("pg_catalog.{to}")), class }
    }

    fn own(name: &str) -> Self {
        Self::cast(Wire::Own, Class::Own(name.to_owned()), "text")
    }

    /// An expression as it is selected.
    pub(super) fn read(&self, expression: &str) -> String {
        match &self.cast {
            None => expression.to_owned(),
            Some(to) => format!("({expression})::{to}"),
        }
    }
}

#[derive(Debug, Clone)]
struct Row {
    name: String,
    /// It is one of the server's own.
    system: bool,
    kind: char,
    element: u32,
    base: u32,
    typmod: i32,
    range_of: u32,
}

/// Types of a database by their number, as far as they were met.
#[derive(Debug, Clone, Default)]
pub(super) struct Types(BTreeMap<u32, Row>);

/// These types and all that they are made of.
const TYPES: &str = "
with recursive met (oid) as (
    select unnest($1::oid[])
    union
    select part.oid from met join pg_type t on t.oid = met.oid left join pg_range r on r.rngtypid = t.oid
    cross join lateral (values (t.typelem), (t.typbasetype), (coalesce(r.rngsubtype, 0::oid))) as part (oid) where part.oid <> 0
)
select t.oid, t.typname::text, n.nspname = 'pg_catalog', t.typtype::text,
    case when t.typcategory = 'A' and t.typlen = -1 then t.typelem else 0::oid end, t.typbasetype, t.typtypmod, coalesce(r.rngsubtype, 0::oid)
from met join pg_type t on t.oid = met.oid join pg_namespace n on n.oid = t.typnamespace left join pg_range r on r.rngtypid = t.oid";

impl Types {
    /// Asks for those that are not known yet. The session's `search_path` is empty.
    pub(super) async fn learn(&mut self, client: &Client, oids: &[u32]) -> Result<(), EngineError> {
        let unknown: Vec<u32> = oids.iter().copied().filter(|oid| !self.0.contains_key(oid)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        for row in client.query(TYPES, &[&unknown]).await.map_err(db)? {
            let kind = row.get::<_, String>(3).chars().next().unwrap_or('p');
            let met = Row {
                name: row.get(1),
                system: row.get(2),
                kind,
                element: row.get(4),
                base: row.get(5),
                typmod: row.get(6),
                range_of: row.get(7),
            };
            self.0.insert(row.get(0), met);
        }
        Ok(())
    }

    /// How a type is read. A modifier of -1 is none.
    pub(super) fn native(&self, oid: u32, typmod: i32) -> Native {
        let Some(row) = self.0.get(&oid) else { return Native::own("unknown") };
        match row.kind {
            'd' => self.native(row.base, row.typmod),
            'e' => Native::new(Wire::Label, Class::Text),
            'r' => match self.native(row.range_of, -1) {
                Native { wire, cast: None, class } if is_simple(&wire) => {
                    Native::new(Wire::Range(Box::new(wire)), Class::Range(Box::new(class)))
                }
                _ => Native::own(&row.name),
            },
            'b' if row.element != 0 => match self.native(row.element, typmod) {
                Native { wire, cast, class } if is_simple(&wire) => Native {
                    wire: Wire::Array(Box::new(wire)),
                    cast: cast.map(|to| format!("{to}[]")),
                    class: Class::Array(Box::new(class)),
                },
                Native { class: Class::Own(name), .. } => Native::own(&format!("{name}[]")),
                _ => Native::own(&format!("{}[]", self.0.get(&row.element).map_or("unknown", |element| &element.name))),
            },
            'b' if row.system => built_in(&row.name, typmod),
            // An extension's: no member of another schema is taken for it, since the cast makes text of either.
            'b' if row.name == "citext" => Native::cast(Wire::Text, Class::Text, "text"),
            _ => Native::own(&row.name),
        }
    }

    /// Why values of this type are not read, where they are not.
    pub(super) fn unreadable(&self, oid: u32) -> Option<String> {
        let mut row = self.0.get(&oid)?;
        while let Some(inner) = self.0.get(&row.base).or_else(|| self.0.get(&row.element)) {
            row = inner;
        }
        let of_catalog = row.system && row.kind == 'b' && row.name.starts_with("reg");
        of_catalog.then(|| format!("{} is an object's number in this server's own catalog: it means nothing elsewhere", row.name))
    }
}

/// It can be an element of an array or an end of a range.
fn is_simple(wire: &Wire) -> bool {
    !matches!(wire, Wire::Array(_) | Wire::Range(_) | Wire::Own)
}

fn built_in(name: &str, typmod: i32) -> Native {
    let (wire, class) = match name {
        "bool" => (Wire::Bool, Class::Boolean),
        "int2" => (Wire::Int2, Class::Integer),
        "int4" => (Wire::Int4, Class::Integer),
        "int8" => (Wire::Int8, Class::Integer),
        "oid" => (Wire::Oid, Class::Integer),
        // Without a modifier each value has a scale of its own, and it is a part of the value.
        "numeric" => (Wire::Numeric, if typmod < 0 { Class::DecimalScaled } else { Class::Decimal }),
        // Its bytes count the smallest coin of the database's `lc_monetary`, its text has the currency's signs: the
        // number that the server makes of it is what both have in common, and what another engine has.
        "money" => return Native::cast(Wire::Numeric, Class::Decimal, "numeric"),
        "float4" => (Wire::Float4, Class::Float),
        "float8" => (Wire::Float8, Class::Float),
        "text" | "varchar" | "name" => (Wire::Text, Class::Text),
        // The binary form of `xml` may bring a declaration that the value does not have.
        "xml" => return Native::cast(Wire::Text, Class::Text, "text"),
        "bpchar" => (Wire::Padded, Class::TextPadded),
        "char" => (Wire::Letter, Class::Text),
        "bytea" => (Wire::Bytes, Class::Bytes),
        "date" => (Wire::Date, Class::Date),
        "time" => (Wire::Time, Class::Time),
        "timetz" => (Wire::TimeZoned, Class::TimeZoned),
        "timestamp" => (Wire::Timestamp, Class::Timestamp),
        "timestamptz" => (Wire::Instant, Class::Instant),
        "interval" => (Wire::Interval, Class::Interval),
        "uuid" => (Wire::Uuid, Class::Uuid),
        "json" => (Wire::Json, Class::JsonText),
        "jsonb" => (Wire::Jsonb, Class::Json),
        "bit" | "varbit" => (Wire::Bits, Class::Bits),
        "inet" | "cidr" => (Wire::Network, Class::Network),
        _ => return Native::own(name),
    };
    Native::new(wire, class)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, kind: char) -> Row {
        Row { name: name.to_owned(), system: true, kind, element: 0, base: 0, typmod: -1, range_of: 0 }
    }

    #[test]
    fn types_are_made_of_types() {
        let mut types = Types::default();
        types.0.insert(1, row("numeric", 'b'));
        types.0.insert(2, Row { base: 1, typmod: 655_366, ..row("price", 'd') });
        types.0.insert(3, Row { element: 2, ..row("_price", 'b') });
        types.0.insert(4, Row { range_of: 1, ..row("numrange", 'r') });
        types.0.insert(5, Row { element: 4, ..row("_numrange", 'b') });
        types.0.insert(6, row("money", 'b'));
        types.0.insert(7, Row { element: 6, ..row("_money", 'b') });
        types.0.insert(8, Row { system: false, ..row("numeric", 'b') });
        types.0.insert(9, row("regclass", 'b'));
        types.0.insert(10, Row { element: 9, ..row("_regclass", 'b') });
        assert_eq!(types.native(1, -1).class, Class::DecimalScaled);
        assert_eq!(types.native(2, -1).class, Class::Decimal);
        assert_eq!(types.native(3, -1), Native::new(Wire::Array(Box::new(Wire::Numeric)), Class::Array(Box::new(Class::Decimal))));
        assert_eq!(types.native(4, -1).class, Class::Range(Box::new(Class::DecimalScaled)));
        assert_eq!(types.native(5, -1), Native::own("numrange[]"));
        assert_eq!(types.native(7, -1).cast.as_deref(), Some("pg_catalog.numeric[]"));
        assert_eq!(types.native(8, -1), Native::own("numeric"), "somebody's own type of the same name");
        assert_eq!(types.native(99, -1), Native::own("unknown"));
        assert!(types.unreadable(10).is_some() && types.unreadable(3).is_none());
    }
}
