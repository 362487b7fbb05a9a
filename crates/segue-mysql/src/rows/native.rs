//! What a column's declared type is to a reader: its form on the wire, and the class that is its own.
//!
//! It must never give two types one class in which different values of them would read the same. A type that is not
//! known here is unreadable with a reason, never guessed. Tests: below, and `tests/it/edge_values.rs`.

use segue_engine::rows::Class;
use segue_engine::rows::parse::has_empty_label;

/// How a column is stored and sent, as far as a reader must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// `tinyint` to `bigint`, signed or not.
    Integer,
    /// `year`: compared with numbers below 100 it would become another year.
    Year,
    /// `bit(n)`.
    Bits(u32),
    /// `decimal`.
    Decimal,
    /// `float`, `double`.
    Float,
    /// Text of a character set and collation.
    Text(Charset),
    /// An `enum` or `set` of which one label is empty: the text alone does not tell it from no label at all.
    Labels {
        charset: Charset,
        /// It is a `set`.
        many: bool,
    },
    /// `binary(n)`: stored with zeros to its end.
    FixedBytes(usize),
    /// `varbinary`, the blobs.
    Bytes,
    /// `date`.
    Date,
    /// `datetime`.
    Datetime,
    /// `timestamp`.
    Timestamp,
    /// `time`.
    Time,
    /// MySQL's `json`; text with a check of MariaDB keeps [`Form::Text`].
    Json,
    /// MariaDB's `uuid`.
    Uuid,
    /// MariaDB's `inet4`, `inet6`.
    Network,
    /// A geometry.
    Geometry,
    /// What only MySQL or MariaDB has, as bytes.
    Own,
}

/// The character set and collation of a text column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Charset {
    pub(crate) name: String,
    pub(crate) collation: String,
}

impl Charset {
    /// Everything that can be stored in it comes out in UTF-8 as something else than everything else. The others turn
    /// what they do not know into a question mark.
    pub(crate) fn converts_faithfully(&self) -> bool {
        matches!(self.name.as_str(), "utf8mb4" | "utf8mb3" | "utf8" | "latin1")
    }

    /// Its comparison is that of the bytes in UTF-8, trailing spaces included.
    pub(crate) fn compares_bytes(&self) -> bool {
        matches!(self.collation.as_str(), "utf8mb4_nopad_bin" | "utf8mb3_nopad_bin" | "utf8_nopad_bin" | "utf8mb4_0900_bin")
    }

    /// Trailing spaces do not count in its comparison.
    pub(crate) fn pads(&self) -> bool {
        !["nopad", "_0900_", "uca1400"].iter().any(|mark| self.collation.contains(mark)) && self.collation != "binary"
    }

    /// Upper and lower case are one in its comparison.
    pub(crate) fn ignores_case(&self) -> bool {
        self.collation.ends_with("_ci")
    }
}

/// A type, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Native {
    pub(crate) form: Form,
    pub(crate) class: Class,
    /// Why it cannot be read.
    pub(crate) unreadable: Option<String>,
}

/// What `information_schema` says of a column's type.
pub(crate) struct Declared<'a> {
    /// `bigint`, in lower case.
    pub(crate) data_type: &'a str,
    /// `bigint(20) unsigned`.
    pub(crate) column_type: &'a str,
    pub(crate) charset: Option<String>,
    pub(crate) collation: Option<String>,
    /// Its check says that it holds JSON.
    pub(crate) json: bool,
}

