//! Reading to the end, for tests.

use segue_engine::EngineError;
use segue_engine::rows::{Batch, Class, Datum, Read, ReadColumn, Snapshot, TableRows};

/// All rows of a read as their key bytes and row bytes.
pub async fn all_rows(snapshot: &dyn Snapshot, read: &Read) -> Result<Vec<(Vec<u8>, Vec<u8>)>, EngineError> {
    let mut stream = snapshot.stream(read).await?;
    let (mut batch, mut out) = (Batch::default(), Vec::new());
    while stream.next(&mut batch).await? {
        out.extend(batch.iter().map(|(key, row)| (key.to_vec(), row.to_vec())));
    }
    Ok(out)
}

/// All rows of a read as people read them.
pub async fn decoded(snapshot: &dyn Snapshot, read: &Read) -> Result<Vec<Vec<String>>, EngineError> {
    let rows = all_rows(snapshot, read).await?;
    Ok(rows.iter().map(|(_, row)| Datum::row(row).expect("a canonical row").iter().map(Datum::show).collect()).collect())
}

/// A read of all columns of a table under their own classes, by its key.
pub(super) fn whole(table: &TableRows) -> Read {
    let columns =
        table.columns.iter().map(|column| ReadColumn { name: column.name.clone(), expression: None, class: column.class.clone() });
    let columns: Vec<ReadColumn> = columns.collect();
    let key = table.key.clone().unwrap_or_default();
    let at = |name: &String| columns.iter().position(|column| column.name == *name).expect("the key's column is there");
    let key = key.iter().map(at).collect();
    Read::new(table.table.clone(), columns, key)
}

/// A read of some columns under the classes that a test names.
pub(super) fn under(table: &TableRows, classes: &[(&str, Class)], key: Vec<usize>) -> Read {
    let columns = classes.iter().map(|(name, class)| ReadColumn { name: (*name).to_owned(), expression: None, class: class.clone() });
    Read::new(table.table.clone(), columns.collect(), key)
}
