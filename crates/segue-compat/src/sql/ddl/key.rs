//! Keys, references and checks of CREATE TABLE and ALTER TABLE, in MySQL's and SQLite's words.
//!
//! Reads the words; what a table makes of them is `table.rs`. Tests: `tests/it/sql/reading.rs`.

use segue_model::ident::TableName;

use super::super::Dialect;
use super::super::scan::{Kind, Words};

/// What kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Primary,
    Unique,
    Plain,
    Fulltext,
    Spatial,
    Foreign,
    Check,
}

/// A part of a key: a column or an expression.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// The column; empty for an expression.
    pub(crate) column: String,
    /// The expression without its outer brackets.
    pub(crate) expression: String,
    pub(crate) prefix: Option<String>,
    pub(crate) descending: bool,
}

/// What a foreign key refers to.
#[derive(Debug, Clone)]
pub(crate) struct Refers {
    pub(crate) table: TableName,
    pub(crate) columns: Vec<String>,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
}

/// A key as read.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) kind: KeyKind,
    /// Empty where it has none.
    pub(crate) name: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) refers: Option<Refers>,
    /// The condition of a check, without its outer brackets.
    pub(crate) check: String,
    pub(crate) hash: bool,
    pub(crate) hidden: bool,
    /// `NOT ENFORCED`.
    pub(crate) unenforced: bool,
    /// As written, for SQLite.
    pub(crate) written: String,
}

impl Key {
    pub(crate) fn new(kind: KeyKind, name: String) -> Self {
        Self {
            kind,
            name,
            parts: Vec::new(),
            refers: None,
            check: String::new(),
            hash: false,
            hidden: false,
            unenforced: false,
            written: String::new(),
        }
    }

    /// Of one column.
    pub(crate) fn of_column(kind: KeyKind, name: String, column: &str) -> Self {
        Self { parts: vec![Part { column: column.to_owned(), ..Part::default() }], ..Self::new(kind, name) }
    }

    /// The columns and expressions.
    pub(crate) fn columns(&self) -> Vec<String> {
        self.parts.iter().map(|part| if part.column.is_empty() { format!("({})", part.expression) } else { part.column.clone() }).collect()
    }
}

/// The element is a key or a constraint, not a column.
pub(crate) fn is_one(words: &Words<'_, '_>) -> bool {
    let general = ["constraint", "primary", "unique", "foreign", "check"];
    if words.dialect() == Dialect::Sqlite {
        return words.is_any(&general);
    }
    // `key` and `index` are reserved in MySQL; `check` and `period` may begin a column.
    words.is_any(&["constraint", "primary", "unique", "foreign", "key", "index", "fulltext", "spatial"])
        || (words.is("check") && words.text_at(1) == "(")
        || (words.is("period") && words.is_at(1, "for"))
}

/// Reads one; `None` when it is not understood.
pub(crate) fn read(words: &mut Words<'_, '_>) -> Option<Key> {
    let mark = words.mark();
    let mut name = String::new();
    if words.take("constraint") && !words.is_any(&["primary", "unique", "foreign", "check"]) {
        name = words.name()?;
    }
    let mut key = if words.take("primary key") {
        Key::new(KeyKind::Primary, name)
    } else if words.take("unique") {
        let _ = words.take("key") || words.take("index");
        Key::new(KeyKind::Unique, name)
    } else if words.take("foreign key") {
        Key::new(KeyKind::Foreign, name)
    } else if words.is("check") {
        check(words, name)?
    } else if words.is("fulltext") || words.is("spatial") {
        let kind = if words.is("fulltext") { KeyKind::Fulltext } else { KeyKind::Spatial };
        words.skip();
        let _ = words.take("key") || words.take("index");
        Key::new(kind, name)
    } else if words.take("key") || words.take("index") {
        Key::new(KeyKind::Plain, name)
    } else {
        return None;
    };
    if key.kind != KeyKind::Check {
        words.take("if not exists");
        if !words.is_sign("(") && !words.is("using") {
            let own = words.name()?;
            if key.name.is_empty() || key.kind != KeyKind::Foreign {
                key.name = own;
            }
        }
        method(words, &mut key);
        key.parts = parts(words)?;
        if key.kind == KeyKind::Foreign {
            key.refers = Some(refers(words)?);
        }
        options(words, &mut key);
    }
    words.since(mark).clone_into(&mut key.written);
    Some(key)
}

