//! New tables, columns, indexes and views.

use segue_model::catalog::{Column, Index, TableKind, View};
use segue_model::ident::TableName;

use super::super::cursor::{Name, quote};
use super::super::statement::{ColumnDefinition, CreateIndex, CreateTable};
use super::{World, blank, names};
use crate::source::Span;

/// PostgreSQL takes no table with more (Appendix K, "Limits").
pub(super) const COLUMNS_MAX: usize = 1_600;

impl World {
    pub(super) fn create_table(&mut self, new: &CreateTable, span: Span, problems: &mut Vec<String>) {
        if new.temporary {
            return;
        }
        let full = new.name.in_schema(self.schema());
        if self.tables.contains_key(&full) && !self.partial.contains_key(&full) {
            if !new.if_not_exists {
                problems.push(format!("table {} is there already", self.shown(&full)));
            }
            return;
        }
        self.partial.remove(&full);
        let kind = match (new.foreign, &new.partition_of, &new.partition_key) {
            (true, ..) => TableKind::Foreign,
            (_, _, Some(_)) => TableKind::Partitioned,
            (_, Some(_), _) => TableKind::Partition,
            _ => TableKind::Ordinary,
        };
        let mut table = blank(full.clone(), kind);
        table.partition_key.clone_from(&new.partition_key);
        table.options.clone_from(&new.options);
        if new.unlogged {
            table.options.push("unlogged".to_owned());
        }
        if let Some(bound) = &new.partition_bound {
            table.options.push(format!("partition {bound}"));
        }
        self.places.insert(full.to_string(), span);
        self.tables.insert(full.clone(), table);
        for parent in new.inherits.iter().chain(&new.partition_of) {
            self.inherit(&full, parent, problems);
        }
        for like in &new.like {
            let like = self.resolve(like);
            let copied: Vec<Column> = self
                .tables
                .get(&like)
                .map(|table| {
                    table.columns.iter().map(|column| Column { default: None, identity: None, generated: None, ..column.clone() }).collect()
                })
                .unwrap_or_default();
            if copied.is_empty() {
                problems.push(format!("table {} is not known, of which columns are copied", self.shown(&like)));
            }
            if let Some(table) = self.tables.get_mut(&full) {
                table.columns.extend(copied);
            }
        }
        if new.columns.len() > COLUMNS_MAX {
            problems.push(format!("table {} has more than the {COLUMNS_MAX} columns that the server takes", self.shown(&full)));
        }
        if let Some(table) = self.tables.get_mut(&full) {
            table.columns.reserve_exact(new.columns.len().min(COLUMNS_MAX));
        }
        for column in new.columns.iter().take(COLUMNS_MAX) {
            self.add_column(&full, column, span);
        }
        for constraint in new.columns.iter().flat_map(|column| &column.constraints).chain(&new.constraints) {
            self.add_constraint(&full, constraint, true, span);
        }
    }

    fn inherit(&mut self, child: &TableName, parent: &Name, problems: &mut Vec<String>) {
        let parent = self.resolve(parent);
        let Some(found) = self.tables.get_mut(&parent) else {
            problems.push(format!("table {} is not known, from which one inherits", self.shown(&parent)));
            return;
        };
        found.children.push(child.clone());
        found.children.sort();
        let (columns, constraints) = (found.columns.clone(), found.constraints.clone());
        if let Some(table) = self.tables.get_mut(child) {
            table.parents.push(parent);
            for column in columns {
                if table.column(&column.name).is_none() {
                    table.columns.push(column);
                }
            }
            let checks = constraints.into_iter().filter(|constraint| constraint.kind == segue_model::catalog::ConstraintKind::Check);
            table.constraints.extend(checks);
        }
    }

    /// Adds a column without its constraints.
    pub(super) fn add_column(&mut self, table: &TableName, new: &ColumnDefinition, span: Span) {
        self.places.insert(format!("{table}.{}", new.name), span);
        let mut column = Column {
            name: new.name.clone(),
            data_type: new.data_type.clone(),
            nullable: !new.not_null,
            default: new.default.as_ref().map(|default| shown_default(&default.text, &new.data_type)),
            generated: new.generated.as_ref().map(|generated| super::constraint::wrapped(&generated.text)),
            identity: new.identity.map(str::to_owned),
            collation: new.collation.clone(),
            comment: None,
            grants: Vec::new(),
        };
        if new.serial || new.identity.is_some() {
            let sequences = &self.sequences;
            let name =
                names::free(&table.name, &new.name, "seq", |name| sequences.contains_key(&TableName::new(table.schema.clone(), name)));
            let sequence = TableName::new(table.schema.clone(), name);
            if new.serial {
                column.default = Some(format!("nextval('{}'::regclass)", super::constraint::full(&sequence).replace('\'', "''")));
                column.identity = Some("serial".to_owned());
            }
            self.sequences.insert(sequence, Some((table.clone(), new.name.clone())));
        }
        for member in self.family(table) {
            if let Some(member) = self.table_mut(&member)
                && member.column(&column.name).is_none()
            {
                member.columns.push(column.clone());
            }
        }
    }

