//! Contract (and the way back) while clients of both sides and of the table write: nothing of theirs fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use segue_engine::{ErrorKind, Piece, PieceState, Reshape as _};

use crate::build::Build;
use crate::database::{connect, databases, table, until};
use crate::journey::{Journey, rows};

/// What the clients of one test saw.
#[derive(Default)]
struct Seen {
    done: AtomicU64,
    failed: std::sync::Mutex<Vec<String>>,
    longest_ms: AtomicU64,
}

async fn client(url: String, path: &'static str, sql: Vec<&'static str>, stop: Arc<AtomicBool>, seen: Arc<Seen>, prepared: bool) {
    let client = connect(&url).await;
    client.batch_execute(&format!("set search_path = {path}")).await.unwrap();
    let mut statements = Vec::new();
    for sql in &sql {
        statements.push(client.prepare(sql).await.unwrap());
    }
    let mut n: i32 = 1;
    while !stop.load(Ordering::Relaxed) {
        n = n * 31 % 997 + 1;
        let begun = Instant::now();
        let result = if prepared {
            client.batch_execute("begin").await.unwrap();
            let mut result = Ok(0);
            for statement in &statements {
                if result.is_ok() {
                    result = client.execute(statement, &[&n]).await;
                }
            }
            let end = client.batch_execute(if result.is_ok() { "commit" } else { "rollback" }).await;
            result.map(|_| ()).and(end)
        } else {
            client.batch_execute(&sql.iter().map(|sql| sql.replace("$1", &n.to_string())).collect::<Vec<_>>().join(";")).await
        };
        match result {
            Ok(()) => {
                seen.done.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => {
                seen.failed.lock().unwrap().push(format!("{path}: {:?}", error.as_db_error().map(|error| error.message().to_owned())));
            }
        }
        seen.longest_ms.fetch_max(u64::try_from(begun.elapsed().as_millis()).unwrap(), Ordering::Relaxed);
    }
}

const ACCOUNTS: &str = "create table t (id int primary key, name text not null, cents int not null default 0, hits int not null default 0);
    create index t_cents on t (cents);
    insert into t select g, 'n' || g, g, 0 from generate_series(1, 1000) g";

fn change() -> segue_model::reshape::TableChange {
    Build::on(
        &table("public.t"),
        &["id"],
        &[("id", "integer not null"), ("name", "text not null"), ("cents", "integer not null"), ("hits", "integer not null")],
    )
    .rename("name", "full_name")
    .convert("cents", "numeric(12,2)", "cents / 100.0", "cents * 100")
    .done()
}

#[tokio::test]
async fn no_statement_fails_at_contract() {
    for database in databases(ACCOUNTS).await {
        let mut journey = Journey::begin(&database, change()).await;
        journey.carry().await;
        journey.expand().await;
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Seen::default()));
        let mut clients = Vec::new();
        // The new side writes all its columns once it is announced as ready: after the backfill.
        for at in [2, 3, 6, 7, 0, 1, 4, 5] {
            if at == 0 {
                while journey.reshape().unconverted(&journey.change).await.unwrap() > 0 {
                    journey.backfill(100).await;
                }
            }
            // Clients of the old form end with it; until then they stand on what both forms share.
            let (path, sql): (&str, Vec<&str>) = match at % 4 {
                0 | 1 => (
                    "public_tag_new, public",
                    vec![
                        "update t set full_name = full_name || '', cents = cents + 0.01 where id = $1",
                        "select cents from t where id = $1",
                    ],
                ),
                2 => ("public_tag_old, public", vec!["update t set hits = hits + 1 where id = $1", "select hits from t where id = $1"]),
                _ => ("public", vec!["select hits from t where id = $1", "update t set hits = hits + 1 where id = $1"]),
            };
            clients.push(tokio::spawn(client(database.url.clone(), path, sql, stop.clone(), seen.clone(), at % 2 == 0)));
        }
        journey.carried().await;
        journey.verify().await;
        attempts(&journey, Piece::Shift(&journey.change)).await;
        let before = seen.done.load(Ordering::Relaxed);
        attempts(&journey, Piece::Contract(&journey.change)).await;
        assert_eq!(journey.observe(Piece::Contract(&journey.change)).await, PieceState::Present);
        let begun = Instant::now();
        while seen.done.load(Ordering::Relaxed) < before + 200 && begun.elapsed() < Duration::from_secs(20) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            client.await.unwrap();
        }
        let failed = seen.failed.lock().unwrap().clone();
        assert!(
            failed.is_empty(),
            "{}: {} of {} failed: {:?}",
            database.major,
            failed.len(),
            seen.done.load(Ordering::Relaxed),
            failed.first()
        );
        assert!(seen.longest_ms.load(Ordering::Relaxed) <= 2_000, "{} ms", seen.longest_ms.load(Ordering::Relaxed));
        let columns = rows(&database.client, "select string_agg(attname || ' ' || attnotnull, ',' order by attname) from pg_attribute where attrelid = 'public.t'::regclass and attnum > 0 and not attisdropped").await;
        assert_eq!(columns, ["cents true,full_name true,hits true,id true"]);
        assert_eq!(
            rows(&database.client, "select indexdef from pg_indexes where indexname = 't_cents'").await,
            ["CREATE INDEX t_cents ON public.t USING btree (cents)"]
        );
        assert_eq!(rows(&database.client, "select count(*) from public_tag_new.t").await, ["1000"]);
        assert_eq!(rows(&database.client, "select nspname from pg_namespace where nspname like '%tag%'").await, ["public_tag_new"]);
    }
}

