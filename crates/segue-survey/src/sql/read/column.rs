//! A column's definition: name, type, and whatever follows, in the order in which the three dialects write it.
//!
//! A word that is not known is skipped, so that nothing new in a server makes a table unreadable.
//! Tests: `tests/it/tables.rs`.

use super::super::dialect::Dialect;
use super::super::schema::{Check, Column, ForeignKey, Index, Part, Table};
use super::super::tokens::{Cursor, Kind, Token, by_commas, normal};
use super::constraint;

/// Words that go on with a type after its first one.
const GOES_ON: &[&str] = &[
    "precision",
    "varying",
    "character",
    "char",
    "large",
    "object",
    "varchar",
    "unsigned",
    "signed",
    "zerofill",
    "binary",
    "ascii",
    "unicode",
    "byte",
];

/// Words that begin something else than a type or a default.
const ENDS: &[&str] = &[
    "not",
    "null",
    "default",
    "on",
    "auto_increment",
    "autoincrement",
    "primary",
    "unique",
    "key",
    "comment",
    "collate",
    "charset",
    "generated",
    "as",
    "check",
    "constraint",
    "references",
    "invisible",
    "visible",
    "compressed",
    "srid",
    "ref_system_id",
    "storage",
    "column_format",
    "compression",
    "deferrable",
    "initially",
    "persistent",
    "virtual",
    "stored",
    "without",
    "with",
    "serial",
    "no",
    "match",
    "options",
    "sparse",
];

