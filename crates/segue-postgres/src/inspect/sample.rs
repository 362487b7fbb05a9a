//! Reading a sample: rows of a table as they come, in the neutral form, a few at a time.
//!
//! It must never show a value; what goes wrong names columns alone. Tests: `segue_sim::inspect`.

use std::time::Instant;

use segue_engine::inspect::{Bound, Cell, Kind, SampleColumn, Taken};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::ident::TableName;
use tokio_postgres::Row;

use crate::catalog::names;
use crate::error::db;
use crate::session::Session;

/// Rows of one answer: what is over the bound was read for nothing.
const CHUNK: i32 = 64;

/// A domain counts as its base.
const COLUMNS: &str = "
select a.attname::text, coalesce(b.typname, t.typname)::text, coalesce(b.typtype, t.typtype)::text, format_type(a.atttypid, a.atttypmod)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_type b on b.oid = t.typbasetype
where n.nspname = $1 and c.relname = $2 order by a.attnum";

/// What a type is in the neutral form; `None` where there is none.
fn kind(name: &str, class: &str) -> Option<Kind> {
    Some(match (name, class) {
        ("bool", _) => Kind::Boolean,
        ("int2" | "int4" | "int8" | "oid", _) => Kind::Integer,
        ("numeric", _) => Kind::Decimal,
        ("float4" | "float8", _) => Kind::Float,
        ("text" | "varchar" | "bpchar" | "name" | "citext" | "xml" | "inet" | "cidr" | "macaddr", _) | (_, "e") => Kind::Text,
        ("bytea", _) => Kind::Bytes,
        ("date", _) => Kind::Date,
        ("timestamp" | "timestamptz", _) => Kind::Timestamp,
        ("uuid", _) => Kind::Uuid,
        ("json" | "jsonb", _) => Kind::Json,
        _ => return None,
    })
}

/// A column as the query gives it: bytes as they are, all else as text. The session's zone is UTC.
fn expression(name: &str, kind: Kind, data_type: &str) -> String {
    let name = quote::name(name);
    match kind {
        Kind::Bytes => format!("{name}::bytea"),
        Kind::Boolean => format!("{name}::int4::text"),
        Kind::Timestamp if data_type.contains("with time zone") => format!("({name} at time zone 'UTC')::text"),
        _ => format!("{name}::text"),
    }
}

/// Reads until a bound is reached.
pub(super) async fn read(session: &mut Session, table: &TableName, bound: Bound) -> Result<Taken, EngineError> {
    let table = names::resolve(session, table).await?;
    let mut taken = Taken::default();
    let mut expressions = Vec::new();
    for row in session.query(COLUMNS, &[&table.schema, &table.name]).await.map_err(db)? {
        let (name, data_type): (String, String) = (row.get(0), row.get(3));
        match kind(row.get(1), row.get(2)) {
            Some(kind) => {
                expressions.push(expression(&name, kind, &data_type));
                taken.columns.push(SampleColumn { name, kind });
            }
            None => taken.left_out.push(format!("{name} {data_type}")),
        }
    }
    if taken.columns.is_empty() && taken.left_out.is_empty() {
        return Err(EngineError::new("SG-PG-013", ErrorKind::Object, format!("there is no table {table}")));
    }
    if taken.columns.is_empty() {
        return Ok(taken);
    }
    let sql = format!("select {} from {} limit {}", expressions.join(", "), quote::table(&table), bound.max_rows);
    let begun = Instant::now();
    let transaction = session.client.transaction().await.map_err(db)?;
    let portal = transaction.bind(&sql, &[]).await.map_err(db)?;
    'rows: loop {
        let rows = transaction.query_portal(&portal, CHUNK).await.map_err(db)?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            if !taken.push(cells(row, &taken.columns)?, bound) {
                break 'rows;
            }
        }
    }
    taken.sample.micros = begun.elapsed().as_micros() as u64;
    transaction.rollback().await.map_err(db)?;
    Ok(taken)
}

fn cells(row: &Row, columns: &[SampleColumn]) -> Result<Vec<Cell>, EngineError> {
    let cell = |(at, column): (usize, &SampleColumn)| {
        Ok(match column.kind {
            Kind::Bytes => row.try_get::<_, Option<Vec<u8>>>(at).map_err(db)?.map_or(Cell::Null, Cell::Bytes),
            _ => row.try_get::<_, Option<String>>(at).map_err(db)?.map_or(Cell::Null, Cell::Text),
        })
    };
    columns.iter().enumerate().map(cell).collect()
}
