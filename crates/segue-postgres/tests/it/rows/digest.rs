//! The server's own hash of a chunk: the same for the same rows in any order, another for any other.

use segue_engine::rows::{ChunkDigest, Class, Read, Rows as _};
use segue_model::ident::TableName;

use super::{column, whole};
use crate::database::{Database, databases};

const TABLE: &str = "(id int primary key, n numeric(12,3), t text, c char(6), b bytea, f bool, d date, s timestamp, z timestamptz, u uuid)";
const ROWS: &str = "(1, 1.500, 'é😀', 'ab', '\\x00ff', true, '2026-11-21', '2026-11-21 01:02:03.5', '2026-11-21 01:02:03+02', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'), \
    (2, 0, '', '', '', false, '-infinity', 'infinity', '-infinity', null), (3, null, null, null, null, null, '0044-03-15 BC', null, null, null)";

async fn digest(db: &Database, read: &Read) -> ChunkDigest {
    let moment = db.engine.snapshot(1).await.expect("a moment");
    moment.digest(read).await.expect("a digest").expect("these classes have one")
}

fn of(read: &Read, table: &str) -> Read {
    Read { table: TableName::new("public", table), ..read.clone() }
}

#[tokio::test]
async fn the_hash_is_of_the_texts_that_are_written_down() {
    // Made here by hand, with nothing of the engine: lengths and texts, MD5 of each row, sorted, MD5 of all.
    let texts = [
        vec![
            Some("1"),
            Some("1.5"),
            Some("é😀"),
            Some("ab"),
            Some("00ff"),
            Some("1"),
            Some("2026-11-21"),
            Some("2026-11-21 01:02:03.500000"),
            Some("2026-11-20 23:02:03.000000"),
            Some("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ],
        vec![Some("2"), Some("0"), Some(""), Some(""), Some(""), Some("0"), Some("-infinity"), Some("infinity"), Some("-infinity"), None],
        vec![Some("3"), None, None, None, None, None, Some("0044-03-15 BC"), None, None, None],
    ];
    let rows = texts
        .map(|row| row.iter().map(|text| text.map_or_else(|| "N".to_owned(), |text| format!("{}:{text}", text.len()))).collect::<String>());
    for db in databases(&format!("create table t {TABLE}; insert into t values {ROWS}")).await {
        let mut hashes = Vec::new();
        for row in &rows {
            hashes.push(db.client.query_one("select md5($1::text)", &[row]).await.expect("a hash").get::<_, String>(0));
        }
        hashes.sort();
        let expected: String = db.client.query_one("select md5($1::text)", &[&hashes.concat()]).await.expect("a hash").get(0);
        let read = whole(&db.engine, "t").await;
        assert_eq!(digest(&db, &read).await, ChunkDigest { rows: 3, hash: expected.clone() });
        // A person gets the same from the query, in a session of any settings.
        db.client.batch_execute("set timezone = 'Asia/Tokyo'; set bytea_output = 'escape'").await.expect("set");
        let row = db.client.query_one(&db.engine.digest_sql(&read).expect("a query"), &[]).await.expect("the query runs");
        assert_eq!((row.get::<_, i64>(0), row.get::<_, String>(1)), (3, expected));
    }
}

#[tokio::test]
async fn each_change_changes_it_and_no_order_does() {
    let setup = format!(
        "create table t {TABLE}; insert into t values {ROWS}; create table same {TABLE}; insert into same select * from t order by id desc; \
         create table e {TABLE}; create table two (id int primary key, a text, b text); insert into two values (1, 'x', 'y'), (2, 'z', 'w'), (3, 'ab', 'c')"
    );
    for db in databases(&setup).await {
        let read = whole(&db.engine, "t").await;
        let expected = digest(&db, &read).await;
        assert_eq!(digest(&db, &of(&read, "same")).await, expected);
        assert_eq!(digest(&db, &of(&read, "e")).await, ChunkDigest { rows: 0, hash: String::new() });
        let changes = [
            "n = 1.501",
            "n = null",
            "t = 'é'",
            "t = null",
            "c = 'aB'",
            "b = '\\x00'",
            "f = false",
            "f = null",
            "d = 'infinity'",
            "s = '-infinity'",
            "s = s + interval '1 microsecond'",
            "z = z + interval '1 microsecond'",
            "u = null",
            "id = 4",
        ];
        for change in changes {
            db.client.batch_execute(&format!("begin; update same set {change} where id = 1; commit")).await.expect("changed");
            assert_ne!(digest(&db, &of(&read, "same")).await, expected, "{change}");
            db.client.batch_execute("truncate same; insert into same select * from t").await.expect("as before");
        }
        // Values that go over from row to row, and from column to column.
        let read = whole(&db.engine, "two").await;
        let expected = digest(&db, &read).await;
        for change in
            ["update two set a = case id when 1 then 'z' when 2 then 'x' else a end", "update two set a = 'a', b = 'bc' where id = 3"]
        {
            db.client.batch_execute(&format!("create table kept as select * from two; {change}")).await.expect("changed");
            assert_ne!(digest(&db, &read).await, expected, "{change}");
            db.client.batch_execute("truncate two; insert into two select * from kept; drop table kept").await.expect("as before");
        }
    }
}

#[tokio::test]
async fn a_value_that_is_filled_with_spaces_keeps_them_where_they_count() {
    for db in databases("create table t (c char(6)); insert into t values ('a'); create table u (c text); insert into u values ('a')").await
    {
        let read = |name: &str, class: Class| Read::new(TableName::new("public", name), vec![column("c", class)], vec![]);
        assert_ne!(digest(&db, &read("t", Class::Text)).await, digest(&db, &read("u", Class::Text)).await);
        assert_eq!(digest(&db, &read("t", Class::TextPadded)).await, digest(&db, &read("u", Class::TextPadded)).await);
    }
}

#[tokio::test]
async fn classes_without_a_text_in_common_have_none() {
    for db in databases("create table t (id int primary key, f float8)").await {
        let read = whole(&db.engine, "t").await;
        let moment = db.engine.snapshot(1).await.expect("a moment");
        assert_eq!(moment.digest(&read).await.expect("an answer"), None);
        assert_eq!(db.engine.digest_sql(&read), None);
    }
}
