//! `segue apply`: each of its ends.

use super::{AWAY, HERE, held_up, runs, shop_with, shown};
use crate::fixture::Folder;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

const APPLY: [&str; 4] = ["apply", "-f", "segue.yaml", "--yes"];

#[test]
fn forward_and_what_it_waits_for() {
    let folder = Folder::shop(50);
    runs(&folder, &["apply", "-f", "segue.yaml"], 5);
    runs(&folder, &APPLY, 0);
    runs(&folder, &["apply", "none.segue"], 64);
}

#[test]
fn a_step_that_fails() {
    let rename = "- rename_column: {table: users, from: name, to: full_name}";
    let folder = shop_with(50, rename, "- add_unique: {table: users, name: one_age, columns: [age]}");
    folder.db().execute_batch("update users set age = 7 where id < 4").expect("alike");
    runs(&folder, &APPLY, 1);
}

#[test]
fn what_cannot_be_or_be_reached() {
    runs(&shop_with(5, "table: users, from", "table: userz, from"), &APPLY, 3);
    runs(&shop_with(5, HERE, AWAY), &APPLY, 10);
}

#[test]
fn two_forms_that_differ() {
    let folder = Folder::shop(50);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "backfill"]).expect(0);
    crate::exit_codes::part_the_forms(&folder);
    runs(&folder, &["apply", "--yes"], 4);
}

#[test]
fn a_plan_that_is_stale() {
    let folder = Folder::shop(5);
    folder.segue(&["plan", "-o", "plan.segue"]).expect(0);
    folder.db().execute_batch("alter table users add column nick text").expect("moved");
    runs(&folder, &["apply", "plan.segue", "--yes"], 8);
}

#[test]
fn a_run_of_somebody_else() {
    let folder = Folder::shop(5);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "backfill"]).expect(0);
    std::fs::remove_dir_all(folder.file(".segue")).expect("removed");
    runs(&folder, &APPLY, 9);
}

#[test]
fn a_signal_between_two_statements() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let mut folder = Folder::shop(50);
        let (child, db) = held_up(&mut folder);
        kill(Pid::from_raw(i32::try_from(child.id()).expect("a pid")), signal).expect("sent");
        let said = folder.ends(child);
        drop(db);
        shown(&folder, "apply", code, &said);
        folder.segue(&["apply", "--yes"]).expect(0);
    }
}
