//! DDL of MySQL, MariaDB and SQLite read into a catalog, by one tolerant reader.
//!
//! What a statement says is taken as far as it is understood; the rest is a sentence in `not_read`, never a guess. Linear
//! in the text, without recursion. Tests: `tests/it/sql/reading.rs`, which read real dumps.

pub(crate) mod alter;
mod apply;
pub(crate) mod column;
mod create;
pub(crate) mod event;
pub(crate) mod fix;
pub(crate) mod key;
pub(crate) mod lint;
pub(crate) mod not_followed;
pub(crate) mod rebuild;
pub(crate) mod script;
pub(crate) mod sequence;
pub(crate) mod table;

use std::collections::BTreeMap;

use segue_model::catalog::{Catalog, Reference, View};
use segue_model::ident::TableName;

use self::table::Building;
use super::scan::{Statement, Words, each};
use super::{CatalogRead, Dialect, bounds};
use crate::source::Span;

/// More columns and keys than this are no table of anybody: SQLite takes 32,767 columns at most, the others fewer.
pub(crate) const ELEMENTS_MAX: usize = 33_000;

/// Reads while statements come.
pub(crate) struct Reader {
    pub(crate) dialect: Dialect,
    pub(crate) tables: Vec<Option<Building>>,
    pub(crate) known: BTreeMap<(String, String), usize>,
    pub(crate) views: BTreeMap<TableName, (View, Span)>,
    pub(crate) objects: BTreeMap<String, String>,
    pub(crate) not_read: Vec<String>,
    pub(crate) current: String,
    /// Statements so far.
    parts: usize,
    /// Nothing more is read.
    full: bool,
}

/// The catalog of a script.
pub(crate) fn catalog(text: &str, dialect: Dialect) -> CatalogRead {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        dialect,
        tables: Vec::new(),
        known: BTreeMap::new(),
        views: BTreeMap::new(),
        objects: BTreeMap::new(),
        not_read: Vec::new(),
        current: String::new(),
        parts: 0,
        full: false,
    };
    each(text, dialect, |statement| reader.statement(&statement));
    reader.finish()
}

/// What stands before the object's own path in `places`.
pub(crate) fn path_of(name: &TableName) -> String {
    if name.schema.is_empty() { name.name.clone() } else { format!("{}.{}", name.schema, name.name) }
}

impl Reader {
    fn statement(&mut self, statement: &Statement<'_>) {
        if self.full {
            return;
        }
        if self.tables.len() + self.views.len() + self.objects.len() >= bounds::TABLES_MAX || self.parts >= bounds::INDEXES_MAX {
            self.full = true;
            let rest = statement.text.get(statement.bytes().0..).unwrap_or_default();
            self.not_read.push(bounds::rest_of_schema(statement.line as usize, rest));
            return;
        }
        self.parts += usize::from(!bounds::is_data(statement.words(self.dialect).text_at(0)));
        if statement.tokens.len() > bounds::WORDS_MAX && !bounds::is_data(statement.words(self.dialect).text_at(0)) {
            let rest = statement.text.get(statement.bytes().0..statement.bytes().1).unwrap_or_default();
            self.full = true;
            self.not_read.push(bounds::rest_of_schema(statement.line as usize, rest));
            return;
        }
        if statement.torn {
            self.unread(statement.line, "a quote or comment that begins here does not end");
        }
        let mut words = statement.words(self.dialect);
        if words.take("create") {
            self.create(words, statement);
        } else if words.take("alter") {
            self.alter(words, statement);
        } else if words.take("drop") {
            self.drop(words);
        } else if words.take("rename table") || words.take("rename tables") {
            self.rename(&words);
        } else if words.take("use") {
            self.current = words.name().unwrap_or_default();
        } else if !changes_no_form(&words) {
            self.unread(statement.line, &format!("a statement that begins with `{}` was not read", begins(&words)));
        }
    }

    pub(crate) fn unread(&mut self, line: u32, what: &str) {
        let sentence = format!("line {line}: {what}");
        if self.not_read.len() < 200 && self.not_read.last() != Some(&sentence) {
            self.not_read.push(sentence);
        }
    }

