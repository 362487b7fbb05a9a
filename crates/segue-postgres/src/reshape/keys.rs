//! The walk over a table in the order of its key, and keys as they stand in checkpoints.
//!
//! A key is a JSON array of the text forms of its columns, made and read under fixed formats, and compared by the
//! server in the columns' own types. It holds values of rows and must never be printed as it is. Tests:
//! `tests/reshape/backfill.rs`, over every kind of key.

use segue_engine::quote::{name, table, text};
use segue_engine::{EngineError, ErrorKind, Key};
use segue_model::reshape::TableChange;
use serde_json::Value as Json;
use tokio_postgres::GenericClient;

use crate::reshape::base::Base;
use crate::session::db;

/// The walk key of one table.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    /// `(column, type)`, quoted and qualified.
    columns: Vec<(String, String)>,
    table: String,
}

/// One stretch of the walk: after one key, up to and with another.
pub(crate) struct Range {
    /// A condition over the table's own columns.
    pub(crate) condition: String,
    /// Where it ends; `None` when nothing is left after it.
    pub(crate) next: Option<Key>,
    /// Rows in it.
    pub(crate) rows: u64,
}

impl Walk {
    /// The walk of this change on the table as it is.
    pub(crate) fn of(change: &TableChange, base: &Base) -> Result<Self, EngineError> {
        let columns: Vec<(String, String)> =
            change.key.iter().filter_map(|key| base.column(key).map(|column| (name(key), column.data_type.clone()))).collect();
        if columns.is_empty() || columns.len() != change.key.len() {
            return Err(EngineError::new(
                "SG-PG-119",
                ErrorKind::Unsupported,
                format!("table {} has no key by which its rows can be walked", change.table),
            )
            .help("give it a primary key, or a unique index over columns that are NOT NULL"));
        }
        Ok(Self { columns, table: table(&change.table) })
    }

    fn tuple(&self) -> String {
        self.columns.iter().map(|(column, _)| column.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn literal(&self, key: &Key) -> Result<String, EngineError> {
        let broken = || EngineError::new("SG-PG-144", ErrorKind::Other, "a key in a checkpoint is not one of this table's");
        let Json::Array(parts) = &key.0 else { return Err(broken()) };
        if parts.len() != self.columns.len() {
            return Err(broken());
        }
        let mut out = Vec::new();
        for (part, (_, data_type)) in parts.iter().zip(&self.columns) {
            let Json::String(part) = part else { return Err(broken()) };
            if part.contains('\0') {
                return Err(broken());
            }
            out.push(format!("{}::{data_type}", text(part)));
        }
        Ok(out.join(", "))
    }

    /// `row(key) > row(…)`, or what is always true.
    pub(crate) fn after(&self, after: Option<&Key>) -> Result<String, EngineError> {
        self.compare(">", after)
    }

    fn compare(&self, operator: &str, key: Option<&Key>) -> Result<String, EngineError> {
        Ok(match key {
            Some(key) => format!("({}) {operator} ({})", self.tuple(), self.literal(key)?),
            None => "true".to_owned(),
        })
    }

    /// The condition for keys after `after`, up to and with `last`.
    pub(crate) fn between(&self, after: Option<&Key>, last: &Key) -> Result<String, EngineError> {
        Ok(format!("{} and {}", self.after(after)?, self.compare("<=", Some(last))?))
    }

    /// The key's columns as a JSON array of texts, over a table alias.
    pub(crate) fn json(&self, alias: &str) -> String {
        let parts = self.columns.iter().map(|(column, _)| format!("{alias}.{column}::text"));
        format!("pg_catalog.jsonb_build_array({})", parts.collect::<Vec<_>>().join(", "))
    }

    /// The condition that a row of the table has the key in a JSON array.
    pub(crate) fn equals_json(&self, alias: &str, json: &str) -> String {
        let parts =
            self.columns.iter().enumerate().map(|(at, (column, data_type))| format!("{alias}.{column} = ({json}->>{at})::{data_type}"));
        parts.collect::<Vec<_>>().join(" and ")
    }

    /// The next stretch of at most `limit` rows, by the key's index alone.
    pub(crate) async fn next(&self, client: &impl GenericClient, after: Option<&Key>, limit: u64) -> Result<Option<Range>, EngineError> {
        let keys = self.tuple();
        // The last key of a full stretch, in one pass over the index that keeps nothing.
        let full = format!(
            "select {} from (select {keys} from only {} where {} order by {keys} offset {} limit 1) as batch",
            self.json("batch"),
            self.table,
            self.after(after)?,
            limit.saturating_sub(1),
        );
        if let Some(row) = client.query_opt(&full, &[]).await.map_err(db)? {
            let last = Key(row.get(0));
            return Ok(Some(Range { condition: self.between(after, &last)?, next: Some(last), rows: limit }));
        }
        let backwards = self.columns.iter().map(|(column, _)| format!("{column} desc")).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "with batch as materialized (select {keys} from only {} where {} order by {keys} limit {limit}) \
             select (select count(*) from batch), {} from batch order by {backwards} limit 1",
            self.table,
            self.after(after)?,
            self.json("batch"),
        );
        let Some(row) = client.query_opt(&sql, &[]).await.map_err(db)? else { return Ok(None) };
        let (rows, last) = (row.get::<_, i64>(0).cast_unsigned(), Key(row.get(1)));
        Ok(Some(Range { condition: self.between(after, &last)?, next: (rows >= limit).then_some(last), rows }))
    }

    /// All keys of a stretch, in order.
    pub(crate) async fn list(&self, client: &impl GenericClient, condition: &str) -> Result<Vec<Key>, EngineError> {
        let sql = format!("select {} from only {1} as t where {condition} order by {2}", self.json("t"), self.table, self.tuple());
        Ok(client.query(&sql, &[]).await.map_err(db)?.iter().map(|row| Key(row.get(0))).collect())
    }

    /// A key for people: `id=7`.
    pub(crate) fn show(change: &TableChange, key: &Json) -> String {
        let Json::Array(parts) = key else { return String::new() };
        let shown = change.key.iter().zip(parts).map(|(column, part)| format!("{column}={}", part.as_str().unwrap_or("NULL")));
        shown.collect::<Vec<_>>().join(" ")
    }
}
