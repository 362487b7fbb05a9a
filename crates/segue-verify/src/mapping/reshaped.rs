//! What a spec's `schema.changes` make of the target of its `move`: new names, values that `up` gives, columns that come
//! and go.
//!
//! A change counts once the target shows it, so that a target before the change and one after it are compared alike.
//! Expressions are the user's and are never rewritten; the source's server evaluates them. It must never call rows
//! equal of which a column was not compared without saying so. Tests: `tests/it/reshaped.rs`.

use std::collections::BTreeMap;

use segue_engine::rows::TableRows;
use segue_model::change::Change;
use segue_model::ident::TableName;

use super::Mapping;
use super::type_name::TypeName;
use crate::TablePair;

/// Columns that one side alone has because the spec says so, each with a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    columns: BTreeMap<String, String>,
}

/// Adds to a mapping what the changes did to this table of the target.
pub fn reshape(mapping: &mut Mapping, changes: &[Change], source: &TableRows, target: &TableRows) -> Declared {
    let mut work = Reshape { mapping, target, source_of: BTreeMap::new(), declared: Declared::default() };
    for column in &source.columns {
        let now = work.mapping.renamed.get(&column.name).unwrap_or(&column.name).clone();
        work.source_of.insert(now, column.name.clone());
    }
    for change in changes {
        work.change(change);
    }
    let declared = work.declared;
    // Of a column that the target does not have yet, or not any more.
    mapping.up.retain(|name, _| target.columns.iter().any(|column| column.name == *name));
    declared
}

/// Takes columns that one side alone has as declared out of what differs; a sentence each stays.
pub fn declare(pair: &mut TablePair, declared: &Declared) {
    for (column, sentence) in &declared.columns {
        let alone = pair.only_in_source.contains(column) || pair.only_in_target.contains(column);
        if alone {
            pair.only_in_source.retain(|name| name != column);
            pair.only_in_target.retain(|name| name != column);
            pair.not_compared.retain(|gap| gap.column != *column);
            pair.notes.push(sentence.clone());
        }
    }
}

/// A sentence where the spec says that this table is on one side alone.
pub fn declared_table(changes: &[Change], table: &TableName, in_source: bool) -> Option<String> {
    changes.iter().find_map(|change| match change {
        Change::CreateTable(new) if !in_source && is_of(&new.table, table) => {
            Some(format!("{table} is at the target alone: the spec creates it there"))
        }
        Change::DropTable(old) if in_source && is_of(&old.table, table) => {
            Some(format!("{table} is at the source alone: the spec drops it at the target"))
        }
        _ => None,
    })
}

struct Reshape<'a> {
    mapping: &'a mut Mapping,
    target: &'a TableRows,
    /// The source's column that a column of the target came from.
    source_of: BTreeMap<String, String>,
    declared: Declared,
}

impl Reshape<'_> {
    fn has(&self, column: &str) -> bool {
        self.target.columns.iter().any(|own| own.name == column)
    }

    fn is_mine(&self, table: &str) -> bool {
        is_of(table, &self.target.table)
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::RenameColumn(rename) if self.is_mine(&rename.table) && self.has(&rename.to) && !self.has(&rename.from) => {
                if let Some(source) = self.source_of.remove(&rename.from) {
                    self.mapping.renamed.insert(source.clone(), rename.to.clone());
                    self.source_of.insert(rename.to.clone(), source);
                }
                if let Some(up) = self.mapping.up.remove(&rename.from) {
                    self.mapping.up.insert(rename.to.clone(), up);
                }
            }
            // A later change may give the column another name: by then the target has only that.
            Change::ChangeType(change) if self.is_mine(&change.table) => {
                let own = self.target.columns.iter().find(|own| own.name == change.column);
                if own.is_none_or(|own| TypeName::read(&own.data_type) == TypeName::read(&change.to)) {
                    self.mapping.up.extend(change.up.as_ref().map(|up| (change.column.clone(), up.clone())));
                }
            }
            Change::AddColumn(new) if self.is_mine(&new.table) && self.has(&new.column) && !self.source_of.contains_key(&new.column) => {
                let (column, table) = (&new.column, &new.table);
                match &new.up {
                    Some(up) => {
                        self.mapping.up.insert(column.clone(), up.clone());
                    }
                    None => {
                        self.declare(column, format!("{column} is not compared: the spec adds it to {table}, and no `up` says its value"));
                    }
                }
            }
            Change::DropColumn(old) if self.is_mine(&old.table) && !self.has(&old.column) => {
                if let Some(source) = self.source_of.remove(&old.column) {
                    self.declare(&source, format!("{source} is not compared: the spec drops it from {}", old.table));
                }
            }
            _ => {}
        }
    }

    fn declare(&mut self, column: &str, sentence: String) {
        self.declared.columns.insert(column.to_owned(), sentence);
    }
}

fn is_of(written: &str, table: &TableName) -> bool {
    TableName::parse(written).is_ok_and(|name| name.name == table.name && (name.schema.is_empty() || name.schema == table.schema))
}