/// The form and class of a column.
pub(crate) fn native(declared: &Declared<'_>) -> Native {
    let lower = |name: &Option<String>| name.as_ref().map(|name| name.to_lowercase()).unwrap_or_default();
    let charset = || Charset { name: lower(&declared.charset), collation: lower(&declared.collation) };
    let text = || Form::Text(charset());
    let labels = |many| if has_empty_label(declared.column_type) { Form::Labels { charset: charset(), many } } else { text() };
    let (form, class) = match declared.data_type {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => (Form::Integer, Class::Integer),
        "year" => (Form::Year, Class::Integer),
        "decimal" => (Form::Decimal, Class::Decimal),
        "float" | "double" => (Form::Float, Class::Float),
        "char" => (text(), Class::TextPadded),
        "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" if declared.json => (text(), Class::Json),
        "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => (text(), Class::Text),
        "enum" => (labels(false), Class::Text),
        "set" => (labels(true), Class::Set),
        "binary" => (Form::FixedBytes(length(declared.column_type).unwrap_or(1) as usize), Class::BytesPadded),
        "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => (Form::Bytes, Class::Bytes),
        "date" => (Form::Date, Class::Date),
        "datetime" => (Form::Datetime, Class::Timestamp),
        "timestamp" => (Form::Timestamp, Class::Instant),
        "time" => (Form::Time, Class::Time),
        "bit" => (Form::Bits(length(declared.column_type).unwrap_or(1)), Class::Bits),
        "json" => (Form::Json, Class::Json),
        "uuid" => (Form::Uuid, Class::Uuid),
        "inet4" | "inet6" => (Form::Network, Class::Network),
        "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon" | "geometrycollection"
        | "geomcollection" => (Form::Geometry, Class::Geometry),
        "vector" => (Form::Own, Class::Own("vector".to_owned())),
        other => {
            let unreadable = Some(format!("Segue does not know the type {other}"));
            return Native { form: Form::Own, class: Class::Own(other.to_owned()), unreadable };
        }
    };
    Native { form, class, unreadable: None }
}

/// The number in `bit(12)`, `binary(16)`.
fn length(column_type: &str) -> Option<u32> {
    column_type.split_once('(')?.1.split_once(')')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(data_type: &str, column_type: &str) -> Native {
        native(&Declared { data_type, column_type, charset: None, collation: None, json: false })
    }

    #[test]
    fn each_type_has_its_class() {
        for (data_type, column_type, class) in [
            ("tinyint", "tinyint(1)", Class::Integer),
            ("bigint", "bigint(20) unsigned", Class::Integer),
            ("year", "year(4)", Class::Integer),
            ("decimal", "decimal(65,30)", Class::Decimal),
            ("float", "float", Class::Float),
            ("char", "char(3)", Class::TextPadded),
            ("enum", "enum('a')", Class::Text),
            ("set", "set('a')", Class::Set),
            ("binary", "binary(16)", Class::BytesPadded),
            ("longblob", "longblob", Class::Bytes),
            ("datetime", "datetime(6)", Class::Timestamp),
            ("timestamp", "timestamp", Class::Instant),
            ("point", "point", Class::Geometry),
            ("vector", "vector(3)", Class::Own("vector".to_owned())),
        ] {
            assert_eq!(of(data_type, column_type).class, class, "{data_type}");
            assert_eq!(of(data_type, column_type).unreadable, None, "{data_type}");
        }
        assert!(matches!(of("enum", "enum('a')").form, Form::Text(_)));
        assert!(matches!(of("enum", "enum('a','')").form, Form::Labels { many: false, .. }));
        assert!(matches!(of("set", "set('','a')").form, Form::Labels { many: true, .. }));
        assert_eq!(of("bit", "bit(64)").form, Form::Bits(64));
        assert_eq!(of("binary", "binary(16)").form, Form::FixedBytes(16));
        assert!(of("xmltype", "xmltype").unreadable.expect("a reason").contains("xmltype"));
    }

    #[test]
    fn a_check_makes_text_json() {
        let declared = Declared { data_type: "longtext", column_type: "longtext", charset: None, collation: None, json: true };
        assert_eq!(native(&declared).class, Class::Json);
    }

    #[test]
    fn collations_say_what_they_compare() {
        let of = |name: &str, collation: &str| Charset { name: name.to_owned(), collation: collation.to_owned() };
        assert!(of("utf8mb4", "utf8mb4_general_ci").pads());
        assert!(of("utf8mb4", "utf8mb4_bin").pads());
        assert!(!of("utf8mb4", "utf8mb4_0900_ai_ci").pads());
        assert!(!of("utf8mb4", "utf8mb4_unicode_nopad_ci").pads());
        assert!(!of("utf8mb4", "utf8mb4_bin").compares_bytes(), "it pads");
        assert!(of("utf8mb4", "utf8mb4_0900_bin").compares_bytes());
        assert!(!of("gbk", "gbk_chinese_ci").converts_faithfully());
    }
}
