//! A column's type as a set of values: ranges, lengths, members. The widths and limits are those of the servers' manuals
//! (PostgreSQL 17 ch. 8, MariaDB "Data Types", SQLite "Datatypes In SQLite"). Tests: below, `tests/it/sql/compare.rs`.

use segue_model::catalog::{Column, Table};

use super::super::scan::{Words, tokens};
use super::super::{CatalogRead, Dialect};

/// What values a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers from one to another.
    Integer {
        /// The smallest.
        min: i128,
        /// The largest.
        max: i128,
    },
    /// Exact numbers; without a precision any.
    Decimal {
        /// All digits.
        precision: Option<u32>,
        /// Digits behind the point.
        scale: u32,
        /// Not below zero.
        unsigned: bool,
    },
    /// Binary floating point.
    Float {
        /// 32 or 64.
        bits: u8,
    },
    /// Truth.
    Boolean,
    /// Text.
    Text {
        /// The longest.
        max: Option<u64>,
        /// The limit counts bytes, not characters.
        bytes: bool,
        /// Filled up with spaces.
        padded: bool,
    },
    /// Bytes.
    Bytes {
        /// The longest.
        max: Option<u64>,
        /// Filled up with zeroes.
        padded: bool,
    },
    /// One of these labels, in this order.
    Enum(Vec<String>),
    /// Any of these labels together.
    Set(Vec<String>),
    /// A day.
    Date,
    /// A time of day.
    Time {
        /// Digits of the second.
        digits: u32,
        /// With its zone.
        zone: bool,
    },
    /// A moment or a date with time.
    Timestamp {
        /// Digits of the second.
        digits: u32,
        /// It is a moment: the session's zone counts.
        zone: bool,
        /// MySQL's TIMESTAMP, which ends in 2038.
        short: bool,
    },
    /// A UUID.
    Uuid,
    /// JSON; binary forms keep neither order nor spacing nor doubled keys.
    Json {
        /// `jsonb`.
        binary: bool,
    },
    /// A column of SQLite, which takes any value and converts it if it can.
    Affinity(&'static str),
    /// A list of such values.
    Array(Box<Kind>),
    /// A type that is only known by its text.
    Other(String),
}

/// A whole number of so many bits.
fn integer(bits: u32, unsigned: bool) -> Kind {
    let one = 1_i128;
    if unsigned {
        Kind::Integer { min: 0, max: (one << bits) - 1 }
    } else {
        Kind::Integer { min: -(one << (bits - 1)), max: (one << (bits - 1)) - 1 }
    }
}

fn text(max: Option<u64>, padded: bool) -> Kind {
    Kind::Text { max, bytes: false, padded }
}

/// A type's words, its arguments, and whether it is a list.
struct Parts {
    base: String,
    arguments: Vec<String>,
    array: bool,
}

impl Parts {
    fn number(&self, at: usize) -> Option<u64> {
        self.arguments.get(at)?.trim().parse().ok()
    }

    fn of(text: &str, dialect: Dialect) -> Self {
        let (tokens, _) = tokens(text, dialect);
        let mut words = Words::new(text, dialect, &tokens);
        let mut parts = Self { base: String::new(), arguments: Vec::new(), array: false };
        while !words.done() {
            if let Some(group) = words.group() {
                parts.arguments = group.by_commas().iter().map(|part| part.rest().to_owned()).collect();
            } else if words.is_sign("[") || words.is("array") {
                parts.array = true;
                return parts;
            } else {
                if !parts.base.is_empty() && !words.is_sign(".") && !parts.base.ends_with('.') {
                    parts.base.push(' ');
                }
                parts.base.push_str(&words.text_at(0).to_lowercase());
                words.skip();
            }
        }
        parts
    }
}

