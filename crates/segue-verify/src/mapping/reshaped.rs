//! What a spec's `schema.changes` make of the target of its `move`: new names, values that `up` gives, columns that come
//! and go.
//!
//! A change counts once the target shows it, so that a target before the change and one after it are compared alike.
//! Expressions are the user's and are never rewritten; the source's server evaluates them. It must never call rows
//! equal of which a column was not compared without saying so. Tests: `tests/it/reshaped.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_engine::rows::{Conversion, TableRows};
use segue_model::change::{AddCheck, Change};
use segue_model::ident::TableName;

use super::Mapping;
use super::type_name::TypeName;
use crate::{TablePair, VerifyError};

/// Columns that one side alone has because the spec says so, each with a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    columns: BTreeMap<String, String>,
}

/// Adds to a mapping what the changes did to this table of the target. `checks`: the constraints of the target's table that
/// hold for all of its rows. Fails where the values of several changes cannot be put together.
pub fn reshape(
    mapping: &mut Mapping,
    changes: &[Change],
    source: &TableRows,
    (target, checks): (&TableRows, &BTreeSet<String>),
) -> Result<Declared, VerifyError> {
    let mut work = Reshape { mapping, target, checks, source_of: BTreeMap::new(), declared: Declared::default() };
    for column in &source.columns {
        let now = work.mapping.renamed.get(&column.name).unwrap_or(&column.name).clone();
        work.source_of.insert(now, column.name.clone());
    }
    for change in changes {
        work.change(change)?;
    }
    let declared = work.declared;
    let own = |name: &String| target.columns.iter().find(|column| column.name == *name);
    // Of a column that the target does not have yet, or not any more.
    mapping.up.retain(|name, _| own(name).is_some());
    // A column that still takes NULL was not filled yet.
    mapping.then.retain(|(name, then)| own(name).is_some_and(|column| !(column.nullable && matches!(then, Conversion::Filled { .. }))));
    Ok(declared)
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
    checks: &'a BTreeSet<String>,
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

    fn change(&mut self, change: &Change) -> Result<(), VerifyError> {
        match change {
            Change::RenameColumn(rename) if self.is_mine(&rename.table) && self.has(&rename.to) && !self.has(&rename.from) => {
                if let Some(source) = self.source_of.remove(&rename.from) {
                    self.mapping.renamed.insert(source.clone(), rename.to.clone());
                    self.source_of.insert(rename.to.clone(), source);
                }
                if let Some(up) = self.mapping.up.remove(&rename.from) {
                    self.mapping.up.insert(rename.to.clone(), up);
                }
                for (name, _) in self.mapping.then.iter_mut().filter(|(name, _)| *name == rename.from) {
                    name.clone_from(&rename.to);
                }
            }
            // A later change may give the column another name: by then the target has only that.
            Change::ChangeType(change) if self.is_mine(&change.table) => {
                let own = self.target.columns.iter().find(|own| own.name == change.column);
                if own.is_none_or(|own| TypeName::read(&own.data_type) == TypeName::read(&change.to))
                    && let Some(up) = &change.up
                {
                    if self.mapping.then.iter().any(|(name, _)| *name == change.column) && !self.is_left_out(&change.column) {
                        return Err(self.several(&change.column));
                    }
                    self.mapping.up.insert(change.column.clone(), up.clone());
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
            Change::SetNotNull(change) if self.is_mine(&change.table) => {
                let filled = |by: &String| (change.column.clone(), Conversion::Filled { of: None, by: by.clone() });
                self.mapping.then.extend(change.up.as_ref().map(filled));
            }
            Change::AddCheck(check) if self.is_mine(&check.table) && self.checks.contains(&check.name) => self.check(check)?,
            _ => {}
        }
        Ok(())
    }

    /// The condition is about the values that the row has by then. The source evaluates it, and has those of before.
    fn check(&mut self, check: &AddCheck) -> Result<(), VerifyError> {
        let Some(column) = check.up.keys().find(|column| !self.is_left_out(column)) else { return Ok(()) };
        if !self.mapping.up.is_empty() || !self.mapping.then.is_empty() {
            return Err(self.several(column));
        }
        for (column, by) in &check.up {
            let unless = Conversion::Unless { of: None, condition: check.check.clone(), by: by.clone() };
            self.mapping.then.push((column.clone(), unless));
        }
        Ok(())
    }

    fn is_left_out(&self, column: &str) -> bool {
        let source = self.source_of.get(column);
        self.mapping.ignored.iter().any(|name| *name == *column || Some(name) == source)
    }

    fn several(&self, column: &str) -> VerifyError {
        VerifyError::Cannot(format!(
            "the spec gives {column} of {} a value after other changes with `up`: what the source would have to evaluate is not known; \
             leave {column} out with --ignore-columns, or compare before the change",
            self.target.table
        ))
    }

    fn declare(&mut self, column: &str, sentence: String) {
        self.declared.columns.insert(column.to_owned(), sentence);
    }
}

fn is_of(written: &str, table: &TableName) -> bool {
    TableName::parse(written).is_ok_and(|name| name.name == table.name && (name.schema.is_empty() || name.schema == table.schema))
}
