//! Hashes by the server: of the text that is written down, whole or not at all.

use mysql_async::prelude::Queryable as _;
use segue_engine::rows::{Class, Datum, KeyRange, Rows as _};

use crate::database::database;
use crate::reading::{described, whole};

const TABLE: &str = "create table t (id bigint unsigned primary key, n int zerofill, d decimal(20,5), v varchar(20), c char(5), b varbinary(9), \
    o tinyint(1), day date, dt datetime(3), ts timestamp, y year)";

#[tokio::test]
async fn the_hash_is_of_the_text_that_is_written_down() {
    let setup = [
        TABLE,
        "set sql_mode = '', time_zone = '+00:00'",
        "insert into t values (18446744073709551615, 7, -1.50, 'ä 😀', 'a ', x'00FF', 1, '2026-11-21', '2026-11-21 01:02:03.5', '2026-11-21 01:02:03', 1999)",
        "insert into t values (2, null, null, null, null, null, null, null, null, null, null)",
        "insert into t values (3, 0, 0, '', '', '', 0, '0000-00-00', '0000-00-00', '0000-00-00', 0)",
    ];
    let Some(mut db) = database(&setup).await else { return };
    let table = described(&db.engine, "t").await;
    let read = whole(&table);
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    let digest = snapshot.digest(&read).await.expect("a digest").expect("it has one");
    let rows = [
        "20:184467440737095516151:74:-1.57:ä 😀1:a4:00ff1:110:2026-11-2126:2026-11-21 01:02:03.50000026:2026-11-21 01:02:03.0000004:1999",
        "1:2NNNNNNNNNN",
        "1:31:01:00:0:0:1:010:0000-00-0026:0000-00-00 00:00:00.00000026:0000-00-00 00:00:00.0000001:0",
    ];
    let mut hashes = Vec::new();
    for row in rows {
        let hash: Option<String> = db.client.exec_first("select md5(?)", (row,)).await.expect("a hash");
        hashes.push(hash.expect("a hash"));
    }
    hashes.sort();
    let wanted: Option<String> = db.client.exec_first("select md5(?)", (hashes.concat(),)).await.expect("a hash");
    assert_eq!((digest.rows, Some(digest.hash.clone())), (3, wanted));
    // The same by hand, whatever the session's zone and limit are.
    db.client.query_drop("set time_zone = '+09:00', group_concat_max_len = 4").await.expect("set");
    let sql = db.engine.digest_sql(&read).expect("a statement");
    assert_eq!(db.client.query_first::<(u64, String), _>(sql).await.expect("run"), Some((3, digest.hash.clone())));
    let none = read.within(KeyRange { from: Some(Datum::Integer(5)), below: Some(Datum::Integer(6)) });
    let digest = snapshot.digest(&none).await.expect("a digest").expect("it has one");
    assert_eq!((digest.rows, digest.hash.as_str()), (0, ""));
    let mut float = read.clone();
    float.columns[2].class = Class::Float;
    assert_eq!(snapshot.digest(&float).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_uuid_is_one_text_however_it_is_stored() {
    let setup = [
        "create table u (a uuid, b binary(16))",
        "insert into u values ('123E4567-e89b-12d3-a456-426614174000', x'123e4567e89b12d3a456426614174000'), (null, null)",
        "create table w (a char(36), b uuid)",
        "insert into w values ('123E4567-E89B-12D3-A456-426614174000', '123e4567-e89b-12d3-a456-426614174000'), (null, null)",
    ];
    let Some(mut db) = database(&setup).await else { return };
    let mut hashes = Vec::new();
    for name in ["u", "w"] {
        let mut read = whole(&described(&db.engine, name).await);
        read.columns.iter_mut().for_each(|column| column.class = Class::Uuid);
        let sql = db.engine.digest_sql(&read).expect("a statement");
        hashes.push(db.client.query_first::<(u64, String), _>(sql).await.expect("run").expect("a row").1);
        let snapshot = db.engine.snapshot(1).await.expect("a moment");
        let digest = snapshot.digest(&read).await.expect("an answer");
        assert_eq!(digest.map(|digest| digest.hash), (name == "u").then(|| hashes[0].clone()), "text may spell a UUID in several ways");
    }
    assert_eq!(hashes[0], hashes[1]);
}

#[tokio::test]
async fn a_changed_or_swapped_value_changes_the_hash() {
    let setup = ["create table s (id int primary key, a varchar(9), b varchar(9))", "insert into s values (1, 'a', 'bc'), (2, 'ab', 'c')"];
    let Some(mut db) = database(&setup).await else { return };
    let read = whole(&described(&db.engine, "s").await);
    let mut seen = std::collections::BTreeSet::new();
    let edits = ["id = id", "a = 'ab', b = 'c'", "a = null", "a = 'N'", "a = ''", "b = 'bc ', a = 'a'", "b = 'BC'"];
    for edit in edits {
        db.client.query_drop(format!("update s set {edit} where id = 1")).await.expect("edited");
        let snapshot = db.engine.snapshot(1).await.expect("a moment");
        assert!(seen.insert(snapshot.digest(&read).await.expect("a digest").expect("it has one").hash), "{edit}");
    }
}

#[tokio::test]
async fn what_the_server_would_cut_has_no_hash() {
    let setup = ["create table m (id int primary key)", "insert into m select seq from seq_1_to_100"];
    let Some(mut db) = database(&setup).await else { return };
    let read = whole(&described(&db.engine, "m").await);
    let sql = db.engine.digest_sql(&read).expect("a statement");
    let (_, without_settings) = sql.split_once("FOR */").expect("it brings its settings");
    for (limit, complete) in [(3200, true), (3199, false), (64, false)] {
        db.client.query_drop(format!("set group_concat_max_len = {limit}")).await.expect("set");
        let (rows, hash): (u64, String) = db.client.query_first(without_settings).await.expect("run").expect("a row");
        assert_eq!((rows, hash == "incomplete", hash.len() == 32), (100, !complete, complete), "{limit}");
    }
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    assert_eq!(snapshot.digest(&read).await.expect("a digest").expect("it has one").rows, 100);
}
