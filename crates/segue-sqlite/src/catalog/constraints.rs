//! Constraints, from the table's text: only there do their names and checks stand. Tests: `tests/it/catalog.rs`.

use rusqlite::Connection;
use segue_engine::EngineError;
use segue_model::catalog::{Constraint, ConstraintKind, Reference};
use segue_model::ident::TableName;

use crate::error::Doing;
use crate::reshape::layout::{primary_key, table_sql};
use crate::schema;
use crate::sql::table::{ConstraintText, TableText, What, listed_names};
use crate::sql::token::{mentions, tokens};

/// Every constraint of a table but NOT NULL, in the order of definition.
pub(super) fn read(text: &TableText) -> Vec<Constraint> {
    let mut out = Vec::new();
    for column in &text.columns {
        out.extend(column.constraints.iter().filter_map(|found| one(text, found, Some(&column.name))));
    }
    out.extend(text.constraints.iter().filter_map(|found| one(text, found, None)));
    out
}

fn one(text: &TableText, found: &ConstraintText, column: Option<&String>) -> Option<Constraint> {
    let kind = match found.what {
        What::PrimaryKey => ConstraintKind::PrimaryKey,
        What::Unique => ConstraintKind::Unique,
        What::Check => ConstraintKind::Check,
        What::References | What::ForeignKey => ConstraintKind::ForeignKey,
        What::NotNull | What::Null | What::Default | What::Collate | What::Generated => return None,
    };
    let columns = match (kind, column) {
        (ConstraintKind::Check, _) => {
            let all = text.columns.iter().filter(|column| mentions(text.part(&found.body), &column.name));
            all.map(|column| column.name.clone()).collect()
        }
        (_, Some(column)) => vec![column.clone()],
        (_, None) => listed_names(text.part(&found.body)),
    };
    let references = (kind == ConstraintKind::ForeignKey).then(|| {
        let tokens = tokens(text.part(&found.span));
        let at = tokens.iter().position(|token| token.is("REFERENCES")).unwrap_or_default();
        TableName::bare(tokens.get(at + 1).map(|token| token.text.clone()).unwrap_or_default())
    });
    let definition = text.part(&found.span).to_owned();
    Some(Constraint { name: found.name.clone(), kind, definition, columns, validated: true, references })
}

/// Foreign keys of all tables (itself included) that refer to this one.
pub(super) fn referenced_by(connection: &Connection, table: &str) -> Result<Vec<Reference>, EngineError> {
    let doing = "reading the catalog";
    let own_key =
        table_sql(connection, table)?.and_then(|(_, sql)| TableText::parse(&sql)).map(|text| primary_key(&text)).unwrap_or_default();
    let mut out = Vec::new();
    for (_, object) in schema::all(connection, "table")? {
        let mut statement = connection
            .prepare("SELECT id, \"to\" FROM pragma_foreign_key_list(?1) WHERE lower(\"table\") = lower(?2) ORDER BY id, seq")
            .doing(doing)?;
        let rows = statement.query_map([object.name.as_str(), table], |row| Ok((row.get(0)?, row.get(1)?))).doing(doing)?;
        let mut last = None;
        for (id, column) in rows.collect::<rusqlite::Result<Vec<(i64, Option<String>)>>>().doing(doing)? {
            if last != Some(id) {
                let columns = if column.is_none() { own_key.clone() } else { Vec::new() };
                out.push(Reference { table: TableName::bare(object.name.as_str()), constraint: String::new(), columns });
                last = Some(id);
            }
            if let (Some(column), Some(reference)) = (column, out.last_mut()) {
                reference.columns.push(column);
            }
        }
    }
    out.sort_by(|a, b| a.table.cmp(&b.table));
    Ok(out)
}
