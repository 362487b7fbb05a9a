//! Reading the catalog: one query for each kind of object, for all tables of the database at once.
//!
//! Names are bare: the URL's database is the place of all. A definition is written as MySQL would take it again, with
//! names between backticks. `information_schema` leaves out without a word what the account may not see: what the
//! grants do not cover is said. It must never open a table's rows. Tests: `tests/it/catalog.rs`.

pub(crate) mod beside;
mod columns;
mod constraints;
mod grants;
mod indexes;
mod partitions;
mod tables;
mod triggers;
mod views;

use std::collections::BTreeMap;

use segue_engine::inspect::{CatalogSeen, Collect};
use segue_engine::{EngineError, quote};
use segue_model::catalog::{Catalog, Table};
use segue_model::ident::TableName;

use crate::session::Session;

pub(crate) use grants::Rights;

/// Objects by their table's name.
pub(crate) type ByTable<T> = BTreeMap<String, Vec<T>>;

/// Reads the named tables, those that exist; all where no names are given.
pub(crate) async fn read(session: &mut Session, wanted: Option<&[TableName]>) -> Result<CatalogSeen, EngineError> {
    let mut collect = Collect::default();
    // Without tables and columns there is no catalog: their failure is the answer.
    let mut tables = tables::read(session).await?;
    if let Some(wanted) = wanted {
        let database = session.database.clone();
        tables.retain(|name, _| wanted.iter().any(|w| w.name == *name && (w.schema.is_empty() || w.schema == database)));
    }
    fill(session, &mut tables, &mut collect).await?;
    let mut views = Vec::new();
    if wanted.is_none() || !tables.is_empty() {
        let found = views::read(session, &tables).await;
        views = collect.or_default("views", found)?;
    }
    if wanted.is_some() {
        views.retain(|view| view.reads.iter().any(|(name, _)| tables.contains_key(&name.name)));
    }
    Rights::read(session, &mut collect).await?.say_for_catalog(&mut collect);
    let catalog = Catalog { tables: tables.into_values().collect(), views, default_schema: String::new() };
    Ok(CatalogSeen { catalog, not_checked: collect.done() })
}

async fn fill(session: &mut Session, tables: &mut BTreeMap<String, Table>, collect: &mut Collect) -> Result<(), EngineError> {
    put(tables, columns::read(session, tables).await?, |table, list| {
        for (column, options) in list {
            table.columns.push(column);
            table.options.extend(options);
        }
    });
    let found = indexes::read(session).await;
    let indexes = collect.or_default("indexes", found)?;
    put(tables, indexes, |table, list| table.indexes = list);
    let found = constraints::foreign_keys(session).await;
    let keys = collect.or_default("foreign keys", found)?;
    let found = constraints::referenced_by(session, &keys).await;
    let references = collect.or_default("foreign keys of other databases", found)?;
    put(tables, keys, |table, list| table.constraints = list.into_iter().map(|key| key.constraint).collect());
    put(tables, references, |table, list| table.referenced_by = list);
    let found = constraints::checks(session).await;
    let checks = collect.or_default("check constraints", found)?;
    put(tables, checks, |table, list| table.constraints.extend(list));
    let found = triggers::read(session).await;
    let triggers = collect.or_default("triggers", found)?;
    put(tables, triggers, |table, list| table.triggers = list);
    let found = partitions::read(session).await;
    let parts = collect.or_default("partitions", found)?;
    put(tables, parts, partitions::put);
    let found = grants::of_tables(session).await;
    let rights = collect.or_default("grants of tables", found)?;
    put(tables, rights, |table, list| table.grants = list);
    let found = grants::of_columns(session).await;
    let rights = collect.or_default("grants of columns", found)?;
    put(tables, rights, |table, list| {
        for (column, grant) in list {
            table.columns.iter_mut().filter(|c| c.name == column).for_each(|c| c.grants.push(grant.clone()));
        }
    });
    for table in tables.values_mut() {
        constraints::of_keys(table);
        table.constraints.sort_by(|a, b| a.name.cmp(&b.name));
        table.options.sort();
    }
    Ok(())
}

fn put<T>(tables: &mut BTreeMap<String, Table>, lists: ByTable<T>, set: impl Fn(&mut Table, Vec<T>)) {
    for (name, list) in lists {
        if let Some(table) = tables.get_mut(&name) {
            set(table, list);
        }
    }
}

/// Names between backticks, with commas between.
fn names(list: &[String]) -> String {
    list.iter().map(|name| quote::backtick(name)).collect::<Vec<_>>().join(", ")
}
