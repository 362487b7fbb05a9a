//! Reading rows for comparison, with the server as oracle.

mod describe;
mod digest;
mod faults;
mod moment;
mod place;
mod select;
mod speed;
mod splits;
mod values;

use segue_engine::EngineError;
use segue_engine::rows::{Batch, Class, Datum, Read, ReadColumn, Rows as _, Snapshot};
use segue_postgres::PostgresEngine;

use crate::database::table;

/// A row's key and canonical bytes.
pub(crate) type Row = (Vec<u8>, Vec<u8>);

/// A read of all columns of a table under their own classes.
pub(crate) async fn whole(engine: &PostgresEngine, name: &str) -> Read {
    let described = engine.describe(&table(name)).await.expect("described");
    let key = described.key.unwrap_or_default();
    let key = key.iter().map(|key| described.columns.iter().position(|column| column.name == *key).expect("a column")).collect();
    let columns =
        described.columns.into_iter().map(|column| ReadColumn { name: column.name, expression: None, class: column.class }).collect();
    Read::new(described.table, columns, key)
}

/// A column of this name and class.
pub(crate) fn column(name: &str, class: Class) -> ReadColumn {
    ReadColumn { name: name.to_owned(), expression: None, class }
}

/// All rows of a read, at a moment.
pub(crate) async fn rows(moment: &dyn Snapshot, read: &Read) -> Result<Vec<Row>, EngineError> {
    let mut stream = moment.stream(read).await?;
    let (mut batch, mut out) = (Batch::default(), Vec::new());
    while stream.next(&mut batch).await? {
        assert!(!batch.is_empty());
        out.extend(batch.iter().map(|(key, row)| (key.to_vec(), row.to_vec())));
    }
    Ok(out)
}

/// All rows of a read, now.
pub(crate) async fn read(engine: &PostgresEngine, read: &Read) -> Vec<Row> {
    let moment = engine.snapshot(1).await.expect("a moment");
    let found = rows(&*moment, read).await.expect("rows");
    assert_eq!(moment.count(read).await.expect("counted"), found.len() as u64, "the count is of the same rows");
    moment.close().await.expect("closed");
    found
}

/// The values of a row as a person reads them.
pub(crate) fn shown(row: &[u8]) -> Vec<String> {
    Datum::row(row).expect("canonical").iter().map(Datum::show).collect()
}
