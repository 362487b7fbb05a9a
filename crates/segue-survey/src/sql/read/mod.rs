//! From statements to the one form: which statement says what.
//!
//! Tolerant: what is not known becomes a statement with its first word, never an error that hides the rest. Data is
//! counted and let go. Tests: `tests/it/dump.rs`, `tests/it/tables.rs`.

mod alter;
mod column;
mod constraint;
mod data;
mod table;
mod thing;

use std::collections::{BTreeMap, BTreeSet};

use segue_model::catalog;

use super::dialect::{self, Dialect};
use super::schema::{Column, Index, Part, Schema, Table};
use super::split::{Splitter, Statement, starts_with_word};
use super::tokens::{Cursor, Token, tokens};

/// The most objects of a dump; a catalog of 5,000 tables has room twenty times.
const OBJECTS_MAX: usize = 200_000;

/// Reads a script.
pub(crate) fn read(text: &str, dialect: Dialect) -> Schema {
    let dialect = if dialect == Dialect::Auto { dialect::tell(text) } else { dialect };
    let mut reader = Reader::new(dialect);
    header(text, &mut reader.schema);
    for statement in Splitter::new(text, dialect) {
        reader.statement(&statement);
    }
    reader.schema
}

/// What a dump's first comments say of the server.
fn header(text: &str, schema: &mut Schema) {
    for line in text.lines().take(60) {
        let lower = line.to_lowercase();
        schema.mariadb |= lower.contains("mariadb");
        for sign in ["-- server version", "-- dumped from database version"] {
            if let Some(rest) = lower.strip_prefix(sign) {
                rest.split_whitespace().next().unwrap_or_default().clone_into(&mut schema.version);
            }
        }
    }
}

pub(super) struct Reader {
    pub(super) schema: Schema,
    /// Tables by schema and name, for ALTER, INDEX and data.
    known: BTreeMap<(String, String), usize>,
    /// Views by name, because `mysqldump` makes each one twice.
    views: BTreeSet<String>,
    /// The schema of `search_path`, for names without one.
    pub(super) current: String,
}

impl Reader {
    fn new(dialect: Dialect) -> Self {
        Self { schema: Schema { dialect, ..Schema::default() }, known: BTreeMap::new(), views: BTreeSet::new(), current: String::new() }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.schema.dialect
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        if self.schema.tables.len() + self.schema.things.len() >= OBJECTS_MAX {
            self.not_read(statement.line, "more objects than can be judged; the rest was not read");
            return;
        }
        if statement.torn {
            self.not_read(statement.line, "a quote, comment or body that begins here does not end");
        }
        if data::read(self, statement) {
            return;
        }
        let (tokens, whole) = tokens(statement.text, statement.line, self.dialect());
        if !whole {
            self.not_read(statement.line, "a statement too long to be read to its end");
        }
        let mut cursor = Cursor::new(&tokens);
        let known = if cursor.words(&["create"]) {
            self.create(cursor, &tokens, statement)
        } else if cursor.words(&["alter", "table"]) {
            alter::read(self, cursor)
        } else {
            false
        };
        if !known {
            thing::statement(self, &tokens, statement);
        }
    }

