//! Streams: which rows come, in which order, and that a cut is never an end.

use mysql_async::prelude::Queryable as _;
use segue_engine::rows::{Batch, Class, Datum, Day, KeyRange, Moment, Read, RowStream, Rows as _, Snapshot};
use segue_engine::{EngineError, ErrorKind};

use crate::database::{Database, database, engine};
use crate::reading::{canonical, described, whole};

const MANY: &str = "insert into t select seq, concat('row ', seq), repeat('x', 2000) from seq_1_to_20000";

async fn many() -> Option<Database> {
    database(&["create table t (id bigint primary key, a varchar(40) not null, b text)", MANY, "analyze table t"]).await
}

async fn count(snapshot: &dyn Snapshot, read: &Read) -> usize {
    let rows = canonical(snapshot, read).await.unwrap_or_else(|error| panic!("{error}")).len();
    assert_eq!(snapshot.count(read).await.expect("a count") as usize, rows, "counted and read");
    rows
}

fn range(from: Option<Datum>, below: Option<Datum>) -> KeyRange {
    KeyRange { from, below }
}

/// The error that a stream breaks with, and the rows that came before it; an end in peace is a wrong answer.
async fn broken(stream: &mut dyn RowStream, batch: &mut Batch) -> (EngineError, usize) {
    let mut rows = 0;
    loop {
        match stream.next(batch).await {
            Ok(true) => rows += batch.len(),
            Ok(false) => panic!("a break was taken for an end after {rows} rows"),
            Err(error) => return (error, rows),
        }
    }
}

#[tokio::test]
async fn a_killed_connection_is_an_error_and_never_an_end() {
    let Some(mut db) = many().await else { return };
    let read = whole(&described(&db.engine, "t").await);
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    let mut stream = snapshot.stream(&read).await.expect("a stream");
    let mut batch = Batch::default();
    assert!(stream.next(&mut batch).await.expect("the first rows"));
    let sql = "select id from information_schema.processlist where command <> 'Sleep' and id <> connection_id() and db = database()";
    let ids: Vec<u64> = db.client.query(sql).await.expect("sessions");
    assert_eq!(ids.len(), 1, "it streams");
    db.client.query_drop(format!("kill {}", ids[0])).await.expect("killed");
    let first = batch.len();
    let (error, rows) = broken(stream.as_mut(), &mut batch).await;
    assert_eq!(error.kind, ErrorKind::Connection, "{error}");
    assert!(first + rows < 20_000 && batch.is_empty(), "what was cut is not handed out");
    drop(stream);
    assert_eq!(snapshot.stream(&read).await.err().expect("the moment is gone").kind, ErrorKind::Connection);
}

#[tokio::test]
async fn a_killed_server_is_an_error_and_never_an_end() {
    let Some((mut server, mut client)) = crate::moment::server(&[]).await else { return };
    client.query_drop("create table m (id int primary key, b text)").await.expect("a table");
    client.query_drop("insert into m select seq, repeat('x', 2000) from seq_1_to_20000").await.expect("rows");
    let engine = engine(&server.url_of("d"));
    let read = whole(&described(&engine, "m").await);
    let snapshot = engine.snapshot(1).await.expect("a moment");
    let mut stream = snapshot.stream(&read).await.expect("a stream");
    let mut batch = Batch::default();
    assert!(stream.next(&mut batch).await.expect("the first rows"));
    server.kill9().expect("killed");
    let (error, _) = broken(stream.as_mut(), &mut batch).await;
    assert_eq!(error.kind, ErrorKind::Connection, "{error}");
    drop(stream);
    snapshot.close().await.expect("there is nobody to say good-bye to");
}

#[tokio::test]
async fn a_cancelled_query_is_an_error() {
    let Some(mut db) = many().await else { return };
    let read = whole(&described(&db.engine, "t").await);
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    let mut stream = snapshot.stream(&read).await.expect("a stream");
    let mut batch = Batch::default();
    assert!(stream.next(&mut batch).await.expect("the first rows"));
    let sql = "select id from information_schema.processlist where command <> 'Sleep' and id <> connection_id() and db = database()";
    let ids: Vec<u64> = db.client.query(sql).await.expect("sessions");
    db.client.query_drop(format!("kill query {}", ids[0])).await.expect("cancelled");
    let (error, _) = broken(stream.as_mut(), &mut batch).await;
    assert_eq!((error.code, error.kind), ("SG-MY-010", ErrorKind::Cancelled), "{error}");
}

