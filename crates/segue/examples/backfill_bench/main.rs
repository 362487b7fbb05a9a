//! Measures the backfill on a private PostgreSQL server against a bare keyset `UPDATE` loop of the same work on the
//! same rows without triggers, side by side, with 4 writers running. Prints one JSON object of numbers.
//!
//! Rows: `SEGUE_BENCH_ROWS`, default 1,000,000. Needs `target/release/segue`.

#![allow(clippy::print_stdout, reason = "its result is what it prints")]

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use segue_postgres::private_server::{Durability, PrivateServer, Setup, find_bins};
use tokio_postgres::{Client, NoTls};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const SPEC: &str = "\
segue: 1
id: BENCH
systems: {db: {postgres: {url: env:DB_URL}}}
schema:
  in: db
  changes:
    - change_type: {table: items, column: total, to: bigint, up: total * 10, down: (total / 10)::int}
";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let rows: i64 = std::env::var("SEGUE_BENCH_ROWS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let hint = std::env::var("SEGUE_TEST_PG_BINS").ok();
    let bin = find_bins(hint.as_deref()).into_iter().next().ok_or("no PostgreSQL server programs")?;
    let server = PrivateServer::start_with(&bin, Setup { durability: Durability::Safe, ..Setup::default() })?;
    let small = segue(&server, 10_000).await?;
    let bare = bare(&server, rows).await?;
    let large = segue(&server, rows).await?;
    let again = self::bare(&server, rows).await?;
    let bare = f64::midpoint(bare, again);
    println!(
        "{}",
        serde_json::json!({
            "rows": rows, "bare_rows_per_s": bare.round(), "segue_rows_per_s": large.rate.round(), "ratio": large.rate / bare,
            "segue_rows_per_s_at_10k": small.rate.round(), "flatness": large.rate / small.rate, "peak_memory_mib": large.peak_kib / 1024.0,
        })
    );
    Ok(())
}

async fn connect(server: &PrivateServer) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn build(server: &PrivateServer, rows: i64) -> Result<Client> {
    let client = connect(server).await?;
    client
        .batch_execute(&format!(
            "drop schema if exists segue cascade; drop schema if exists public_bench_new cascade; drop schema if exists public_bench_old cascade;
             drop table if exists items;
             create table items (id bigint primary key, total int not null, note text not null, touched int not null default 0);
             insert into items select i, i % 100000, md5(i::text) from generate_series(1, {rows}) i"
        ))
        .await?;
    client.batch_execute("vacuum analyze items").await?;
    client.batch_execute("checkpoint").await?;
    Ok(client)
}

/// Four writers that touch random rows, until told to stop.
fn writers(server: &PrivateServer, rows: i64, stop: &Arc<AtomicBool>) -> Vec<tokio::task::JoinHandle<Result<u64>>> {
    (0..4_i64)
        .map(|writer| {
            let (url, stop) = (server.url(), Arc::clone(stop));
            tokio::spawn(async move {
                let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
                tokio::spawn(connection);
                let update = client.prepare("update items set touched = touched + 1 where id = $1").await?;
                let (mut done, mut seed) = (0_u64, writer.unsigned_abs() + 1);
                while !stop.load(Ordering::Acquire) {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let id = (seed >> 33) as i64 % rows + 1;
                    client.execute(&update, &[&id]).await?;
                    done += 1;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Ok(done)
            })
        })
        .collect()
}

/// The limit: one keyset loop, no triggers, the same column computed, batches of the size that segue reaches.
async fn bare(server: &PrivateServer, rows: i64) -> Result<f64> {
    let client = build(server, rows).await?;
    client.batch_execute("alter table items add column twin bigint").await?;
    let stop = Arc::new(AtomicBool::new(false));
    let writers = writers(server, rows, &stop);
    let started = Instant::now();
    let (mut after, mut size) = (0_i64, 500_i64);
    loop {
        let began = Instant::now();
        let bound: Option<i64> = client
            .query_one("select max(id) from (select id from items where id > $1 order by id limit $2) k", &[&after, &size])
            .await?
            .get(0);
        let Some(bound) = bound else { break };
        client.execute("update items set twin = total * 10 where id > $1 and id <= $2", &[&after, &bound]).await?;
        after = bound;
        let took = began.elapsed().as_millis().max(1) as i64;
        size = (size * 200 / took).clamp(size / 2, size * 2).clamp(50, 50_000);
    }
    let rate = rows as f64 / started.elapsed().as_secs_f64();
    stop.store(true, Ordering::Release);
    for writer in writers {
        writer.await??;
    }
    Ok(rate)
}

struct Measured {
    rate: f64,
    peak_kib: f64,
}

/// The real binary, its backfill phase timed by its own events.
async fn segue(server: &PrivateServer, rows: i64) -> Result<Measured> {
    build(server, rows).await?;
    let folder = std::env::temp_dir().join(format!("segue-bench-{}-{rows}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("segue.yaml"), SPEC)?;
    let binary: PathBuf =
        std::env::var_os("SEGUE_BIN").map_or_else(|| PathBuf::from("target/release/segue"), PathBuf::from).canonicalize()?;
    let run = |words: &[&str]| {
        let mut command = Command::new(&binary);
        command.args(words).current_dir(&folder).env("DB_URL", server.url()).stdout(Stdio::null());
        command
    };
    if !run(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand", "-q"]).status()?.success() {
        return Err("segue apply --until expand failed".into());
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writers = writers(server, rows, &stop);
    let mut child = run(&["apply", "-f", "segue.yaml", "--yes", "--until", "backfill", "--events", "events", "-q"]).spawn()?;
    let mut peak = 0.0_f64;
    let status = loop {
        if let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", child.id())) {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            peak = peak.max(line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse().ok()).unwrap_or(0.0));
        }
        if let Some(status) = child.try_wait()? {
            break status;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    stop.store(true, Ordering::Release);
    for writer in writers {
        writer.await??;
    }
    if !status.success() {
        return Err("segue apply --until backfill failed".into());
    }
    let seconds = seconds(&std::fs::read_to_string(folder.join("events"))?).ok_or("no events of the backfill")?;
    std::fs::remove_dir_all(&folder)?;
    Ok(Measured { rate: rows as f64 / seconds, peak_kib: peak })
}

/// From `step_started` to `step_performed` of the backfill, in seconds.
fn seconds(events: &str) -> Option<f64> {
    let at = |kind: &str| {
        events.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()).find_map(|event| {
            let ours = event["type"] == kind && event["step"].as_str().is_some_and(|step| step.starts_with("backfill/"));
            let at: jiff::Timestamp = event["at"].as_str()?.parse().ok()?;
            ours.then_some(at)
        })
    };
    let took = at("step_performed")?.duration_since(at("step_started")?);
    Some(took.as_secs_f64().max(0.001))
}
