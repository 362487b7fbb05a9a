//! A damaged, cut or newer journal is named by its code, never misread and never a panic.

use std::collections::BTreeMap;
use std::path::Path;

use arbtest::arbtest;
use rusqlite::Connection;
use segue_journal::store::chain::{self, Head, Sealed};
use segue_journal::*;
use segue_model::canonical;
use segue_model::event::{Entry, Event};

use crate::world::plan;

const ENTRIES: u64 = 9;

fn journal(dir: &Path) -> String {
    let store = Store::open(dir, OpenMode::Write).expect("a new file");
    let run = store.create(&plan(), "0.1.0", &BTreeMap::new(), 7).expect("room");
    let epoch = store.take_lease(&run, "a:1", 0, 100).expect("free");
    store.append(&run, epoch, 1, &Event::LeaseTaken { holder: "a:1".to_owned(), epoch }, true).expect("ours");
    store.append(&run, epoch, 2, &Event::PhaseStarted { phase: "prepare".to_owned() }, true).expect("ours");
    let step = || "prepare/control".to_owned();
    store.append(&run, epoch, 3, &Event::StepStarted { step: step(), version: 1, attempt: 1 }, true).expect("ours");
    for n in 0..5 {
        let data = serde_json::json!({ "n": n });
        store.append(&run, epoch, 4 + n, &Event::Checkpoint { step: step(), data }, n == 4).expect("ours");
    }
    run
}

/// Damages a fresh journal by SQL and gives the code with which reading is refused.
fn code_after(sql: &str) -> String {
    let dir = tempfile::tempdir().expect("a directory");
    let run = journal(dir.path());
    let db = Connection::open(dir.path().join("journal.db")).expect("there");
    db.execute_batch(sql).expect("the damage is done");
    drop(db);
    read(dir.path(), &run).expect_err(sql).code().to_owned()
}

fn read(dir: &Path, run: &str) -> Result<State, JournalError> {
    Store::open(dir, OpenMode::Read)?.state(run)
}

#[test]
fn each_kind_of_damage_has_its_code() {
    for seq in 1..ENTRIES {
        assert_eq!(code_after(&format!("delete from entries where seq = {seq}")), "SG-JR-007", "entry {seq} is gone");
    }
    assert_eq!(code_after(&format!("delete from entries where seq = {ENTRIES}")), "SG-JR-006", "the tail is gone");
    assert_eq!(code_after("delete from entries where seq > 2"), "SG-JR-006");
    assert_eq!(code_after("delete from entries"), "SG-JR-006");
    assert_eq!(code_after("update runs set head_seq = head_seq - 1"), "SG-JR-005", "more entries than the head says");
    assert_eq!(code_after("update runs set head_hash = 'x'"), "SG-JR-005");
    assert_eq!(code_after("update entries set seq = seq + 100 where seq = 4"), "SG-JR-007");
    assert_eq!(code_after("update entries set seq = -seq where seq = 4"), "SG-JR-003", "a number that no journal has");
    assert_eq!(code_after("pragma user_version = 99"), "SG-JR-004");
    assert_eq!(code_after("pragma application_id = 1"), "SG-JR-003");
    let swap =
        "update entries set seq = 100 where seq = 5; update entries set seq = 5 where seq = 6; update entries set seq = 6 where seq = 100";
    assert_eq!(code_after(swap), "SG-JR-005");
    assert_eq!(code_after("drop table entries"), "SG-JR-001");
}

#[test]
fn each_flipped_byte_is_seen() {
    let dir = tempfile::tempdir().expect("a directory");
    let run = journal(dir.path());
    let entries = Store::open(dir.path(), OpenMode::Read).expect("there").entries(&run).expect("whole");
    let (sealed, head) = sealed(&run, &entries);
    assert_eq!(chain::open(&run, sealed.clone(), &head).expect("whole"), entries);
    for (at, item) in sealed.iter().enumerate() {
        // Entry 1 holds the whole plan: every 37th of its bytes is enough.
        let stride = if at == 0 { 37 } else { 1 };
        for byte in (0..item.body.len()).step_by(stride) {
            let mut damaged = sealed.clone();
            damaged[at].body[byte] ^= 1;
            let error = chain::open(&run, damaged, &head).expect_err("a flipped byte");
            assert_eq!(error.code(), "SG-JR-005", "entry {at}, byte {byte}");
        }
        for flip in 0..item.hash.len() {
            for prev in [false, true] {
                let mut damaged = sealed.clone();
                let text = if prev { &mut damaged[at].prev_hash } else { &mut damaged[at].hash };
                let other = if text.as_bytes()[flip] == b'0' { "1" } else { "0" };
                text.replace_range(flip..=flip, other);
                assert_eq!(chain::open(&run, damaged, &head).expect_err("a flipped digit").code(), "SG-JR-005");
            }
        }
    }
    assert_eq!(chain::open("another-run-1", sealed, &head).expect_err("moved to another run").code(), "SG-JR-005");
}

