//! Keys, checks and indexes of a schema JSON, in either dialect. Tests: `tests/it/sql/schema_json.rs`.

use std::collections::BTreeMap;

use segue_model::catalog::{Catalog, Constraint, ConstraintKind, Index, Reference, Table};
use segue_model::ident::TableName;

use super::super::CatalogRead;
use super::Wrong;
use crate::doc::At;

fn push(table: &mut Table, kind: ConstraintKind, name: String, definition: String, columns: Vec<String>, references: Option<TableName>) {
    let same = table.constraints.iter().any(|one| one.kind == kind && one.columns == columns && one.definition == definition);
    if !same {
        table.constraints.push(Constraint { name, kind, definition, columns, validated: true, references });
    }
}

/// Names: a text, or a list of texts.
fn names(at: At<'_>) -> Result<Vec<String>, Wrong> {
    if let Some(one) = at.text() {
        return Ok(vec![one.to_owned()]);
    }
    if !at.is_list() {
        return Err(Wrong::at(at, format!("a list of column names is wanted; this is {}", at.what())));
    }
    at.items().map(|item| item.text().map(str::to_owned).ok_or_else(|| Wrong::at(item, "a column's name is a text"))).collect()
}

fn unique(table: &mut Table, columns: Vec<String>) {
    let definition = format!("UNIQUE ({})", columns.join(", "));
    push(table, ConstraintKind::Unique, format!("{}_{}_key", table.name.name, columns.join("_")), definition, columns, None);
}

fn primary(table: &mut Table, columns: Vec<String>) {
    if table.primary_key().is_empty() && !columns.is_empty() {
        let definition = format!("PRIMARY KEY ({})", columns.join(", "));
        push(table, ConstraintKind::PrimaryKey, format!("{}_pkey", table.name.name), definition, columns, None);
    }
}

/// `users.id` and `users(id)`.
fn target(text: &str) -> (String, Vec<String>) {
    let (table, rest) = text.split_once(['(', '.']).unwrap_or((text, ""));
    let columns = rest.trim_end_matches(')').split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    (table.trim().to_owned(), columns.collect())
}

fn foreign(table: &mut Table, columns: Vec<String>, refers: &str, more: Vec<String>, on: (Option<&str>, Option<&str>)) {
    let (to, mut referred) = target(refers);
    if referred.is_empty() {
        referred = more;
    }
    let mut definition = format!("FOREIGN KEY ({}) REFERENCES {to} ({})", columns.join(", "), referred.join(", "));
    for (word, action) in [("DELETE", on.0), ("UPDATE", on.1)] {
        if let Some(action) = action {
            definition.push_str(&format!(" ON {word} {action}"));
        }
    }
    let name = format!("{}_{}_fkey", table.name.name, columns.join("_"));
    push(table, ConstraintKind::ForeignKey, name, definition, columns, Some(TableName::bare(to)));
}

/// What a column says of keys.
pub(super) fn of_column(table: &mut Table, name: &str, value: At<'_>) -> Result<(), Wrong> {
    let yes = |key: &str| value.get(key).and_then(At::bool).unwrap_or(false);
    if yes("primary_key") {
        primary(table, vec![name.to_owned()]);
    }
    if yes("unique") {
        unique(table, vec![name.to_owned()]);
    }
    if let Some(refers) = value.get("foreign_key").or_else(|| value.get("references")) {
        let text = refers.text().ok_or_else(|| Wrong::at(refers, "a foreign key of a column is a text such as `users.id`"))?;
        foreign(table, vec![name.to_owned()], text, Vec::new(), (value.text_at("on_delete"), value.text_at("on_update")));
    }
    Ok(())
}

/// Keys, checks and indexes beside the columns or under `constraints`.
pub(super) fn keys(table: &mut Table, value: At<'_>, read: &mut CatalogRead) -> Result<(), Wrong> {
    let inner = value.get("constraints");
    let find = |names: &[&str]| names.iter().find_map(|name| value.get(name).or_else(|| inner.and_then(|inner| inner.get(name))));
    if let Some(at) = find(&["primary_key"]) {
        let columns = names(at)?;
        table.constraints.retain(|one| one.kind != ConstraintKind::PrimaryKey);
        primary(table, columns);
    }
    for item in find(&["unique_constraints", "unique"]).map(At::items).into_iter().flatten() {
        let columns = match item.get("columns") {
            Some(columns) => names(columns)?,
            None => names(item)?,
        };
        unique(table, columns);
    }
    for item in find(&["foreign_keys", "foreign_key"]).map(At::items).into_iter().flatten() {
        foreign_key(table, item)?;
    }
    checks(table, find(&["check_constraints", "check", "checks"]))?;
    indexes(table, value, read)?;
    table.constraints.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.definition.cmp(&b.definition)));
    Ok(())
}

