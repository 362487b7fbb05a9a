//! Measures the comparison of rows on private servers, beside peers and beside the limit: both sides streamed and thrown
//! away. Prints one JSON object of numbers.
//!
//! `verify_bench cross`: MariaDB and PostgreSQL with 1,000 planted differences; `verify_bench same`: PostgreSQL and
//! PostgreSQL, equal, and then with every row another; `verify_bench replica`: MariaDB and its replica. Rows:
//! `SEGUE_BENCH_ROWS` (5,000,000, 1,000,000 and 1,000,000). Peers are programs in the folder `SEGUE_BENCH_PEERS`; they are
//! left out where it is unset. Each comparison is a process of
//! its own; CPU is that of the client and of the servers together.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its result is what it prints")]

mod client;
mod peer;
mod replica;
mod table;

use std::process::Command;
use std::time::Instant;

use segue_mysql::private_server as mysql;
use segue_postgres::private_server as postgres;
use serde_json::{Map, Value, json};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The processes of servers whose CPU counts.
struct Servers(Vec<u32>);

impl Servers {
    /// CPU seconds of the servers, their children and those that ended.
    fn cpu_s(&self) -> f64 {
        let mut ticks = 0;
        let all: Vec<(u32, u32, u64)> = std::fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| stat(entry.file_name().to_str()?.parse().ok()?))
            .collect();
        for (id, parent, used) in &all {
            if self.0.contains(id) || self.0.contains(parent) {
                ticks += used;
            }
        }
        // The clock of /proc ticks 100 times a second on every Linux that we know.
        ticks as f64 / 100.0
    }
}

/// A process: its number, its parent's, and the ticks that it and its ended children used.
fn stat(id: u32) -> Option<(u32, u32, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let rest: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| rest.get(at).and_then(|text| text.parse::<u64>().ok());
    Some((id, u32::try_from(number(1)?).ok()?, number(11)? + number(12)? + number(13)? + number(14)?))
}

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["compare", source, target, engine] => client::run(source, target, Some(engine)),
        ["limit", source, target] => client::run(source, target, None),
        ["cross"] => cross(rows(5_000_000)),
        ["same"] => same(rows(1_000_000)),
        ["replica"] => replica::run(rows(1_000_000)),
        _ => Err("say `cross`, `same` or `replica`".into()),
    }
}

fn rows(usual: u64) -> u64 {
    std::env::var("SEGUE_BENCH_ROWS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn start_postgres() -> Result<postgres::PrivateServer> {
    let hint = std::env::var("SEGUE_TEST_PG_BINS").ok();
    let bins = postgres::find_bins(hint.as_deref()).into_iter().next().ok_or("no PostgreSQL server programs")?;
    Ok(postgres::PrivateServer::start(&bins)?)
}

fn programs() -> Result<mysql::Programs> {
    let home = std::env::var_os("SEGUE_TEST_MARIADB").map(std::path::PathBuf::from);
    mysql::find_programs(home.as_deref()).ok_or_else(|| "no MariaDB server programs".into())
}

fn cross(rows: u64) -> Result<()> {
    let source = mysql::PrivateServer::start_with(&programs()?, &["innodb-buffer-pool-size=1G", "skip-log-bin"], &[])?;
    let target = start_postgres()?;
    let source_url = source.url_of("bench");
    table::fill_mariadb(&source, rows)?;
    table::fill_postgres(&target.url(), "items", rows)?;
    let planted = table::plant(&target.url(), "items", rows)?;
    let servers = Servers(vec![source.pid().ok_or("no server")?, target.pid().ok_or("no server")?]);
    let mut out = Map::from_iter([("rows".to_owned(), json!(rows))]);
    ours(&mut out, "segue", &servers, &["compare", &source_url, &target.url(), "sketch"], Some(planted))?;
    ours(&mut out, "merge", &servers, &["compare", &source_url, &target.url(), "merge"], Some(planted))?;
    ours(&mut out, "pushdown", &servers, &["compare", &source_url, &target.url(), "pushdown"], Some(planted))?;
    ours(&mut out, "limit", &servers, &["limit", &source_url, &target.url()], None)?;
    peer::run(&mut out, || servers.cpu_s(), &source_url, &target.url())?;
    println!("{}", Value::Object(out));
    Ok(())
}

fn same(rows: u64) -> Result<()> {
    let (source, target) = (start_postgres()?, start_postgres()?);
    table::fill_postgres(&source.url(), "items", rows)?;
    table::fill_postgres(&target.url(), "items", rows)?;
    let servers = Servers(vec![source.pid().ok_or("no server")?, target.pid().ok_or("no server")?]);
    let mut out = Map::from_iter([("rows".to_owned(), json!(rows))]);
    ours(&mut out, "segue", &servers, &["compare", &source.url(), &target.url(), "sketch"], Some([0, 0, 0]))?;
    ours(&mut out, "pushdown", &servers, &["compare", &source.url(), &target.url(), "pushdown"], Some([0, 0, 0]))?;
    ours(&mut out, "limit", &servers, &["limit", &source.url(), &target.url()], None)?;
    peer::run(&mut out, || servers.cpu_s(), &source.url(), &target.url())?;
    table::change_all(&target.url(), "items")?;
    ours(&mut out, "different", &servers, &["compare", &source.url(), &target.url(), "sketch"], Some([0, 0, rows]))?;
    println!("{}", Value::Object(out));
    Ok(())
}

/// One comparison in a process of its own. `planted`: what it must find, missing, extra and changed.
fn ours(out: &mut Map<String, Value>, name: &str, servers: &Servers, words: &[&str], planted: Option<[u64; 3]>) -> Result<()> {
    let (before, started) = (servers.cpu_s(), Instant::now());
    let done = Command::new(std::env::current_exe()?).args(words).output()?;
    let wall = started.elapsed().as_secs_f64();
    if !done.status.success() {
        return Err(format!("{name}: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    let said: Value = serde_json::from_slice(&done.stdout)?;
    let number = |key: &str| said[key].as_f64().ok_or_else(|| format!("{name} told no {key}"));
    let server = servers.cpu_s() - before;
    eprintln!("   {name}: {wall:.2} s, client {} CPU s, servers {server:.2} CPU s, {said}", said["cpu_s"]);
    out.insert(format!("{name}_wall_s"), json!(wall));
    out.insert(format!("{name}_cpu_s"), json!(server + number("cpu_s")?));
    out.insert(format!("{name}_client_cpu_s"), json!(number("cpu_s")?));
    out.insert(format!("{name}_memory_mib"), json!(number("memory_mib")?));
    if let Some(planted) = planted {
        let found = [number("missing")?, number("extra")?, number("changed")?];
        let wrong: f64 = found.iter().zip(planted).map(|(found, planted)| (found - planted as f64).abs()).sum();
        out.insert(format!("{name}_wrong"), json!(wrong));
    }
    Ok(())
}
