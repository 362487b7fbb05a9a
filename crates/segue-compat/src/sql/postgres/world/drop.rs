//! What goes, and what gets another name.

use segue_model::ident::TableName;

use super::super::cursor::{Name, quote};
use super::super::expression;
use super::super::statement::ObjectKind;
use super::World;
use crate::source::Span;

impl World {
    pub(super) fn drop(
        &mut self,
        kind: ObjectKind,
        names: &[Name],
        on: Option<&Name>,
        if_exists: bool,
        cascade: bool,
        problems: &mut Vec<String>,
    ) {
        for name in names {
            let full = self.resolve(name);
            let there = match kind {
                ObjectKind::Table | ObjectKind::ForeignTable => self.drop_table(&full, cascade),
                ObjectKind::View | ObjectKind::MaterializedView => self.views.remove(&full).is_some(),
                ObjectKind::Index => self.drop_index(name),
                ObjectKind::Sequence => self.sequences.remove(&full).is_some(),
                ObjectKind::Type => self.enums.remove(&full).is_some() || self.lenient,
                ObjectKind::Schema => {
                    let gone: Vec<TableName> = self.tables.keys().filter(|table| table.schema == name.name).cloned().collect();
                    for table in gone {
                        self.drop_table(&table, true);
                    }
                    self.views.retain(|view, _| view.schema != name.name);
                    true
                }
                ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => {
                    let table = on.map(|on| self.resolve(on));
                    if let Some(table) = table.and_then(|table| self.tables.get_mut(&table)) {
                        table.triggers.retain(|part| kind != ObjectKind::Trigger || part.name != name.name);
                        table.policies.retain(|part| kind != ObjectKind::Policy || part.name != name.name);
                        table.rules.retain(|part| kind != ObjectKind::Rule || part.name != name.name);
                    }
                    true
                }
                _ => true,
            };
            if !there && !if_exists && !self.lenient {
                problems.push(format!("{} is not known, which is dropped", self.shown(&full)));
            }
        }
    }

    fn drop_table(&mut self, full: &TableName, cascade: bool) -> bool {
        let Some(table) = self.tables.remove(full) else { return false };
        self.partial.remove(full);
        self.indexes.retain(|_, owner| owner != full);
        self.sequences.retain(|_, owner| owner.as_ref().is_none_or(|(owner, _)| owner != full));
        for other in self.tables.values_mut() {
            other.referenced_by.retain(|reference| reference.table != *full);
            other.children.retain(|child| child != full);
            other.constraints.retain(|constraint| constraint.references.as_ref() != Some(full));
        }
        // Partitions go with their parent.
        for child in table.children {
            self.drop_table(&child, cascade);
        }
        if cascade {
            self.views.retain(|_, view| !view.reads.iter().any(|(read, _)| read == full));
        }
        true
    }

    fn drop_index(&mut self, name: &Name) -> bool {
        let (full, table) = self.resolve_index(name);
        let Some(table) = table else { return false };
        self.indexes.remove(&full);
        if let Some(table) = self.tables.get_mut(&table) {
            table.indexes.retain(|index| index.name != full.name);
        }
        true
    }

    pub(super) fn drop_column(&mut self, name: &TableName, column: &str) {
        for member in self.family(name) {
            let Some(table) = self.tables.get_mut(&member) else { continue };
            table.columns.retain(|found| found.name != column);
            let on_it = || table.constraints.iter().filter(|found| found.columns.iter().any(|name| name == column));
            let owned: Vec<String> = on_it().map(|found| found.name.clone()).collect();
            let targets: Vec<TableName> = on_it().filter_map(|found| found.references.clone()).collect();
            table.constraints.retain(|found| !owned.contains(&found.name));
            let gone: Vec<String> = table
                .indexes
                .iter()
                .filter(|index| {
                    index.columns.iter().any(|name| name == column)
                        || expression::words_of(&index.definition).iter().any(|word| word == column)
                })
                .map(|index| index.name.clone())
                .collect();
            table.indexes.retain(|index| !gone.contains(&index.name));
            for index in gone {
                self.indexes.remove(&TableName::new(member.schema.clone(), index));
            }
            self.no_longer_referred(&member, &owned, &targets);
        }
        self.sequences.retain(|_, owner| owner.as_ref().is_none_or(|(table, owned)| table != name || owned != column));
    }

    pub(super) fn drop_constraint(&mut self, name: &TableName, constraint: &str) {
        let mut targets = Vec::new();
        if let Some(table) = self.tables.get_mut(name) {
            targets.extend(table.constraints.iter().filter(|found| found.name == constraint).filter_map(|found| found.references.clone()));
            table.constraints.retain(|found| found.name != constraint);
            table.indexes.retain(|index| index.constraint.as_deref() != Some(constraint));
        }
        self.indexes.remove(&TableName::new(name.schema.clone(), constraint));
        self.no_longer_referred(name, &[constraint.to_owned()], &targets);
    }

    /// Foreign keys of a table went: their targets know of them no more.
    fn no_longer_referred(&mut self, name: &TableName, constraints: &[String], targets: &[TableName]) {
        for target in targets {
            if let Some(other) = self.tables.get_mut(target) {
                other.referenced_by.retain(|reference| reference.table != *name || !constraints.contains(&reference.constraint));
            }
        }
    }

