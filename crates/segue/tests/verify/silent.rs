//! One side is silent behind a lock while the other one dies: that is told by its name, and not only once the lock is gone.

use std::process::Child;
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;
use segue_postgres::private_server::PrivateServer;

use crate::engines::{mariadb, postgres};
use crate::room::Room;
use crate::said::Said;
use crate::too_old::{client, somebody_waits, twins};

/// Lets nobody pass who reads while somebody holds the lock.
const GATE: &str = "public.gate()";
const OPEN: &str = "1 = 1";

/// What it says in the end. It must end by itself, although the lock is held still.
fn ended(mut child: Child) -> Said {
    let began = Instant::now();
    while child.try_wait().expect("asked").is_none() {
        if began.elapsed() > Duration::from_mins(1) {
            child.kill().expect("killed");
            panic!("it waits for the side that is silent");
        }
        std::thread::yield_now();
    }
    Said::of(&child.wait_with_output().expect("it ended"))
}

fn is_told(said: Said, side: &str) {
    let said = said.expect(10);
    assert!(said.out.contains(&format!("the {side}: ")) && !said.out.contains("EQUAL"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_cut_off_is_told_while_the_other_side_waits_for_a_lock() {
    let server = PrivateServer::start(&postgres()).expect("started");
    let (here, there) = twins(&server).await;
    let room = Room::twins("");
    let (from, to) = (server.url(), server.url_of("twin"));
    for (silent, dies, gates, side) in [(&here, &there, (GATE, OPEN), "target"), (&there, &here, (OPEN, GATE), "source")] {
        for engine in ["sketch", "merge"] {
            silent.batch_execute("select pg_advisory_lock(7)").await.expect("the gate is closed");
            let words = ["verify", "--source", &from, "--target", &to, "--table", "a", "--engine", engine];
            let child = room.start(&[&words[..], &["--where", gates.0, "--where-target", gates.1]].concat());
            somebody_waits(silent).await;
            let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and application_name like 'segue%'";
            let count: i64 = dies.query_one(cut, &[]).await.expect("ended").get(0);
            assert!(count > 0, "{side}: nobody reads there");
            let said = tokio::task::block_in_place(|| ended(child));
            is_told(said, side);
            silent.batch_execute("select pg_advisory_unlock_all()").await.expect("opened");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_is_told_while_the_other_side_waits_for_a_lock() {
    let Some(programs) = mariadb() else { return };
    let server = PrivateServer::start(&postgres()).expect("started");
    let (here, _there) = twins(&server).await;
    let look = client(&server.url()).await;
    let room = Room::twins("");
    let dies = segue_mysql::private_server::PrivateServer::start_with(&programs, &[], &[]).expect("started");
    let mut maria = mysql_async::Conn::new(mysql_async::Opts::from_url(&dies.url_of("")).expect("a URL")).await.expect("connects");
    for sql in ["create database twin", "create table twin.a (id int primary key, v text)", "insert into twin.a values (1, 'v1')"] {
        maria.query_drop(sql).await.expect(sql);
    }
    here.batch_execute("select pg_advisory_lock(7)").await.expect("the gate is closed");
    let (from, to) = (dies.url_of("twin"), server.url());
    let words = ["verify", "--source", &from, "--target", &to, "--table", "a"];
    let child = room.start(&[&words[..], &["--where", OPEN, "--where-target", GATE]].concat());
    somebody_waits(&look).await;
    drop(maria);
    drop(dies);
    let said = tokio::task::block_in_place(|| ended(child));
    is_told(said, "source");
    // Who waited for it goes on, and finds nobody there any more.
    here.batch_execute("select pg_advisory_unlock_all()").await.expect("opened");
}
