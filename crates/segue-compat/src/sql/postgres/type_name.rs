//! Types as `format_type` writes them.
//!
//! Takes the type that stands at the cursor, with its aliases, modifiers and array brackets
//! (<https://www.postgresql.org/docs/current/datatype.html>). Never guesses: what is no type is `None`. Tests: below, and
//! the catalog of a real server in `tests/it/sql/postgres_catalog.rs`.

use super::cursor::{Cursor, quote};

/// Types of `pg_catalog` without an alias: anything else is somebody's own, and a catalog shows it with its schema.
const BUILTIN: &[&str] = &[
    "aclitem",
    "box",
    "bytea",
    "cid",
    "cidr",
    "circle",
    "date",
    "datemultirange",
    "daterange",
    "inet",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "nummultirange",
    "numrange",
    "oid",
    "path",
    "pg_lsn",
    "pg_snapshot",
    "point",
    "polygon",
    "record",
    "regclass",
    "regconfig",
    "regnamespace",
    "regoper",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "text",
    "tid",
    "trigger",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "uuid",
    "void",
    "xid",
    "xid8",
    "xml",
];

/// A type, and whether it stands for a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TypeName {
    /// As PostgreSQL formats it.
    pub(crate) text: String,
    /// `serial` and its sisters.
    pub(crate) serial: bool,
}

/// Takes a type.
pub(crate) fn take(cursor: &mut Cursor<'_>) -> Option<TypeName> {
    cursor.word("setof");
    let quoted = cursor.peek().is_some_and(|token| token.kind == super::token::Kind::Quoted);
    let name = cursor.qualified()?;
    let schema = name.schema.filter(|schema| schema != "pg_catalog");
    let builtin = schema.is_none() && (!quoted || is_long_name(&name.name));
    let (mut text, serial) = if builtin { builtin_type(cursor, &name.name)? } else { (named(schema, &name.name, quoted), false) };
    if !builtin && let Some(arguments) = modifiers(cursor) {
        text.push_str(&arguments);
    }
    text.push_str(&brackets(cursor));
    Some(TypeName { text, serial })
}

fn is_long_name(name: &str) -> bool {
    matches!(name, "int4" | "int8" | "int2" | "bool" | "float4" | "float8" | "timestamptz" | "bpchar" | "varchar" | "text" | "uuid")
}

fn named(schema: Option<String>, name: &str, quoted: bool) -> String {
    // The type "char" of one byte is not char: its quotes stay.
    let shown = if quoted && name == "char" { "\"char\"".to_owned() } else { quote(name) };
    match schema {
        Some(schema) => format!("{}.{shown}", quote(&schema)),
        None if quoted && name == "char" => shown,
        None => format!("public.{shown}"),
    }
}

fn modifiers(cursor: &mut Cursor<'_>) -> Option<String> {
    let inner = cursor.parens()?;
    let parts: Vec<String> = inner.items().into_iter().map(|item| item.source().to_owned()).collect();
    Some(format!("({})", parts.join(",")))
}

fn brackets(cursor: &mut Cursor<'_>) -> String {
    let mut any = cursor.word("array");
    while cursor.symbol("[") {
        any = true;
        cursor.until(&["]"]);
        cursor.symbol("]");
    }
    // PostgreSQL keeps no number of dimensions.
    if any { "[]".to_owned() } else { String::new() }
}

