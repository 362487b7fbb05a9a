//! New tables, and changes of the same spec on them, which fold into the definition.
//!
//! The definition's table names are written out with their schemas, so that an engine need not resolve them.
//! Tests: `tests/it/resolve.rs`.

use segue_model::change::{
    AddCheck, AddColumn, AddForeignKey, AddUnique, ColumnReference, CreateIndex, CreateTable, Identity, IndexColumn, NewColumn,
    NewForeignKey,
};
use segue_model::reshape::{IndexBuild, IndexSource, NewTable};

use super::attach::live_unique;
use super::{Folding, Place, names};
use crate::say::refuse;

impl Folding<'_> {
    pub(super) fn create_table(&mut self, c: &CreateTable) {
        let name = self.observed.table_name(&c.table);
        let object = format!("table {name}");
        if self.live_table(&name).is_some() {
            let message = "there is a table of that name: this looks already applied";
            self.findings.push(refuse(4, object, message, "Leave this change out, or choose another name."));
            return;
        }
        if self.created.iter().any(|table| table.table == name) {
            self.findings.push(refuse(5, object, "the spec creates it twice", "Leave one of the two out."));
            return;
        }
        if self.refuse_name(&object, &name.name) || self.refuse_definition(c, &object) {
            return;
        }
        let mut define = c.clone();
        define.table = name.to_string();
        // The table can refer to itself.
        self.created.push(NewTable { table: name, define });
        let new = self.created.len() - 1;
        let mut columns = self.created[new].define.columns.clone();
        for (column, definition) in &mut columns.0 {
            if let Some(references) = &mut definition.references {
                let object = format!("column `{column}` of {}", self.created[new].table);
                self.settle_reference(references, 1, &object);
            }
        }
        let mut keys = self.created[new].define.foreign_keys.clone();
        for key in &mut keys {
            let object = format!("foreign key `{}` of {}", key.name, self.created[new].table);
            self.settle_reference(&mut key.references, key.columns.len(), &object);
        }
        self.created[new].define.columns = columns;
        self.created[new].define.foreign_keys = keys;
    }

    /// The referenced table with its schema; findings where it is not there.
    fn settle_reference(&mut self, references: &mut ColumnReference, columns: usize, object: &str) {
        if references.columns.len() != columns {
            let message = format!("it has {columns} columns and refers to {}", references.columns.len());
            self.findings.push(refuse(14, object, message, "Name as many columns on both ends."));
        }
        match self.place(&references.table) {
            Some(Place::Live(fold)) => {
                self.settle_columns(fold, references, object);
                references.table = self.folds[fold].table.name.to_string();
            }
            Some(Place::Created(new)) => references.table = self.created[new].table.to_string(),
            None => {}
        }
    }

    /// The referenced columns by the names that they have in the database; they must be unique there and stay.
    fn settle_columns(&mut self, fold: usize, references: &mut ColumnReference, object: &str) {
        let Some(ids) = self.column_ids(fold, &references.columns) else { return };
        let table = self.folds[fold].table;
        let originals: Option<Vec<String>> = ids.iter().map(|id| self.folds[fold].tracks[*id].original.clone()).collect();
        match originals {
            Some(originals) if live_unique(table, &originals) => {
                self.referred.extend(ids.into_iter().map(|id| (object.to_owned(), fold, id)));
                references.columns = originals;
            }
            _ => self.not_unique(object, &table.name.to_string()),
        }
    }

    /// A definition that contradicts itself.
    fn refuse_definition(&mut self, c: &CreateTable, object: &str) -> bool {
        let before = self.findings.len();
        let known: Vec<&str> = c.columns.0.iter().map(|(name, _)| name.as_str()).collect();
        if known.is_empty() {
            self.findings.push(refuse(15, object, "it has no columns", "Name at least one column."));
        }
        let lists = std::iter::once(&c.primary_key).chain(&c.unique).chain(c.foreign_keys.iter().map(|key| &key.columns));
        for name in lists.flatten().filter(|name| !known.contains(&name.as_str())) {
            let message = format!("its definition names a column `{name}` that it does not have");
            self.findings.push(refuse(15, object, message, names::did_you_mean(name, known.iter().copied())));
        }
        let own_keys = c.columns.0.iter().filter(|(_, column)| column.primary_key).count();
        if own_keys > 1 || (own_keys == 1 && !c.primary_key.is_empty()) {
            self.findings.push(refuse(15, object, "it has two primary keys", "List all key columns under `primary_key`."));
        }
        for (name, column) in &c.columns.0 {
            self.refuse_name(&format!("column `{name}` of {}", c.table), name);
            self.refuse_new_column(name, column, object);
        }
        for name in c.checks.keys().chain(c.foreign_keys.iter().map(|key| &key.name)) {
            self.refuse_name(&format!("constraint `{name}` of {}", c.table), name);
        }
        self.findings.len() > before
    }

    fn refuse_new_column(&mut self, name: &str, column: &NewColumn, object: &str) {
        if column.identity == Some(Identity::Always) && self.observed.engine == "sqlite" {
            let message = format!("column `{name}`: SQLite has no identity that writers cannot give");
            self.findings.push(refuse(19, object, message, "Write `identity: by default`, or leave it out."));
        }
        if column.identity.is_some() && column.default.is_some() {
            let message = format!("column `{name}` has an identity and a default");
            self.findings.push(refuse(15, object, message, "Give one of the two."));
        }
        if column.primary_key && column.null == Some(true) {
            let message = format!("column `{name}` is the primary key and takes NULL");
            self.findings.push(refuse(15, object, message, "A primary key takes no NULL: leave `null` out."));
        }
    }

    pub(super) fn add_to_created(&mut self, new: usize, c: &AddColumn) {
        let object = format!("column `{}` of {}", c.column, self.created[new].table);
        if self.refuse_name(&object, &c.column) {
            return;
        }
        if self.created[new].define.columns.0.iter().any(|(name, _)| self.observed.same_name(name, &c.column)) {
            self.findings.push(refuse(5, object, "the table has a column of that name", "Choose another name."));
            return;
        }
        let mut references = c.references.clone();
        if let Some(references) = &mut references {
            self.settle_reference(references, 1, &object);
        }
        let column = NewColumn {
            data_type: c.data_type.clone(),
            null: (!c.null).then_some(false),
            default: c.default.clone(),
            primary_key: false,
            identity: None,
            unique: c.unique,
            references,
            check: c.check.clone(),
            comment: c.comment.clone(),
        };
        self.created[new].define.columns.0.push((c.column.clone(), column));
    }

    pub(super) fn check_created(&mut self, new: usize, c: &AddCheck) {
        let object = format!("check `{}` of {}", c.name, self.created[new].table);
        if self.refuse_name(&object, &c.name) {
            return;
        }
        // A new table has no rows that fail: `up` has nothing to do.
        if self.created[new].define.checks.insert(c.name.clone(), c.check.clone()).is_some() {
            self.findings.push(refuse(5, object, "the spec gives this name twice on one table", "Choose another name."));
        }
    }

    pub(super) fn key_created(&mut self, new: usize, c: &AddForeignKey) {
        let object = format!("foreign key `{}` of {}", c.name, self.created[new].table);
        if self.refuse_name(&object, &c.name) || self.refuse_unknown(new, &c.columns, &object) {
            return;
        }
        if c.deferrable {
            let message = "a deferrable foreign key cannot fold into the table that the same spec creates";
            self.findings.push(refuse(16, object, message, "Add it by a spec of its own, after this one."));
            return;
        }
        let mut references = ColumnReference {
            table: c.references.table.clone(),
            columns: c.references.columns.clone(),
            on_delete: c.on_delete,
            on_update: c.on_update,
        };
        self.settle_reference(&mut references, c.columns.len(), &object);
        let key = NewForeignKey { name: c.name.clone(), columns: c.columns.clone(), references };
        self.created[new].define.foreign_keys.push(key);
    }

    pub(super) fn unique_created(&mut self, new: usize, c: &AddUnique) {
        let object = format!("constraint `{}` of {}", c.name, self.created[new].table);
        if self.refuse_unknown(new, &c.columns, &object) {
            return;
        }
        let message = "the same spec creates this table and then adds a unique constraint to it";
        self.findings.push(refuse(16, object, message, "Write it under `unique` of `create_table`."));
    }

    pub(super) fn index_created(&mut self, new: usize, c: &CreateIndex) {
        let object = format!("index `{}` on {}", c.name, self.created[new].table);
        let mut columns = c.include.clone();
        columns.extend(c.columns.iter().filter_map(|column| match column {
            IndexColumn::Name(name) => Some(name.clone()),
            IndexColumn::Part(part) => part.column.clone(),
        }));
        if self.refuse_name(&object, &c.name) | self.refuse_index_options(c, &object) | self.refuse_unknown(new, &columns, &object) {
            return;
        }
        if c.columns.is_empty() {
            self.findings.push(refuse(15, object, "it has no columns", "Name at least one column or expression."));
            return;
        }
        let table = self.created[new].table.clone();
        let mut define = c.clone();
        define.table = table.to_string();
        let source = IndexSource::Define { define, physical: Vec::new() };
        let build = IndexBuild { table, tag: self.tag.clone(), name: c.name.clone(), source, unique: c.unique };
        self.created_indexes.push(build);
    }

    fn refuse_unknown(&mut self, new: usize, columns: &[String], object: &str) -> bool {
        let known: Vec<String> = self.created[new].define.columns.0.iter().map(|(name, _)| name.clone()).collect();
        let unknown: Vec<&String> = columns.iter().filter(|name| !known.contains(name)).collect();
        for name in &unknown {
            let message = format!("the new table has no column `{name}` at this place in the spec");
            self.findings.push(refuse(2, object, message, names::did_you_mean(name, known.iter().map(String::as_str))));
        }
        !unknown.is_empty()
    }
}
