//! A chunk's hash by the server itself, in a form that other engines' servers give too.
//!
//! Each value is `N` for NULL, else its length in bytes of UTF-8, a colon and its text; the values of a row are joined
//! and hashed with MD5; the rows' hashes in ascending order are joined and hashed again. The order of rows does not
//! matter, values that are swapped between rows do. Two values whose canonical bytes differ must have two texts; a
//! type for which no such text is written down here has no such hash. Tests: below, `tests/it/rows/digest.rs`.

use segue_engine::EngineError;
use segue_engine::quote;
use segue_engine::rows::{ChunkDigest, Class, Read, ReadColumn};

use super::kind::{Native, Wire};
use super::select::{ColumnFacts, Select, expression};
use super::snapshot::Lease;
use crate::error::db;

/// The text of a column in the form that all servers share; `None` where there is none.
fn text(column: &ReadColumn, native: &Native) -> Option<String> {
    let value = expression(column);
    let plain = format!("({value})::pg_catalog.text");
    Some(match (&column.class, &native.wire) {
        (Class::Integer | Class::Decimal | Class::Boolean | Class::Text, Wire::Int2 | Wire::Int4 | Wire::Int8 | Wire::Oid)
        | (Class::Text, Wire::Text | Wire::Label | Wire::Uuid)
        | (Class::Uuid, Wire::Uuid) => plain,
        (Class::Integer | Class::Boolean, Wire::Bool) => format!("({value})::pg_catalog.int4::pg_catalog.text"),
        (Class::Integer | Class::Decimal, Wire::Numeric) => {
            format!("pg_catalog.trim_scale(({value})::pg_catalog.numeric)::pg_catalog.text")
        }
        // Its cast to text takes the spaces at the end away; its own text has them.
        (Class::Text, Wire::Padded) => format!("case when {value} is not null then pg_catalog.format('%s', {value}) end"),
        (Class::TextPadded, Wire::Text | Wire::Padded | Wire::Label) => format!("pg_catalog.rtrim({plain}, ' ')"),
        (Class::Bytes, Wire::Bytes) => format!("pg_catalog.encode({value}, 'hex')"),
        (Class::Date, Wire::Date) => of_calendar(&value, &value, "date", "YYYY-MM-DD"),
        (Class::Timestamp | Class::Instant, Wire::Date | Wire::Timestamp) => {
            let value = format!("({value})::pg_catalog.timestamp");
            of_calendar(&value, &value, "timestamp", MOMENT)
        }
        (Class::Timestamp | Class::Instant, Wire::Instant) => {
            of_calendar(&value, &format!("pg_catalog.timezone('UTC', {value})"), "timestamptz", MOMENT)
        }
        _ => return None,
    })
}

/// Always six digits of microseconds.
const MOMENT: &str = "YYYY-MM-DD HH24:MI:SS.US";

/// In this format; what the calendars of others do not have keeps the server's own text, which no format gives.
fn of_calendar(value: &str, shown: &str, kind: &str, format: &str) -> String {
    let zone = if kind == "timestamptz" { "+00" } else { "" };
    format!(
        "case when pg_catalog.isfinite({value}) and {value} operator(pg_catalog.>=) '0001-01-01{}{zone}'::pg_catalog.{kind} \
         then pg_catalog.to_char({shown}, '{format}') else ({value})::pg_catalog.text end",
        if kind == "date" { "" } else { " 00:00:00" }
    )
}

/// What is tried for a column of which the class alone is known.
fn text_of_class(column: &ReadColumn) -> Option<String> {
    let value = expression(column);
    let plain = format!("({value})::pg_catalog.text");
    let truth = |other: &str| format!("case {plain} when 'true' then '1' when 'false' then '0' else {other} end");
    let native = |wire| Native { wire, cast: None, class: column.class.clone() };
    Some(match column.class {
        Class::Boolean => truth(&plain),
        Class::Integer => truth(&format!("pg_catalog.trim_scale({plain}::pg_catalog.numeric)::pg_catalog.text")),
        Class::Decimal => return text(column, &native(Wire::Numeric)),
        Class::Text => return text(column, &native(Wire::Padded)),
        Class::TextPadded => return text(column, &native(Wire::Text)),
        Class::Bytes => return text(column, &native(Wire::Bytes)),
        Class::Date => return text(column, &native(Wire::Date)),
        Class::Timestamp => return text(column, &native(Wire::Timestamp)),
        Class::Instant => return text(column, &native(Wire::Instant)),
        Class::Uuid => return text(column, &native(Wire::Uuid)),
        _ => return None,
    })
}

