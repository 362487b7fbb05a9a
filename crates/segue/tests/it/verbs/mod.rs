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

use rusqlite::Connection;

use crate::fixture::{Folder, SPEC, Said};
use crate::outputs::whole;

/// Holds a whole output under the verb's name and exit code.
#[track_caller]
fn shown(folder: &Folder, verb: &str, code: i32, said: &Said) {
    assert_eq!(said.code, code, "{verb}\nstdout:\n{}\nstderr:\n{}", said.out, said.err);
    whole("../snapshots/verbs", &format!("{verb}_{code}"), folder, said);
}

/// Runs a verb and holds its whole output.
#[track_caller]
fn runs(folder: &Folder, words: &[&str], code: i32) {
    shown(folder, words[0], code, &folder.segue(words));
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

/// An `apply` that has the run's lease and waits for a lock that this test holds.
fn held_up(folder: &mut Folder) -> (Child, Connection) {
    folder.env.push(("SEGUE_PATIENCE".to_owned(), "5m".to_owned()));
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "prepare"]).expect(0);
    let db = folder.db();
    db.execute_batch("begin immediate").expect("the one write lock");
    let mut child = folder.start(&["apply", "--yes"]);
    for _ in 0..2_000 {
        if folder.segue(&["unlock"]).code == 5 {
            return (child, db);
        }
        assert!(child.try_wait().expect("a child").is_none(), "it waits for the lock");
    }
    panic!("it never took the lease");
}
