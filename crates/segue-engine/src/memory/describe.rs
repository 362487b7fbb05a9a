//! The memory engine's tables as a catalog, in one fixed text form.
//!
//! Helper columns and version views are in it, so that anything left behind is seen. Must never change what it
//! describes. Tests: `conformance` in `segue-sim`.

use segue_model::catalog::{self, Catalog, ConstraintKind, Reference, TableKind, View};
use segue_model::change::ReferenceAction;
use segue_model::ident::TableName;

use super::expression::Expression;
use super::table::{Column, Constraint, Database, Foreign, Index, Rule, Table};
use crate::quote;

/// The schema in which a name without one is looked for.
pub(super) const DEFAULT_SCHEMA: &str = "public";

/// The schemas in which the two sides find their views: `(old, new)`.
pub(super) fn version_schemas(schema: &str, tag: &str) -> (String, String) {
    (format!("{schema}_{tag}_old"), format!("{schema}_{tag}_new"))
}

/// Reads the catalog of some tables.
pub(super) fn catalog(database: &Database, names: &[TableName]) -> Catalog {
    let mut names: Vec<_> = names.iter().filter(|name| database.tables.contains_key(name)).collect();
    names.sort();
    names.dedup();
    let mut out = Catalog { default_schema: DEFAULT_SCHEMA.to_owned(), ..Catalog::default() };
    for name in names {
        let table = &database.tables[name];
        out.tables.push(describe(database, name, table));
        if let Some(journey) = &table.journey {
            let (old, new) = version_schemas(&name.schema, &journey.change.tag);
            for (schema, form) in [(old, &journey.change.old), (new, &journey.change.new)] {
                let columns: Vec<_> = form.iter().map(|c| format!("{} as {}", quote::name(&c.physical), quote::name(&c.name))).collect();
                out.views.push(View {
                    name: TableName::new(schema, &name.name),
                    definition: format!("select {} from {}", columns.join(", "), quote::table(name)),
                    materialized: false,
                    reads: vec![(name.clone(), form.iter().map(|c| c.physical.clone()).collect())],
                });
            }
        }
    }
    out.views.sort_by(|a, b| a.name.cmp(&b.name));
    out
}

fn describe(database: &Database, name: &TableName, table: &Table) -> catalog::Table {
    let mut referenced_by = Vec::new();
    for (other, holder) in &database.tables {
        for (constraint, rule) in &holder.constraints {
            if let Rule::Foreign(foreign) = &rule.rule
                && foreign.target == *name
            {
                referenced_by.push(Reference {
                    table: other.clone(),
                    constraint: constraint.clone(),
                    columns: foreign.target_columns.clone(),
                });
            }
        }
    }
    catalog::Table {
        columns: table.columns.iter().map(describe_column).collect(),
        indexes: table.indexes.iter().map(|(index, it)| describe_index(name, table, index, it)).collect(),
        constraints: table.constraints.iter().map(|(name, it)| describe_constraint(name, it)).collect(),
        referenced_by,
        comment: table.comment.clone(),
        ..catalog::Table::new(name.clone(), TableKind::Ordinary)
    }
}

fn describe_column(column: &Column) -> catalog::Column {
    catalog::Column {
        nullable: column.nullable,
        default: column.default.clone(),
        identity: column.identity.clone(),
        comment: column.comment.clone(),
        ..catalog::Column::new(column.name.clone(), column.data_type.clone())
    }
}

fn describe_index(table: &TableName, holder: &Table, name: &str, index: &Index) -> catalog::Index {
    let plain = |part: &Expression| matches!(part, Expression::Column(None, _));
    let columns = index
        .parts
        .iter()
        .map(|part| match part {
            Expression::Column(None, name) => name.clone(),
            other => format!("({other})"),
        })
        .collect();
    let primary = index
        .constraint
        .as_ref()
        .and_then(|constraint| holder.constraints.get(constraint))
        .is_some_and(|constraint| matches!(constraint.rule, Rule::Primary(_)));
    catalog::Index {
        name: name.to_owned(),
        definition: index_definition(table, name, index),
        columns,
        unique: index.unique,
        primary,
        valid: index.valid,
        constraint: index.constraint.clone(),
        partial_or_expression: index.predicate.is_some() || !index.parts.iter().all(plain),
    }
}

/// The statement that makes an index.
pub(super) fn index_definition(table: &TableName, name: &str, index: &Index) -> String {
    let parts: Vec<_> = index.parts.iter().map(ToString::to_string).collect();
    let mut text = format!(
        "create {}index {} on {} ({})",
        if index.unique { "unique " } else { "" },
        quote::name(name),
        quote::table(table),
        parts.join(", ")
    );
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" where {predicate}"));
    }
    text
}

fn describe_constraint(name: &str, constraint: &Constraint) -> catalog::Constraint {
    let (kind, references) = match &constraint.rule {
        Rule::Primary(_) => (ConstraintKind::PrimaryKey, None),
        Rule::Unique(_) => (ConstraintKind::Unique, None),
        Rule::Check(_) => (ConstraintKind::Check, None),
        Rule::NotNull(_) => (ConstraintKind::NotNull, None),
        Rule::Foreign(foreign) => (ConstraintKind::ForeignKey, Some(foreign.target.clone())),
    };
    catalog::Constraint {
        name: name.to_owned(),
        kind,
        definition: rule_definition(&constraint.rule),
        columns: constraint.rule.columns(),
        validated: constraint.validated,
        references,
    }
}

/// A rule in words that [`super::statement`] reads.
pub(super) fn rule_definition(rule: &Rule) -> String {
    let list = |columns: &[String]| quote::names(columns.iter().map(String::as_str));
    match rule {
        Rule::Primary(columns) => format!("primary key ({})", list(columns)),
        Rule::Unique(columns) => format!("unique ({})", list(columns)),
        Rule::Check(check) => format!("check ({check})"),
        Rule::NotNull(column) => format!("not null {}", quote::name(column)),
        Rule::Foreign(foreign) => foreign_definition(foreign),
    }
}

fn foreign_definition(foreign: &Foreign) -> String {
    let list = |columns: &[String]| quote::names(columns.iter().map(String::as_str));
    let mut text = format!(
        "foreign key ({}) references {} ({})",
        list(&foreign.columns),
        quote::table(&foreign.target),
        list(&foreign.target_columns)
    );
    for (event, action) in [("delete", foreign.on_delete), ("update", foreign.on_update)] {
        if let Some(action) = action {
            text.push_str(&format!(" on {event} {}", action_words(action)));
        }
    }
    if foreign.deferrable {
        text.push_str(" deferrable");
    }
    text
}

fn action_words(action: ReferenceAction) -> &'static str {
    match action {
        ReferenceAction::NoAction => "no action",
        ReferenceAction::Restrict => "restrict",
        ReferenceAction::Cascade => "cascade",
        ReferenceAction::SetNull => "set null",
        ReferenceAction::SetDefault => "set default",
    }
}