fn sealed(run: &str, entries: &[Entry]) -> (Vec<Sealed>, Head) {
    let mut head = Head::genesis(run);
    let mut sealed = Vec::new();
    for entry in entries {
        let next = chain::seal(run, &head, entry.at_ms, entry.epoch, &entry.event).expect("canonical");
        head = Head { seq: next.seq, hash: next.hash.clone() };
        sealed.push(next);
    }
    (sealed, head)
}

/// One entry with that body, its hash in order: only decoding stands between it and a reader.
fn open_body(body: Vec<u8>) -> Result<Vec<Entry>, JournalError> {
    let genesis = Head::genesis("r-1");
    let mut bytes = genesis.hash.clone().into_bytes();
    bytes.push(b'\n');
    bytes.extend_from_slice(&body);
    let hash = canonical::digest_bytes(&bytes);
    let head = Head { seq: 1, hash: hash.clone() };
    chain::open("r-1", [Sealed { seq: 1, body, prev_hash: genesis.hash, hash }], &head)
}

fn first_body() -> Vec<u8> {
    let event = Event::RunStarted {
        journal_version: 1,
        segue: "0.1.0".to_owned(),
        plan: Box::new(plan()),
        step_kinds: BTreeMap::from([("plain".to_owned(), 1)]),
    };
    chain::seal("r-1", &Head::genesis("r-1"), 0, 0, &event).expect("canonical").body
}

#[test]
fn a_newer_journal_is_named_as_such_whatever_else_is_new_in_it() {
    let body = String::from_utf8(first_body()).expect("JSON");
    assert!(open_body(body.clone().into_bytes()).is_ok());
    let newer = body.replace("\"journal_version\":1", "\"journal_version\":2");
    assert_eq!(open_body(newer.clone().into_bytes()).expect_err("newer").code(), "SG-JR-004");
    let stranger = newer.replace("\"type\":\"run_started\"", "\"type\":\"run_begun\"");
    assert_eq!(open_body(stranger.into_bytes()).expect_err("newer").code(), "SG-JR-004");
    let unknown = body.replace("\"type\":\"run_started\"", "\"type\":\"run_begun\"");
    assert_eq!(open_body(unknown.into_bytes()).expect_err("unknown").code(), "SG-JR-008");
    let spaced = body.replacen("\"at_ms\":0", "\"at_ms\": 0", 1);
    assert_eq!(open_body(spaced.into_bytes()).expect_err("not canonical").code(), "SG-JR-008");
    let older = body.replacen("\"not_checked\":[],", "", 1);
    assert_ne!(older, body);
    assert!(open_body(older.into_bytes()).is_ok(), "an older Segue did not write this yet");
    let extra = body.replacen("\"at_ms\":0", "\"at_ms\":0,\"zz\":1", 1);
    assert_eq!(open_body(extra.into_bytes()).expect_err("not canonical").code(), "SG-JR-008");
}

#[test]
fn no_body_makes_the_reader_panic_or_believe() {
    let whole = first_body();
    arbtest(move |u| {
        let mut body = whole.clone();
        for _ in 0..u.int_in_range(1..=4)? {
            let at = u.choose_index(body.len().max(1))?;
            match u.int_in_range(0..=3)? {
                0 if at < body.len() => body[at] = u.arbitrary()?,
                1 => body.truncate(at),
                2 => body.insert(at.min(body.len()), u.arbitrary()?),
                _ if at < body.len() => {
                    body.remove(at);
                }
                _ => {}
            }
        }
        match open_body(body.clone()) {
            // Another value in its canonical form is another journal; it must come back as it stands.
            Ok(entries) => assert_eq!(canonical::to_bytes(&entries[0]).expect("canonical"), body),
            Err(error) => assert!(["SG-JR-004", "SG-JR-008"].contains(&error.code()), "{error}"),
        }
        Ok(())
    })
    .budget_ms(budget_ms());
}

