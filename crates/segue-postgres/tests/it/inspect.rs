//! What a look finds that only this engine has, and how it fares with many tables.

use std::time::Instant;

use segue_engine::inspect::{Bound, Inspect, Look, Seen};
use segue_engine::{ErrorKind, quote};
use segue_postgres::PostgresEngine;
use segue_postgres::private_server::{PrivateServer, Setup};

use crate::database::{bins, connect, databases, engine, table, until};

async fn look(engine: &PostgresEngine) -> Seen {
    Inspect::seen(engine, Look::default()).await.expect("a look")
}

fn has(seen: &Seen, code: &str, object: &str) -> bool {
    seen.findings.iter().any(|finding| finding.code == code && finding.object == object)
}

const WRONG: &str = "
create table t (id int primary key, a int, b int);
create index good on t (a); create index bad on t (b);
alter table t add constraint positive check (a > 0) not valid;
create table small (id smallserial primary key); select setval('small_id_seq', 30000);
create table large (id bigserial primary key); select setval('large_id_seq', 30000);
insert into t select n, n, n from generate_series(1, 100) n;
create type mood as enum ('a'); create domain positive as int check (value > 0);
create function f() returns int language sql as 'select 1';
create table dusty (id int primary key) with (autovacuum_enabled = off);
insert into dusty select generate_series(1, 20000); delete from dusty where id > 5000;
update pg_index set indisvalid = false where indexrelid = 'bad'::regclass;";

#[tokio::test]
async fn what_is_wrong_is_found() {
    for db in databases(WRONG).await {
        // The counters of a session arrive a moment later.
        db.client.batch_execute("select count(*) from t; select count(*) from t").await.expect("a use");
        db.client.batch_execute("set enable_seqscan = off; select count(*) from t where a = 5; reset enable_seqscan").await.expect("a use");
        if db.major >= 15 {
            db.client.batch_execute("select pg_stat_force_next_flush()").await.expect("flushed");
        }
        until(&db.client, "select coalesce((select idx_scan > 0 from pg_stat_user_indexes where indexrelname = 'good'), false)").await;
        until(&db.client, "select n_dead_tup >= 15000 from pg_stat_user_tables where relname = 'dusty'").await;
        let seen = look(&db.engine).await;
        assert!(has(&seen, "SG-INS-008", "table public.dusty") && !has(&seen, "SG-INS-008", "table public.t"), "{:?}", seen.findings);
        assert!(has(&seen, "SG-INS-011", "table public.dusty"), "{:?}", seen.findings);
        assert!(has(&seen, "SG-INS-004", "index bad on public.t"), "{:?}", seen.findings);
        assert!(has(&seen, "SG-INS-005", "constraint positive on public.t"), "{:?}", seen.findings);
        assert!(
            has(&seen, "SG-INS-006", "index bad on public.t") && !has(&seen, "SG-INS-006", "index good on public.t"),
            "{:?}",
            seen.findings
        );
        assert!(has(&seen, "SG-INS-007", "sequence public.small_id_seq"), "{:?}", seen.findings);
        assert!(!has(&seen, "SG-INS-007", "sequence public.large_id_seq"));
        for (kind, count) in [("enum", 1), ("domain", 1), ("routine", 1), ("sequence", 2), ("extension", 1)] {
            assert_eq!(seen.system.counts.get(kind), Some(&count), "{kind}");
        }
        let is = |name: &str| seen.system.settings.get(name).map(String::as_str);
        assert_eq!((is("wal_level"), is("encoding"), is("replicas")), (Some("logical"), Some("UTF8"), Some("0")));
        assert!(is("extensions").is_some_and(|list| list.starts_with("plpgsql ")), "{:?}", is("extensions"));
        assert_eq!(is("statement_timeout"), Some("0ms"), "the server's, not our session's");
        assert!(seen.not_checked.iter().any(|s| s.contains("pg_stat_statements is not there")), "{:?}", seen.not_checked);
        assert!(seen.system.baselines.contains_key("transactions_per_s"));
        assert_eq!(seen.system.tables.iter().find(|t| t.name == "public.dusty").map(|t| t.usage.as_str()), Some("frequent"));
    }
}

#[tokio::test]
async fn partitions_are_one_table() {
    let setup = "create table p (id int not null, at date not null, primary key (id, at)) partition by range (at); \
                 create table p_old partition of p for values from (minvalue) to ('2020-01-01'); \
                 create table p_new partition of p for values from ('2020-01-01') to (maxvalue) partition by range (id); \
                 create table p_new_1 partition of p_new for values from (minvalue) to (maxvalue); \
                 insert into p select n, '2019-06-01' from generate_series(1, 40) n; insert into p select n, '2021-06-01' from generate_series(1, 60) n";
    for db in databases(setup).await {
        let seen = look(&db.engine).await;
        let names: Vec<_> = seen.system.tables.iter().map(|table| (table.name.as_str(), table.rows)).collect();
        assert_eq!(names, [("public.p", Some(100))]);
        assert!(seen.system.tables[0].bytes.is_some_and(|bytes| bytes >= 2 * 8192), "two partitions have pages: {:?}", seen.system.tables);
        assert!(seen.system.tables[0].keyed);
        assert_eq!(seen.system.counts.get("partition"), Some(&3));
        let all = Inspect::catalog_all(&db.engine).await.expect("a catalog");
        assert_eq!(all.catalog.tables.len(), 4, "the catalog tells them apart");
    }
}

