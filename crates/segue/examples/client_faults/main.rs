//! Counts what clients notice of a whole journey: failed statements and the longest wait, with 8 writers on the new
//! view, the old view and the base table, over several runs of expand → shift → rollback → … → contract.
//! Prints one JSON object of numbers. Runs: `SEGUE_BENCH_RUNS`, default 20. Needs `target/release/segue`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its result is what it prints")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use segue_postgres::private_server::{Durability, PrivateServer, Setup, find_bins};
use tokio_postgres::NoTls;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const SPEC: &str = "\
segue: 1
id: FAULTS
systems: {db: {postgres: {url: env:DB_URL}}}
schema:
  in: db
  changes:
    - rename_column: {table: items, from: note, to: remark}
    - change_type: {table: items, column: total, to: bigint, up: total * 10, down: (total / 10)::int}
    - add_column: {table: items, column: status, type: text, null: false, default: \"'new'\", up: \"'old'\"}
";

const ROWS: i64 = 20_000;

/// What clients speak: 0 the old form, 1 the new one.
#[derive(Default)]
struct Stage {
    new: AtomicU8,
    stop: AtomicBool,
    done: AtomicU64,
    failed: AtomicU64,
    longest_us: AtomicU64,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let runs: u32 = std::env::var("SEGUE_BENCH_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let hint = std::env::var("SEGUE_TEST_PG_BINS").ok();
    let bin = find_bins(hint.as_deref()).into_iter().next().ok_or("no PostgreSQL server programs")?;
    let server = PrivateServer::start_with(&bin, Setup { durability: Durability::Safe, ..Setup::default() })?;
    let (mut done, mut failed, mut longest) = (0, 0, 0);
    for _ in 0..runs {
        let stage = journey(&server).await?;
        done += stage.done.load(Ordering::Acquire);
        failed += stage.failed.load(Ordering::Acquire);
        longest = longest.max(stage.longest_us.load(Ordering::Acquire));
    }
    println!(
        "{}",
        serde_json::json!({"runs": runs, "statements": done, "failed_statements": failed, "longest_wait_ms": longest as f64 / 1_000.0})
    );
    Ok(())
}

async fn journey(server: &PrivateServer) -> Result<Arc<Stage>> {
    let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await?;
    tokio::spawn(connection);
    client
        .batch_execute(&format!(
            "drop schema if exists segue cascade; drop schema if exists public_faults_new cascade; drop schema if exists public_faults_old cascade;
             drop table if exists items;
             create table items (id bigint primary key, total int not null, note text not null);
             insert into items select i, i % 100000, md5(i::text) from generate_series(1, {ROWS}) i"
        ))
        .await?;
    let folder = std::env::temp_dir().join(format!("segue-faults-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("segue.yaml"), SPEC)?;
    let stage = Arc::new(Stage::default());
    let clients: Vec<_> = (0..8).map(|n| tokio::spawn(client_loop(server.url(), n, Arc::clone(&stage)))).collect();
    segue(server, &folder, &["apply", "-f", "segue.yaml", "--yes", "--until", "shift"])?;
    speak(&stage, 1).await;
    speak(&stage, 0).await;
    segue(server, &folder, &["rollback", "--yes"])?;
    segue(server, &folder, &["apply", "-f", "segue.yaml", "--yes", "--until", "shift"])?;
    speak(&stage, 1).await;
    segue(server, &folder, &["apply", "-f", "segue.yaml", "--yes"])?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    stage.stop.store(true, Ordering::Release);
    for client in clients {
        client.await??;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(stage)
}

/// Deploys a version: after this every client speaks it.
async fn speak(stage: &Stage, new: u8) {
    stage.new.store(new, Ordering::Release);
    tokio::time::sleep(Duration::from_millis(400)).await;
}

fn segue(server: &PrivateServer, folder: &Path, words: &[&str]) -> Result<()> {
    let binary: PathBuf =
        std::env::var_os("SEGUE_BIN").map_or_else(|| PathBuf::from("target/release/segue"), PathBuf::from).canonicalize()?;
    let output = Command::new(binary).args(words).current_dir(folder).env("DB_URL", server.url()).stdin(Stdio::null()).output()?;
    if output.status.success() { Ok(()) } else { Err(format!("segue {words:?}: {}", String::from_utf8_lossy(&output.stderr)).into()) }
}

async fn client_loop(url: String, n: i64, stage: Arc<Stage>) -> Result<()> {
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    let (mut seed, mut spoken) = (n.unsigned_abs() + 1, u8::MAX);
    while !stage.stop.load(Ordering::Acquire) {
        let new = stage.new.load(Ordering::Acquire);
        if new != spoken {
            let path = if new == 1 {
                "public_faults_new, public"
            } else if n % 2 == 0 {
                "public_faults_old, public"
            } else {
                "public"
            };
            client.batch_execute(&format!("set search_path = {path}")).await?;
            spoken = new;
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let id = (seed >> 33) as i64 % ROWS + 1;
        let text = if new == 1 { "remark" } else { "note" };
        let sql = match seed % 3 {
            0 => format!("update items set total = total + 10, {text} = 'x' where id = {id}"),
            1 => {
                format!("insert into items (id, total, {text}) values ({}, 10, 'y') on conflict (id) do update set {text} = 'z'", id + ROWS)
            }
            _ => format!("select total, {text} from items where id = {id}"),
        };
        let started = Instant::now();
        match client.batch_execute(&sql).await {
            Ok(()) => stage.done.fetch_add(1, Ordering::Relaxed),
            Err(error) => {
                eprintln!(
                    "client {n} ({}): {}",
                    if new == 1 { "new" } else { "old" },
                    error.as_db_error().map_or_else(|| error.to_string(), |db| format!("{} {}", db.code().code(), db.message()))
                );
                stage.failed.fetch_add(1, Ordering::Relaxed)
            }
        };
        stage.longest_us.fetch_max(started.elapsed().as_micros() as u64, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}
