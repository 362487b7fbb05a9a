//! `segue rehearse`: one that passes, what is refused before anything is copied, and what a copy can come to.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Child;

use nix::sys::signal::Signal;
use rusqlite::{Connection, OpenFlags};

use super::{AWAY, HERE, runs, send, shop_with, shown};
use crate::fixture::{Folder, Said};

#[test]
fn whole() {
    runs(&Folder::shop(50), &["rehearse"], 0);
    runs(&shop_with(5, "table: users, from", "table: userz, from"), &["rehearse"], 3);
    runs(&shop_with(5, HERE, AWAY), &["rehearse"], 10);
    runs(&shop_with(5, HERE, "{sqlite: {path: shop.db}, facts: {production: true}}"), &["rehearse"], 64);
}

/// A gate that stays closed waits for nobody on a copy: the rehearsal has failed.
#[test]
fn a_row_that_cannot_be_converted() {
    runs(&shop_with(50, "up: \"'old'\"}", "up: \"case when id = 7 then null else 'old' end\"}"), &["rehearse"], 1);
}

#[test]
fn on_tables_in_transition() {
    let folder = Folder::shop(50);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand"]).expect(0);
    runs(&folder, &["rehearse"], 9);
}

/// A rehearsal that waits for the lock that this test holds on its copy, where both forms live.
struct HeldUp {
    child: Child,
    talk: BufReader<std::process::ChildStderr>,
    told: String,
    copy: Connection,
}

impl HeldUp {
    fn in_a(folder: &mut Folder) -> Self {
        folder.env.push(("SEGUE_PATIENCE".to_owned(), "5m".to_owned()));
        let mut child = folder.start(&["rehearse"]);
        let mut talk = BufReader::new(child.stderr.take().expect("its talk"));
        let mut told = String::new();
        // Whoever opened the copy while it is made would be in the way.
        while !told.contains("rehearsing on a copy") {
            assert_ne!(talk.read_line(&mut told).expect("a line"), 0, "it ended before: {told}");
        }
        let rehearsal = std::fs::read_dir(folder.file(".segue/rehearsals")).expect("rehearsals").flatten().next().expect("ours");
        let copy = Connection::open_with_flags(rehearsal.path().join("copy.db"), OpenFlags::SQLITE_OPEN_READ_WRITE).expect("the copy");
        let both = "select count(*) from sqlite_schema where type = 'trigger' and tbl_name = 'users'";
        while copy.query_row(both, [], |row| row.get::<_, i64>(0)).expect("its schema") == 0 {
            assert!(child.try_wait().expect("a child").is_none(), "both forms came to live on the copy");
        }
        copy.busy_timeout(std::time::Duration::ZERO).expect("at once");
        while copy.execute_batch("begin immediate").is_err() {
            assert!(child.try_wait().expect("a child").is_none(), "the lock was had before it ended");
        }
        Self { child, talk, told, copy }
    }

    /// What it says until it ends by itself, with whatever this test still holds.
    fn ends(mut self) -> Said {
        self.talk.read_to_string(&mut self.told).expect("the rest");
        let mut said = Said::of(&self.child.wait_with_output().expect("ends"));
        said.err = self.told;
        said
    }
}

#[test]
fn an_undo_that_fails() {
    let mut folder = Folder::shop(20_000);
    let held = HeldUp::in_a(&mut folder);
    held.copy.execute_batch("alter table users add column nick text; commit").expect("added");
    let said = held.ends();
    shown(&folder, "rehearse", 7, &said);
}

#[test]
fn stopped() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let mut folder = Folder::shop(20_000);
        let held = HeldUp::in_a(&mut folder);
        send(&held.child, signal);
        let said = held.ends();
        shown(&folder, "rehearse", code, &said);
    }
}