fn foreign_key(table: &mut Table, item: At<'_>) -> Result<(), Wrong> {
    let columns = item.get("columns").or_else(|| item.get("column")).ok_or_else(|| Wrong::at(item, "a foreign key without `columns`"))?;
    let refers = item
        .get("references")
        .or_else(|| item.get("referenced_table"))
        .ok_or_else(|| Wrong::at(item, "a foreign key without `references`"))?;
    let (text, more) = if refers.is_map() {
        (refers.text_at("table").unwrap_or_default(), refers.get("columns").map(names).transpose()?.unwrap_or_default())
    } else {
        (refers.text().unwrap_or_default(), item.get("referenced_columns").map(names).transpose()?.unwrap_or_default())
    };
    if text.is_empty() {
        return Err(Wrong::at(refers, "the table that a foreign key refers to is wanted"));
    }
    foreign(table, names(columns)?, text, more, (item.text_at("on_delete"), item.text_at("on_update")));
    Ok(())
}

/// Texts in a list, or by name in a map.
fn checks(table: &mut Table, at: Option<At<'_>>) -> Result<(), Wrong> {
    let Some(at) = at else { return Ok(()) };
    if !at.is_list() && !at.is_map() {
        return Err(Wrong::at(at, "checks are a list of texts, or a map of texts by name"));
    }
    let of_map = at.entries().map(|(name, _, value)| (name.to_owned(), value));
    let of_list = at.items().map(|value| (String::new(), value));
    for (name, value) in of_map.chain(of_list) {
        let text = value.text().or_else(|| value.text_at("expression")).ok_or_else(|| Wrong::at(value, "a check is a text"))?;
        push(table, ConstraintKind::Check, name, format!("CHECK ({text})"), Vec::new(), None);
    }
    Ok(())
}

fn indexes(table: &mut Table, value: At<'_>, read: &mut CatalogRead) -> Result<(), Wrong> {
    let Some(list) = value.get("indexes") else { return Ok(()) };
    if !list.is_list() {
        return Err(Wrong::at(list, format!("`indexes` is {}; it must be a list", list.what())));
    }
    for item in list.items() {
        let columns = names(item.get("columns").ok_or_else(|| Wrong::at(item, "an index without `columns`"))?)?;
        let name = item.text_at("name").map_or_else(|| format!("{}_{}_idx", table.name.name, columns.join("_")), str::to_owned);
        let unique = item.get("unique").and_then(At::bool).unwrap_or(false);
        let predicate = item.text_at("partial_condition").or_else(|| item.text_at("where"));
        let mut definition = format!("{}INDEX ({})", if unique { "UNIQUE " } else { "" }, columns.join(", "));
        if let Some(predicate) = predicate {
            definition.push_str(&format!(" WHERE {predicate}"));
        }
        read.places.insert(format!("{}#{name}", table.name.name), item.span());
        table.indexes.push(Index {
            name,
            definition,
            columns,
            unique,
            primary: false,
            valid: true,
            constraint: None,
            partial_or_expression: predicate.is_some(),
        });
    }
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

/// Puts every foreign key on the table that it refers to as well.
pub(super) fn refer_back(catalog: &mut Catalog) {
    let index: BTreeMap<TableName, usize> = catalog.tables.iter().enumerate().map(|(at, table)| (table.name.clone(), at)).collect();
    let mut found = Vec::new();
    for table in &catalog.tables {
        for constraint in &table.constraints {
            if let Some(at) = constraint.references.as_ref().and_then(|target| index.get(target)) {
                let columns = super::super::compare::referred_columns(&constraint.definition, super::super::Dialect::Postgres);
                found.push((*at, Reference { table: table.name.clone(), constraint: constraint.name.clone(), columns }));
            }
        }
    }
    for (at, reference) in found {
        if let Some(table) = catalog.tables.get_mut(at) {
            table.referenced_by.push(reference);
        }
    }
}
