//! One moment, which is that of one session, and places in the binary log.

use mysql_async::prelude::Queryable as _;
use segue_engine::rows::{Applied, Mark, Rows as _};
use segue_mysql::private_server::PrivateServer;

use crate::database::{connect, engine, programs};
use crate::reading::{canonical, described, whole};

/// A server with a binary log, and a table of two rows whose sum is always 100.
pub(crate) async fn server(settings: &[&str]) -> Option<(PrivateServer, mysql_async::Conn)> {
    let server = PrivateServer::start_with(&programs()?, settings, &[]).expect("started");
    let mut client = connect(server.port(), server.password()).await;
    for sql in
        ["create database d", "use d", "create table t (id int primary key, v int not null)", "insert into t values (1, 50), (2, 50)"]
    {
        client.query_drop(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    Some((server, client))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_readers_see_one_moment_while_others_write() {
    let Some((server, mut client)) = server(&["log-bin=bin", "server-id=1"]).await else { return };
    let engine = engine(&server.url_of("d"));
    let read = whole(&described(&engine, "t").await);
    let writer = tokio::spawn(async move {
        // Ends when the server does.
        while client.query_drop("update t set v = v + if(id = 1, 1, -1)").await.is_ok() {
            tokio::task::yield_now().await;
        }
    });
    let mut moments = std::collections::BTreeSet::new();
    for _ in 0..10 {
        let snapshot = engine.snapshot(4).await.expect("a moment");
        assert!(snapshot.moment().starts_with("binary log bin."), "{}", snapshot.moment());
        moments.insert(snapshot.moment());
        let mut streams = Vec::new();
        for _ in 0..snapshot.readers() {
            streams.push(snapshot.stream(&read).await.expect("a stream"));
        }
        let mut seen = std::collections::BTreeSet::new();
        for stream in &mut streams {
            let mut batch = segue_engine::rows::Batch::default();
            assert!(stream.next(&mut batch).await.expect("rows"));
            seen.insert(batch.iter().map(|(_, row)| row.to_vec()).collect::<Vec<_>>());
        }
        assert_eq!(seen.len(), 1, "{} readers saw {} moments", snapshot.readers(), seen.len());
        drop(streams);
        // A later look at the same moment is the same.
        let again = canonical(snapshot.as_ref(), &read).await.expect("rows");
        assert!(seen.contains(&again.into_iter().map(|(_, row)| row).collect::<Vec<_>>()));
        snapshot.close().await.expect("closed");
    }
    assert!(moments.len() > 1, "somebody wrote");
    drop(server);
    writer.await.expect("it ended");
}

#[tokio::test]
async fn a_moment_has_one_reader_and_a_mark_moves_with_a_write() {
    let Some((server, mut client)) = server(&["log-bin=bin", "server-id=1"]).await else { return };
    let engine = engine(&server.url_of("d"));
    assert_eq!(engine.snapshot(5).await.expect("a moment").readers(), 1, "no second session can be let in");
    let before = engine.mark().await.expect("a mark").expect("a place");
    assert_eq!(before.kind, "mysql-gtid");
    client.query_drop("update t set v = v + 1").await.expect("written");
    let after = engine.mark().await.expect("a mark").expect("a place");
    assert_ne!(before, after);
    assert!(matches!(engine.applied(&after).await.expect("an answer"), Applied::NoStream(_)), "it is no replica");
    let load = engine.load().await.expect("a load");
    assert!(load.figures["threads_running"] >= 1 && load.figures["connections"] >= 1);
    assert_eq!(load.replication_lag_ms, None);
}

#[tokio::test]
async fn what_is_not_in_the_log_leaves_one_reader() {
    for settings in [&["log-bin=bin", "binlog-ignore-db=other"][..], &["skip-log-bin"]] {
        let Some((server, _client)) = server(settings).await else { return };
        let engine = engine(&server.url_of("d"));
        assert_eq!(engine.snapshot(4).await.expect("a moment").readers(), 1, "{settings:?}");
        let mark = engine.mark().await.expect("an answer");
        assert_eq!(mark.is_none(), settings[0] == "skip-log-bin", "{mark:?}");
    }
}

#[tokio::test]
async fn a_replica_says_when_it_has_applied_a_place() {
    let Some((source, mut client)) = server(&["log-bin=bin", "server-id=1"]).await else { return };
    let replica = PrivateServer::start_with(&programs().expect("there are some"), &["log-bin=rep", "server-id=2"], &[]).expect("started");
    let mut follower = connect(replica.port(), replica.password()).await;
    client.query_drop("create user r@'%' identified by 'pw'").await.expect("an account");
    client.query_drop("grant replication slave on *.* to r@'%'").await.expect("a right");
    let sql = format!(
        "change master to master_host='127.0.0.1', master_port={}, master_user='r', master_password='pw', master_use_gtid=slave_pos",
        source.port()
    );
    follower.query_drop(sql).await.expect("pointed");
    follower.query_drop("start slave").await.expect("started");
    let (from, to) = (engine(&source.url_of("d")), engine(&replica.url_of("mysql")));
    let mark = from.mark().await.expect("a mark").expect("a place");
    let wait = format!("select master_gtid_wait('{}', 30)", mark.at);
    assert_eq!(follower.query_first::<i64, _>(wait).await.expect("waited"), Some(0));
    assert_eq!(to.applied(&mark).await.expect("an answer"), Applied::Yes);
    follower.query_drop("stop slave sql_thread").await.expect("stopped");
    client.query_drop("update t set v = v + 1").await.expect("written");
    let later = from.mark().await.expect("a mark").expect("a place");
    assert!(matches!(to.applied(&later).await.expect("an answer"), Applied::NotYet(at) if at.at == mark.at));
    let foreign = Mark { kind: "postgres-lsn".to_owned(), at: "0/1".to_owned() };
    assert!(matches!(to.applied(&foreign).await.expect("an answer"), Applied::NoStream(_)));
}
