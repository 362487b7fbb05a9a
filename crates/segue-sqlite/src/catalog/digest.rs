//! A digest of a query's rows: the rows themselves never leave this file. Tests: `tests/it/catalog.rs`.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use segue_engine::EngineError;
use segue_model::canonical;

use crate::error::Doing;

/// The digest of the rows in their order, and how many there are. The connection cannot write.
pub(crate) fn query(connection: &Connection, sql: &str) -> Result<(String, u64), EngineError> {
    let doing = "running a check's query";
    let mut statement = connection.prepare(sql).doing(doing)?;
    let columns = statement.column_count();
    let mut rows = statement.query([]).doing(doing)?;
    let (mut digest, mut count) = (canonical::digest_bytes(b""), 0);
    while let Some(row) = rows.next().doing(doing)? {
        let mut bytes = digest.into_bytes();
        for at in 0..columns {
            append(&mut bytes, row.get_ref(at).doing(doing)?);
        }
        digest = canonical::digest_bytes(&bytes);
        count += 1;
    }
    Ok((digest, count))
}

/// A value with its storage class and length, so that no two rows give the same bytes.
fn append(out: &mut Vec<u8>, value: ValueRef<'_>) {
    let (class, bytes): (u8, Vec<u8>) = match value {
        ValueRef::Null => (b'n', Vec::new()),
        ValueRef::Integer(n) => (b'i', n.to_be_bytes().to_vec()),
        ValueRef::Real(r) => (b'r', r.to_bits().to_be_bytes().to_vec()),
        ValueRef::Text(text) => (b't', text.to_vec()),
        ValueRef::Blob(blob) => (b'b', blob.to_vec()),
    };
    out.push(class);
    out.extend((bytes.len() as u64).to_be_bytes());
    out.extend(bytes);
}