/// Reads a column into its table.
pub(super) fn read(tokens: &[Token<'_>], table: &mut Table, dialect: Dialect) {
    let mut cursor = Cursor::new(tokens);
    let line = cursor.line();
    let Some(name) = cursor.next().map(Token::bare) else { return };
    let mut column = Column { name, line, ..Column::default() };
    data_type(&mut cursor, &mut column);
    attributes(&mut cursor, &mut column, table);
    settle(&mut column, dialect, table);
    table.columns.retain(|other| other.name != column.name);
    table.columns.push(column);
}

/// What a type's short names and a primary key mean.
pub(super) fn settle(column: &mut Column, dialect: Dialect, table: &Table) {
    let serial = match column.base.as_str() {
        "serial" | "serial4" => "int",
        "bigserial" | "serial8" => "bigint",
        "smallserial" | "serial2" => "smallint",
        _ => "",
    };
    if dialect == Dialect::Postgres && !serial.is_empty() {
        serial.clone_into(&mut column.base);
        column.identity = Some("serial".to_owned());
        column.not_null = true;
    }
    if dialect == Dialect::Mysql && column.base == "serial" {
        "bigint".clone_into(&mut column.base);
        (column.unsigned, column.auto_increment, column.not_null) = (true, true, true);
    }
    if column.default_has("nextval (") {
        column.identity = Some("serial".to_owned());
    }
    if table.primary.contains(&column.name) {
        column.not_null = true;
        if dialect == Dialect::Sqlite && column.base == "integer" {
            column.identity = Some("rowid".to_owned());
        }
    }
}

/// Reads a type; also used for `alter column … type`, `create domain` and schema files.
pub(super) fn data_type(cursor: &mut Cursor<'_, '_>, column: &mut Column) {
    let Some(first) = cursor.peek() else { return };
    let ends = first.kind == Kind::Word && ENDS.iter().any(|word| first.is(word)) && !first.is("serial");
    if ends || matches!(first.kind, Kind::Sign | Kind::Text) {
        return;
    }
    let Some((_, name)) = cursor.name() else { return };
    column.base = if first.kind == Kind::Word { name.to_lowercase() } else { name };
    let mut loops = 0;
    while loops < 16 {
        loops += 1;
        if let Some(inner) = cursor.brackets() {
            column.args = by_commas(inner).into_iter().map(|arg| arg.iter().map(|t| t.text).collect::<Vec<_>>().join(" ")).collect();
        } else if cursor.sees_sign("[") {
            while cursor.next().is_some_and(|t| !t.is_sign("]")) {}
            column.array = true;
        } else if cursor.words(&["array"]) {
            column.array = true;
        } else if cursor.words(&["with", "time", "zone"]) {
            column.base.push_str(" with time zone");
        } else if cursor.words(&["without", "time", "zone"]) {
            column.base.push_str(" without time zone");
        } else if cursor.words(&["character", "set"]) {
            column.charset = cursor.next().map(Token::bare).unwrap_or_default().to_lowercase();
        } else if let Some(word) = interval_word(cursor, &column.base).or_else(|| cursor.one_of(GOES_ON)) {
            goes_on(column, &word);
        } else {
            break;
        }
    }
    aliases(column);
}

fn interval_word(cursor: &mut Cursor<'_, '_>, base: &str) -> Option<String> {
    base.starts_with("interval").then(|| cursor.one_of(&["year", "month", "day", "hour", "minute", "second", "to"])).flatten()
}

fn goes_on(column: &mut Column, word: &str) {
    match word {
        "unsigned" => column.unsigned = true,
        "zerofill" => (column.zerofill, column.unsigned) = (true, true),
        "signed" | "byte" => {}
        "binary" => column.binary = true,
        "ascii" => "latin1".clone_into(&mut column.charset),
        "unicode" => "ucs2".clone_into(&mut column.charset),
        word => {
            column.base.push(' ');
            column.base.push_str(word);
        }
    }
}

/// One name for a type that has several.
fn aliases(column: &mut Column) {
    let one = match column.base.as_str() {
        "integer" | "int4" => "int",
        "int8" => "bigint",
        "int2" => "smallint",
        "int1" => "tinyint",
        "int3" | "middleint" => "mediumint",
        "character varying" | "nvarchar" | "national varchar" | "national character varying" | "char varying" | "varcharacter" => "varchar",
        "character" | "nchar" | "national char" | "national character" | "bpchar" => "char",
        "long varchar" | "long" => "mediumtext",
        "bool" => "boolean",
        "float8" => "double precision",
        "float4" => "real",
        "numeric" | "dec" | "fixed" => "decimal",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        "bit varying" => "varbit",
        _ => return,
    };
    // SQLite gives `INTEGER PRIMARY KEY` a meaning that `INT` does not have.
    if column.base == "integer" {
        "integer".clone_into(&mut column.base);
    } else {
        one.clone_into(&mut column.base);
    }
}

pub(super) fn attributes(cursor: &mut Cursor<'_, '_>, column: &mut Column, table: &mut Table) {
    let mut constraint_name = String::new();
    while !cursor.done() {
        if cursor.words(&["constraint"]) {
            constraint_name = cursor.next().map(Token::bare).unwrap_or_default();
        } else if !(basic(cursor, column)
            || generated(cursor, column)
            || keys(cursor, column, table, &constraint_name)
            || rare(cursor, column))
        {
            cursor.next();
        }
    }
}

fn basic(cursor: &mut Cursor<'_, '_>, column: &mut Column) -> bool {
    if cursor.words(&["not", "null"]) {
        column.not_null = true;
    } else if cursor.words(&["default"]) {
        column.default = Some(normal_default(expression(cursor)));
    } else if cursor.words(&["on", "update"]) {
        column.on_update = true;
        expression(cursor);
    } else if cursor.one_of(&["auto_increment", "autoincrement"]).is_some() {
        column.auto_increment = true;
    } else if cursor.words(&["comment"]) {
        column.comment = true;
        cursor.sign("=");
        cursor.next();
    } else if cursor.words(&["collate"]) {
        cursor.sign("=");
        column.collation = cursor.name().map(|(_, name)| name).unwrap_or_default();
    } else if cursor.words(&["character", "set"]) || cursor.words(&["charset"]) {
        column.charset = cursor.next().map(Token::bare).unwrap_or_default().to_lowercase();
    } else {
        return false;
    }
    true
}

/// The normal form; a date as the first text is kept, because zeros in it matter.
fn normal_default(tokens: &[Token<'_>]) -> String {
    let text = normal(tokens);
    let date = tokens.iter().find(|t| t.kind == Kind::Text).map(Token::bare).filter(|t| t.starts_with("0000-00-00"));
    match date {
        Some(_) => format!("{text}0000-00-00 "),
        None => text,
    }
}

fn generated(cursor: &mut Cursor<'_, '_>, column: &mut Column) -> bool {
    let always = cursor.words(&["generated", "always", "as"]);
    let by_default = !always && cursor.words(&["generated", "by", "default", "as"]);
    if (always || by_default) && cursor.words(&["identity"]) {
        column.identity = Some(if always { "always" } else { "by default" }.to_owned());
        column.not_null = true;
        cursor.brackets();
        return true;
    }
    if always && cursor.words(&["row"]) {
        let side = cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default();
        column.identity = Some(format!("row {side}"));
        return true;
    }
    let short = cursor.sees("as") && cursor.peek_at(1).is_some_and(|t| t.is_sign("("));
    if !(always || short) {
        return by_default;
    }
    cursor.words(&["as"]);
    cursor.brackets();
    let stored = cursor.one_of(&["virtual", "stored", "persistent"]).is_some_and(|word| word != "virtual");
    column.generated = Some(if stored { "stored" } else { "virtual" }.to_owned());
    true
}

fn keys(cursor: &mut Cursor<'_, '_>, column: &mut Column, table: &mut Table, name: &str) -> bool {
    let line = cursor.line();
    let part = || Part { column: column.name.clone(), ..Part::default() };
    if cursor.words(&["primary", "key"]) || cursor.words(&["key"]) {
        table.primary = vec![column.name.clone()];
        table.indexes.push(Index {
            name: "PRIMARY".to_owned(),
            line,
            unique: true,
            kind: "primary".to_owned(),
            parts: vec![part()],
            ..Index::default()
        });
        column.not_null = true;
        cursor.one_of(&["asc", "desc"]);
    } else if cursor.words(&["unique"]) {
        cursor.words(&["key"]);
        table.indexes.push(Index { name: column.name.clone(), line, unique: true, parts: vec![part()], ..Index::default() });
    } else if cursor.words(&["check"]) {
        let expression = normal(cursor.brackets().unwrap_or_default());
        let not_enforced = cursor.words(&["not", "enforced"]);
        cursor.words(&["enforced"]);
        let name = if name.is_empty() { &column.name } else { name };
        table.checks.push(Check { name: name.to_owned(), line, expression, not_enforced, exclusion: false });
    } else if cursor.sees("references") {
        let mut key = ForeignKey { name: name.to_owned(), line, columns: vec![column.name.clone()], ..ForeignKey::default() };
        constraint::references(cursor, &mut key);
        table.foreign_keys.push(key);
    } else {
        return false;
    }
    true
}

fn rare(cursor: &mut Cursor<'_, '_>, column: &mut Column) -> bool {
    if cursor.words(&["invisible"]) {
        column.invisible = true;
    } else if cursor.words(&["compressed"]) || cursor.words(&["column_format", "compressed"]) {
        column.compressed = true;
        if cursor.sign("=") {
            cursor.next();
        }
    } else if cursor.one_of(&["srid", "ref_system_id"]).is_some() {
        column.srid = true;
        cursor.sign("=");
        cursor.next();
    } else {
        return false;
    }
    true
}

/// The tokens of an expression that ends where another attribute begins.
pub(super) fn expression<'t, 'a>(cursor: &mut Cursor<'t, 'a>) -> &'t [Token<'a>] {
    let start = cursor.rest();
    let left = |cursor: &Cursor<'_, '_>| cursor.rest().len();
    primary(cursor);
    loop {
        if cursor.sees_sign(":") || cursor.words(&["at", "time", "zone"]) {
            while cursor.sign(":") {}
            type_name(cursor);
        } else if cursor.peek().is_some_and(|t| t.kind == Kind::Sign && "+-*/%|<>=~&.^".contains(t.text)) {
            cursor.next();
            primary(cursor);
        } else if cursor.sees_sign("[") {
            while cursor.next().is_some_and(|t| !t.is_sign("]")) {}
        } else if cursor.peek().is_some_and(|t| t.kind == Kind::Text && t.joined) {
            cursor.next();
        } else if cursor.brackets().is_none() {
            break;
        }
    }
    &start[..start.len() - left(cursor)]
}

/// One value: a text, a number, a name with what stands in its brackets.
fn primary(cursor: &mut Cursor<'_, '_>) {
    while cursor.peek().is_some_and(|t| t.kind == Kind::Sign && "+-~".contains(t.text)) {
        cursor.next();
    }
    if cursor.brackets().is_some() {
        return;
    }
    let Some(first) = cursor.next() else { return };
    // `b'1'`, `_utf8mb4'x'`, `interval '1 day'`.
    if first.kind == Kind::Word && cursor.peek().is_some_and(|t| t.kind == Kind::Text) {
        cursor.next();
    }
    cursor.brackets();
}

fn type_name(cursor: &mut Cursor<'_, '_>) {
    let mut scratch = Column::default();
    if cursor.peek().is_some_and(|t| t.kind == Kind::Text) {
        cursor.next();
    } else {
        data_type(cursor, &mut scratch);
    }
}