fn builtin_type(cursor: &mut Cursor<'_>, name: &str) -> Option<(String, bool)> {
    let plain = |text: &str| Some((text.to_owned(), false));
    match name {
        "int" | "int4" | "integer" => plain("integer"),
        "int8" | "bigint" => plain("bigint"),
        "int2" | "smallint" => plain("smallint"),
        "serial" | "serial4" => Some(("integer".to_owned(), true)),
        "bigserial" | "serial8" => Some(("bigint".to_owned(), true)),
        "smallserial" | "serial2" => Some(("smallint".to_owned(), true)),
        "bool" | "boolean" => plain("boolean"),
        "float4" | "real" => plain("real"),
        "float8" => plain("double precision"),
        "double" => cursor.word("precision").then(|| ("double precision".to_owned(), false)),
        "float" => {
            let digits = modifiers(cursor).and_then(|text| text.trim_matches(['(', ')']).parse::<u32>().ok());
            plain(if digits.is_some_and(|digits| digits <= 24) { "real" } else { "double precision" })
        }
        "numeric" | "decimal" | "dec" => {
            let Some(inner) = cursor.parens() else { return plain("numeric") };
            let parts: Vec<&str> = inner.items().into_iter().map(|item| item.source()).collect();
            Some((format!("numeric({},{})", parts.first()?, parts.get(1).unwrap_or(&"0")), false))
        }
        "varchar" => Some(length(cursor, "character varying", "")),
        "bpchar" => Some(length(cursor, "character", "bpchar")),
        "char" | "character" | "nchar" | "national" => {
            if name == "national" && !(cursor.word("character") || cursor.word("char")) {
                return None;
            }
            Some(if cursor.word("varying") { length(cursor, "character varying", "") } else { length(cursor, "character", "character(1)") })
        }
        "bit" if cursor.word("varying") => Some(length(cursor, "bit varying", "")),
        "bit" => Some(length(cursor, "bit", "bit(1)")),
        "varbit" => Some(length(cursor, "bit varying", "")),
        "timestamp" | "time" | "timestamptz" | "timetz" => Some((moment(cursor, name), false)),
        "interval" => Some((interval(cursor), false)),
        _ => {
            let mut text = if BUILTIN.contains(&name) { quote(name) } else { format!("public.{}", quote(name)) };
            if let Some(arguments) = modifiers(cursor) {
                text.push_str(&arguments);
            }
            Some((text, false))
        }
    }
}

fn length(cursor: &mut Cursor<'_>, name: &str, bare: &str) -> (String, bool) {
    let text = match modifiers(cursor) {
        Some(length) => format!("{name}{length}"),
        None if bare.is_empty() => name.to_owned(),
        None => bare.to_owned(),
    };
    (text, false)
}

fn moment(cursor: &mut Cursor<'_>, name: &str) -> String {
    let (base, mut zone) = match name {
        "timestamptz" => ("timestamp", true),
        "timetz" => ("time", true),
        other => (other, false),
    };
    let precision = modifiers(cursor).unwrap_or_default();
    if cursor.words("with time zone") {
        zone = true;
    } else {
        cursor.words("without time zone");
    }
    format!("{base}{precision} {} time zone", if zone { "with" } else { "without" })
}

fn interval(cursor: &mut Cursor<'_>) -> String {
    let mut text = String::from("interval");
    let fields = ["year", "month", "day", "hour", "minute", "second"];
    if let Some(first) = fields.into_iter().find(|field| cursor.word(field)) {
        text.push_str(&format!(" {first}"));
        if cursor.word("to")
            && let Some(last) = fields.into_iter().find(|field| cursor.word(field))
        {
            text.push_str(&format!(" to {last}"));
        }
    }
    text.push_str(&modifiers(cursor).unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use super::super::token::cut;
    use super::*;

    #[test]
    fn types_are_written_as_the_server_does() {
        for (source, expected) in [
            ("int4", "integer"),
            ("INT8", "bigint"),
            ("bigserial", "bigint"),
            ("decimal(10,2)", "numeric(10,2)"),
            ("numeric(5)", "numeric(5,0)"),
            ("VARCHAR(20)", "character varying(20)"),
            ("character varying", "character varying"),
            ("char", "character(1)"),
            ("\"char\"", "\"char\""),
            ("timestamptz(3)", "timestamp(3) with time zone"),
            ("timestamp", "timestamp without time zone"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("text[][3]", "text[]"),
            ("int ARRAY[4]", "integer[]"),
            ("public.citext", "public.citext"),
            ("citext", "public.citext"),
            ("shop.mood[]", "shop.mood[]"),
            ("pg_catalog.int4", "integer"),
            ("float(24)", "real"),
            ("bit varying(8)", "bit varying(8)"),
            ("geometry(Point,4326)", "public.geometry(Point,4326)"),
        ] {
            let script = cut(source).expect("tokens");
            let mut cursor = Cursor::new(source, &script.tokens);
            assert_eq!(take(&mut cursor).expect("a type").text, expected, "{source}");
            assert!(cursor.done(), "{source} is read to its end");
        }
    }
}