    pub(super) fn rename(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>, to: &str, span: Span, problems: &mut Vec<String>) {
        let full = self.resolve(name);
        match (kind, part) {
            (ObjectKind::Table, _) => {
                if self.sequences.contains_key(&full) {
                    let owner = self.sequences.remove(&full).flatten();
                    self.sequences.insert(TableName::new(full.schema, to), owner);
                } else if self.table_mut(&full).is_some() {
                    self.move_table(&full, TableName::new(full.schema.clone(), to), span);
                } else {
                    problems.push(format!("table {} is not known, which is renamed", self.shown(&full)));
                }
            }
            (ObjectKind::View | ObjectKind::MaterializedView, None) => {
                if let Some(mut view) = self.views.remove(&full) {
                    view.name = TableName::new(full.schema, to);
                    self.views.insert(view.name.clone(), view);
                }
            }
            (ObjectKind::Index, _) => self.rename_index(name, to),
            (ObjectKind::Column, Some(column)) => self.rename_column(&full, column, to),
            (ObjectKind::Constraint, Some(old)) => {
                if let Some(table) = self.tables.get_mut(&full) {
                    for constraint in table.constraints.iter_mut().filter(|found| found.name == old) {
                        to.clone_into(&mut constraint.name);
                    }
                }
                self.rename_index(&Name { schema: Some(full.schema), name: old.to_owned() }, to);
            }
            _ => {}
        }
    }

    fn rename_index(&mut self, name: &Name, to: &str) {
        let (full, table) = self.resolve_index(name);
        let Some(table) = table else { return };
        self.indexes.remove(&full);
        self.indexes.insert(TableName::new(full.schema, to), table.clone());
        if let Some(index) = self.tables.get_mut(&table).and_then(|table| table.indexes.iter_mut().find(|index| index.name == full.name)) {
            index.definition = index.definition.replacen(&format!("INDEX {} ON", quote(&full.name)), &format!("INDEX {} ON", quote(to)), 1);
            to.clone_into(&mut index.name);
            if index.constraint.is_some() {
                index.constraint = Some(to.to_owned());
            }
        }
    }

    fn rename_column(&mut self, full: &TableName, column: &str, to: &str) {
        for member in self.family(full) {
            let Some(table) = self.tables.get_mut(&member) else { continue };
            for found in table.columns.iter_mut().filter(|found| found.name == column) {
                to.clone_into(&mut found.name);
            }
            for names in
                table.constraints.iter_mut().map(|found| &mut found.columns).chain(table.indexes.iter_mut().map(|found| &mut found.columns))
            {
                for name in names.iter_mut().filter(|name| *name == column) {
                    to.clone_into(name);
                }
            }
            for definition in table
                .constraints
                .iter_mut()
                .map(|found| &mut found.definition)
                .chain(table.indexes.iter_mut().map(|found| &mut found.definition))
            {
                *definition = renamed(definition, column, to);
            }
        }
        for view in self.views.values_mut() {
            for (read, columns) in &mut view.reads {
                if read == full {
                    columns.iter_mut().filter(|name| *name == column).for_each(|name| to.clone_into(name));
                }
            }
        }
    }

    pub(super) fn move_table(&mut self, from: &TableName, to: TableName, span: Span) {
        let Some(mut table) = self.tables.remove(from) else { return };
        if self.partial.remove(from).is_some() {
            self.partial.insert(to.clone(), ());
        }
        table.name = to.clone();
        let (old, new) = (format!("{}.{}", quote(&from.schema), quote(&from.name)), format!("{}.{}", quote(&to.schema), quote(&to.name)));
        for index in &mut table.indexes {
            index.definition = index.definition.replacen(&format!(" ON {old} "), &format!(" ON {new} "), 1);
        }
        self.places.insert(to.to_string(), span);
        let moved: Vec<TableName> = self.indexes.iter().filter(|(_, owner)| *owner == from).map(|(index, _)| index.clone()).collect();
        for index in moved {
            self.indexes.remove(&index);
            self.indexes.insert(TableName::new(to.schema.clone(), index.name), to.clone());
        }
        for owner in self.sequences.values_mut().flatten().filter(|(owner, _)| owner == from) {
            owner.0 = to.clone();
        }
        let (old_sql, new_sql) = (super::constraint::full(from), super::constraint::full(&to));
        for other in self.tables.values_mut() {
            for name in
                other.children.iter_mut().chain(&mut other.parents).chain(other.referenced_by.iter_mut().map(|found| &mut found.table))
            {
                if name == from {
                    *name = to.clone();
                }
            }
            for constraint in other.constraints.iter_mut().filter(|found| found.references.as_ref() == Some(from)) {
                constraint.references = Some(to.clone());
                constraint.definition =
                    constraint.definition.replacen(&format!("REFERENCES {old_sql}("), &format!("REFERENCES {new_sql}("), 1);
            }
        }
        for (read, _) in self.views.values_mut().flat_map(|view| &mut view.reads) {
            if read == from {
                *read = to.clone();
            }
        }
        self.tables.insert(to, table);
    }
}

/// A definition in which a column has another name; only whole names that are no functions.
fn renamed(definition: &str, column: &str, to: &str) -> String {
    let Ok(script) = super::super::token::cut(definition) else { return definition.to_owned() };
    let mut out = String::new();
    let mut at = 0;
    for token in &script.tokens {
        let mut one = super::super::cursor::Cursor { text: definition, tokens: std::slice::from_ref(token), at: 0 };
        let called = definition[token.end..].starts_with(['(', '.']);
        if !called && one.name().as_deref() == Some(column) {
            out.push_str(&definition[at..token.start]);
            out.push_str(&quote(to));
            at = token.end;
        }
    }
    out.push_str(&definition[at..]);
    out
}
