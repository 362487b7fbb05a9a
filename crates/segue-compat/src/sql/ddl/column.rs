//! A column of CREATE TABLE and ALTER TABLE, in MySQL's and SQLite's words. Tests: `tests/it/sql/reading.rs`.

use segue_model::catalog::Column;

use super::super::Dialect;
use super::super::scan::{Kind, Words};
use super::key::{self, Key, KeyKind};

/// A column as read, with what it says of the table.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(crate) column: Column,
    /// `CHARACTER SET` of its own.
    pub(crate) charset: Option<String>,
    /// `on update …`, `virtual generated`, `invisible`.
    pub(crate) marks: Vec<String>,
    /// Keys and constraints written behind it.
    pub(crate) keys: Vec<Key>,
    /// `FIRST` or `AFTER x`, in ALTER TABLE.
    pub(crate) place: Option<String>,
    /// NULL or NOT NULL was written.
    pub(crate) null_said: bool,
    /// What was not understood.
    pub(crate) unread: Option<String>,
}

impl Read {
    /// Rows that say nothing of the column have NULL in it.
    pub(crate) fn is_empty(&self) -> bool {
        let column = &self.column;
        let default = column.default.as_deref().is_none_or(|default| default.eq_ignore_ascii_case("null"));
        column.nullable && default && column.generated.is_none() && column.identity.is_none()
    }
}

/// Reads a column from its name on.
pub(crate) fn read(words: &mut Words<'_, '_>) -> Option<Read> {
    let mut read = Read {
        column: Column::new(words.name()?, String::new()),
        charset: None,
        marks: Vec::new(),
        keys: Vec::new(),
        place: None,
        null_said: false,
        unread: None,
    };
    read.column.data_type = match words.dialect() {
        Dialect::Sqlite => type_of_sqlite(words),
        _ => type_of_mysql(words),
    };
    while !words.done() {
        let mark = words.mark();
        if !(value(words, &mut read) || constraint(words, &mut read) || note(words, &mut read)) {
            read.unread = Some(words.text_at(0).chars().take(40).collect());
            return Some(read);
        }
        if words.mark() == mark {
            return Some(read);
        }
    }
    Some(read)
}

/// Where a type of SQLite ends.
const ENDS: [&str; 13] = [
    "constraint",
    "primary",
    "not",
    "null",
    "unique",
    "check",
    "default",
    "collate",
    "references",
    "generated",
    "as",
    "autoincrement",
    "deferrable",
];

/// As written: SQLite takes any words.
fn type_of_sqlite(words: &mut Words<'_, '_>) -> String {
    let mark = words.mark();
    while words.peek(0).is_some_and(|t| t.kind != Kind::Sign) && !words.is_any(&ENDS) {
        words.skip();
    }
    if words.mark() != mark && words.is_sign("(") {
        words.group();
    }
    words.since(mark).to_owned()
}

/// As `information_schema` writes it: `int(11) unsigned`, `enum('a','b')`.
fn type_of_mysql(words: &mut Words<'_, '_>) -> String {
    let Some(mut base) = words.name().map(|name| name.to_lowercase()) else { return String::new() };
    if base == "national" || base == "long" {
        base = words.name().unwrap_or_default().to_lowercase();
    }
    if (base == "character" || base == "char") && words.take("varying") {
        "varchar".clone_into(&mut base);
    }
    if base == "double" {
        words.take("precision");
    }
    let base = match base.as_str() {
        "integer" | "int4" => "int",
        "int8" => "bigint",
        "int2" => "smallint",
        "int1" => "tinyint",
        "int3" | "middleint" => "mediumint",
        "dec" | "numeric" | "fixed" => "decimal",
        "character" | "nchar" => "char",
        "nvarchar" | "varcharacter" => "varchar",
        "bool" | "boolean" => "tinyint(1)",
        "real" | "float8" => "double",
        "float4" => "float",
        "serial" => "bigint unsigned",
        other => other,
    };
    let mut text = base.to_owned();
    if let Some(group) = words.group() {
        let arguments: Vec<String> = group.by_commas().iter().map(|part| part.rest().to_owned()).collect();
        text.push_str(&format!("({})", arguments.join(",")));
    }
    loop {
        if words.take("unsigned") {
            text.push_str(" unsigned");
        } else if words.take("zerofill") {
            text.push_str(if text.ends_with("unsigned") { " zerofill" } else { " unsigned zerofill" });
        } else if !words.take("signed") {
            return text;
        }
    }
}

