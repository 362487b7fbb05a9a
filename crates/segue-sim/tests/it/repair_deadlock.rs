//! A real deadlock with the application, and the repair is who is chosen to fail: the batch is tried again, and the rows
//! are right in the end.
//!
//! Who the victim is is settled by how the servers choose, not by chance: PostgreSQL fails who looks first (the client
//! here never looks), InnoDB who changed less (the client here changed much).

use std::sync::Arc;
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;
use segue_journal::{End, NoHooks};
use segue_sim::repair::{RepairRun, equal, repair};
use segue_sim::rows::Place;
use tokio_postgres::NoTls;

use crate::repair::{mendable, pairs};
use crate::servers;

async fn postgres(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a client");
    tokio::spawn(connection);
    client
}

/// Waits until what is asked is true.
async fn until(client: &tokio_postgres::Client, asked: &str) {
    let began = Instant::now();
    while !client.query_one(asked, &[]).await.expect("an answer").get::<_, bool>(0) {
        assert!(began.elapsed() < Duration::from_mins(1), "never true: {asked}");
        tokio::task::yield_now().await;
    }
}

const WAITS: &str = "select exists (select from pg_locks where not granted and locktype";

#[tokio::test]
async fn the_repair_is_the_victim_and_tries_again_on_postgres() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    let source = Place::sqlite();
    for place in [&source, &server] {
        place.execute("create table p (id integer primary key)").await;
        place.execute("create table t (id integer primary key, p integer references p (id))").await;
        place.execute("insert into p values (1), (2)").await;
    }
    source.execute("insert into t values (1, 2), (2, 2)").await;
    server.execute("insert into t values (1, 1), (2, 1)").await;
    // A trigger that always fires stops the repair after it locked its rows, and counts how often it came by.
    server
        .execute(
            "create sequence tries; create function gate() returns trigger language plpgsql as $$ begin \
             perform nextval('public.tries'); perform pg_advisory_xact_lock_shared(7); return new; end $$; \
             create trigger gate before update on t for each row execute function gate(); alter table t enable always trigger gate",
        )
        .await;
    server.execute("alter role postgres set deadlock_timeout = '10ms'").await;
    let (from, to) = (mendable(&source), mendable(&server));
    let pairs = pairs(&source, &server, &["t"]).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    let run = RepairRun::patient(Arc::clone(&to), "postgres", &fix);
    let (gate, held, look) = (postgres(&server.url()).await, postgres(&server.url()).await, postgres(&server.url()).await);
    gate.batch_execute("select pg_advisory_lock(7)").await.expect("the gate is closed");
    // The client never looks for deadlocks: who waits last, the repair, does.
    held.batch_execute("set deadlock_timeout = '1h'; begin; select from p where id = 2 for update").await.expect("held");
    let (end, client) = tokio::join!(run.go(&NoHooks, false), async {
        until(&look, &format!("{WAITS} = 'advisory')")).await;
        let (client, ()) = tokio::join!(held.batch_execute("select from t where id = 1 for update"), async {
            until(&look, &format!("{WAITS} in ('transactionid', 'tuple'))")).await;
            // The repair goes on, and waits for the parent that the client holds.
            gate.batch_execute("select pg_advisory_unlock(7)").await.expect("the gate is open");
        });
        held.batch_execute("rollback").await.expect("let go");
        client
    });
    assert!(client.is_ok(), "the client was the victim: {client:?}");
    let row = look.query_one("select last_value from tries", &[]).await.expect("a number");
    assert!(row.get::<_, i64>(0) >= 3, "two rows, and one of them tried again: {}", row.get::<_, i64>(0));
    assert!(matches!(end, Ok(End::Done)), "{end:?}");
    assert!(run.repaired().is_whole(), "{:?}", run.repaired());
    assert!(equal(from.as_ref(), to.as_ref(), &pairs).await, "they differ");
    // A session counts its deadlocks when it ends, at the latest.
    drop((run, to));
    until(&look, "select deadlocks > 0 from pg_stat_database where datname = current_database()").await;
}

#[tokio::test]
async fn the_repair_is_the_victim_and_tries_again_on_mariadb() {
    let Some(programs) = servers::mariadb() else { return };
    let (source, server) = (Place::sqlite(), Place::mariadb(&programs, &[]).await);
    for place in [&source, &server] {
        place.execute("create table t (id integer primary key, n integer)").await;
    }
    server.execute("create table heavy (id integer primary key, n integer)").await;
    server.execute("insert into heavy select seq, 0 from seq_1_to_2000").await;
    source.execute("insert into t values (1, 10), (2, 20)").await;
    server.execute("insert into t values (1, 1), (2, 2)").await;
    let (from, to) = (mendable(&source), mendable(&server));
    let pairs = pairs(&source, &server, &["t"]).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    let run = RepairRun::patient(Arc::clone(&to), "mariadb", &fix);
    let client = || async { mysql_async::Conn::new(mysql_async::Opts::from_url(&server.url()).expect("a URL")).await.expect("a client") };
    let (mut held, mut look) = (client().await, client().await);
    held.query_drop("start transaction").await.expect("begun");
    held.query_drop("update heavy set n = n + 1").await.expect("much is changed");
    held.query_drop("update t set n = 2 where id = 2").await.expect("held");
    let (end, client) = tokio::join!(run.go(&NoHooks, false), async {
        // The repair has the first row and waits for the second.
        let began = Instant::now();
        let waits = "show global status like 'innodb_row_lock_current_waits'";
        while look.query_first::<(String, u64), _>(waits).await.expect("an answer").is_none_or(|(_, waiting)| waiting == 0) {
            assert!(began.elapsed() < Duration::from_mins(1), "nobody waits");
            tokio::task::yield_now().await;
        }
        let client = held.query_drop("update t set n = n where id = 1").await;
        held.query_drop("rollback").await.expect("let go");
        client
    });
    assert!(client.is_ok(), "the client was the victim: {client:?}");
    let counted: Option<(String, u64)> = look.query_first("show global status like 'innodb_deadlocks'").await.expect("figures");
    assert!(counted.as_ref().is_some_and(|(_, deadlocks)| *deadlocks > 0), "there was no deadlock: {counted:?}");
    assert!(matches!(end, Ok(End::Done)), "{end:?}");
    assert!(run.repaired().is_whole(), "{:?}", run.repaired());
    assert!(equal(from.as_ref(), to.as_ref(), &pairs).await, "they differ");
}