#[tokio::test]
async fn a_stream_left_half_read_gives_its_session_back() {
    let Some(db) = many().await else { return };
    let read = whole(&described(&db.engine, "t").await);
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    for _ in 0..3 {
        let mut stream = snapshot.stream(&read).await.expect("a stream");
        let mut batch = Batch::default();
        assert!(stream.next(&mut batch).await.expect("the first rows"));
    }
    assert_eq!(count(snapshot.as_ref(), &read).await, 20_000, "the same moment, all rows");
    snapshot.close().await.expect("closed");
}

#[tokio::test]
async fn a_limit_of_the_server_does_not_cut() {
    let Some((server, mut client)) = crate::moment::server(&[]).await else { return };
    client.query_drop("insert into t select seq, seq from seq_3_to_20000").await.expect("rows");
    for setting in ["sql_select_limit = 7", "sql_auto_is_null = 1", "net_write_timeout = 1", "max_statement_time = 0.001"] {
        client.query_drop(format!("set global {setting}")).await.unwrap_or_else(|error| panic!("{setting}: {error}"));
    }
    let engine = engine(&server.url_of("d"));
    let read = whole(&described(&engine, "t").await);
    let snapshot = engine.snapshot(1).await.expect("a moment");
    assert_eq!(canonical(snapshot.as_ref(), &read).await.expect("rows").len(), 20_000);
}

#[tokio::test]
async fn ranges_cut_the_table_and_leave_nothing_out() {
    let Some(mut db) = many().await else { return };
    let read = whole(&described(&db.engine, "t").await);
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    let cuts = snapshot.splits(&read, 1000).await.expect("cuts");
    assert!((10..=60).contains(&cuts.len()), "{}", cuts.len());
    let bounds: Vec<Option<Datum>> = std::iter::once(None).chain(cuts.into_iter().map(Some)).chain([None]).collect();
    let mut all = 0;
    for pair in bounds.windows(2) {
        let rows = count(snapshot.as_ref(), &read.within(range(pair[0].clone(), pair[1].clone()))).await;
        assert!(rows > 0 && rows < 4000, "{rows} rows");
        all += rows;
    }
    assert_eq!(all, 20_000);
    // A crowd at one end and a gap of all the rest: the cuts follow the rows.
    db.client.query_drop("create table g (id bigint unsigned primary key)").await.expect("a table");
    let sql = "insert into g select seq from seq_1_to_20000 union select 18446744073709551615";
    db.client.query_drop(sql).await.expect("rows");
    db.client.query_drop("analyze table g").await.expect("counted");
    let read = whole(&described(&db.engine, "g").await);
    // A table that was made after a moment is not of it.
    let error = snapshot.splits(&read, 1000).await.expect_err("the table came later");
    assert_eq!((error.code, error.kind), ("SG-MY-009", ErrorKind::Serialization));
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    let cuts = snapshot.splits(&read, 1000).await.expect("cuts");
    assert!((8..=80).contains(&cuts.len()), "{}", cuts.len());
    assert!(cuts.windows(2).all(|pair| matches!((&pair[0], &pair[1]), (Datum::Integer(a), Datum::Integer(b)) if a < b)));
}

