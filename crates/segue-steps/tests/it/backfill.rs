//! The backfill: sized by time, throttled, resumable, patient with rows that others hold.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use segue_engine::{EngineError, ErrorKind, Load};
use segue_journal::{End, JournalStore as _, StepState};
use segue_model::event::Event;

use crate::scripted::Scripted;
use crate::shop::{Stage, Time, plan, shop};

fn stage(rows: u64, bad: impl Fn(u64) -> bool) -> (Stage, Arc<Scripted>) {
    let engine = Arc::new(Scripted::new(shop(rows, bad)));
    let mut stage = Stage::new(engine.clone(), plan());
    stage.time = Time(Arc::clone(&engine.now_ms));
    assert_eq!(stage.until("expand"), End::ReachedPhase("expand".to_owned()));
    (stage, engine)
}

#[test]
fn batches_find_their_size() {
    let (stage, engine) = stage(6_000, |_| false);
    assert_eq!(stage.until("backfill"), End::ReachedPhase("backfill".to_owned()));
    let limits: Vec<u64> = engine.batches.lock().expect("one thread").iter().map(|(limit, _)| *limit).collect();
    assert_eq!(limits[..3], [500, 1_000, 2_000], "ten rows a millisecond, 200 ms");
    assert_eq!(stage.output("backfill/users")["walked"], 6_000);
    let last = stage.watcher.progress.lock().expect("one thread").last().expect("some").clone();
    assert_eq!((last.rows_done, last.rows_total, last.eta_s), (6_000, 6_000, Some(0)));
    assert!((9_000..=11_000).contains(&last.rows_per_s), "{last:?}");

    let (stage, engine) = self::stage(1_200, |_| false);
    engine.speed.store(1, Ordering::SeqCst);
    stage.until("backfill");
    let limits: Vec<u64> = engine.batches.lock().expect("one thread").iter().map(|(limit, _)| *limit).collect();
    assert_eq!(limits[..3], [500, 250, 200], "one row a millisecond, 200 ms");
}

#[test]
fn a_stop_finishes_the_batch_and_the_next_run_goes_on_from_there() {
    let (stage, engine) = stage(4_000, |_| false);
    *stage.watcher.stop_after.lock().expect("one thread") = Some(3);
    assert_eq!(stage.until("backfill"), End::Interrupted);
    let done = engine.batches.lock().expect("one thread").len();
    assert_eq!(done, 2, "500 and 1,000 rows");
    assert!(matches!(stage.state().step("backfill/users"), StepState::Started { checkpoint: Some(_), .. }));
    stage.watcher.stop.clear();
    assert_eq!(stage.until("backfill"), End::ReachedPhase("backfill".to_owned()));
    let batches = engine.batches.lock().expect("one thread").clone();
    assert!(batches[done].1.is_some(), "it does not begin again");
    assert_eq!(batches[done].0, 2_000, "it knows its size");
    let output = stage.output("backfill/users");
    assert_eq!((output["walked"].as_u64(), output["converted"].as_u64()), (Some(4_000), Some(4_000)));
}

/// A batch need not be durable by itself: a checkpoint may be ahead of what a crashed server came back with.
#[test]
fn a_walk_that_began_at_a_checkpoint_ends_with_a_count() {
    let (straight, engine) = stage(4_000, |_| false);
    straight.until("backfill");
    let keys: Vec<_> = engine.batches.lock().expect("one thread").iter().map(|(_, after)| after.clone()).collect();
    let (stage, engine) = stage(4_000, |_| false);
    *stage.watcher.stop_after.lock().expect("one thread") = Some(2);
    assert_eq!(stage.until("backfill"), End::Interrupted);
    stage.watcher.stop.clear();
    let done = engine.batches.lock().expect("one thread").len();
    assert!(done + 1 < keys.len(), "there are batches left: {keys:?}");
    engine.jump.lock().expect("one thread").clone_from(&keys[done + 1]);
    assert_eq!(stage.until("backfill"), End::ReachedPhase("backfill".to_owned()));
    assert!(engine.jump.lock().expect("one thread").is_none(), "a batch was skipped");
    let output = stage.output("backfill/users");
    assert_eq!((output["converted"].as_u64(), output["passes"].as_u64()), (Some(4_000), Some(2)));
}

