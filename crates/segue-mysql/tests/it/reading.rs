//! Reading a table as a verifier would: each column under its own class.

use segue_engine::EngineError;
use segue_engine::rows::{Batch, Datum, Read, ReadColumn, Rows as _, Snapshot, TableRows};
use segue_model::ident::TableName;
use segue_mysql::MysqlEngine;

/// A read of all columns, under their own classes, with the table's key.
pub(crate) fn whole(table: &TableRows) -> Read {
    let column =
        |column: &segue_engine::rows::ColumnRows| ReadColumn { name: column.name.clone(), expression: None, class: column.class.clone() };
    let key = table.key.iter().flatten().map(|name| table.columns.iter().position(|c| c.name == *name).expect("a column"));
    Read::new(table.table.clone(), table.columns.iter().map(column).collect(), key.collect())
}

pub(crate) async fn described(engine: &MysqlEngine, name: &str) -> TableRows {
    engine.describe(&TableName::bare(name)).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All rows of a read in canonical bytes, as they come.
pub(crate) async fn canonical(snapshot: &dyn Snapshot, read: &Read) -> Result<Vec<(Vec<u8>, Vec<u8>)>, EngineError> {
    let mut stream = snapshot.stream(read).await?;
    let (mut batch, mut out) = (Batch::default(), Vec::new());
    while stream.next(&mut batch).await? {
        out.extend(batch.iter().map(|(key, row)| (key.to_vec(), row.to_vec())));
    }
    Ok(out)
}

/// All rows of a read as a person would see them.
pub(crate) async fn shown(engine: &MysqlEngine, read: &Read) -> Vec<Vec<String>> {
    let snapshot = engine.snapshot(1).await.expect("a moment");
    let rows = canonical(snapshot.as_ref(), read).await.unwrap_or_else(|error| panic!("{error}"));
    snapshot.close().await.expect("closed");
    rows.iter().map(|(_, row)| Datum::row(row).expect("canonical").iter().map(Datum::show).collect()).collect()
}

/// The values of a column, the rows in the order of the table's key.
pub(crate) async fn column(engine: &MysqlEngine, table: &str, column: &str) -> Vec<String> {
    let table = described(engine, table).await;
    let at = table.columns.iter().position(|seen| seen.name == column).expect("a column");
    shown(engine, &whole(&table).in_order()).await.into_iter().map(|row| row[at].clone()).collect()
}