#[tokio::test]
async fn ranges_of_dates_and_nulls() {
    let setup = [
        "create table d (at datetime(6) null, day date null, y year null, u bigint unsigned null)",
        "set sql_mode = ''",
        "insert into d values (null, null, null, null), ('0000-00-00', '0000-00-00', 0, 0), ('2026-00-10', '2026-00-10', 1970, 1)",
        "insert into d values ('2026-11-21 10:00:00.5', '2026-11-21', 1999, 18446744073709551615), ('9999-12-31 23:59:59.999999', '9999-12-31', 2155, 2)",
    ];
    let Some(db) = database(&setup).await else { return };
    let table = described(&db.engine, "d").await;
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    let day = || Datum::Date(Day::Number(20_778));
    let moment = || Datum::Timestamp(Moment::Micros(20_778 * 86_400_000_000 + 36_000_500_000));
    let cuts = [
        ("at", moment(), 3),
        ("at", Datum::Timestamp(Moment::Micros(20_778 * 86_400_000_000 + 36_000_500_001)), 4),
        ("at", Datum::Timestamp(Moment::Early), 1),
        ("at", Datum::Timestamp(Moment::Late), 5),
        ("day", day(), 3),
        ("y", Datum::Integer(70), 2),
        ("y", Datum::Integer(1999), 3),
        ("u", Datum::Integer(i128::from(u64::MAX)), 4),
        ("u", Datum::Integer(i128::from(u64::MAX) + 1), 5),
        ("u", Datum::Integer(-1), 1),
    ];
    for (column, cut, below) in cuts {
        let mut read = whole(&table);
        read.key = vec![table.columns.iter().position(|seen| seen.name == column).expect("a column")];
        let at = [range(None, Some(cut.clone())), range(Some(cut.clone()), None)];
        let counts =
            [count(snapshot.as_ref(), &read.within(at[0].clone())).await, count(snapshot.as_ref(), &read.within(at[1].clone())).await];
        assert_eq!(counts, [below, 5 - below], "{column} at {}", cut.show());
    }
    // An expression that is no moment for some rows: they are in one range, too.
    let mut read = whole(&table);
    read.columns[0].expression = Some("coalesce(nullif(cast(at as char), '2026-11-21 10:00:00.500000'), 'no moment')".to_owned());
    read.key = vec![0];
    for cut in [moment(), Datum::Timestamp(Moment::Early), Datum::Timestamp(Moment::Late)] {
        let at = [range(None, Some(cut.clone())), range(Some(cut.clone()), None)];
        let counts =
            [count(snapshot.as_ref(), &read.within(at[0].clone())).await, count(snapshot.as_ref(), &read.within(at[1].clone())).await];
        assert_eq!(counts[0] + counts[1], 5, "at {}", cut.show());
    }
}

