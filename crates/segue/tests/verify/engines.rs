//! The same between servers: PostgreSQL, MariaDB and SQLite, by their URLs and by the `move` of a spec.

use std::path::PathBuf;

use segue_mysql::private_server::{Programs, find_programs};
use segue_postgres::private_server::find_bins;
use segue_sim::rows::Place;
use serde_json::json;

use crate::room::{Room, table};

pub(crate) fn postgres() -> PathBuf {
    find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref())
        .pop()
        .expect("PostgreSQL server programs: cargo xtask test installs them")
}

/// MariaDB's programs; only a plain clone may do without them.
pub(crate) fn mariadb() -> Option<Programs> {
    let home = std::env::var_os("SEGUE_TEST_MARIADB").map(PathBuf::from);
    let found = find_programs(home.as_deref());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "no MariaDB: cargo xtask test installs it");
    found
}

const ROWS: &str = "insert into orders values (1, 10.50, 'a', '2026-11-21 10:00:00'), (2, 0.10, null, '1970-01-01 00:00:00'),
    (3, -7.25, 'ä😀', '2038-01-19 03:14:08')";

async fn pair() -> Option<(Place, Place)> {
    let programs = mariadb()?;
    let (source, target) = (Place::mariadb(&programs, &[]).await, Place::postgres(&postgres()).await);
    source.execute("create table orders (id bigint unsigned primary key, total decimal(10,2), note varchar(20), at datetime)").await;
    target.execute("create table orders (id bigint primary key, total numeric(12,4), note text, at timestamp)").await;
    for place in [&source, &target] {
        place.execute(ROWS).await;
    }
    Some((source, target))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mariadb_and_postgres_by_urls_and_by_a_spec() {
    let Some((source, target)) = pair().await else { return };
    let room = Room::shop();
    let run = |words: &[&str]| {
        let said = room.segue(&[&["verify", "--source", &source.url(), "--target", &target.url(), "--format", "json"], words].concat());
        let document: serde_json::Value = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        (said.code, document)
    };
    let (code, document) = tokio::task::block_in_place(|| run(&[]));
    assert_eq!(code, 0, "{document:#}");
    target.execute("update orders set total = total + 0.0001 where id = 2").await;
    for engine in ["sketch", "merge", "pushdown"] {
        let (code, document) = tokio::task::block_in_place(|| run(&["--engine", engine]));
        assert_eq!((code, &document["tables"][0]["changed"]), (4, &json!(1)), "{engine}: {document:#}");
        assert_eq!(document["tables"][0]["examples"][0]["columns"], json!(["total"]), "{engine}");
    }
    room.write("old.url", &source.url());
    room.write("new.url", &target.url());
    room.write(
        "segue.yaml",
        "segue: 1\nid: MIG-1\nname: move\nsystems:\n  old: {mysql: {url: file:old.url}}\n  new: {postgres: {url: file:new.url}}\nmove: {from: old, to: new}\n",
    );
    let said = tokio::task::block_in_place(|| room.segue(&["verify", "-f", "segue.yaml"]));
    let said = said.expect(4);
    assert!(said.out.contains("id=2"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_is_neither_equal_nor_different() {
    let (source, target) = (Place::postgres(&postgres()).await, Place::postgres(&postgres()).await);
    for place in [&source, &target] {
        place
            .execute("create table t (id bigint primary key, v text); insert into t select i, 'v' || i from generate_series(1, 20000) i")
            .await;
    }
    let room = Room::shop();
    let url = target.url();
    let closed =
        tokio::task::block_in_place(|| room.segue(&["verify", "--source", &source.url(), "--target", &url, "--format", "json"])).expect(0);
    let document: serde_json::Value = serde_json::from_str(&closed.out).expect("JSON");
    assert_eq!(table(&document, "public.t")["rows"], json!({"source": 20_000, "target": 20_000}));
    drop(target);
    let said = tokio::task::block_in_place(|| room.segue(&["verify", "--source", &source.url(), "--target", &url]));
    said.expect(10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_schemas_of_one_database_are_compared_in_one_moment() {
    let place = Place::postgres(&postgres()).await;
    for schema in ["old", "new"] {
        place.execute(&format!("create schema {schema}; create table {schema}.t (id int primary key, v text)")).await;
        place.execute(&format!("insert into {schema}.t select i, 'v' || i from generate_series(1, 500) i")).await;
    }
    let room = Room::shop();
    let url = place.url();
    let words = ["verify", "--source", &url, "--target", &url, "--source-schema", "old", "--target-schema", "new"];
    let said = tokio::task::block_in_place(|| room.segue(&words)).expect(0);
    assert!(said.out.contains("old.t → new.t") && said.out.contains("both sides"), "{}", said.out);
    place.execute("update new.t set v = 'x' where id = 250").await;
    tokio::task::block_in_place(|| room.segue(&words)).expect(4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_guards_rows_that_would_follow_on_each_server() {
    let mut pairs = vec![(Place::postgres(&postgres()).await, Place::postgres(&postgres()).await)];
    if let Some(programs) = mariadb() {
        pairs.push((Place::mariadb(&programs, &[]).await, Place::mariadb(&programs, &[]).await));
    }
    for (source, target) in pairs {
        for place in [&source, &target] {
            place.execute("create table p (id int primary key)").await;
            place.execute("create table c (id int primary key, p int, foreign key (p) references p (id) on delete cascade)").await;
            place.execute("insert into p values (1)").await;
        }
        target.execute("insert into p values (2), (3)").await;
        target.execute("insert into c values (10, 2)").await;
        let room = Room::shop();
        let (here, there) = (source.url(), target.url());
        let run = |words: &[&str]| {
            let all = [&["verify", "--source", &here, "--target", &there, "--table", "p"], words].concat();
            tokio::task::block_in_place(|| room.segue(&all))
        };
        run(&["--repair", "sql", "--out", "scripts"]).expect(4);
        target.load(&room.read("scripts/repair.sql")).await;
        let said = run(&[]).expect(4);
        assert!(said.out.contains("1 extra in target") && said.out.contains("id=2"), "{}: {}", target.shown, said.out);
        let children =
            tokio::task::block_in_place(|| room.segue(&["verify", "--source", &source.url(), "--target", &target.url(), "--table", "c"]));
        assert!(children.expect(4).out.contains("id=10"), "{}: the row that nobody compared is there still", target.shown);
    }
}
