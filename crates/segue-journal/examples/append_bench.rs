//! Measures synced appends against a bare SQLite commit loop, in interleaved rounds; prints one line of JSON.
//!
//! `cargo run --release -p segue-journal --example append_bench [DIR]`; the directory decides the disk.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use segue_journal::{JournalStore as _, OpenMode, Store};
use segue_model::event::Event;
use segue_model::plan::Plan;

const ROUNDS: usize = 15;
const ROUND_MS: u64 = 300;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let chosen = std::env::args().nth(1);
    let dir = match &chosen {
        Some(dir) => tempfile::tempdir_in(dir)?,
        None => tempfile::tempdir()?,
    };
    let store = Store::open(&dir.path().join("state"), OpenMode::Write)?;
    let run = store.create(&plan()?, env!("CARGO_PKG_VERSION"), &BTreeMap::new(), 0)?;
    let epoch = store.take_lease(&run, "bench:1", 0, 3_600_000)?;
    let step = "backfill/users".to_owned();
    let event = Event::StepVerified { step, evidence: serde_json::json!({ "unconverted": 0, "rejected": 0 }) };
    let bytes = segue_model::canonical::to_bytes(&event)?;
    let bare = bare(dir.path())?;

    let (mut appends, mut commits) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        appends.push(round(|| Ok(store.append(&run, epoch, 0, &event, true).map(drop)?))?);
        commits.push(round(|| Ok(bare.execute("insert into rows (body) values (?1)", params![bytes]).map(drop)?))?);
    }
    println!("{}", serde_json::json!({ "appends_per_s": median(appends), "bare_commits_per_s": median(commits) }));
    Ok(())
}

fn bare(dir: &Path) -> Result<Connection, rusqlite::Error> {
    let db = Connection::open(dir.join("bare.db"))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.execute_batch("create table rows (id integer primary key, body blob not null)")?;
    Ok(db)
}

/// How many a second, over one round.
fn round(mut once: impl FnMut() -> Result<(), Box<dyn std::error::Error>>) -> Result<u64, Box<dyn std::error::Error>> {
    let began = Instant::now();
    let mut count = 0_u64;
    while began.elapsed() < Duration::from_millis(ROUND_MS) {
        once()?;
        count += 1;
    }
    Ok(count * 1_000_000 / u64::try_from(began.elapsed().as_micros())?)
}

fn median(mut figures: Vec<u64>) -> u64 {
    figures.sort_unstable();
    figures[figures.len() / 2]
}

/// The smallest plan there is.
fn plan() -> Result<Plan, serde_json::Error> {
    serde_json::from_value(serde_json::json!({
        "format_version": 1, "segue": "0", "digest": "", "id": "BENCH", "kinds": [], "risk": "low", "pause_ms": 0, "rollback": "automated",
        "pattern": { "name": "none", "why": "a bench" }, "phases": [],
        "execution": {
            "system": "none", "engine": "memory", "location": "none", "tag": "bench", "spec_digest": "", "tables": [],
            "catalog": { "tables": [] },
            "throttle": {
                "max_replication_lag_ms": 0, "max_load": {}, "batch_target_ms": 0, "ddl_lock_timeout_ms": 0, "max_wal_bytes": 0, "downtime_ms": 0
            },
        },
    }))
}