    /// The name without the schema that is in use.
    pub(crate) fn placed(&self, mut name: TableName) -> TableName {
        let own = name.schema == self.current || (self.dialect == Dialect::Sqlite && name.schema.eq_ignore_ascii_case("main"));
        if own {
            name.schema.clear();
        }
        name
    }

    pub(crate) fn key(&self, name: &TableName) -> (String, String) {
        if self.dialect == Dialect::Sqlite {
            (name.schema.to_lowercase(), name.name.to_lowercase())
        } else {
            (name.schema.clone(), name.name.clone())
        }
    }

    /// The table of a name that a statement uses.
    pub(crate) fn table(&mut self, name: TableName) -> Option<&mut Building> {
        let key = self.key(&self.placed(name));
        let at = *self.known.get(&key)?;
        self.tables.get_mut(at)?.as_mut()
    }

    pub(crate) fn add(&mut self, table: Building) {
        let key = self.key(&table.name.0);
        if let Some(at) = self.known.get(&key) {
            self.tables[*at] = Some(table);
        } else {
            self.known.insert(key, self.tables.len());
            self.tables.push(Some(table));
        }
    }

    pub(crate) fn remove(&mut self, name: TableName) -> Option<Building> {
        let key = self.key(&self.placed(name));
        let at = self.known.remove(&key)?;
        self.tables.get_mut(at)?.take()
    }

    fn finish(self) -> CatalogRead {
        let mut read = CatalogRead { not_read: self.not_read, objects: self.objects, ..CatalogRead::default() };
        let mut tables = Vec::new();
        for building in self.tables.into_iter().flatten() {
            let path = path_of(&building.name.0);
            read.places.insert(path.clone(), building.span);
            for (part, span) in &building.spans {
                read.places.insert(format!("{path}{part}"), *span);
            }
            tables.push(building.settle(self.dialect));
        }
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        let mut views = Vec::new();
        for (name, (mut view, span)) in self.views {
            read.places.insert(path_of(&name), span);
            view.reads = super::compare::reads(&view.definition, &tables, self.dialect);
            views.push(view);
        }
        read.catalog = Catalog { tables, views, default_schema: String::new() };
        refer_back(&mut read.catalog, self.dialect);
        read
    }
}

/// Puts every foreign key on the table that it refers to as well.
fn refer_back(catalog: &mut Catalog, dialect: Dialect) {
    let fold = |name: &TableName| {
        if dialect == Dialect::Sqlite { TableName::new(name.schema.to_lowercase(), name.name.to_lowercase()) } else { name.clone() }
    };
    let index: BTreeMap<TableName, usize> = catalog.tables.iter().enumerate().map(|(at, table)| (fold(&table.name), at)).collect();
    let mut found = Vec::new();
    for table in &catalog.tables {
        for constraint in &table.constraints {
            if let Some(at) = constraint.references.as_ref().and_then(|target| index.get(&fold(target))) {
                let mut columns = super::compare::referred_columns(&constraint.definition, dialect);
                if columns.is_empty() {
                    columns = catalog.tables[*at].primary_key();
                }
                found.push((*at, Reference { table: table.name.clone(), constraint: constraint.name.clone(), columns }));
            }
        }
    }
    for (at, reference) in found {
        catalog.tables[at].referenced_by.push(reference);
    }
    for table in &mut catalog.tables {
        table.referenced_by.sort_by(|a, b| a.table.cmp(&b.table).then_with(|| a.constraint.cmp(&b.constraint)));
    }
}

fn begins(words: &Words<'_, '_>) -> String {
    words.text_at(0).chars().take(30).collect()
}

/// Data and settings.
fn changes_no_form(words: &Words<'_, '_>) -> bool {
    words.is_any(&[
        "insert",
        "replace",
        "update",
        "delete",
        "truncate",
        "set",
        "begin",
        "start",
        "commit",
        "rollback",
        "end",
        "lock",
        "unlock",
        "pragma",
        "analyze",
        "vacuum",
        "optimize",
        "flush",
        "delimiter",
        "source",
        "select",
        "explain",
        "show",
        "reindex",
        "savepoint",
        "release",
        "grant",
        "revoke",
        "call",
        "load",
        "with",
        "check",
        "attach",
        "detach",
    ])
}
