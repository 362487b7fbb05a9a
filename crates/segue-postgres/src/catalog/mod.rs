//! Reading the catalog: one query for each kind of object, for all tables asked for at once.
//!
//! Sessions here have an empty `search_path`, so the server writes every name in a definition with its schema, and
//! two readings compare by equality. Tables are found by name once and by `oid` from then on; no name enters the
//! text of a query. It must never take a lock beyond the catalog's own. Tests: `tests/it/catalog.rs`.

mod attributes;
mod columns;
mod constraints;
pub(crate) mod facts;
mod indexes;
mod inheritance;
pub(crate) mod names;
mod policies;
mod publications;
mod rules;
mod statistics;
mod tables;
mod triggers;
mod views;

use std::collections::BTreeMap;

use segue_engine::EngineError;
use segue_model::catalog::{Catalog, Table};
use segue_model::ident::TableName;
use tokio_postgres::{IsolationLevel, Transaction};

use crate::error::db;
use crate::session::Session;

/// What each reader returns: objects by their table's `oid`, in their fixed order.
pub(crate) type ByTable<T> = BTreeMap<u32, Vec<T>>;

/// What a reader works with: one snapshot, the tables, the server's version.
pub(crate) struct Reader<'a> {
    pub(crate) transaction: Transaction<'a>,
    pub(crate) oids: Vec<u32>,
    pub(crate) version: i32,
}

impl Reader<'_> {
    /// Runs a query whose first parameter is the tables' oids, whose first column is a table's `oid`, and makes a
    /// value of each row.
    pub(crate) async fn by_table<T>(
        &self,
        sql: &str,
        make: impl Fn(&tokio_postgres::Row) -> Result<T, EngineError>,
    ) -> Result<ByTable<T>, EngineError> {
        let mut out = ByTable::new();
        for row in self.transaction.query(sql, &[&self.oids]).await.map_err(db)? {
            out.entry(row.try_get(0).map_err(db)?).or_default().push(make(&row)?);
        }
        Ok(out)
    }
}

/// Reads the named tables, those that exist, in one snapshot.
pub(crate) async fn read(session: &mut Session, names: &[TableName]) -> Result<Catalog, EngineError> {
    let version = session.version();
    let default_schema = session.schemas().first().cloned().unwrap_or_else(|| "public".to_owned());
    let builder = session.client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let transaction = builder.start().await.map_err(db)?;
    let oids = names::oids(&transaction, names).await?;
    let reader = Reader { transaction, oids, version };
    let mut tables = tables::read(&reader).await?;
    fill(&reader, &mut tables).await?;
    let mut catalog = Catalog { tables: tables.into_values().collect(), views: views::read(&reader).await?, default_schema };
    catalog.tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(catalog)
}

async fn fill(reader: &Reader<'_>, tables: &mut BTreeMap<u32, Table>) -> Result<(), EngineError> {
    put(tables, columns::read(reader).await?, |table, list| table.columns = list);
    put(tables, indexes::read(reader).await?, |table, list| table.indexes = list);
    put(tables, constraints::read(reader).await?, |table, list| table.constraints = list);
    put(tables, constraints::referenced_by(reader).await?, |table, list| table.referenced_by = list);
    put(tables, triggers::read(reader).await?, |table, list| table.triggers = list);
    put(tables, policies::read(reader).await?, |table, list| table.policies = list);
    put(tables, inheritance::parents(reader).await?, |table, list| table.parents = list);
    put(tables, inheritance::children(reader).await?, |table, list| table.children = list);
    put(tables, publications::read(reader).await?, |table, list| table.publications = list);
    put(tables, statistics::read(reader).await?, |table, list| table.statistics = list);
    put(tables, rules::read(reader).await?, |table, list| table.rules = list);
    put(tables, attributes::read(reader).await?, |table, list| {
        table.options.extend(list);
        table.options.sort();
    });
    Ok(())
}

fn put<T>(tables: &mut BTreeMap<u32, Table>, lists: ByTable<T>, set: impl Fn(&mut Table, Vec<T>)) {
    for (oid, list) in lists {
        if let Some(table) = tables.get_mut(&oid) {
            set(table, list);
        }
    }
}
