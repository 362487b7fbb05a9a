//! What a look finds that only this engine has.

use std::time::Instant;

use mysql_async::prelude::Queryable as _;
use segue_engine::inspect::{Bound, Inspect as _, Look, Seen};
use segue_model::ident::TableName;
use segue_mysql::private_server::PrivateServer;

use crate::database::{connect, database, engine, programs};

/// Tables of the last test.
const MANY: usize = 1_000;

fn has(seen: &Seen, code: &str, object: &str) -> bool {
    seen.findings.iter().any(|finding| finding.code == code && finding.object == object)
}

#[tokio::test]
async fn what_is_wrong_is_found() {
    let setup = [
        "create table isam (a int primary key) engine=myisam",
        "create table full (id tinyint unsigned auto_increment primary key) auto_increment=250",
        "create table roomy (id int auto_increment primary key) auto_increment=250",
        "create table used (a int primary key, b int, c int, key by_b (b), key by_c (c))",
        "insert into used select seq, seq, seq from seq_1_to_2000",
    ];
    let Some(mut db) = database(&setup).await else { return };
    db.client.query_drop("select count(*) from used force index (by_b) where b between 5 and 90").await.expect("a use");
    let seen = db.engine.seen(Look::default()).await.expect("a look");
    assert!(has(&seen, "SG-INS-013", "table isam"), "{:?}", seen.findings);
    assert!(!has(&seen, "SG-INS-013", "table used"));
    assert!(has(&seen, "SG-INS-007", "column full.id") && !has(&seen, "SG-INS-007", "column roomy.id"), "{:?}", seen.findings);
    assert!(has(&seen, "SG-INS-006", "index by_c on used") && !has(&seen, "SG-INS-006", "index by_b on used"), "{:?}", seen.findings);
    assert!(has(&seen, "SG-INS-011", "table used"), "it took all writes: {:?}", seen.findings);
    assert!(has(&seen, "SG-INS-012", "setting log_bin"), "{:?}", seen.findings);
    let usage = |name: &str| seen.system.tables.iter().find(|table| table.name == name).map(|table| table.usage.clone());
    assert_eq!((usage("used").as_deref(), usage("roomy").as_deref()), (Some("frequent"), Some("unused")));
    for name in ["queries_per_s", "cache_hit_permille", "window_s"] {
        assert!(seen.system.baselines.contains_key(name), "{name}: {:?}", seen.system.baselines);
    }
    assert!(seen.not_checked.iter().any(|s| s.contains("95th percentile")), "{:?}", seen.not_checked);
    assert_eq!(seen.system.settings["collation_database"], "utf8mb4_general_ci");
}

#[tokio::test]
async fn without_counters_nothing_is_guessed() {
    let Some(programs) = programs() else { return };
    for (setting, counted) in [("performance-schema=off", false), ("userstat=on", true)] {
        let server = PrivateServer::start_with(&programs, &[setting, "log-bin", "binlog-format=mixed"], &[]).expect("started");
        let mut client = connect(server.port(), server.password()).await;
        for sql in [
            "create database d",
            "create table d.t (a int primary key, b int, key by_b (b))",
            "insert into d.t select seq, seq from d.seq_1_to_100",
            "select sum(a) from d.t",
        ] {
            client.query_drop(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        // Counters of a session are added up when it ends.
        client.disconnect().await.expect("ended");
        let seen = engine(&server.url_of("d")).seen(Look::default()).await.expect("a look");
        assert_eq!(!seen.system.tables[0].usage.is_empty(), counted, "{setting}: {:?}", seen.system.tables);
        assert_eq!(seen.not_checked.iter().any(|s| s.contains("neither performance_schema nor userstat")), !counted);
        assert_eq!(has(&seen, "SG-INS-006", "index by_b on t"), counted, "{:?}", seen.findings);
        assert!(has(&seen, "SG-INS-012", "setting binlog_format") && !has(&seen, "SG-INS-012", "setting log_bin"));
    }
}

#[tokio::test]
async fn a_replica_that_does_not_run_is_found_without_its_password() {
    let Some(programs) = programs() else { return };
    let server = PrivateServer::start(&programs).expect("started");
    let mut client = connect(server.port(), server.password()).await;
    let sql = "change master 'from old' to master_host='127.0.0.1', master_port=1, master_user='u', master_password='canary'";
    for sql in ["create database d", sql] {
        client.query_drop(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let seen = engine(&server.url_of("d")).seen(Look::default()).await.expect("a look");
    assert_eq!(seen.system.settings["replicates_from"], "1");
    assert!(has(&seen, "SG-INS-010", "replica from old"), "{:?}", seen.findings);
    assert!(!format!("{seen:?}").contains("canary"));
}

#[tokio::test]
async fn a_locked_table_is_a_sentence() {
    let Some(mut db) = database(&["create table open (a int primary key)", "create table shut (a int primary key)"]).await else { return };
    db.client.query_drop("lock tables shut write").await.expect("a lock");
    let seen = db.engine.seen(Look::default()).await.expect("it does not hang");
    assert_eq!(seen.system.tables.len(), 2);
    assert!(seen.not_checked.iter().any(|s| s.starts_with("the rows of shut: a lock was not had in time")), "{:?}", seen.not_checked);
    db.client.query_drop("unlock tables").await.expect("free");
}

#[tokio::test]
async fn few_rights_are_said() {
    let Some(mut db) = database(&["create table t (a int)"]).await else { return };
    let account = db.account("few", "select").await;
    let seen = account.seen(Look::default()).await.expect("a look");
    let said = seen.not_checked.join("\n");
    for wanted in [
        "no PROCESS",
        "no EVENT",
        "no EXECUTE",
        "open transactions: the account may not do this",
        "whether this server is a replica: the account",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}

#[tokio::test]
async fn a_column_without_a_neutral_form_is_left_out_by_name() {
    let setup = ["create table t (a int, g geometry, h time, b binary(2))", "insert into t values (1, point(1, 2), '10:00', 0x00ff)"];
    let Some(db) = database(&setup).await else { return };
    let taken = db.engine.read_sample(&TableName::bare("t"), Bound::default()).await.expect("a sample");
    assert_eq!(taken.left_out, ["g geometry", "h time"]);
    assert_eq!(taken.rows[0][1], segue_engine::inspect::Cell::Bytes(vec![0, 0xff]));
}

#[tokio::test]
async fn many_tables_are_read_in_few_questions() {
    let Some(mut db) = database(&[]).await else { return };
    for n in 0..MANY {
        let sql = format!("create table t{n} (id bigint primary key, a varchar(20) not null default '', b int, key by_b (b))");
        db.client.query_drop(sql).await.expect("a table");
    }
    let begun = Instant::now();
    let catalog = db.engine.catalog_all().await.expect("a catalog").catalog;
    let read = begun.elapsed();
    let begun = Instant::now();
    let seen = db.engine.seen(Look::default()).await.expect("a look");
    println!("MariaDB: catalog of {MANY} tables in {read:?}, a look in {:?}", begun.elapsed());
    assert_eq!((catalog.tables.len(), seen.system.tables.len()), (MANY, MANY));
    assert!(catalog.tables.iter().all(|table| table.indexes.len() == 2 && table.columns.len() == 3));
}