#[test]
fn no_damaged_file_makes_the_reader_panic_or_believe() {
    let dir = tempfile::tempdir().expect("a directory");
    let run = journal(dir.path());
    let path = dir.path().join("journal.db");
    Connection::open(&path)
        .expect("there")
        .execute_batch("pragma wal_checkpoint(truncate); pragma journal_mode = delete")
        .expect("one file");
    let whole = std::fs::read(&path).expect("readable");
    let state = read(dir.path(), &run).expect("whole");
    let mut refused = 0_u32;
    arbtest(|u| {
        let mut bytes = whole.clone();
        for _ in 0..u.int_in_range(1..=8)? {
            let at = u.choose_index(bytes.len())?;
            bytes[at] = u.arbitrary()?;
        }
        if u.ratio(1, 4)? {
            let cut = u.choose_index(bytes.len())?;
            bytes.truncate(cut);
        }
        std::fs::write(&path, &bytes).expect("written");
        match read(dir.path(), &run) {
            Ok(read) => assert_eq!(read, state, "believed a damaged file"),
            Err(error) => {
                assert!(error.code().starts_with("SG-JR-"));
                refused += 1;
            }
        }
        Ok(())
    })
    .budget_ms(budget_ms());
    assert!(refused > 0, "no damage was ever seen");
}

#[test]
fn a_chain_that_holds_but_tells_the_impossible_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let store = Store::open(dir.path(), OpenMode::Write).expect("a new file");
    let run = store.create(&plan(), "0.1.0", &BTreeMap::new(), 7).expect("room");
    let epoch = store.take_lease(&run, "a:1", 0, 100).expect("free");
    store.append(&run, epoch, 1, &Event::Resumed, true).expect("the store does not know the table");
    assert_eq!(store.state(&run).expect_err("impossible").code(), "SG-JR-011");
    assert_eq!(store.entries(&run).expect("whole").len(), 2, "it can still be read for `segue log`");
}

#[test]
fn another_file_is_not_a_journal() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("journal.db"), vec![b'x'; 8_192]).expect("written");
    for mode in [OpenMode::Read, OpenMode::Write] {
        assert_eq!(Store::open(dir.path(), mode).expect_err("not a database").code(), "SG-JR-003");
    }
    std::fs::remove_file(dir.path().join("journal.db")).expect("there");
    let db = Connection::open(dir.path().join("journal.db")).expect("new");
    db.execute_batch("create table users (id)").expect("somebody's own");
    drop(db);
    assert_eq!(Store::open(dir.path(), OpenMode::Write).expect_err("somebody's own").code(), "SG-JR-003");
}

/// Killed between the file and what is written into it first.
#[test]
fn a_file_in_which_nothing_was_begun_is_no_journal_yet() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("journal.db");
    std::fs::write(&path, "").expect("written");
    assert_eq!(Store::open(dir.path(), OpenMode::Read).expect_err("nothing").code(), "SG-JR-002");
    let db = Connection::open(&path).expect("new");
    db.pragma_update(None, "journal_mode", "wal").expect("a first page");
    drop(db);
    assert_eq!(Store::open(dir.path(), OpenMode::Read).expect_err("nothing").code(), "SG-JR-002");
    Store::open(dir.path(), OpenMode::Write).expect("it is made now");
    Store::open(dir.path(), OpenMode::Read).expect("a journal without a run");
}

/// Killed in the middle of a write that is not in the other file of a journal yet: the pages as they were are beside it.
#[test]
fn a_reader_takes_back_what_a_killed_writer_left() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("journal.db");
    let other = dir.path().join("copied");
    std::fs::create_dir(&other).expect("a folder");
    let db = Connection::open(&path).expect("new");
    // Pages go to the file before the end: both files of that moment are what a kill leaves.
    db.execute_batch("pragma cache_size = 1; create table t (x); insert into t values (1); begin immediate").expect("begun");
    db.execute_batch(
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000) insert into t select hex(randomblob(64)) from n",
    )
    .expect("spilled");
    for name in ["journal.db", "journal.db-journal"] {
        std::fs::copy(dir.path().join(name), other.join(name)).expect("there");
    }
    drop(db);
    // It is nobody's journal, and that can be said: it was read.
    assert_eq!(Store::open(&other, OpenMode::Read).expect_err("somebody's own").code(), "SG-JR-003");
    let kept: i64 = Connection::open(other.join("journal.db"))
        .expect("there")
        .query_row("select count(*) from t", [], |row| row.get(0))
        .expect("whole");
    assert_eq!(kept, 1, "what was not committed is gone");
}

/// Milliseconds that one property may take: `PROPERTY_SECONDS` over its share of the suite.
pub(crate) fn budget_ms() -> u64 {
    std::env::var("PROPERTY_SECONDS").ok().and_then(|seconds| seconds.parse::<u64>().ok()).map_or(400, |seconds| seconds * 1_000 / 8)
}
