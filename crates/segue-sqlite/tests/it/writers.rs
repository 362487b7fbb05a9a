//! Eight writers of both versions through every phase: no statement fails, nothing is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use segue_engine::{ErrorKind, Piece};
use segue_model::reshape::TableChange;

use crate::support::{Build, Db, column, sql};

fn change() -> TableChange {
    let old = [("id", "INTEGER", false), ("name", "TEXT", false), ("total", "TEXT", false), ("writer", "INT", true)];
    Build::new("orders", &old, &["id"])
        .rename("name", "title")
        .convert("total", "INTEGER", false, sql("CAST(total AS INTEGER)"), sql("CAST(total AS TEXT)"))
        .add(column("size", "INTEGER", false), sql("length(title)"), &["name"])
        .done()
}

/// What writers may use now.
const OLD_ONLY: u8 = 0;
const BOTH: u8 = 1;
const NEW_ONLY: u8 = 2;
const STOP: u8 = 3;

/// One transaction of a client; its writes are acknowledged when it returns.
fn transaction(connection: &mut Connection, id: i64, statements: [&str; 2]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for statement in statements {
        transaction.prepare_cached(statement)?.execute(rusqlite::params![id, format!("n{id}")])?;
    }
    transaction.commit()
}

const OLD: [&str; 2] = [
    "INSERT INTO orders (id, name, total) VALUES (?1, ?2, '1')",
    "UPDATE orders SET total = CAST(?1 AS TEXT), name = ?2 || '!' WHERE id = ?1",
];
const NEW: [&str; 2] = [
    "INSERT INTO orders_mig_7_new (id, title, total, size) VALUES (?1, ?2, 1, 5)",
    "UPDATE orders_mig_7_new SET total = ?1, title = ?2 || '!' WHERE id = ?1",
];

/// A step that may wait for the lock several times: writers are many.
fn attempts(mut step: impl FnMut() -> Result<(), segue_engine::EngineError>) {
    for _ in 0..50 {
        match step() {
            Ok(()) => return,
            Err(error) => assert_eq!(error.kind, ErrorKind::LockTimeout, "{error} {:?}", error.source),
        }
    }
    panic!("the lock was never had");
}

#[test]
fn eight_writers_lose_nothing_and_no_statement_fails() {
    let db = Db::new("CREATE TABLE orders (id INTEGER PRIMARY KEY, name TEXT NOT NULL, total TEXT NOT NULL, writer INT)");
    db.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO orders SELECT i, 'seed' || i, i, 0 FROM n");
    let phase = Arc::new(AtomicU8::new(OLD_ONLY));
    let done = Arc::new(AtomicU64::new(0));
    let seen: Arc<Vec<AtomicU8>> = Arc::new((0..8).map(|_| AtomicU8::new(OLD_ONLY)).collect());
    let path = db.dir.path().join("t.db");
    let writers: Vec<_> = (0..8)
        .map(|writer: i64| {
            let (phase, done, seen, path) = (Arc::clone(&phase), Arc::clone(&done), Arc::clone(&seen), path.clone());
            std::thread::spawn(move || {
                let mut connection = Connection::open(path).expect("opens");
                connection.busy_timeout(Duration::from_mins(1)).expect("time-out");
                connection.execute_batch("PRAGMA synchronous=OFF").expect("fast");
                let mut acknowledged = Vec::new();
                let mut id = 1_000_000 * (writer + 1);
                loop {
                    let now = phase.load(Ordering::SeqCst);
                    seen[usize::try_from(writer).expect("small")].store(now, Ordering::SeqCst);
                    let new = match now {
                        STOP => return (acknowledged, Ok(())),
                        OLD_ONLY => false,
                        NEW_ONLY => true,
                        _ => writer % 2 == 0,
                    };
                    // Old writers rest once the new form stands alone.
                    if now == NEW_ONLY && writer % 2 == 1 {
                        std::thread::yield_now();
                        continue;
                    }
                    id += 1;
                    if let Err(error) = transaction(&mut connection, id, if new { NEW } else { OLD }) {
                        return (acknowledged, Err((now, new, error)));
                    }
                    acknowledged.push(id);
                    done.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let progress = || {
        let from = done.load(Ordering::SeqCst);
        let begun = std::time::Instant::now();
        while done.load(Ordering::SeqCst) < from + 100 && begun.elapsed() < Duration::from_mins(1) {
            std::thread::yield_now();
        }
        assert!(done.load(Ordering::SeqCst) >= from + 100, "writers stand still");
    };
    let change = change();
    progress();
    attempts(|| db.make(Piece::Expand(&change)));
    phase.store(BOTH, Ordering::SeqCst);
    progress();
    db.backfill(&change, 500);
    progress();
    assert_eq!(db.compare_fast(&change), (0, 0));
    attempts(|| db.make(Piece::Shift(&change)));
    progress();
    attempts(|| db.unmake(Piece::Shift(&change)));
    progress();
    attempts(|| db.make(Piece::Shift(&change)));
    progress();
    phase.store(NEW_ONLY, Ordering::SeqCst);
    // A writer may still be in its last transaction of the old form: contract waits until none is.
    let begun = std::time::Instant::now();
    let settled = || seen.iter().all(|seen| seen.load(Ordering::SeqCst) == NEW_ONLY);
    while !settled() && begun.elapsed() < Duration::from_mins(1) {
        std::thread::yield_now();
    }
    assert!(settled(), "old writers do not come to rest");
    attempts(|| db.make(Piece::Contract(&change)));
    progress();
    phase.store(STOP, Ordering::SeqCst);
    let mut acknowledged = Vec::new();
    for writer in writers {
        let (ids, outcome) = writer.join().expect("a writer");
        outcome.unwrap_or_else(|(phase, new, error)| panic!("a statement failed (phase {phase}, new {new}): {error}"));
        acknowledged.extend(ids);
    }
    assert!(acknowledged.len() >= 700);
    let found = db
        .rows("SELECT count(*), sum(total = id AND typeof(total) = 'integer' AND title = 'n' || id || '!') FROM orders WHERE id > 1000000");
    assert_eq!(found, format!("{0}|{0}", acknowledged.len()));
    assert_eq!(
        db.rows("SELECT count(*), sum(total) FROM orders WHERE id <= 3000 AND title = 'seed' || id AND size = length(title)"),
        "3000|4501500"
    );
    assert_eq!(db.rows("PRAGMA integrity_check"), "ok");
}
