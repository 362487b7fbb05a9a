//! Journals of each released form are read and replayed, and tell what they told.
//!
//! A line is an entry's hash and its canonical body. `UPDATE_GOLDEN=1` writes the file of the current form; the
//! files of older forms are never written again.

use std::path::{Path, PathBuf};

use segue_journal::store::chain::{self, Head, Sealed};
use segue_journal::{End, JournalStore as _, Mode, State, replay};
use segue_model::event::Outcome;

use crate::world::{Stage, World, plan};

const RUN: &str = "mig-042-1";

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// A run that went forward, back, waited, and forward to its end: most kinds of events.
fn whole_run() -> String {
    let stage = Stage::new(&plan(), World::new());
    assert_eq!(stage.until("shift").expect("no crash"), End::ReachedPhase("shift".to_owned()));
    stage.back(Some("expand"), false).expect("no crash");
    assert!(matches!(stage.forward().expect("no crash"), End::Waiting { .. }));
    stage.approve();
    assert_eq!(stage.forward().expect("no crash"), End::Done);
    let mut head = Head::genesis(RUN);
    let mut text = String::new();
    for entry in stage.store.entries(RUN).expect("whole") {
        let sealed = chain::seal(RUN, &head, entry.at_ms, entry.epoch, &entry.event).expect("canonical");
        text.push_str(&format!("{} {}\n", sealed.hash, String::from_utf8(sealed.body).expect("JSON")));
        head = Head { seq: sealed.seq, hash: sealed.hash };
    }
    text
}

/// Reads a golden journal as a store would.
fn read(text: &str) -> State {
    let mut head = Head::genesis(RUN);
    let mut sealed = Vec::new();
    for line in text.lines() {
        let (hash, body) = line.split_once(' ').expect("hash and body");
        let prev_hash = std::mem::replace(&mut head.hash, hash.to_owned());
        head.seq += 1;
        sealed.push(Sealed { seq: head.seq, body: body.as_bytes().to_vec(), prev_hash, hash: hash.to_owned() });
    }
    let entries = chain::open(RUN, sealed, &head).expect("a journal of an older Segue is still whole");
    replay(RUN, &entries).expect("and still legal")
}

#[test]
fn journals_of_version_1_are_read() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(golden("journal-v1.txt"), whole_run()).expect("written");
    }
    let text = std::fs::read_to_string(golden("journal-v1.txt")).expect("the golden journal is committed");
    let state = read(&text);
    assert_eq!(state.mode, Mode::Ended(Outcome::Done));
    assert_eq!((state.seq as usize, state.epoch), (text.lines().count(), 4));
    let now = read(&whole_run());
    assert_eq!((now.steps, now.phases, now.gates), (state.steps, state.phases, state.gates), "the same run tells the same today");
}