impl Kind {
    /// The kind of a column.
    pub(crate) fn of(column: &Column, table: &Table, read: &CatalogRead, dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => sqlite(column, table),
            Dialect::Mysql => mysql(&column.data_type),
            Dialect::Postgres => postgres(&column.data_type, read),
        }
    }

    /// The kind of a type's text.
    pub fn parse(text: &str, dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Affinity(affinity(text)),
            Dialect::Mysql => mysql(text),
            Dialect::Postgres => postgres(text, &CatalogRead::default()),
        }
    }
}

fn postgres(written: &str, read: &CatalogRead) -> Kind {
    let parts = Parts::of(written, Dialect::Postgres);
    let base = parts.base.strip_prefix("pg_catalog.").unwrap_or(&parts.base);
    let digits = || parts.number(0).and_then(|n| u32::try_from(n).ok()).unwrap_or(6);
    let kind = match base {
        "smallint" | "int2" | "smallserial" | "serial2" => integer(16, false),
        "integer" | "int" | "int4" | "serial" | "serial4" => integer(32, false),
        "bigint" | "int8" | "bigserial" | "serial8" => integer(64, false),
        "numeric" | "decimal" | "dec" => decimal(&parts, false, None),
        "real" | "float4" => Kind::Float { bits: 32 },
        "double precision" | "float8" => Kind::Float { bits: 64 },
        "float" => Kind::Float { bits: if parts.number(0).is_some_and(|n| n <= 24) { 32 } else { 64 } },
        "boolean" | "bool" => Kind::Boolean,
        "text" | "character varying" | "varchar" => text(parts.number(0), false),
        "character" | "char" | "bpchar" => text(Some(parts.number(0).unwrap_or(1)), true),
        "bytea" => Kind::Bytes { max: None, padded: false },
        "date" => Kind::Date,
        "time" | "time without time zone" => Kind::Time { digits: digits(), zone: false },
        "timetz" | "time with time zone" => Kind::Time { digits: digits(), zone: true },
        "timestamp" | "timestamp without time zone" => Kind::Timestamp { digits: digits(), zone: false, short: false },
        "timestamptz" | "timestamp with time zone" => Kind::Timestamp { digits: digits(), zone: true, short: false },
        "uuid" => Kind::Uuid,
        "json" => Kind::Json { binary: false },
        "jsonb" => Kind::Json { binary: true },
        _ => labels(base, written, read).map_or_else(|| other(&parts, base), Kind::Enum),
    };
    if parts.array { Kind::Array(Box::new(kind)) } else { kind }
}

/// The labels of an enum that the schema makes.
fn labels(base: &str, written: &str, read: &CatalogRead) -> Option<Vec<String>> {
    let written = written.trim_end_matches("[]");
    let default = &read.catalog.default_schema;
    let placed = format!("{}.{base}", if default.is_empty() { "public" } else { default });
    [written, base, placed.as_str()].iter().find_map(|name| read.enums.get(*name)).cloned()
}

fn other(parts: &Parts, base: &str) -> Kind {
    let arguments = if parts.arguments.is_empty() { String::new() } else { format!("({})", parts.arguments.join(",")) };
    let base = base.strip_prefix("public.").unwrap_or(base);
    Kind::Other(format!("{base}{arguments}"))
}

fn decimal(parts: &Parts, unsigned: bool, default: Option<u32>) -> Kind {
    let number = |at| parts.number(at).and_then(|n| u32::try_from(n).ok());
    Kind::Decimal { precision: number(0).or(default), scale: number(1).unwrap_or(0), unsigned }
}

