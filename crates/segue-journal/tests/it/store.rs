//! What every store does, run on both.

use std::collections::BTreeMap;

use segue_journal::*;
use segue_model::event::{Event, Outcome};

use crate::world::plan;

/// Runs a check on the memory store and on a file, with one run created.
pub(crate) fn both(check: impl Fn(&dyn JournalStore, &str)) {
    let memory = Store::memory();
    let run = memory.create(&plan(), "0.1.0", &BTreeMap::new(), 7).expect("memory");
    check(&memory, &run);
    let dir = tempfile::tempdir().expect("a directory");
    let file = Store::open(&dir.path().join("state"), OpenMode::Write).expect("a new file");
    let run = file.create(&plan(), "0.1.0", &BTreeMap::new(), 7).expect("a file");
    check(&file, &run);
}

#[test]
fn runs_are_numbered_and_summed_up() {
    both(|store, run| {
        assert_eq!(run, "mig-042-1");
        let second = store.create(&plan(), "0.1.0", &BTreeMap::new(), 9).expect("room");
        assert_eq!(second, "mig-042-2");
        let runs = store.runs().expect("readable");
        assert_eq!(runs.len(), 2);
        let latest = store.latest().expect("readable").expect("two");
        assert_eq!((latest.run.as_str(), latest.id.as_str(), latest.started_at_ms, latest.ended), ("mig-042-2", "MIG-042", 9, None));
        store.take_lease(&second, "a:1", 0, 100).expect("free");
        store.append(&second, 1, 10, &Event::RunEnded { outcome: Outcome::RolledBack }, true).expect("ours");
        assert_eq!(store.latest().expect("readable").expect("two").ended, Some(Outcome::RolledBack));
        assert_eq!(store.entries("nope").expect_err("no such run").code(), "SG-JR-012");
        assert_eq!(store.append("nope", 1, 0, &Event::Resumed, true).expect_err("no such run").code(), "SG-JR-012");
    });
}

#[test]
fn a_run_begins_alone_and_never_as_another_directorys() {
    let (one, two) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let open = |dir: &tempfile::TempDir| Store::open(dir.path(), OpenMode::Write).expect("a file");
    let begin = |store: &SqliteStore, mark: &str| store.create_alone(&plan(), mark, "0.1.0", &BTreeMap::new(), 7).expect("room");
    let first = begin(&open(&one), "aaaaaa");
    assert_eq!(first, Created::New("mig-042-1-aaaaaa".to_owned()));
    assert_eq!(begin(&open(&two), "bbbbbb"), Created::New("mig-042-1-bbbbbb".to_owned()), "two directories, two runs");
    assert_eq!(begin(&open(&one), "cccccc"), Created::Unfinished("mig-042-1-aaaaaa".to_owned()), "the second executor of one directory");
    let store = open(&one);
    assert_eq!(store.runs().expect("readable").len(), 1, "it left nothing behind");
    store.take_lease("mig-042-1-aaaaaa", "a:1", 0, 100).expect("free");
    store.append("mig-042-1-aaaaaa", 1, 10, &Event::RunEnded { outcome: Outcome::RolledBack }, true).expect("ours");
    assert_eq!(begin(&store, "dddddd"), Created::New("mig-042-2-dddddd".to_owned()));
}

#[test]
fn entries_come_back_as_written() {
    both(|store, run| {
        store.take_lease(run, "a:1", 0, 100).expect("free");
        for n in 1..=20_i64 {
            let step = format!("expand/é\"\\{n}\u{1F600}");
            let data = serde_json::json!({ "n": n, "after": [null, "x", -n], "big": u64::MAX });
            let event = Event::Checkpoint { step, data };
            let seq = store.append(run, 1, n, &event, n % 2 == 0).expect("ours");
            assert_eq!(seq, u64::try_from(n).expect("positive") + 1);
            let entries = store.entries(run).expect("readable");
            assert_eq!(entries.last().expect("some").event, event);
        }
        let float = Event::Checkpoint { step: "s".to_owned(), data: serde_json::json!(1.5) };
        assert_eq!(store.append(run, 1, 0, &float, true).expect_err("no canonical form").code(), "SG-JR-011");
        assert_eq!(store.entries(run).expect("readable").len(), 21);
    });
}

#[test]
fn requests_wait_until_they_are_answered() {
    both(|store, run| {
        store.take_lease(run, "a:1", 0, 100).expect("free");
        let first = store.request(run, &Request::Pause, "ada", 1).expect("room");
        let second = store.request(run, &Request::Rollback { to: "expand".to_owned() }, "bob", 2).expect("room");
        let pending = store.pending_requests(run).expect("readable");
        assert_eq!(pending.iter().map(|request| request.id).collect::<Vec<_>>(), [first, second]);
        assert_eq!((pending[1].by.as_str(), pending[1].at_ms), ("bob", 2));
        let paused = Event::Paused { why: "ada".to_owned() };
        let append = segue_journal::store::Append { epoch: 9, at_ms: 3, event: &paused, sync: true, consumes: Some(first) };
        store.append_full(run, append).expect_err("stale");
        assert_eq!(store.pending_requests(run).expect("readable").len(), 2, "a refused append answers nothing");
        store.append_full(run, segue_journal::store::Append { epoch: 1, ..append }).expect("ours");
        assert_eq!(store.pending_requests(run).expect("readable").len(), 1);
        store.drop_request(run, second).expect("there");
        assert!(store.pending_requests(run).expect("readable").is_empty());
    });
}

#[test]
fn a_reader_sees_what_a_writer_wrote_and_creates_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let state = dir.path().join("state");
    assert_eq!(Store::open(&state, OpenMode::Read).expect_err("nothing there").code(), "SG-JR-002");
    assert!(!state.exists());
    let writer = Store::open(&state, OpenMode::Write).expect("a new file");
    let run = writer.create(&plan(), "0.1.0", &BTreeMap::new(), 7).expect("a file");
    let reader = Store::open(&state, OpenMode::Read).expect("there");
    assert_eq!(reader.state(&run).expect("legal").plan.id, "MIG-042");
    assert_eq!(reader.request(&run, &Request::Pause, "ada", 1).expect_err("read-only").code(), "SG-JR-001");
    writer.take_lease(&run, "a:1", 0, 100).expect("free");
    writer.append(&run, 1, 0, &Event::LeaseTaken { holder: "a:1".to_owned(), epoch: 1 }, false).expect("ours");
    assert_eq!(reader.state(&run).expect("legal").epoch, 1);
}

#[test]
fn the_state_directory_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a directory");
    let state = dir.path().join("state");
    Store::open(&state, OpenMode::Write).expect("a new file");
    assert_eq!(std::fs::metadata(&state).expect("there").permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_power_cut_takes_only_what_was_not_synced() {
    let store = Store::memory();
    let run = store.create(&plan(), "0.1.0", &BTreeMap::new(), 7).expect("memory");
    store.take_lease(&run, "a:1", 0, 100).expect("free");
    let event = Event::LeaseTaken { holder: "a:1".to_owned(), epoch: 1 };
    for sync in [false, true, false, false, false] {
        store.append(&run, 1, 0, &event, sync).expect("ours");
    }
    store.crash(1);
    assert_eq!(store.entries(&run).expect("readable").len(), 4);
    store.crash(0);
    assert_eq!(store.entries(&run).expect("readable").len(), 4, "what came through a power cut is on the disk");
    store.append(&run, 1, 0, &event, false).expect("ours");
    store.crash(0);
    assert_eq!(store.entries(&run).expect("readable").len(), 4);
}