/// `CHECK (…)`, from the word on.
pub(crate) fn check(words: &mut Words<'_, '_>, name: String) -> Option<Key> {
    words.take("check").then_some(())?;
    let mut key = Key::new(KeyKind::Check, name);
    words.group()?.rest().clone_into(&mut key.check);
    key.unenforced = words.take("not enforced");
    words.take("enforced");
    Some(key)
}

/// The parts in brackets.
pub(crate) fn parts(words: &mut Words<'_, '_>) -> Option<Vec<Part>> {
    let group = words.group()?;
    Some(group.by_commas().into_iter().map(part).collect())
}

fn part(mut words: Words<'_, '_>) -> Part {
    let mut part = Part::default();
    let whole = words.rest();
    let plain = words.peek(0).is_some_and(|t| t.kind != Kind::Sign && t.kind != Kind::Number);
    let next = words.text_at(1);
    let prefix = next == "(" && words.peek(2).is_some_and(|t| t.kind == Kind::Number) && words.text_at(3) == ")";
    if plain && (prefix || next.is_empty() || ["asc", "desc", "collate"].iter().any(|word| words.is_at(1, word))) {
        part.column = words.name().unwrap_or_default();
        part.prefix = if prefix { words.group().map(|group| group.rest().to_owned()) } else { None };
        if words.take("collate") {
            words.name();
        }
        part.descending = words.is("desc");
        return part;
    }
    part.expression = words.group().map_or_else(|| whole.to_owned(), |group| group.rest().to_owned());
    if !words.done() && !words.is("asc") && !words.is("desc") {
        whole.clone_into(&mut part.expression);
    }
    part.descending = words.is("desc");
    part
}

/// `REFERENCES t (a) ON DELETE …`.
pub(crate) fn refers(words: &mut Words<'_, '_>) -> Option<Refers> {
    words.take("references").then_some(())?;
    let mut found = Refers { table: words.qualified()?, columns: Vec::new(), on_delete: String::new(), on_update: String::new() };
    if words.is_sign("(") {
        found.columns = words.names();
    }
    loop {
        if words.take("on delete") {
            found.on_delete = action(words);
        } else if words.take("on update") {
            found.on_update = action(words);
        } else if words.take("match") {
            words.skip();
        } else if !(words.take("not deferrable")
            || words.take("deferrable")
            || words.take("initially deferred")
            || words.take("initially immediate"))
        {
            return Some(found);
        }
    }
}

fn action(words: &mut Words<'_, '_>) -> String {
    for known in ["no action", "restrict", "cascade", "set null", "set default"] {
        if words.take(known) {
            return known.to_uppercase();
        }
    }
    words.skip();
    String::new()
}

fn method(words: &mut Words<'_, '_>, key: &mut Key) {
    if words.take("using") {
        key.hash = words.is("hash");
        words.skip();
    }
}

/// What may stand behind the parts of a key.
fn options(words: &mut Words<'_, '_>, key: &mut Key) {
    loop {
        if words.is("using") {
            method(words, key);
        } else if words.take("comment") || words.take("key_block_size") || words.take("with parser") || words.take("engine_attribute") {
            words.sign("=");
            words.skip();
        } else if words.take("invisible") || words.take("ignored") {
            key.hidden = true;
        } else if words.take("on conflict") {
            words.skip();
        } else if !(words.take("visible") || words.take("not ignored") || words.take("clustering")) {
            return;
        }
    }
}