#[tokio::test]
async fn a_look_can_only_read() {
    let setup = "create table t (a int); create function f() returns int language sql volatile as 'insert into public.t values (1) returning 1'; \
                 create view v as select f() as a";
    for db in databases(setup).await {
        let error = db.engine.read_sample(&table("public.v"), Bound::default()).await.expect_err("it would write");
        assert_eq!((error.code, error.kind), ("SG-PG-019", ErrorKind::Permission), "{error:?}");
        let rows: i64 = db.client.query_one("select count(*) from t", &[]).await.expect("a count").get(0);
        assert_eq!(rows, 0);
    }
}

#[tokio::test]
async fn a_locked_table_is_a_sentence() {
    for db in databases("create table open (a int primary key); create table shut (a int primary key)").await {
        db.client.batch_execute("begin; lock table shut in access exclusive mode").await.expect("a lock");
        let seen = look(&db.engine).await;
        assert_eq!(seen.system.tables.len(), 2);
        assert!(seen.not_checked.iter().any(|s| s.starts_with("exact sizes")), "{:?}", seen.not_checked);
        assert!(
            seen.not_checked.iter().any(|s| s.starts_with("the rows of public.shut: a lock was not had in time")),
            "{:?}",
            seen.not_checked
        );
        db.client.batch_execute("rollback").await.expect("free");
    }
}

#[tokio::test]
async fn a_slot_that_nobody_reads_is_found() {
    for db in databases("").await {
        let name = format!("looked_at_{}", std::process::id());
        db.client.batch_execute(&format!("select pg_create_physical_replication_slot('{name}', true)")).await.expect("a slot");
        let seen = look(&db.engine).await;
        db.client.batch_execute(&format!("select pg_drop_replication_slot('{name}')")).await.expect("gone");
        assert!(has(&seen, "SG-INS-009", &format!("replication slot {name}")), "{:?}", seen.findings);
    }
}

#[tokio::test]
async fn statements_give_baselines_and_never_their_text() {
    for bins in bins() {
        let setup = Setup { settings: vec![("shared_preload_libraries".to_owned(), "pg_stat_statements".to_owned())], ..Setup::default() };
        // Not every build of the server has it.
        let Ok(server) = PrivateServer::start_with(&bins, setup) else { continue };
        let client = connect(&server.url()).await;
        client.batch_execute("create schema \"it's\"; create extension pg_stat_statements schema \"it's\"").await.expect("there");
        client.batch_execute("select 'canary-5d', pg_sleep(0.02)").await.expect("a slow one");
        let seen = look(&engine(&server.url())).await;
        assert!(
            seen.system.baselines.contains_key("p95_ms") && seen.system.baselines.contains_key("queries_per_s"),
            "{:?}",
            seen.not_checked
        );
        assert!(!format!("{seen:?}").contains("canary"));
        return;
    }
    panic!("no server could be started with it");
}

#[tokio::test]
async fn connections_near_their_maximum_are_found() {
    let newest = bins().pop().expect("one version");
    let setup = Setup { settings: vec![("max_connections".to_owned(), "10".to_owned())], ..Setup::default() };
    let server = PrivateServer::start_with(&newest, setup).expect("started");
    let before = look(&engine(&server.url())).await;
    let code = |seen: &Seen| seen.findings.iter().any(|finding| finding.code == "SG-INS-014");
    assert!(!code(&before), "{:?}", before.findings);
    let mut clients = Vec::new();
    for _ in 0..8 {
        clients.push(connect(&server.url()).await);
    }
    let after = look(&engine(&server.url())).await;
    assert!(code(&after), "{:?}", after.findings);
}

/// Makes so many tables with a key, an index, a foreign key and a default each.
fn many(count: usize) -> String {
    let one = quote::text(
        "create table t%1$s (id bigint primary key, a text not null default '', b int, c timestamptz, \
         parent bigint references t0 (id)); create index t%1$s_b on t%1$s (b)",
    );
    format!(
        "create table t0 (id bigint primary key); set synchronous_commit = off; \
         do $do$ begin for n in 1..{count} loop execute format({one}, n); if n % 500 = 0 then commit; end if; end loop; end $do$"
    )
}

#[tokio::test]
async fn five_thousand_tables_are_read_in_few_questions() {
    // One version is enough for a time: the newest.
    if let Some(db) = databases("").await.pop() {
        for statement in many(4_999).split_inclusive("; ") {
            // The loop commits now and then: it may be in no other transaction.
            if statement.starts_with("do ") {
                break;
            }
            db.client.batch_execute(statement).await.expect("setup");
        }
        let text = many(4_999);
        let block = text.find("do $do$").expect("a block");
        db.client.batch_execute(&text[block..]).await.expect("tables");
        let begun = Instant::now();
        let catalog = Inspect::catalog_all(&db.engine).await.expect("a catalog").catalog;
        let read = begun.elapsed();
        let begun = Instant::now();
        let seen = look(&db.engine).await;
        println!("PostgreSQL {}: catalog of 5,000 tables in {read:?}, a look in {:?}", db.major, begun.elapsed());
        assert_eq!((catalog.tables.len(), seen.system.tables.len()), (5_000, 5_000));
        assert!(catalog.tables.iter().filter(|table| table.indexes.len() == 2 && table.columns.len() == 5).count() == 4_999);
        let references = catalog.table(&table("public.t0")).expect("the parent").referenced_by.len();
        assert_eq!(references, 4_999);
    }
}
