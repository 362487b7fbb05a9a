//! Every verb, whole: what it prints for its success and for each of its other exit codes, one file a verb.
//!
//! `table` holds the list complete: a verb of the command line without its row, and a row without its output, fail.

mod abort;
mod apply;
mod approve;
mod assess;
mod check;
mod completions;
mod demo;
mod doctor;
mod explain;
mod init;
mod journal;
mod log;
mod man;
mod notify;
mod pause;
mod plan;
mod rehearse;
mod report;
mod resume;
mod rollback;
mod runbook;
mod schema;
mod status;
mod table;
mod unlock;
mod verify;

use std::process::Child;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rusqlite::Connection;

use crate::fixture::{Folder, SPEC, Said};
use crate::outputs::whole;

/// Holds a whole output under the verb's name and exit code.
#[track_caller]
fn shown(folder: &Folder, verb: &str, code: i32, said: &Said) {
    held(folder, &format!("{verb}_{code}"), code, said);
}

/// The same for one of several ways to the same code.
#[track_caller]
fn shown_as(folder: &Folder, verb: &str, code: i32, way: &str, said: &Said) {
    held(folder, &format!("{verb}_{code}_{way}"), code, said);
}

#[track_caller]
fn held(folder: &Folder, name: &str, code: i32, said: &Said) {
    assert_eq!(said.code, code, "{name}\nstdout:\n{}\nstderr:\n{}", said.out, said.err);
    whole("../snapshots/verbs", name, folder, said);
}

/// Runs a verb and holds its whole output.
#[track_caller]
fn runs(folder: &Folder, words: &[&str], code: i32) {
    shown(folder, words[0], code, &folder.segue(words));
}

/// The same for one of several ways to the same code.
#[track_caller]
fn runs_as(folder: &Folder, words: &[&str], code: i32, way: &str) {
    shown_as(folder, words[0], code, way, &folder.segue(words));
}

/// A verb that plans a spec, where no plan can be, and where the database cannot be reached.
#[track_caller]
fn cannot_plan(words: &[&str]) {
    runs(&shop_with(5, "table: users, from", "table: userz, from"), words, 3);
    runs(&shop_with(5, HERE, AWAY), words, 10);
}

/// The run's database is not where it was.
fn move_the_database(folder: &Folder) {
    std::fs::rename(folder.file("shop.db"), folder.file("elsewhere.db")).expect("moved");
}

/// A column that somebody adds while both forms live, which no way leads back over.
fn add_a_column(folder: &Folder) {
    folder.db().execute_batch("alter table users add column nick text").expect("added");
}

/// A verb that goes on with a run, stopped by each signal while it waits for a lock; without it, it goes to its end.
#[track_caller]
fn signalled(words: &[&str], prepare: impl Fn(&Folder)) {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let mut folder = Folder::shop(50);
        prepare(&folder);
        let (child, db) = held_up(&mut folder, words);
        send(&child, signal);
        let said = folder.ends(child);
        drop(db);
        shown(&folder, words[0], code, &said);
        let again = if words[0] == "resume" { &["apply", "--yes"] } else { words };
        folder.segue(again).expect(0);
    }
}

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(i32::try_from(child.id()).expect("a pid")), signal).expect("sent");
}

/// A shop whose spec asks for another change.
fn shop_with(rows: i64, from: &str, to: &str) -> Folder {
    let folder = Folder::shop(rows);
    assert!(SPEC.contains(from), "{from}");
    folder.write("segue.yaml", &SPEC.replace(from, to));
    folder
}

/// The words of the spec's location, and one that cannot be reached.
const HERE: &str = "{sqlite: {path: shop.db}}";
const AWAY: &str = "{postgres: {url: env:NO_SUCH_VARIABLE_HERE}}";

/// A verb that has the lease of the folder's run and waits for a lock that this test holds.
fn held_up(folder: &mut Folder, words: &[&str]) -> (Child, Connection) {
    folder.env.push(("SEGUE_PATIENCE".to_owned(), "5m".to_owned()));
    let db = folder.db();
    db.execute_batch("begin immediate").expect("the one write lock");
    let mut child = folder.start(words);
    for _ in 0..2_000 {
        if folder.segue(&["unlock"]).code == 5 {
            return (child, db);
        }
        assert!(child.try_wait().expect("a child").is_none(), "it waits for the lock");
    }
    panic!("it never took the lease");
}
