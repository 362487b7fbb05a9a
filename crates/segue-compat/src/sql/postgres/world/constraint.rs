//! Constraints and the indexes that stand behind them.

use segue_model::catalog::{Constraint, ConstraintKind, Index, Reference};
use segue_model::ident::TableName;

use super::super::cursor::quote;
use super::super::statement::{ConstraintBody, TableConstraint};
use super::{World, names};
use crate::source::Span;

impl World {
    /// Adds a constraint. `fresh`: the table is new, so that nothing has to be validated.
    pub(super) fn add_constraint(&mut self, table: &TableName, new: &TableConstraint, fresh: bool, span: Span) {
        let name = self.constraint_name(table, new);
        self.places.insert(format!("{table}#{name}"), span);
        let validated = !new.not_enforced && (fresh || !new.not_valid);
        let not_valid = if validated { "" } else { " NOT VALID" };
        let list = |columns: &[String]| columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(", ");
        let mut made = Constraint {
            name: name.clone(),
            kind: ConstraintKind::Check,
            definition: String::new(),
            columns: Vec::new(),
            validated,
            references: None,
        };
        match &new.what {
            ConstraintBody::Check(check) => {
                let known = self.tables.get(table).map(|table| table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
                let known = known.unwrap_or_default();
                made.columns = check.words.iter().filter(|word| known.contains(word)).cloned().collect();
                let inherit = if new.no_inherit { " NO INHERIT" } else { "" };
                made.definition = format!("CHECK ({}){inherit}{not_valid}", wrapped(&check.text));
            }
            ConstraintBody::NotNull { column } => {
                self.set_nullable(table, column, new.not_valid);
                made.kind = ConstraintKind::NotNull;
                made.columns = vec![column.clone()];
                made.definition = format!("NOT NULL {}{not_valid}", quote(column));
            }
            ConstraintBody::PrimaryKey { columns, using_index, include } | ConstraintBody::Unique { columns, using_index, include, .. } => {
                let primary = matches!(new.what, ConstraintBody::PrimaryKey { .. });
                made.kind = if primary { ConstraintKind::PrimaryKey } else { ConstraintKind::Unique };
                let nulls =
                    if matches!(new.what, ConstraintBody::Unique { nulls_not_distinct: true, .. }) { "NULLS NOT DISTINCT " } else { "" };
                made.columns = self.key(table, &name, (columns, using_index.as_deref(), include), primary, span);
                let included = if include.is_empty() { String::new() } else { format!(" INCLUDE ({})", list(include)) };
                let word = if primary { "PRIMARY KEY" } else { "UNIQUE" };
                made.definition = format!("{word} {nulls}({}){included}{}", list(&made.columns), new.deferrable);
                if primary {
                    for column in made.columns.clone() {
                        self.set_nullable(table, &column, false);
                    }
                }
            }
            ConstraintBody::ForeignKey { .. } => self.add_foreign_key(table, new, not_valid, &mut made),
            ConstraintBody::Exclude { columns, definition } => {
                made.kind = ConstraintKind::Exclusion;
                made.columns.clone_from(columns);
                made.definition = format!("{definition}{}", new.deferrable);
                self.key(table, &name, (columns, None, &Vec::new()), false, span);
            }
        }
        if let Some(table) = self.table_mut(table) {
            table.constraints.push(made);
        }
    }

    fn add_foreign_key(&mut self, table: &TableName, new: &TableConstraint, not_valid: &str, made: &mut Constraint) {
        let ConstraintBody::ForeignKey { columns, table: other, references, actions } = &new.what else { return };
        let list = |columns: &[String]| columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(", ");
        let other = self.resolve(other);
        let references = if references.is_empty() {
            self.tables.get(&other).map(segue_model::catalog::Table::primary_key).unwrap_or_default()
        } else {
            references.clone()
        };
        made.kind = ConstraintKind::ForeignKey;
        made.columns.clone_from(columns);
        made.definition = format!(
            "FOREIGN KEY ({}) REFERENCES {}({}){actions}{}{not_valid}",
            list(columns),
            full(&other),
            list(&references),
            new.deferrable
        );
        if let Some(other) = self.table_mut(&other) {
            other.referenced_by.push(Reference { table: table.clone(), constraint: made.name.clone(), columns: references });
            other.referenced_by.sort_by(|a, b| (&a.table, &a.constraint).cmp(&(&b.table, &b.constraint)));
        }
        made.references = Some(other);
    }

    /// Columns of a key; its index is made, or the given one taken.
    fn key(
        &mut self,
        table: &TableName,
        name: &str,
        key: (&Vec<String>, Option<&str>, &Vec<String>),
        primary: bool,
        span: Span,
    ) -> Vec<String> {
        let (columns, using_index, include) = key;
        let schema = table.schema.clone();
        if let Some(old) = using_index {
            let mut taken = Vec::new();
            if let Some(index) = self.table_mut(table).and_then(|table| table.indexes.iter_mut().find(|index| index.name == old)) {
                taken.clone_from(&index.columns);
                index.definition = index.definition.replacen(&format!("INDEX {} ON", quote(old)), &format!("INDEX {} ON", quote(name)), 1);
                name.clone_into(&mut index.name);
                index.primary = primary;
                index.constraint = Some(name.to_owned());
            }
            self.indexes.remove(&TableName::new(schema.clone(), old));
            self.indexes.insert(TableName::new(schema, name), table.clone());
            return taken;
        }
        let shown: Vec<String> = columns.iter().map(|column| quote(column)).collect();
        let included = if include.is_empty() {
            String::new()
        } else {
            format!(" INCLUDE ({})", include.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", "))
        };
        let index = Index {
            name: name.to_owned(),
            definition: format!(
                "CREATE UNIQUE INDEX {} ON {}.{} USING btree ({}){included}",
                quote(name),
                quote(&schema),
                quote(&table.name),
                shown.join(", ")
            ),
            columns: columns.clone(),
            unique: true,
            primary,
            valid: true,
            constraint: Some(name.to_owned()),
            partial_or_expression: false,
        };
        self.places.insert(format!("{table}#{name}"), span);
        if let Some(table) = self.table_mut(table) {
            table.indexes.push(index);
        }
        self.indexes.insert(TableName::new(schema, name), table.clone());
        columns.clone()
    }