fn value(words: &mut Words<'_, '_>, read: &mut Read) -> bool {
    let column = &mut read.column;
    if words.take("not null") {
        (column.nullable, read.null_said) = (false, true);
    } else if words.take("null") {
        (column.nullable, read.null_said) = (true, true);
    } else if words.take("default") {
        let text = default(words);
        column.default = (!text.eq_ignore_ascii_case("null")).then_some(text);
    } else if words.take("on update") {
        read.marks.push(format!("on update {}", expression(words).to_lowercase()));
    } else if words.take("on conflict") {
        words.skip();
    } else if words.take("auto_increment") || words.take("autoincrement") {
        column.identity = Some("auto_increment".to_owned());
    } else if words.take("generated always as") || words.take("as") {
        column.generated = words.group().map(|group| group.rest().to_owned());
        let stored = words.take("stored") || words.take("persistent");
        words.take("virtual");
        read.marks.push(if stored { "stored generated" } else { "virtual generated" }.to_owned());
    } else {
        return false;
    }
    true
}

fn constraint(words: &mut Words<'_, '_>, read: &mut Read) -> bool {
    let mark = words.mark();
    let mut name = String::new();
    if words.take("constraint") && !words.is_any(&["primary", "unique", "check", "references", "not", "null"]) {
        name = words.name().unwrap_or_default();
    }
    let own = read.column.name.clone();
    if words.take("primary key") || words.take("primary") {
        let mut key = Key::of_column(KeyKind::Primary, name, &own);
        if let Some(part) = key.parts.first_mut() {
            part.descending = words.take("desc");
        }
        words.take("asc");
        read.keys.push(key);
    } else if words.take("unique") {
        words.take("key");
        read.keys.push(Key::of_column(KeyKind::Unique, name, &own));
    } else if words.dialect() == Dialect::Mysql && words.take("key") {
        read.keys.push(Key::of_column(KeyKind::Primary, name, &own));
    } else if words.is("check") {
        let Some(key) = key::check(words, name) else { return false };
        read.keys.push(key);
    } else if words.is("references") {
        let Some(refers) = key::refers(words) else { return false };
        // MySQL before 9 and every MariaDB before 10.5 read it here and forget it; Segue reads what is written.
        read.keys.push(Key { refers: Some(refers), ..Key::of_column(KeyKind::Foreign, name, &own) });
    } else {
        return words.mark() != mark;
    }
    if let Some(key) = read.keys.last_mut() {
        words.since(mark).clone_into(&mut key.written);
    }
    true
}

/// What restricts nothing.
fn note(words: &mut Words<'_, '_>, read: &mut Read) -> bool {
    if words.take("comment") {
        read.column.comment = words.peek(0).map(|token| words.bare(token)).filter(|text| !text.is_empty());
        words.skip();
    } else if words.take("collate") {
        read.column.collation = words.name();
    } else if words.take("character set") || words.take("charset") || words.take("char set") {
        words.sign("=");
        read.charset = words.name().map(|name| name.to_lowercase());
    } else if words.take("invisible") {
        read.marks.push("invisible".to_owned());
    } else if words.take("without system versioning") {
        read.marks.push("without system versioning".to_owned());
    } else if words.take("first") {
        read.place = Some(String::new());
    } else if words.take("after") {
        read.place = words.name();
    } else if words.take("column_format") || words.take("storage") || words.take("srid") || words.take("ref_system_id") {
        words.sign("=");
        words.skip();
    } else {
        return words.take("visible")
            || words.take("binary")
            || words.take("ascii")
            || words.take("unicode")
            || words.take("with system versioning")
            || words.take("compressed")
            || words.take("enforced")
            || words.take("not enforced");
    }
    true
}

/// A default: brackets, a literal with its sign or introducer, or a function.
pub(crate) fn default(words: &mut Words<'_, '_>) -> String {
    expression(words)
}

fn expression(words: &mut Words<'_, '_>) -> String {
    let mark = words.mark();
    if words.group().is_none() {
        let _ = words.sign("-") || words.sign("+");
        let word = words.peek(0).is_some_and(|t| t.kind == Kind::Word);
        words.skip();
        if word && words.peek(0).is_some_and(|t| t.kind == Kind::Text) {
            // `b'1'`, `x'00'`, `_utf8'a'`.
            words.skip();
        } else if word {
            words.group();
        }
    }
    words.since(mark).to_owned()
}
