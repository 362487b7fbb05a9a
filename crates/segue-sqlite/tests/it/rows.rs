//! Reading rows for comparison: keys, classes, storage classes, ranges, conversions.

use rusqlite::Connection;
use segue_engine::ErrorKind;
use segue_engine::rows::{Batch, Class, ColumnRows, Conversion, Datum, EpochUnit, KeyRange, Read, ReadColumn, Rows, Snapshot, TableRows};
use segue_model::ident::TableName;
use segue_sqlite::SqliteEngine;

struct File {
    engine: SqliteEngine,
    folder: tempfile::TempDir,
}

impl File {
    fn new(sql: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = Connection::open(folder.path().join("db")).expect("a file");
        file.execute_batch(&format!("pragma journal_mode = wal; {sql}")).expect("made");
        let engine = SqliteEngine::open(folder.path().join("db")).expect("opens");
        Self { engine, folder }
    }

    fn execute(&self, sql: &str) {
        Connection::open(self.folder.path().join("db")).expect("a connection").execute_batch(sql).expect("done");
    }

    async fn described(&self, table: &str) -> TableRows {
        Rows::describe(&self.engine, &TableName::bare(table)).await.expect("described")
    }

    async fn key(&self, table: &str) -> Option<Vec<String>> {
        self.described(table).await.key
    }
}

async fn all(snapshot: &dyn Snapshot, read: &Read) -> Vec<Vec<String>> {
    let mut stream = snapshot.stream(read).await.expect("a stream");
    let (mut batch, mut out) = (Batch::default(), Vec::new());
    while stream.next(&mut batch).await.expect("rows") {
        out.extend(batch.iter().map(|(_, row)| Datum::row(row).expect("canonical").iter().map(Datum::show).collect::<Vec<_>>()));
    }
    out
}

fn read(table: &str, columns: &[(&str, Class)], key: &[usize]) -> Read {
    let columns = columns.iter().map(|(name, class)| ReadColumn { name: (*name).to_owned(), expression: None, class: class.clone() });
    Read::new(TableName::bare(table), columns.collect(), key.to_vec())
}

