//! Views: one is compared where somebody asks for it by its own name, with a table or another view.
//!
//! Unasked it never is: its rows are those of other tables, which are compared themselves. Tests: `tests/verify/views.rs`.

use std::collections::BTreeSet;

use segue_engine::ErrorKind;
use segue_engine::rows::TableRows;
use segue_model::ident::TableName;
use segue_verify::TablePair;

use super::sides::SideOpen;
use crate::failure::Failure;

/// Adds to a side's tables the views that are named, and gives their names. Patterns name none.
pub(crate) async fn named<'a>(
    side: &SideOpen,
    schema: Option<&str>,
    tables: &mut Vec<TableName>,
    names: impl Iterator<Item = &'a String>,
) -> Result<BTreeSet<TableName>, Failure> {
    let mut views = BTreeSet::new();
    for name in names.filter(|name| !name.contains(['*', '?'])) {
        let Ok(mut wanted) = TableName::parse(name) else { continue };
        let is_there = |table: &TableName| table.name == wanted.name && (wanted.schema.is_empty() || wanted.schema == table.schema);
        if tables.iter().any(is_there) {
            continue;
        }
        if let Some(schema) = schema.filter(|_| wanted.schema.is_empty()) {
            schema.clone_into(&mut wanted.schema);
        }
        if let Some(found) = look(side, &wanted).await? {
            views.insert(found.table.clone());
            tables.push(found.table);
        }
    }
    Ok(views)
}

/// A side has a view of the name of a table that only the other one has, as far as it tells.
pub(crate) async fn instead(side: &SideOpen, table: &TableName) -> bool {
    matches!(look(side, &TableName::bare(table.name.clone())).await, Ok(Some(_)))
}

/// What is called so and is no table: nobody asks for one that was found among the tables.
async fn look(side: &SideOpen, name: &TableName) -> Result<Option<TableRows>, Failure> {
    match side.database.describe(name).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind == ErrorKind::Object => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Says what of a pair is a view.
pub(crate) fn note(pair: &mut TablePair, source: bool, target: bool) {
    for (table, side) in [(&pair.source.table, "source"), (&pair.target.table, "target")] {
        if (side == "source" && source) || (side == "target" && target) {
            let seen = "is compared as it gives its rows; that a table beneath it was emptied meanwhile is not noticed";
            pair.notes.push(format!("{table} is a view of the {side}: it {seen}"));
        }
    }
}
