//! The one form to which dumps, schema files and live catalogs are brought before they are judged.
//!
//! Names and definitions, never a row's value; lines are 0 where there is no file. Tests: `tests/it/dump.rs`,
//! `tests/it/judge.rs`.

use std::collections::BTreeMap;

use super::dialect::Dialect;

/// Everything that was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {
    pub(crate) dialect: Dialect,
    /// The server's version, as the dump's header says it.
    pub(crate) version: String,
    /// Whether the header or a setting speaks of MariaDB.
    pub(crate) mariadb: bool,
    pub(crate) tables: Vec<Table>,
    /// Everything that is no table: views, routines, triggers, types, policies, settings, statements.
    pub(crate) things: Vec<Thing>,
    /// Bytes of INSERT and COPY data.
    pub(crate) data_bytes: u64,
    /// Sentences about what could not be read.
    pub(crate) not_read: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) columns: Vec<Column>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) checks: Vec<Check>,
    /// Primary key, in order.
    pub(crate) primary: Vec<String>,
    /// Options by name in lower case: `engine`, `row_format`, `partition by`, `temporary`, `inherits`, …
    pub(crate) options: BTreeMap<String, String>,
    /// Rows of INSERT and COPY statements; `None` where there was no data for it.
    pub(crate) rows: Option<u64>,
    pub(crate) bytes: u64,
    /// Data holds a date of zeros.
    pub(crate) zero_dates: bool,
    pub(crate) comment: bool,
}

/// A column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) line: u32,
    /// The type's name in lower case, without what is in brackets: `double precision`, `int`, `enum`.
    pub(crate) base: String,
    /// What is in brackets, split at commas.
    pub(crate) args: Vec<String>,
    pub(crate) unsigned: bool,
    pub(crate) zerofill: bool,
    pub(crate) array: bool,
    pub(crate) not_null: bool,
    /// The default in the form of `tokens::normal`, with its first text kept where it is a date.
    pub(crate) default: Option<String>,
    pub(crate) on_update: bool,
    pub(crate) auto_increment: bool,
    /// `virtual` or `stored`.
    pub(crate) generated: Option<String>,
    /// `always`, `by default`, `serial`, `row start`, `rowid`.
    pub(crate) identity: Option<String>,
    pub(crate) charset: String,
    pub(crate) collation: String,
    pub(crate) invisible: bool,
    pub(crate) compressed: bool,
    /// The `BINARY` attribute of a MySQL text.
    pub(crate) binary: bool,
    pub(crate) srid: bool,
    pub(crate) comment: bool,
}

/// An index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) unique: bool,
    /// `primary`, `fulltext`, `spatial`, `vector`, or empty.
    pub(crate) kind: String,
    /// `btree`, `hash`, `gin`, … lower case; empty where not said.
    pub(crate) method: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) predicate: bool,
    pub(crate) include: bool,
    pub(crate) invisible: bool,
    pub(crate) nulls_not_distinct: bool,
    /// Options behind the columns, normal form.
    pub(crate) options: String,
}

/// A part of an index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// The column, or empty for an expression.
    pub(crate) column: String,
    pub(crate) prefix: Option<u64>,
    pub(crate) descending: bool,
    pub(crate) expression: bool,
    /// An operator class or collation was named, or the place of nulls.
    pub(crate) opclass: String,
    pub(crate) nulls: bool,
}

/// A foreign key.
#[derive(Debug, Clone, Default)]
pub(crate) struct ForeignKey {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) columns: Vec<String>,
    pub(crate) table: String,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
    /// `full` or `partial`.
    pub(crate) matching: String,
    pub(crate) deferrable: bool,
    pub(crate) not_valid: bool,
}

/// A check or an exclusion.
#[derive(Debug, Clone, Default)]
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) line: u32,
    /// Normal form of the expression.
    pub(crate) expression: String,
    pub(crate) not_enforced: bool,
    pub(crate) exclusion: bool,
}

/// Something that is no table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Thing {
    /// `view`, `materialized view`, `trigger`, `function`, `procedure`, `event`, `sequence`, `enum`, `domain`,
    /// `composite`, `range`, `extension`, `policy`, `rule`, `setting`, `schema`, `statement`, …
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) line: u32,
    /// Normal form of the statement.
    pub(crate) words: String,
    /// Length of the text in bytes.
    pub(crate) length: usize,
}

impl Table {
    pub(crate) fn title(&self) -> String {
        if self.schema.is_empty() || self.schema == "public" { self.name.clone() } else { format!("{}.{}", self.schema, self.name) }
    }

    pub(crate) fn option(&self, name: &str) -> &str {
        self.options.get(name).map_or("", String::as_str)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.options.contains_key(name)
    }

    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name).or_else(|| self.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name)))
    }

    /// A primary key, or a unique key of not-null columns.
    pub(crate) fn keyed(&self) -> bool {
        let solid = |index: &Index| {
            let whole = |part: &Part| part.prefix.is_none() && self.column(&part.column).is_some_and(|c| c.not_null);
            index.unique && !index.predicate && !index.parts.is_empty() && index.parts.iter().all(whole)
        };
        !self.primary.is_empty() || self.indexes.iter().any(solid)
    }
}

impl Column {
    /// Whether its type is one of these; an array of one is not.
    pub(crate) fn is(&self, bases: &[&str]) -> bool {
        !self.array && bases.contains(&self.base.as_str())
    }

    /// The first number in brackets.
    pub(crate) fn length(&self) -> Option<u64> {
        self.args.first()?.trim().parse().ok()
    }

    /// The type as the rules show it: without the words of an enum.
    pub(crate) fn shown(&self) -> String {
        let numeric = !self.args.is_empty() && self.args.iter().all(|a| a.trim().bytes().all(|b| b.is_ascii_digit()));
        let args = if numeric { format!("({})", self.args.join(",")) } else { String::new() };
        let unsigned = if self.unsigned { " unsigned" } else { "" };
        let array = if self.array { "[]" } else { "" };
        format!("{}{args}{unsigned}{array}", self.base)
    }

    pub(crate) fn default_has(&self, words: &str) -> bool {
        self.default.as_deref().is_some_and(|d| d.contains(words))
    }

    pub(crate) fn textual(&self) -> bool {
        self.is(&[
            "char",
            "varchar",
            "tinytext",
            "text",
            "mediumtext",
            "longtext",
            "nvarchar",
            "nchar",
            "character",
            "character varying",
            "enum",
            "set",
            "bpchar",
            "national varchar",
            "national char",
            "citext",
            "string",
            "clob",
        ])
    }
}