/// The query of a digest of rows that these conditions choose. `unicode`: the server's own bytes are those of UTF-8.
fn query(read: &Read, texts: &[String], conditions: &str, unicode: bool) -> Option<String> {
    if texts.is_empty() {
        return None;
    }
    let bytes = |text: &str| if unicode { text.to_owned() } else { format!("pg_catalog.convert_to({text}, 'UTF8')") };
    let part = |text: &String| {
        let length = format!("pg_catalog.octet_length({})::pg_catalog.text", bytes(text));
        format!("coalesce({length} operator(pg_catalog.||) ':' operator(pg_catalog.||) {text}, 'N')")
    };
    let row = texts.iter().map(part).collect::<Vec<_>>().join(" operator(pg_catalog.||) ");
    Some(format!(
        "select pg_catalog.count(*), coalesce(pg_catalog.md5(pg_catalog.string_agg(h, '' order by h collate pg_catalog.\"C\")), '') \
         from (select pg_catalog.md5({}) as h from {}{conditions}) as segue_rows",
        bytes(&row),
        quote::table(&read.table)
    ))
}

/// The query for a person. Types are not known here, only classes.
pub(super) fn sql(read: &Read) -> Option<String> {
    let texts: Vec<_> = read.columns.iter().map(text_of_class).collect::<Option<_>>()?;
    let native = |column: &ReadColumn| {
        let wire = match column.class {
            Class::Integer | Class::Decimal => Wire::Numeric,
            Class::Date => Wire::Date,
            Class::Timestamp => Wire::Timestamp,
            Class::Instant => Wire::Instant,
            Class::Text => Wire::Text,
            Class::Uuid => Wire::Uuid,
            Class::Bytes => Wire::Bytes,
            _ => Wire::Own,
        };
        Native { wire, cast: None, class: column.class.clone() }
    };
    let natives: Vec<_> = read.columns.iter().map(native).collect();
    let facts = vec![ColumnFacts::default(); natives.len()];
    let conditions = Select { read, natives: &natives, facts: &facts, unicode: true }.conditions().ok()?;
    query(read, &texts, &conditions, false)
}

/// The hash of a chunk.
pub(super) async fn of(lease: &mut Lease, read: &Read) -> Result<Option<ChunkDigest>, EngineError> {
    let learnt = lease.learn(read).await?;
    let select = lease.select(read, &learnt);
    let texts: Option<Vec<_>> = read.columns.iter().zip(&learnt.natives).map(|(column, native)| text(column, native)).collect();
    let Some(texts) = texts else { return Ok(None) };
    let Some(sql) = query(read, &texts, &select.conditions()?, select.unicode) else { return Ok(None) };
    let row = lease.one_row(&sql).await?;
    let rows: i64 = row.try_get(0).map_err(db)?;
    Ok(Some(ChunkDigest { rows: rows.cast_unsigned(), hash: row.try_get(1).map_err(db)? }))
}

#[cfg(test)]
mod tests {
    use segue_model::ident::TableName;

    use super::*;

    fn column(class: Class) -> ReadColumn {
        ReadColumn { name: "a".to_owned(), expression: None, class }
    }

    #[test]
    fn what_has_no_text_in_common_has_no_digest() {
        let read = |class| Read::new(TableName::new("s", "t"), vec![column(class)], vec![]);
        for class in [Class::Float, Class::DecimalScaled, Class::Json, Class::Own("box".to_owned()), Class::BytesPadded, Class::Time] {
            assert_eq!(sql(&read(class)), None);
        }
        for class in
            [Class::Integer, Class::Decimal, Class::Text, Class::TextPadded, Class::Bytes, Class::Date, Class::Instant, Class::Uuid]
        {
            assert!(sql(&read(class)).is_some());
        }
        let native = Native { wire: Wire::Text, cast: None, class: Class::Text };
        assert_eq!(text(&column(Class::Uuid), &native), None, "two spellings of one UUID are two texts");
    }
}