fn mysql(written: &str) -> Kind {
    let parts = Parts::of(written, Dialect::Mysql);
    let unsigned = parts.base.contains(" unsigned");
    let base = parts.base.split(' ').next().unwrap_or_default();
    let digits = parts.number(0).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let bytes = |max| Kind::Text { max: Some(max), bytes: true, padded: false };
    match base {
        "tinyint" | "bool" | "boolean" => integer(8, unsigned),
        "smallint" => integer(16, unsigned),
        "mediumint" => integer(24, unsigned),
        "int" | "integer" => integer(32, unsigned),
        "bigint" => integer(64, unsigned),
        "decimal" | "numeric" => decimal(&parts, unsigned, Some(10)),
        "float" => Kind::Float { bits: 32 },
        "double" | "real" => Kind::Float { bits: 64 },
        "char" => text(Some(parts.number(0).unwrap_or(1)), true),
        "varchar" => text(parts.number(0), false),
        "tinytext" => bytes(255),
        "text" => bytes(65_535),
        "mediumtext" => bytes(16_777_215),
        "longtext" => bytes(4_294_967_295),
        "binary" => Kind::Bytes { max: Some(parts.number(0).unwrap_or(1)), padded: true },
        "varbinary" => Kind::Bytes { max: parts.number(0), padded: false },
        "tinyblob" => Kind::Bytes { max: Some(255), padded: false },
        "blob" => Kind::Bytes { max: Some(65_535), padded: false },
        "mediumblob" => Kind::Bytes { max: Some(16_777_215), padded: false },
        "longblob" => Kind::Bytes { max: Some(4_294_967_295), padded: false },
        "enum" => Kind::Enum(members(&parts)),
        "set" => Kind::Set(members(&parts)),
        "date" => Kind::Date,
        "time" => Kind::Time { digits, zone: false },
        "datetime" => Kind::Timestamp { digits, zone: false, short: false },
        "timestamp" => Kind::Timestamp { digits, zone: true, short: true },
        "year" => Kind::Integer { min: 1901, max: 2155 },
        "json" => Kind::Json { binary: true },
        "uuid" => Kind::Uuid,
        _ => other(&parts, base),
    }
}

fn members(parts: &Parts) -> Vec<String> {
    let bare = |text: &String| super::expression::text_literals(text, Dialect::Mysql).into_iter().next().unwrap_or_else(|| text.clone());
    parts.arguments.iter().map(bare).collect()
}

/// In a STRICT table the type binds; elsewhere a column only prefers a storage class.
fn sqlite(column: &Column, table: &Table) -> Kind {
    if column.identity.as_deref() == Some("rowid") {
        return integer(64, false);
    }
    if table.options.iter().any(|option| option == "strict") {
        return match column.data_type.to_lowercase().as_str() {
            "int" | "integer" => integer(64, false),
            "real" => Kind::Float { bits: 64 },
            "text" => text(None, false),
            "blob" => Kind::Bytes { max: None, padded: false },
            _ => Kind::Affinity("any"),
        };
    }
    Kind::Affinity(affinity(&column.data_type))
}

/// The five rules of "Datatypes In SQLite", section 3.1.
fn affinity(declared: &str) -> &'static str {
    let upper = declared.to_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    if has(&["INT"]) {
        "integer"
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        "text"
    } else if upper.trim().is_empty() || has(&["BLOB"]) {
        "blob"
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        "real"
    } else {
        "numeric"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_sets() {
        let pg = |text: &str| Kind::parse(text, Dialect::Postgres);
        assert_eq!(pg("int4"), pg("integer"));
        assert_eq!(pg("varchar(20)"), pg("character varying(20)"));
        assert_eq!(pg("timestamp(3) with time zone"), Kind::Timestamp { digits: 3, zone: true, short: false });
        assert_eq!(pg("numeric(12,2)"), Kind::Decimal { precision: Some(12), scale: 2, unsigned: false });
        assert_eq!(pg("text[]"), Kind::Array(Box::new(pg("text"))));
        let my = |text: &str| Kind::parse(text, Dialect::Mysql);
        assert_eq!(my("int(11)"), my("int"));
        assert_eq!(my("int(10) unsigned"), Kind::Integer { min: 0, max: 4_294_967_295 });
        assert_eq!(my("enum('a','b''c')"), Kind::Enum(vec!["a".to_owned(), "b'c".to_owned()]));
        assert_eq!(Kind::parse("VARCHAR(20)", Dialect::Sqlite), Kind::Affinity("text"));
        assert_eq!(Kind::parse("DECIMAL(10,2)", Dialect::Sqlite), Kind::Affinity("numeric"));
    }
}