    /// The constraint's own name, or the server's.
    pub(crate) fn constraint_name(&self, table: &TableName, new: &TableConstraint) -> String {
        if let Some(name) = &new.name {
            return name.clone();
        }
        let taken = |name: &str| {
            self.indexes.contains_key(&TableName::new(table.schema.clone(), name))
                || self.tables.get(table).is_some_and(|table| table.constraints.iter().any(|constraint| constraint.name == name))
        };
        let free =
            |columns: &[String], label: &str| names::free(&table.name, &names::joined(columns.iter().map(String::as_str)), label, taken);
        match &new.what {
            ConstraintBody::Check(check) => {
                let known = self.tables.get(table);
                let mut columns: Vec<String> =
                    check.words.iter().filter(|word| known.is_some_and(|table| table.column(word).is_some())).cloned().collect();
                if columns.len() != 1 {
                    columns.clear();
                }
                free(&columns, "check")
            }
            ConstraintBody::NotNull { column } => free(std::slice::from_ref(column), "not_null"),
            ConstraintBody::PrimaryKey { using_index: Some(index), .. } | ConstraintBody::Unique { using_index: Some(index), .. } => {
                index.clone()
            }
            ConstraintBody::PrimaryKey { .. } => free(&[], "pkey"),
            ConstraintBody::Unique { columns, include, .. } => {
                let all: Vec<String> = columns.iter().chain(include).cloned().collect();
                free(&all, "key")
            }
            ConstraintBody::ForeignKey { columns, .. } => free(columns, "fkey"),
            ConstraintBody::Exclude { columns, .. } => free(columns, "excl"),
        }
    }

    pub(super) fn set_nullable(&mut self, table: &TableName, column: &str, nullable: bool) {
        for member in self.family(table) {
            if let Some(found) = self.tables.get_mut(&member).and_then(|table| table.columns.iter_mut().find(|found| found.name == column))
            {
                found.nullable = nullable;
            }
        }
    }
}

/// A name with its schema, as a catalog shows it.
pub(super) fn full(name: &TableName) -> String {
    format!("{}.{}", quote(&name.schema), quote(&name.name))
}

/// An expression in the parentheses that the server writes around an operator.
pub(super) fn wrapped(text: &str) -> String {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut space = false;
    let mut closes_early = !text.starts_with('(');
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                closes_early |= depth == 0 && at + 1 < text.len();
            }
            ' ' if depth == 0 => space = true,
            _ => {}
        }
    }
    if !closes_early || !space { text.to_owned() } else { format!("({text})") }
}