    pub(super) fn create_index(&mut self, new: &CreateIndex, span: Span, problems: &mut Vec<String>) {
        let table = self.resolve(&new.table);
        let named = |index: &str| TableName::new(table.schema.clone(), index);
        let name = new.name.clone().unwrap_or_else(|| {
            // An expression counts by the function that it calls, if that is all it does.
            let parts = new.keys.iter().map(|key| match key.key.split_once('(') {
                Some((function, _)) if key.expression && !function.is_empty() => function,
                Some(_) if key.expression => "expr",
                _ => key.key.as_str(),
            });
            names::free(&table.name, &names::joined(parts), "idx", |name| self.indexes.contains_key(&named(name)))
        });
        if self.indexes.contains_key(&named(&name)) {
            if !new.if_not_exists {
                problems.push(format!("index {name} is there already"));
            }
            return;
        }
        let index = Index {
            name: name.clone(),
            definition: definition(new, &name, &table),
            columns: new.keys.iter().map(|key| key.key.clone()).collect(),
            unique: new.unique,
            primary: false,
            valid: true,
            constraint: None,
            partial_or_expression: new.predicate.is_some() || new.keys.iter().any(|key| key.expression),
        };
        let Some(found) = self.table_mut(&table) else {
            // A view that keeps its rows has indexes, and no place for them in the catalog.
            if !self.views.contains_key(&table) {
                problems.push(format!("table {} of index {name} is not known", self.shown(&table)));
            }
            return;
        };
        found.indexes.push(index);
        self.places.insert(format!("{table}#{name}"), span);
        self.indexes.insert(named(&name), table);
    }

    pub(super) fn create_view(&mut self, name: &Name, materialized: bool, definition: &str, reads: &[Name], words: &[String], span: Span) {
        let full = name.in_schema(self.schema());
        self.places.insert(full.to_string(), span);
        let reads = reads
            .iter()
            .map(|read| {
                let table = self.resolve(read);
                // Columns by their words: a star or an unknown table means all of them.
                let columns = match self.tables.get(&table) {
                    Some(found) if !definition.contains('*') => {
                        found.columns.iter().map(|column| column.name.clone()).filter(|name| words.contains(name)).collect()
                    }
                    _ => Vec::new(),
                };
                (table, columns)
            })
            .collect();
        self.views.insert(full.clone(), View { name: full, definition: definition.to_owned(), materialized, reads });
    }
}

fn definition(new: &CreateIndex, name: &str, table: &TableName) -> String {
    let keys: Vec<&str> = new.keys.iter().map(|key| key.definition.as_str()).collect();
    let mut text = format!(
        "CREATE {}INDEX {} ON {}.{} USING {} ({})",
        if new.unique { "UNIQUE " } else { "" },
        quote(name),
        quote(&table.schema),
        quote(&table.name),
        new.method,
        keys.join(", ")
    );
    if !new.include.is_empty() {
        let include: Vec<String> = new.include.iter().map(|name| quote(name)).collect();
        text.push_str(&format!(" INCLUDE ({})", include.join(", ")));
    }
    if new.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(with) = &new.with {
        text.push_str(&format!(" WITH ({})", with.replace(" = ", "=")));
    }
    if let Some(predicate) = &new.predicate {
        text.push_str(&format!(" WHERE {}", super::constraint::wrapped(&predicate.text)));
    }
    text
}

/// A default as the server shows it, as far as that is a matter of writing: a text constant gets its column's type.
pub(super) fn shown_default(text: &str, data_type: &str) -> String {
    let base = data_type.split('(').next().unwrap_or(data_type);
    let base = if let Some((_, zone)) = data_type.split_once(") ") { format!("{base} {zone}") } else { base.to_owned() };
    let constant =
        text.len() >= 2 && text.starts_with('\'') && text.ends_with('\'') && !text[1..text.len() - 1].replace("''", "").contains('\'');
    if constant {
        return format!("{text}::{base}");
    }
    if let Some(number) = text.strip_prefix("- ")
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return format!("'-{number}'::integer");
    }
    text.to_owned()
}
