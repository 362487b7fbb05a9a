//! The same rules on a live catalog, as far as a catalog shows what they look at.
//!
//! Definitions are an engine's own text and are read by the readers of dumps. Tests: `tests/it/judge.rs`.

use segue_model::assessment::Object;
use segue_model::catalog::{self, Catalog, ConstraintKind, TableKind};

use super::dialect::Dialect;
use super::dump;
use super::read;
use super::schema::{Column, Schema, Table, Thing};
use super::tokens::{normal, tokens};

/// Judges the tables and views of a catalog of `source` for a move to `target`; `system` names it in the objects.
///
/// What a catalog does not hold (routines, events, settings) has no objects here. Empty for a pair without rules.
pub fn judge(system: &str, catalog: &Catalog, source: Dialect, target: Dialect) -> Vec<Object> {
    let mut schema = Schema { dialect: source, ..Schema::default() };
    for table in &catalog.tables {
        schema.tables.push(convert(table, source));
        things(table, source, &mut schema);
    }
    for view in &catalog.views {
        let kind = if view.materialized { "materialized view" } else { "view" };
        schema.things.push(thing(kind, &view.name.name, &view.definition, source));
    }
    dump::objects(&schema, Some(target), system)
}

fn thing(kind: &str, name: &str, definition: &str, dialect: Dialect) -> Thing {
    let (tokens, _) = tokens(definition, 0, dialect);
    Thing { kind: kind.to_owned(), name: name.to_owned(), line: 0, words: normal(&tokens), length: definition.len() }
}

fn things(table: &catalog::Table, dialect: Dialect, schema: &mut Schema) {
    for (kind, list) in [
        ("trigger", &table.triggers),
        ("policy", &table.policies),
        ("rule", &table.rules),
        ("statistics", &table.statistics),
        ("publication", &table.publications),
    ] {
        for named in list {
            schema.things.push(thing(kind, &format!("{}.{}", table.name.name, named.name), &named.definition, dialect));
        }
    }
}

fn convert(table: &catalog::Table, dialect: Dialect) -> Table {
    let mut out =
        Table { schema: table.name.schema.clone(), name: table.name.name.clone(), comment: table.comment.is_some(), ..Table::default() };
    if dialect == Dialect::Mysql {
        // A database is no schema: its name says nothing about the table.
        out.schema.clear();
    }
    out.primary = table.primary_key();
    out.columns = table.columns.iter().map(|c| column(c, dialect)).collect();
    for index in &table.indexes {
        read::index_of_catalog(&mut out, index, dialect);
    }
    for constraint in &table.constraints {
        if matches!(constraint.kind, ConstraintKind::ForeignKey | ConstraintKind::Check | ConstraintKind::Exclusion) {
            read::constraint_of_catalog(&mut out, constraint, dialect);
        }
    }
    options(table, &mut out);
    out
}

fn options(table: &catalog::Table, out: &mut Table) {
    for option in &table.options {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        out.options.insert(name.trim().to_lowercase().replace('_', " "), value.trim().to_lowercase());
        out.options.insert(name.trim().to_lowercase(), value.trim().to_lowercase());
    }
    let mut set = |name: &str, value: &str| {
        out.options.insert(name.to_owned(), value.to_lowercase());
    };
    if let Some(key) = &table.partition_key {
        set("partition by", key.split([' ', '(']).next().unwrap_or_default());
        set("partition key", key.split_once('(').map_or("", |(_, inner)| inner.trim_end_matches(')')));
    }
    match table.kind {
        TableKind::Partition => set("partition of", ""),
        TableKind::Foreign => set("foreign", ""),
        TableKind::Ordinary if !table.parents.is_empty() => set("inherits", ""),
        TableKind::Ordinary | TableKind::Partitioned => {}
    }
    if table.row_security {
        set("row security", "");
    }
}

fn column(column: &catalog::Column, dialect: Dialect) -> Column {
    let mut out = Column { name: column.name.clone(), ..Column::default() };
    read::type_of_catalog(&mut out, &column.data_type, dialect);
    out.not_null = !column.nullable;
    out.identity.clone_from(&column.identity);
    out.auto_increment = dialect == Dialect::Mysql && column.identity.is_some();
    out.generated = column.generated.as_ref().map(|_| "stored".to_owned());
    out.comment = column.comment.is_some();
    if let Some(collation) = &column.collation {
        out.collation.clone_from(collation);
    }
    out.default = column.default.as_ref().map(|text| {
        let zeros = if text.contains("0000-00-00") { "0000-00-00 " } else { "" };
        format!("{}{zeros}", normal(&tokens(text, 0, dialect).0))
    });
    out
}
