//! `ALTER TABLE`, action by action.

use segue_model::catalog::{ConstraintKind, TableKind};
use segue_model::ident::TableName;

use super::super::statement::Action;
use super::World;
use super::create::shown_default;
use crate::source::Span;

impl World {
    /// Applies one action.
    pub(crate) fn alter(&mut self, name: &TableName, action: &Action, span: Span, problems: &mut Vec<String>) {
        if self.table_mut(name).is_none() {
            if !self.views.contains_key(name) && !self.sequences.contains_key(name) {
                problems.push(format!("table {} is not known", self.shown(name)));
            }
            return;
        }
        match action {
            Action::AddColumn { definition, .. } => {
                if self.tables.get(name).is_some_and(|table| table.column(&definition.name).is_some()) {
                    return;
                }
                if self.tables.get(name).is_some_and(|table| table.columns.len() >= super::create::COLUMNS_MAX) {
                    problems.push(format!("table {} has as many columns as the server takes", self.shown(name)));
                    return;
                }
                self.add_column(name, definition, span);
                for constraint in &definition.constraints {
                    self.add_constraint(name, constraint, false, span);
                }
            }
            Action::DropColumn { name: column, .. } => self.drop_column(name, column),
            Action::AddConstraint(constraint) => self.add_constraint(name, constraint, false, span),
            Action::DropConstraint { name: constraint, .. } => self.drop_constraint(name, constraint),
            Action::SetNotNull { column } => self.set_nullable(name, column, false),
            Action::DropNotNull { column } => self.set_nullable(name, column, true),
            Action::SetType { column, data_type, collation, .. } => {
                for member in self.family(name) {
                    self.change_column(&member, column, |found| {
                        found.data_type.clone_from(data_type);
                        found.collation.clone_from(collation);
                    });
                }
            }
            Action::AttachPartition { partition, bound, .. } => {
                let full = self.resolve(partition);
                self.link(name, &full, true);
                if let Some(table) = self.tables.get_mut(&full) {
                    table.kind = if table.partition_key.is_some() { TableKind::Partitioned } else { TableKind::Partition };
                    table.options.push(format!("partition {bound}"));
                }
            }
            Action::DetachPartition { partition, .. } => {
                let full = self.resolve(partition);
                self.link(name, &full, false);
                if let Some(table) = self.tables.get_mut(&full) {
                    table.kind = if table.partition_key.is_some() { TableKind::Partitioned } else { TableKind::Ordinary };
                    table.options.retain(|option| !option.starts_with("partition "));
                }
            }
            Action::Inherit { parent, add } => {
                let parent = self.resolve(parent);
                self.link(&parent, name, *add);
            }
            other => self.alter_rest(name, other),
        }
        if let Action::Other(words) = action {
            problems.push(format!("ALTER TABLE … {words} was not understood"));
        }
    }

    fn alter_rest(&mut self, name: &TableName, action: &Action) {
        match action {
            Action::SetDefault { column, default } => self.change_column(name, column, |found| {
                found.default = (default.text != "NULL").then(|| shown_default(&default.text, &found.data_type));
            }),
            Action::DropDefault { column } => self.change_column(name, column, |found| found.default = None),
            Action::AddIdentity { column, kind } => self.change_column(name, column, |found| {
                found.identity = Some((*kind).to_owned());
                found.nullable = false;
            }),
            Action::DropIdentity { column } => self.change_column(name, column, |found| found.identity = None),
            Action::DropExpression { column } => self.change_column(name, column, |found| found.generated = None),
            Action::SetExpression { column, expression } => {
                self.change_column(name, column, |found| found.generated = Some(super::constraint::wrapped(&expression.text)));
            }
            Action::ValidateConstraint { name: constraint } => self.validate(name, constraint),
            Action::RowSecurity { enable } => {
                if let Some(table) = self.tables.get_mut(name) {
                    table.row_security = *enable;
                }
            }
            Action::ReplicaIdentity { identity } => {
                if let Some(table) = self.tables.get_mut(name) {
                    table.replica_identity = Some(identity.clone());
                }
            }
            Action::SetLogged { logged } => {
                if let Some(table) = self.tables.get_mut(name) {
                    table.options.retain(|option| option != "unlogged");
                    if !logged {
                        table.options.push("unlogged".to_owned());
                    }
                }
            }
            Action::SetOptions { options } => {
                if let Some(table) = self.tables.get_mut(name) {
                    let key = |option: &str| option.split('=').next().unwrap_or("").to_owned();
                    table.options.retain(|old| !options.iter().any(|new| key(new) == key(old)));
                    table.options.extend(options.iter().filter(|option| option.contains('=')).cloned());
                    table.options.sort();
                }
            }
            _ => {}
        }
    }

    fn change_column(&mut self, table: &TableName, column: &str, change: impl FnOnce(&mut segue_model::catalog::Column)) {
        if let Some(found) = self.tables.get_mut(table).and_then(|table| table.columns.iter_mut().find(|found| found.name == column)) {
            change(found);
        }
    }

    fn validate(&mut self, table: &TableName, constraint: &str) {
        let Some(found) = self.tables.get_mut(table).and_then(|table| table.constraints.iter_mut().find(|found| found.name == constraint))
        else {
            return;
        };
        found.validated = true;
        if let Some(definition) = found.definition.strip_suffix(" NOT VALID") {
            found.definition = definition.to_owned();
        }
        if found.kind == ConstraintKind::NotNull {
            let column = found.columns.first().cloned().unwrap_or_default();
            self.set_nullable(table, &column, false);
        }
    }

    fn link(&mut self, parent: &TableName, child: &TableName, add: bool) {
        if let Some(table) = self.tables.get_mut(parent) {
            table.children.retain(|other| other != child);
            if add {
                table.children.push(child.clone());
                table.children.sort();
            }
        }
        if let Some(table) = self.tables.get_mut(child) {
            table.parents.retain(|other| other != parent);
            if add {
                table.parents.push(parent.clone());
            }
        }
    }
}