#[tokio::test]
async fn rows_come_in_the_order_of_their_key_bytes() {
    let texts = "insert into %t values ('b'), ('B'), ('a'), ('a '), ('ä'), ('z'), ('😀'), (''), ('aa'), ('_'), ('中')";
    let columns = [
        ("varchar(20) collate utf8mb4_general_ci", texts),
        ("varchar(20) collate utf8mb4_bin", texts),
        ("varchar(20) collate utf8mb4_nopad_bin", texts),
        ("enum('b','a','c','中','')", "insert ignore into %t values ('a'), ('b'), ('c'), ('中'), (''), ('none of them')"),
        ("enum('b','a','')", "insert into %t values ('a'), ('b'), ('')"),
        (
            "uuid",
            "insert into %t values ('ffffffff-0000-1000-8000-000000000001'), ('00000000-ffff-1fff-8000-000000000001'), ('00000000-0000-4000-8000-000000000002')",
        ),
        ("varbinary(9)", "insert into %t values (x'00'), (x''), (x'ff'), (x'0001'), (x'7f'), (x'6100')"),
        ("decimal(20,5)", "insert into %t values (-1.5), (10), (9), (0), (-10), (9.00001)"),
        ("bigint unsigned", "insert into %t values (18446744073709551615), (0), (256), (255), (9223372036854775808)"),
        ("date", "insert into %t values ('2026-11-21'), ('1000-01-01'), ('9999-12-31')"),
    ];
    let Some(mut db) = database(&[]).await else { return };
    for (at, (column, insert)) in columns.into_iter().enumerate() {
        let sql = [
            format!("create table o{at} (k {column} null)"),
            insert.replace("%t", &format!("o{at}")),
            format!("insert into o{at} values (null)"),
        ];
        for sql in sql {
            db.client.query_drop(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        let mut read = whole(&described(&db.engine, &format!("o{at}")).await).in_order();
        read.key = vec![0];
        let snapshot = db.engine.snapshot(1).await.expect("a moment");
        let rows = canonical(snapshot.as_ref(), &read).await.expect("rows");
        assert!(rows.len() > 3 && rows.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{column}");
        assert_eq!(rows[0].0, [0], "NULL comes first");
    }
}

#[tokio::test]
async fn rows_of_keys_are_never_fewer_than_asked_for() {
    let setup = [
        "create table k (i bigint, u bigint unsigned, t varchar(20) collate utf8mb4_general_ci, n varchar(20) collate utf8mb4_nopad_bin, c char(9), l varchar(20) character set latin1, e enum('a','b'), el enum('a',''), b binary(4), vb varbinary(9), d date, dt datetime(6), ts timestamp(6) null, y year, bi bit(9), de decimal(30,10), f double, uu uuid, u36 char(36), u16 binary(16), x json)",
        "set time_zone = '+00:00'",
        "insert into k values (-1, 18446744073709551615, 'ä ', 'a ', 'c  ', 'ä€', 'b', '', x'0100', x'00ff', '2026-11-21', '2026-11-21 01:02:03.000004', '2026-11-21 01:02:03.5', 1999, b'100000001', 12345678901234567890.0123456789, 0.1, '123e4567-e89b-12d3-a456-426614174000', '123E4567-E89B-12D3-A456-426614174000', x'123e4567e89b12d3a456426614174000', '{}')",
        "insert into k select null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null",
        "insert ignore into k values (0, 0, '', '', '', '', 'a', 'none of them', '', '', '1970-01-01', '1970-01-01', '1970-01-02', 2000, 0, 0, 0, '00000000-0000-0000-0000-000000000000', '', '', '1')",
    ];
    let Some(db) = database(&setup).await else { return };
    let table = described(&db.engine, "k").await;
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    for (at, column) in table.columns.iter().enumerate() {
        let uuid = matches!(column.name.as_str(), "u36" | "u16");
        let classes =
            if uuid { vec![column.class.clone(), Class::Uuid] } else { vec![column.class.clone(), Class::TextPadded, Class::BytesPadded] };
        for class in classes {
            let mut read = whole(&table);
            read.key = vec![at];
            read.columns[at].class = class.clone();
            for (key, row) in canonical(snapshot.as_ref(), &read).await.expect("rows") {
                let datum = segue_engine::rows::key::read(&key).expect("a key");
                let found = canonical(snapshot.as_ref(), &read.of_keys(vec![datum]))
                    .await
                    .unwrap_or_else(|error| panic!("{}: {error}", column.name));
                assert!(found.iter().any(|(_, other)| *other == row), "{} as {class}", column.name);
            }
        }
    }
    let mut read = whole(&table);
    read.key = vec![0, 2];
    let keys = [
        vec![Datum::Integer(-1), Datum::Text("ä ".into())],
        vec![Datum::Null, Datum::Null],
        vec![Datum::Integer(5), Datum::Text("x".into())],
    ];
    assert_eq!(count(snapshot.as_ref(), &read.of_keys(keys.into())).await, 2);
    assert_eq!(count(snapshot.as_ref(), &read.of_keys(Vec::new())).await, 0);
}

#[tokio::test]
async fn expressions_and_conditions_of_the_user() {
    let Some(db) = many().await else { return };
    let mut read = whole(&described(&db.engine, "t").await);
    read.filter = Some("id <= 3 or id = 5 -- or all".to_owned());
    read.columns[1].expression = Some("upper(a) -- a comment".to_owned());
    read.columns[2].expression = Some("json_object('a', id)".to_owned());
    read.columns[2].class = Class::Json;
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    let read = read.within(range(Some(Datum::Integer(2)), None)).in_order();
    let rows = canonical(snapshot.as_ref(), &read).await.expect("rows");
    let seen: Vec<String> = rows.iter().map(|(_, row)| Datum::row(row).expect("canonical")[1].show()).collect();
    assert_eq!(seen, ["ROW 2", "ROW 3", "ROW 5"]);
    assert_eq!(count(snapshot.as_ref(), &read).await, 3);
    let mut wrong = read.clone();
    wrong.filter = Some("nonsense(".to_owned());
    assert_eq!(snapshot.stream(&wrong).await.err().expect("no such function").kind, ErrorKind::Syntax);
    wrong.filter = None;
    wrong.columns[0].name = "gone".to_owned();
    assert_eq!(snapshot.stream(&wrong).await.err().expect("no such column").code, "SG-MY-013");
    assert_eq!(count(snapshot.as_ref(), &read).await, 3, "the session is still of this moment");
}
