//! All readers of a moment see the same, whatever is written meanwhile.

use segue_engine::rows::{Batch, Rows as _};

use super::{rows, shown, whole};
use crate::database::{connect, databases, until};

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_one_moment_while_a_writer_commits() {
    for db in databases("create table t (id int primary key, v int); insert into t select g, 0 from generate_series(1, 1000) g").await {
        let writer = connect(&db.url).await;
        let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
        let writing = tokio::spawn(async move {
            let mut rounds = 0;
            while stopped.try_recv().is_err() {
                writer.batch_execute("update t set v = v + 1").await.expect("written");
                rounds += 1;
            }
            rounds
        });
        until(&db.client, "select max(v) > 0 from t").await;
        let whole = whole(&db.engine, "t").await.in_order();
        for _ in 0..5 {
            let moment = db.engine.snapshot(4).await.expect("a moment");
            assert_eq!(moment.readers(), 4);
            let before: i32 = db.client.query_one("select max(v) from t", &[]).await.expect("a value").get(0);
            let all = [rows(&*moment, &whole), rows(&*moment, &whole), rows(&*moment, &whole), rows(&*moment, &whole)];
            let all: Vec<_> = futures_util::future::join_all(all).await.into_iter().map(|found| found.expect("rows")).collect();
            assert!(all.windows(2).all(|two| two[0] == two[1]), "one moment");
            let value = shown(&all[0][0].1)[1].clone();
            assert!(all[0].iter().all(|(_, row)| shown(row)[1] == value), "no writer's half");
            assert!(value.parse::<i32>().expect("a number") <= before, "the moment was before");
            let again = rows(&*moment, &whole).await.expect("rows");
            assert!(again == all[0], "and it stays");
            moment.close().await.expect("closed");
        }
        stop.send(()).expect("a writer");
        assert!(writing.await.expect("a writer") > 5);
    }
}

#[tokio::test]
async fn a_moment_says_where_it_is() {
    for db in databases("").await {
        let moment = db.engine.snapshot(1).await.expect("a moment");
        let words = moment.moment();
        assert!(words.contains('/') && words.ends_with(" UTC"), "{words}");
        assert_eq!(moment.readers(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_is_left_in_the_middle_is_free_again_at_the_same_moment() {
    let setup = "create table t (id int primary key, v text); insert into t select g, repeat('x', 1000) from generate_series(1, 50000) g";
    for db in databases(setup).await {
        let whole = whole(&db.engine, "t").await;
        let moment = db.engine.snapshot(1).await.expect("a moment");
        db.client.batch_execute("insert into t values (0, 'later')").await.expect("written");
        for _ in 0..3 {
            let mut stream = moment.stream(&whole).await.expect("a stream");
            let mut batch = Batch::default();
            assert!(stream.next(&mut batch).await.expect("rows"));
            drop(stream);
        }
        assert_eq!(moment.count(&whole).await.expect("counted"), 50_000);
        assert_eq!(rows(&*moment, &whole).await.expect("rows").len(), 50_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_waits_for_a_free_reader() {
    for db in databases("create table t (id int primary key); insert into t select generate_series(1, 10)").await {
        let whole = whole(&db.engine, "t").await;
        let moment = db.engine.snapshot(2).await.expect("a moment");
        let many = (0..10).map(|_| rows(&*moment, &whole));
        let found = futures_util::future::join_all(many).await;
        assert!(found.iter().all(|found| found.as_ref().is_ok_and(|rows| rows.len() == 10)));
    }
}

#[tokio::test]
async fn as_many_readers_as_the_server_has_connections_for() {
    for db in databases("create table t (id int primary key)").await {
        let name = "two at a time";
        crate::database::role(&db.client, name).await;
        db.client
            .batch_execute("alter role \"two at a time\" login password 'x' connection limit 2; grant select on t to \"two at a time\"")
            .await
            .expect("a limit");
        let url = format!("postgres://two%20at%20a%20time:x@{}", db.url.split_once('@').expect("a login").1);
        let moment = crate::database::engine(&url).snapshot(8).await.expect("a moment");
        assert_eq!(moment.readers(), 2);
    }
}

#[tokio::test]
async fn a_table_that_was_emptied_or_made_after_the_moment_is_never_empty_in_it() {
    let setup = "create table t (id int primary key); insert into t values (1); create table p (id int) partition by range (id); \
                 create table p1 partition of p for values from (0) to (10); insert into p values (1); create table v (id int primary key); insert into v values (1)";
    for db in databases(setup).await {
        let (t, p, v) = (whole(&db.engine, "t").await, whole(&db.engine, "p").await, whole(&db.engine, "v").await);
        let moment = db.engine.snapshot(1).await.expect("a moment");
        db.client
            .batch_execute("truncate t; truncate p1; alter table v alter column id type int8; create table later (id int primary key); insert into later values (1)")
            .await
            .expect("changed");
        let later = whole(&db.engine, "later").await;
        for read in [&t, &p, &v, &later] {
            let error = rows(&*moment, read).await.expect_err("gone");
            assert_eq!(error.code, "SG-PG-153", "{}: {error}", read.table);
            assert_eq!(moment.count(read).await.expect_err("gone").code, "SG-PG-153");
        }
        let moment = db.engine.snapshot(1).await.expect("a moment");
        assert_eq!(rows(&*moment, &later).await.expect("rows").len(), 1);
    }
}