    /// What is created; the words before its kind (`or replace`, `definer = …`) are skipped.
    fn create(&mut self, cursor: Cursor<'_, '_>, all: &[Token<'_>], statement: &Statement<'_>) -> bool {
        let mut seen = cursor;
        let mut temporary = false;
        for _ in 0..40 {
            let Some(token) = seen.peek() else { return false };
            let kind = token.text.to_ascii_lowercase();
            temporary |= matches!(kind.as_str(), "temp" | "temporary");
            match kind.as_str() {
                "table" => {
                    let before: Vec<String> =
                        cursor.rest().iter().take_while(|t| !t.is("table")).map(|t| t.text.to_ascii_lowercase()).collect();
                    seen.next();
                    return table::read(self, seen, &before);
                }
                "index" => return alter::create_index(self, cursor),
                "foreign" if seen.peek_at(1).is_some_and(|t| t.is("table")) => {
                    seen.next();
                }
                _ if thing::KINDS.contains(&kind.as_str()) => {
                    thing::create(self, seen, all, statement, temporary);
                    return true;
                }
                _ => {
                    seen.next();
                }
            }
        }
        false
    }

    pub(super) fn not_read(&mut self, line: u32, what: &str) {
        let sentence = format!("line {line}: {what}");
        if self.schema.not_read.len() < 200 && self.schema.not_read.last() != Some(&sentence) {
            self.schema.not_read.push(sentence);
        }
    }

    /// The schema in which a name stands.
    fn placed(&self, (schema, name): (String, String)) -> (String, String) {
        (if schema.is_empty() { self.current.clone() } else { schema }, name)
    }

    /// Takes a table in; a later definition of the same name replaces a placeholder's.
    pub(super) fn add_table(&mut self, mut table: Table) {
        let name = self.placed((std::mem::take(&mut table.schema), std::mem::take(&mut table.name)));
        (table.schema, table.name) = name.clone();
        if let Some(at) = self.known.get(&name) {
            self.schema.tables[*at] = table;
        } else {
            self.known.insert(name, self.schema.tables.len());
            self.schema.tables.push(table);
        }
    }

    /// The table of a name that a statement uses.
    pub(super) fn table(&mut self, name: (String, String)) -> Option<&mut Table> {
        let name = self.placed(name);
        let at = self.known.get(&name).copied().or_else(|| self.loosely(&name))?;
        self.schema.tables.get_mut(at)
    }

    /// A dump may name a table with or without its schema, and in another case.
    fn loosely(&self, (schema, name): &(String, String)) -> Option<usize> {
        let fits = |(s, n): &&(String, String)| n.eq_ignore_ascii_case(name) && (schema.is_empty() || s.is_empty() || s == schema);
        let (found, at) = self.known.iter().find(|(key, _)| fits(key))?;
        (!found.1.is_empty()).then_some(*at)
    }

    /// A view's stand-in table is dropped before the view is made.
    pub(super) fn drop_table(&mut self, name: (String, String)) {
        let name = self.placed(name);
        if let Some(at) = self.known.remove(&name) {
            self.schema.tables.remove(at);
            for other in self.known.values_mut().filter(|other| **other > at) {
                *other -= 1;
            }
        }
    }
}

pub(super) fn begins(statement: &Statement<'_>, word: &str) -> bool {
    starts_with_word(statement.text, word)
}

/// A type as a catalog or a schema file writes it.
pub(super) fn type_of_catalog(column: &mut Column, text: &str, dialect: Dialect) {
    let (tokens, _) = tokens(text, 0, dialect);
    let mut cursor = Cursor::new(&tokens);
    column::data_type(&mut cursor, column);
    column::attributes(&mut cursor, column, &mut Table::default());
    column::settle(column, dialect, &Table::default());
}

/// An index of a catalog: by its definition where that is a statement, else by its columns.
pub(super) fn index_of_catalog(table: &mut Table, index: &catalog::Index, dialect: Dialect) {
    let (tokens, _) = tokens(&index.definition, 0, dialect);
    let mut cursor = Cursor::new(&tokens);
    let mut out = Index::default();
    if cursor.words(&["create"]) {
        while cursor.peek().is_some_and(|t| !t.is("on")) {
            if let Some(kind) = cursor.one_of(&["fulltext", "spatial", "vector"]) {
                out.kind = kind;
            } else {
                cursor.next();
            }
        }
        alter::on_table(&mut cursor, &mut out);
    } else if constraint::is_one(&tokens, dialect) {
        let mut scratch = Table::default();
        constraint::read(&tokens, &mut scratch);
        out = scratch.indexes.pop().unwrap_or_default();
    }
    if out.parts.is_empty() {
        let part = |text: &String| {
            let expression = text.starts_with('(');
            Part { column: if expression { String::new() } else { text.clone() }, expression, ..Part::default() }
        };
        out.parts = index.columns.iter().map(part).collect();
    }
    out.name.clone_from(&index.name);
    out.unique = index.unique;
    if index.primary {
        "primary".clone_into(&mut out.kind);
    }
    table.indexes.push(out);
}

/// A constraint of a catalog by its definition.
pub(super) fn constraint_of_catalog(table: &mut Table, constraint: &catalog::Constraint, dialect: Dialect) {
    let (tokens, _) = tokens(&constraint.definition, 0, dialect);
    let before = (table.foreign_keys.len(), table.checks.len());
    constraint::read(&tokens, table);
    if let Some(key) = table.foreign_keys.get_mut(before.0) {
        key.name.clone_from(&constraint.name);
        key.not_valid |= !constraint.validated;
    }
    if let Some(check) = table.checks.get_mut(before.1) {
        check.name.clone_from(&constraint.name);
    }
}
