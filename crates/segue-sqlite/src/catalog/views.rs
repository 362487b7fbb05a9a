//! Views, with the columns that each really reads: SQLite itself says so to an authorizer while it prepares.
//! Tests: `tests/it/catalog.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use segue_engine::{EngineError, quote};
use segue_model::catalog::{Table, View};
use segue_model::ident::TableName;

use crate::error::Doing;
use crate::schema;

type Reads = BTreeMap<String, BTreeSet<String>>;

/// Views that read one of the tables.
pub(super) fn views(connection: &Connection, tables: &[Table]) -> Result<Vec<View>, EngineError> {
    let mut out = Vec::new();
    for (_, object) in schema::all(connection, "view")? {
        let reads = reads_of(connection, &object.name)?;
        let touched: Vec<(TableName, Vec<String>)> = if let Some(reads) = reads {
            let known = reads.into_iter().filter_map(|(table, columns)| {
                let found = tables.iter().find(|known| known.name.name.eq_ignore_ascii_case(&table))?;
                Some((found.name.clone(), columns.into_iter().collect()))
            });
            known.collect()
        } else {
            // A view that SQLite cannot prepare may read anything that it names.
            let named = tables.iter().filter(|table| crate::sql::token::mentions(&object.sql, &table.name.name));
            named.map(|table| (table.name.clone(), Vec::new())).collect()
        };
        if !touched.is_empty() {
            out.push(View { name: TableName::bare(object.name), definition: object.sql, materialized: false, reads: touched });
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

/// What a view reads, by table; `None` when SQLite cannot prepare it.
pub(crate) fn reads_of(connection: &Connection, view: &str) -> Result<Option<Reads>, EngineError> {
    let reads = Arc::new(Mutex::new(Reads::new()));
    let seen = Arc::clone(&reads);
    let doing = "reading what a view reads";
    connection
        .authorizer(Some(move |context: AuthContext<'_>| {
            if let AuthAction::Read { table_name, column_name } = context.action {
                let mut reads = seen.lock().unwrap_or_else(PoisonError::into_inner);
                let columns = reads.entry(table_name.to_owned()).or_default();
                if !column_name.is_empty() {
                    columns.insert(column_name.to_owned());
                }
            }
            Authorization::Allow
        }))
        .doing(doing)?;
    let prepared = connection.prepare(&format!("SELECT * FROM {}", quote::name(view))).is_ok();
    connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).doing(doing)?;
    let reads = reads.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(prepared.then_some(reads))
}