#[tokio::test]
async fn only_what_is_declared_is_a_key() {
    let file = File::new(
        "create table row_id (a integer primary key, b);
         create table no_row_id (a int primary key desc, b);
         create table nulls (a text primary key, b); insert into nulls values (null, 1), (null, 2);
         create table no_nulls (a text primary key, b); insert into no_nulls values ('x', 1);
         create table without (a text, b int, primary key (b, a)) without rowid;
         create table unique_one (a int, b int not null, c int not null, unique (c, b));
         create unique index partial on row_id (b) where b > 1;
         create table only_partial (a int not null); create unique index p on only_partial (a) where a > 1;
         create unique index e on only_partial (abs(a));
         create table nullable (a int unique);
         create view seen as select a, b from row_id;",
    );
    let names = |list: &[&str]| Some(list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    assert_eq!(file.key("row_id").await, names(&["a"]));
    assert_eq!(file.key("no_row_id").await, names(&["a"]));
    assert_eq!(file.key("nulls").await, None, "SQLite lets a primary key hold NULLs");
    assert_eq!(file.key("no_nulls").await, names(&["a"]));
    assert_eq!(file.key("without").await, names(&["b", "a"]));
    assert_eq!(file.key("unique_one").await, names(&["c", "b"]));
    for table in ["only_partial", "nullable", "seen"] {
        assert_eq!(file.key(table).await, None, "{table}");
    }
    assert!(file.described("row_id").await.ranges_are_cheap && file.described("without").await.ranges_are_cheap);
    assert!(!file.described("no_row_id").await.ranges_are_cheap && !file.described("no_nulls").await.ranges_are_cheap);
}

#[tokio::test]
async fn columns_are_what_they_are_declared_as() {
    let file =
        File::new("create table t (id integer primary key, v, d date, n numeric, g int generated always as (id * 2), s text not null)");
    let table = file.described("T").await;
    assert_eq!(table.table, TableName::bare("t"), "a name in another case is found");
    let classes: Vec<Class> = table.columns.iter().map(|column| column.class.clone()).collect();
    assert_eq!(classes, [Class::Integer, Class::Own("any".to_owned()), Class::Date, Class::Decimal, Class::Integer, Class::Text]);
    let nullable: Vec<bool> = table.columns.iter().map(|column| column.nullable).collect();
    assert_eq!(nullable, [false, true, true, true, true, false]);
    assert!(table.columns[4].generated);
    let missing = Rows::describe(&file.engine, &TableName::bare("nobody")).await.expect_err("missing");
    assert_eq!(missing.kind, ErrorKind::Object);
}

#[tokio::test]
async fn a_misspelt_column_is_not_a_text() {
    let file = File::new("create table t (id integer primary key); insert into t values (1)");
    let snapshot = Rows::snapshot(&file.engine, 1).await.expect("a snapshot");
    // SQLite takes "nobody" for the text 'nobody' where no column has that name.
    let read = read("t", &[("id", Class::Integer), ("nobody", Class::Text)], &[0]);
    let mut stream = snapshot.stream(&read).await.expect("a stream");
    assert!(stream.next(&mut Batch::default()).await.is_err());
}

#[tokio::test]
async fn ranges_hold_whatever_a_column_of_numbers_holds() {
    let file = File::new(
        "create table t (k int, n int, primary key (k, n)) without rowid;
         insert into t values (1, 1), (1.5, 1), (2, 1), ('text', 1), (x'00', 1), (9e18, 1), (-5, 1), (1e300, 1)",
    );
    let snapshot = Rows::snapshot(&file.engine, 1).await.expect("a snapshot");
    let whole = read("t", &[("k", Class::Integer), ("n", Class::Integer)], &[0, 1]);
    let mut expect = all(snapshot.as_ref(), &whole).await;
    expect.sort();
    assert_eq!(expect.len(), 8);
    let cuts = [-6_i128, -5, 2, 1 << 62, i128::from(u64::MAX)];
    let (mut seen, mut from) = (Vec::new(), None);
    for below in cuts.into_iter().map(|cut| Some(Datum::Integer(cut))).chain([None]) {
        seen.extend(all(snapshot.as_ref(), &whole.within(KeyRange { from: from.clone(), below: below.clone() })).await);
        from = below;
    }
    seen.sort();
    assert_eq!(seen, expect);
}

#[tokio::test]
async fn a_range_that_means_nothing_is_refused() {
    let file = File::new("create table t (at datetime primary key not null); insert into t values ('2026-11-21T10:00:00Z')");
    let snapshot = Rows::snapshot(&file.engine, 1).await.expect("a snapshot");
    let cut = Datum::Timestamp(segue_engine::rows::Moment::Micros(0));
    let read = read("t", &[("at", Class::Timestamp)], &[0]).within(KeyRange { from: Some(cut), below: None });
    let refused = snapshot.stream(&read).await.err().expect("refused");
    assert_eq!(refused.kind, ErrorKind::Unsupported);
}

#[tokio::test]
async fn keys_in_every_spelling_come() {
    let file = File::new(
        "create table t (k, n int); insert into t values (5, 1), ('5', 2), ('12.50', 3), (12.5, 4), ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 5), (x'a0eebc999c0b4ef8bb6d6bb9bd380a11', 6), (null, 7)",
    );
    let snapshot = Rows::snapshot(&file.engine, 1).await.expect("a snapshot");
    let asked = async |class: Class, datum: Datum| {
        let read = read("t", &[("k", class), ("n", Class::Integer)], &[0]).of_keys(vec![vec![datum]]);
        let mut numbers: Vec<String> = all(snapshot.as_ref(), &read).await.into_iter().map(|row| row[1].clone()).collect();
        numbers.sort();
        numbers
    };
    let holds =
        |found: Vec<String>, wanted: &[&str]| assert!(wanted.iter().all(|number| found.iter().any(|seen| seen == number)), "{found:?}");
    holds(asked(Class::Text, Datum::Text(b"5".to_vec())).await, &["1", "2"]);
    holds(asked(Class::Decimal, Datum::Decimal("12.5".to_owned())).await, &["3", "4"]);
    let uuid = [0xa0, 0xee, 0xbc, 0x99, 0x9c, 0x0b, 0x4e, 0xf8, 0xbb, 0x6d, 0x6b, 0xb9, 0xbd, 0x38, 0x0a, 0x11];
    holds(asked(Class::Uuid, Datum::Uuid(uuid)).await, &["5", "6"]);
    assert_eq!(asked(Class::Integer, Datum::Null).await, ["7"]);
    assert_eq!(asked(Class::Integer, Datum::Integer(5)).await, ["1"]);
}

#[tokio::test]
async fn a_writer_does_not_move_the_moment() {
    let file = File::new("create table t (id integer primary key); insert into t values (1)");
    let snapshot = Rows::snapshot(&file.engine, 4).await.expect("a snapshot");
    assert_eq!(snapshot.readers(), 1);
    file.execute("insert into t values (2)");
    let read = read("t", &[("id", Class::Integer)], &[0]);
    assert_eq!(snapshot.count(&read).await.expect("a count"), 1);
    assert_eq!(all(snapshot.as_ref(), &read).await, [["1"]]);
    snapshot.close().await.expect("closed");
}

#[tokio::test]
async fn declared_conversions_keep_what_they_cannot_convert() {
    let file = File::new(
        "create table t (id integer primary key, v int); insert into t values (1, 1500), (2, -1), (3, null), (4, 'x'), (5, 1.5), (6, 999999999999999999)",
    );
    let column = ColumnRows {
        name: "v".to_owned(),
        data_type: "int".to_owned(),
        class: Class::Integer,
        nullable: true,
        generated: false,
        unreadable: None,
    };
    let snapshot = Rows::snapshot(&file.engine, 1).await.expect("a snapshot");
    let as_moments = async |unit: EpochUnit| {
        let expression = Rows::converted(&file.engine, &column, &Conversion::Epoch(unit));
        let mut read = read("t", &[("id", Class::Integer), ("v", Class::Instant)], &[0]).in_order();
        read.columns[1].expression = expression;
        all(snapshot.as_ref(), &read).await.into_iter().map(|row| row[1].clone()).collect::<Vec<_>>()
    };
    let kept = ["NULL", "x", "1.5", "999999999999999999"];
    assert_eq!(as_moments(EpochUnit::Seconds).await, [&["1970-01-01 00:25:00Z", "1969-12-31 23:59:59Z"], &kept[..]].concat());
    assert_eq!(as_moments(EpochUnit::Millis).await[..2], ["1970-01-01 00:00:01.5Z", "1969-12-31 23:59:59.999Z"]);
    assert_eq!(as_moments(EpochUnit::Micros).await[..2], ["1970-01-01 00:00:00.0015Z", "1969-12-31 23:59:59.999999Z"]);
    assert_eq!(Rows::converted(&file.engine, &column, &Conversion::Zone("Europe/Berlin".to_owned())), None);
}