#[tokio::test]
async fn no_statement_of_the_old_side_fails_when_expand_is_made_and_unmade() {
    for database in databases(ACCOUNTS).await {
        let mut journey = Journey::begin(&database, change()).await;
        journey.carry().await;
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Seen::default()));
        let mut clients = Vec::new();
        for at in 0..8 {
            let path = if at % 2 == 0 { "public_tag_old, public" } else { "public" };
            let sql = vec!["update t set name = name || '', cents = cents + 1 where id = $1", "select name from t where id = $1"];
            clients.push(tokio::spawn(client(database.url.clone(), path, sql, stop.clone(), seen.clone(), at % 4 < 2)));
        }
        for _ in 0..4 {
            attempts(&journey, Piece::Expand(&journey.change)).await;
            journey.backfill(100).await;
            let before = seen.done.load(Ordering::Relaxed);
            while seen.done.load(Ordering::Relaxed) < before + 100 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let mut left = 50;
            while let Err(error) = journey.reshape().unmake(&journey.guard, Piece::Expand(&journey.change)).await {
                assert!(matches!(error.kind, ErrorKind::LockTimeout | ErrorKind::Deadlock) && left > 0, "{error:?}");
                left -= 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            client.await.unwrap();
        }
        let failed = seen.failed.lock().unwrap().clone();
        assert!(
            failed.is_empty(),
            "{}: {} of {} failed: {:?}",
            database.major,
            failed.len(),
            seen.done.load(Ordering::Relaxed),
            failed.first()
        );
    }
}

/// As a step does: lock time-outs and deadlocks are tried again.
async fn attempts(journey: &Journey<'_>, piece: Piece<'_>) {
    for _ in 0..50 {
        match journey.reshape().make(&journey.guard, piece).await {
            Ok(()) => return,
            Err(error) if matches!(error.kind, ErrorKind::LockTimeout | ErrorKind::Deadlock) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("never had the locks");
}

#[tokio::test]
async fn a_client_that_holds_the_table_makes_the_attempt_give_up_in_time() {
    for database in databases(ACCOUNTS).await {
        let mut journey = Journey::begin(&database, change()).await;
        journey.carry().await;
        journey.expand().await;
        journey.backfill(500).await;
        journey.carried().await;
        journey.make(Piece::Shift(&journey.change)).await;
        let holder = connect(&database.url).await;
        holder.batch_execute("begin; select count(*) from public.t").await.unwrap();
        let begun = Instant::now();
        let error = journey.reshape().make(&journey.guard, Piece::Contract(&journey.change)).await.expect_err("the table is held");
        assert_eq!(error.kind, ErrorKind::LockTimeout);
        assert!(begun.elapsed() < Duration::from_millis(journey.guard.lock_timeout_ms), "{:?}", begun.elapsed());
        assert_eq!(journey.observe(Piece::Contract(&journey.change)).await, PieceState::Absent);
        assert_eq!(journey.observe(Piece::Expand(&journey.change)).await, PieceState::Present);
        holder.batch_execute("commit").await.unwrap();
        until(&database.client, "select true").await;
        journey.make(Piece::Contract(&journey.change)).await;
        journey.make(Piece::Contract(&journey.change)).await;
        assert_eq!(database.engine.rejected(&journey.change).await.unwrap().count, 0);
    }
}
