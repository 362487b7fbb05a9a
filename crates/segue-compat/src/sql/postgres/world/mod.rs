//! The schema as it stands between two statements.
//!
//! Starts empty or from what is known of a server, and takes one statement at a time. What a statement names and nobody
//! knows is made up as a *partial* table, so that a script can be followed without a schema; a partial table never reaches a
//! catalog that somebody compares. Tests: `tests/it/sql/postgres.rs`, and the lock oracle.

mod alter;
mod constraint;
mod create;
mod domain;
mod drop;
mod map;
pub(crate) mod names;
mod rights;

use std::collections::BTreeSet;
use std::sync::Arc;

use segue_model::catalog::{Catalog, Named, Table, TableKind, View};
use segue_model::ident::TableName;

use super::super::{Domain, Facts};
use super::DEFAULT_SCHEMA;
use super::cursor::{Name, quote};
use super::expression::Functions;
use super::statement::{ObjectKind, Stmt};
use crate::source::Span;
use map::Map;

/// All that is known. A copy of it is cheap.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) tables: Map<TableName, Table>,
    pub(crate) views: Map<TableName, View>,
    /// Each index's table.
    pub(crate) indexes: Map<TableName, TableName>,
    pub(crate) sequences: Map<TableName, Option<(TableName, String)>>,
    pub(crate) enums: Map<TableName, Vec<String>>,
    pub(crate) domains: Map<String, Domain>,
    /// Types that are no domains, by `schema.name`.
    pub(crate) types: Arc<BTreeSet<String>>,
    pub(crate) functions: Arc<Functions>,
    /// The schemas in which an unqualified name is looked for.
    pub(crate) search_path: Vec<String>,
    /// Tables that a script named and no schema described.
    pub(crate) partial: Map<TableName, ()>,
    /// Whether partial tables are made up.
    pub(crate) lenient: bool,
    pub(crate) places: Map<String, Span>,
}

impl World {
    /// An empty schema.
    pub(crate) fn new() -> Self {
        Self {
            tables: Map::default(),
            views: Map::default(),
            indexes: Map::default(),
            sequences: Map::default(),
            enums: Map::default(),
            domains: Map::default(),
            types: Arc::default(),
            functions: Arc::default(),
            search_path: vec![DEFAULT_SCHEMA.to_owned()],
            partial: Map::default(),
            lenient: false,
            places: Map::default(),
        }
    }

    /// What is known of a server.
    pub(crate) fn of(facts: &Facts) -> Self {
        let catalog = &facts.catalog;
        let mut world = Self { domains: facts.domains.clone().into(), types: Arc::new(facts.types.clone()), ..Self::new() };
        if !catalog.default_schema.is_empty() {
            world.search_path = vec![catalog.default_schema.clone()];
        }
        for table in &catalog.tables {
            for index in &table.indexes {
                world.indexes.insert(TableName::new(table.name.schema.clone(), index.name.clone()), table.name.clone());
            }
            world.tables.insert(table.name.clone(), table.clone());
        }
        for view in &catalog.views {
            world.views.insert(view.name.clone(), view.clone());
        }
        world
    }