#[test]
fn it_waits_while_the_database_carries_too_much() {
    let (stage, engine) = stage(100, |_| false);
    let late = Load { replication_lag_ms: Some(9_000), ..Load::default() };
    let mut fine = Load::default();
    fine.figures.insert("threads_running".to_owned(), 1);
    let mut busy = fine.clone();
    busy.figures.insert("threads_running".to_owned(), 41);
    let full = Load { wal_bytes: 2_000_000, ..fine.clone() };
    *engine.loads.lock().expect("one thread") = vec![late, busy, full, fine];
    let before = stage.time.0.load(Ordering::SeqCst);
    assert_eq!(stage.until("backfill"), End::ReachedPhase("backfill".to_owned()));
    assert!(stage.time.0.load(Ordering::SeqCst) - before >= 1_500, "three waits of half a second");
    let notes: Vec<String> = stage.watcher.progress.lock().expect("one thread").iter().map(|progress| progress.note.clone()).collect();
    for part in ["9000 ms behind", "threads_running is 41", "write-ahead log"] {
        assert!(notes.iter().any(|note| note.contains(part)), "{part}: {notes:?}");
    }
    let waits = stage.store.entries(&stage.run).expect("memory").into_iter().filter(|entry| match &entry.event {
        Event::Checkpoint { data, .. } => data.get("waiting").is_some(),
        _ => false,
    });
    assert_eq!(waits.count(), 1, "one wait, one line in the journal");
}

#[test]
fn a_wait_without_end_can_be_stopped() {
    let (stage, engine) = stage(100, |_| false);
    *engine.loads.lock().expect("one thread") = vec![Load { replication_lag_ms: Some(9_000), ..Load::default() }];
    *stage.watcher.stop_after.lock().expect("one thread") = Some(20);
    assert_eq!(stage.until("backfill"), End::Interrupted);
    assert!(engine.batches.lock().expect("one thread").is_empty());
}

#[test]
fn rows_that_others_hold_are_visited_again() {
    let (stage, engine) = stage(600, |_| false);
    *engine.held.lock().expect("one thread") = vec![2, 5];
    assert_eq!(stage.until("backfill"), End::ReachedPhase("backfill".to_owned()));
    let output = stage.output("backfill/users");
    assert_eq!((output["passes"].as_u64(), output["walked"].as_u64()), (Some(3), Some(600)), "walked counts once");

    let (stage, engine) = self::stage(600, |_| false);
    *engine.held.lock().expect("one thread") = vec![5; 100];
    let End::Failed { code, message, .. } = stage.until("backfill") else { panic!("they are never let go") };
    assert_eq!(code, "SG-RUN-014");
    assert!(message.contains("5 rows of public.users"), "{message}");
}

#[test]
fn a_lost_lock_makes_the_batch_smaller_and_a_lost_connection_is_made_again() {
    let (stage, engine) = stage(600, |_| false);
    let lock = || EngineError::new("SG-MEM-001", ErrorKind::LockTimeout, "no lock");
    *engine.errors.lock().expect("one thread") = vec![EngineError::new("SG-MEM-002", ErrorKind::Connection, "gone"), lock(), lock()];
    assert_eq!(stage.until("backfill"), End::ReachedPhase("backfill".to_owned()));
    let batches = engine.batches.lock().expect("one thread").clone();
    assert_eq!(batches[0].0, 500, "a new connection begins with the first size");
    assert_eq!(stage.output("backfill/users")["converted"], 600);

    let (stage, engine) = self::stage(600, |_| false);
    *engine.errors.lock().expect("one thread") = vec![lock(), lock()];
    stage.until("backfill");
    assert_eq!(engine.batches.lock().expect("one thread")[0].0, 125, "500, halved twice");
}

#[test]
fn rows_that_cannot_be_converted_close_the_gate() {
    let (stage, engine) = stage(50, |id| id % 10 == 0);
    let End::Waiting { gate, value, threshold } = stage.until("backfill") else { panic!("five rows are kept aside") };
    assert_eq!((gate.as_str(), value.as_str(), threshold.as_str()), ("backfill/rejected", "5 rows of public.users kept aside", "0 rows"));
    assert_eq!(stage.output("backfill/users")["rejected"], 5);
    let old = engine.inner.client(segue_engine::memory::Side::Old);
    old.execute("update users set age = '1' where age = 'old'").expect("somebody mends them");
    assert_eq!(stage.until("backfill"), End::ReachedPhase("backfill".to_owned()));
}
