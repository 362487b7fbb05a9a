//! A copy of a file: everything in it, the source untouched, writers not stopped.

use rusqlite::Connection;
use segue_sqlite::SqliteEngine;

#[test]
fn a_copy_holds_everything_and_the_source_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, target) = (folder.path().join("shop.db"), folder.path().join("copy.db"));
    let shop = Connection::open(&source).expect("opens");
    shop.execute_batch(
        "PRAGMA journal_mode=WAL; CREATE TABLE \"a\"\"b\" (id INTEGER PRIMARY KEY, t TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO \"a\"\"b\" SELECT i, 'row ' || i FROM n;
         BEGIN IMMEDIATE; INSERT INTO \"a\"\"b\" VALUES (-1, 'not committed');",
    )
    .expect("built");
    let bytes = SqliteEngine::open(&source).expect("opens").clone_to(&target).expect("copies while somebody writes");
    shop.execute_batch("COMMIT").expect("the writer was not stopped");
    assert!(bytes > 100_000, "{bytes}");
    let copy = Connection::open(&target).expect("opens");
    let count =
        |connection: &Connection| connection.query_row("SELECT count(*) FROM \"a\"\"b\"", [], |row| row.get::<_, i64>(0)).expect("counts");
    assert_eq!((count(&shop), count(&copy)), (20_001, 20_000));
    let mode: String = copy.query_row("PRAGMA journal_mode", [], |row| row.get(0)).expect("a mode");
    assert_eq!(mode, "wal");
    let again = SqliteEngine::open(&source).expect("opens").clone_to(&target).expect_err("never over a file that is there");
    assert_eq!(again.code, "SG-SQ-001");
}