    /// The catalog: tables and their parts in order, partial ones left out.
    pub(crate) fn into_catalog(self) -> Catalog {
        let partial = self.partial;
        let mut tables: Vec<Table> = self.tables.into_map().into_values().filter(|table| !partial.contains_key(&table.name)).collect();
        for table in &mut tables {
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            table.constraints.sort_by(|a, b| a.name.cmp(&b.name));
            table.triggers.sort_by(|a, b| a.name.cmp(&b.name));
            table.policies.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Catalog { tables, views: self.views.into_map().into_values().collect(), default_schema: DEFAULT_SCHEMA.to_owned() }
    }

    /// The schema of new objects.
    pub(crate) fn schema(&self) -> &str {
        self.search_path.first().map_or(DEFAULT_SCHEMA, String::as_str)
    }

    /// The full name of a table, view or sequence: the first one on the search path that exists.
    pub(crate) fn resolve(&self, name: &Name) -> TableName {
        if name.schema.is_none() {
            for schema in &self.search_path {
                let full = name.in_schema(schema);
                if self.tables.contains_key(&full) || self.views.contains_key(&full) || self.sequences.contains_key(&full) {
                    return full;
                }
            }
        }
        name.in_schema(self.schema())
    }

    /// The full name of an index, and its table when it is known.
    pub(crate) fn resolve_index(&self, name: &Name) -> (TableName, Option<TableName>) {
        for schema in name.schema.as_ref().map_or(self.search_path.as_slice(), std::slice::from_ref) {
            let full = TableName::new(schema.clone(), name.name.clone());
            if let Some(table) = self.indexes.get(&full) {
                return (full, Some(table.clone()));
            }
        }
        (name.in_schema(self.schema()), None)
    }

    /// The table, made up when nobody knows it and that is allowed.
    pub(crate) fn table_mut(&mut self, name: &TableName) -> Option<&mut Table> {
        if self.lenient && !self.tables.contains_key(name) && !self.views.contains_key(name) && !self.sequences.contains_key(name) {
            self.partial.insert(name.clone(), ());
            self.tables.insert(name.clone(), blank(name.clone(), TableKind::Ordinary));
        }
        self.tables.get_mut(name)
    }

    /// A name without the default schema, for people and locks.
    pub(crate) fn shown(&self, name: &TableName) -> String {
        if name.schema == self.schema() { name.name.clone() } else { name.to_string() }
    }

    /// A name for SQL, quoted where it must be.
    pub(crate) fn sql(&self, name: &TableName) -> String {
        if name.schema == self.schema() { quote(&name.name) } else { format!("{}.{}", quote(&name.schema), quote(&name.name)) }
    }

    /// A table and everything that inherits from it, each once.
    pub(crate) fn family(&self, name: &TableName) -> Vec<TableName> {
        let mut all = vec![name.clone()];
        let mut seen: BTreeSet<TableName> = all.iter().cloned().collect();
        let mut at = 0;
        while at < all.len() {
            let children = self.tables.get(&all[at]).map(|table| table.children.clone()).unwrap_or_default();
            all.extend(children.into_iter().filter(|child| seen.insert(child.clone())));
            at += 1;
        }
        all
    }

    /// Views that read the table, and the column when one is named.
    pub(crate) fn readers(&self, table: &TableName, column: Option<&str>) -> Vec<TableName> {
        self.views
            .values()
            .filter(|view| {
                view.reads.iter().any(|(read, columns)| {
                    read == table && column.is_none_or(|column| columns.is_empty() || columns.iter().any(|name| name == column))
                })
            })
            .map(|view| view.name.clone())
            .collect()
    }

    /// Applies a statement; what could not be applied, in words.
    pub(crate) fn apply(&mut self, stmt: &Stmt, span: Span) -> Vec<String> {
        let mut problems = Vec::new();
        match stmt {
            Stmt::CreateTable(table) => self.create_table(table, span, &mut problems),
            Stmt::CreateTableAs { name, temporary: false, materialized: false, .. } => {
                let full = name.in_schema(self.schema());
                // Its columns are those of a query, which nobody here knows.
                self.partial.insert(full.clone(), ());
                self.tables.insert(full.clone(), blank(full, TableKind::Ordinary));
                problems.push("the columns of a table made by a query are not known".to_owned());
            }
            Stmt::AlterTable { name, kind: ObjectKind::Table, actions, .. } => {
                let full = self.resolve(name);
                for action in actions {
                    self.alter(&full, action, span, &mut problems);
                }
            }
            Stmt::CreateIndex(index) => self.create_index(index, span, &mut problems),
            Stmt::Drop { kind, names, on, if_exists, cascade, .. } => {
                self.drop(*kind, names, on.as_ref(), *if_exists, *cascade, &mut problems);
            }
            Stmt::Rename { kind, name, part, to, .. } => self.rename(*kind, name, part.as_deref(), to, span, &mut problems),
            Stmt::SetSchema { kind: ObjectKind::Table, name, to } => {
                let full = self.resolve(name);
                self.move_table(&full, TableName::new(to.clone(), full.name.clone()), span);
            }
            Stmt::CreateView { name, materialized, definition, reads, words, temporary: false, .. } => {
                self.create_view(name, *materialized, definition, reads, words, span);
            }
            _ => self.apply_rest(stmt, span),
        }
        problems
    }

    fn apply_rest(&mut self, stmt: &Stmt, span: Span) {
        match stmt {
            Stmt::Set { name, value, .. } if name == "search_path" => {
                let path: Vec<String> = value
                    .split(',')
                    .map(|part| part.trim().to_owned())
                    .filter(|part| !part.is_empty() && part != "$user" && part != "pg_catalog")
                    .collect();
                self.search_path = if path.is_empty() || value == "default" { vec![DEFAULT_SCHEMA.to_owned()] } else { path };
            }
            Stmt::CreateEnum { name, labels } => {
                let full = name.in_schema(self.schema());
                Arc::make_mut(&mut self.types).insert(constraint::full(&full));
                self.enums.insert(full, labels.clone());
            }
            Stmt::CreateType { name } => {
                let full = constraint::full(&name.in_schema(self.schema()));
                Arc::make_mut(&mut self.types).insert(full);
            }
            Stmt::CreateDomain { name, base, constrained } => {
                self.domains
                    .insert(constraint::full(&name.in_schema(self.schema())), Domain { base: base.clone(), constrained: *constrained });
            }
            Stmt::AlterDomain { name, adds: true, .. } => {
                if let Some(domain) = self.domains.get_mut(&constraint::full(&name.in_schema(self.schema()))) {
                    domain.constrained = true;
                }
            }
            Stmt::Grant(grant) => self.grant(grant),
            Stmt::CreateFunction { name, volatility, .. } => {
                Arc::make_mut(&mut self.functions).insert(name.name.clone(), *volatility);
            }
            Stmt::CreateSequence { name, owned_by, temporary: false } => {
                let full = name.in_schema(self.schema());
                let owner = owned_by.as_ref().map(|(table, column)| (self.resolve(table), column.clone()));
                self.sequences.insert(full, owner);
            }
            Stmt::AlterSequence { name, owned_by: Some((table, column)) } => {
                let (full, table) = (self.resolve(name), self.resolve(table));
                self.sequences.insert(full, Some((table.clone(), column.clone())));
                if let Some(found) =
                    self.tables.get_mut(&table).and_then(|table| table.columns.iter_mut().find(|found| found.name == *column))
                    && found.default.as_ref().is_some_and(|default| default.starts_with("nextval("))
                {
                    found.identity = Some("serial".to_owned());
                }
            }
            Stmt::CreateTrigger { name, table, definition, .. } => {
                let part = Named { name: name.clone(), definition: definition.clone() };
                self.hang(table, part, span, |table| &mut table.triggers);
            }
            Stmt::CreatePolicy { name, table, definition } => {
                let part = Named { name: name.clone(), definition: definition.clone() };
                self.hang(table, part, span, |table| &mut table.policies);
            }
            Stmt::CreateRule { name, table, definition } => {
                let part = Named { name: name.clone(), definition: definition.clone() };
                self.hang(table, part, span, |table| &mut table.rules);
            }
            Stmt::Comment { kind, name, part, text } => self.comment(*kind, name, part.as_deref(), text.as_ref()),
            _ => {}
        }
    }

    fn hang(&mut self, table: &Name, part: Named, span: Span, list: fn(&mut Table) -> &mut Vec<Named>) {
        let full = self.resolve(table);
        self.places.insert(format!("{full}#{}", part.name), span);
        if let Some(table) = self.table_mut(&full) {
            let parts = list(table);
            parts.retain(|other| other.name != part.name);
            parts.push(part);
        }
    }

    fn comment(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>, text: Option<&String>) {
        let full = self.resolve(name);
        let Some(table) = self.tables.get_mut(&full) else { return };
        match (kind, part) {
            (ObjectKind::Table, _) => table.comment = text.cloned(),
            (ObjectKind::Column, Some(column)) => {
                if let Some(column) = table.columns.iter_mut().find(|found| found.name == column) {
                    column.comment = text.cloned();
                }
            }
            _ => {}
        }
    }
}

/// A table without anything.
pub(crate) fn blank(name: TableName, kind: TableKind) -> Table {
    Table { replica_identity: Some("default".to_owned()), ..Table::new(name, kind) }
}
