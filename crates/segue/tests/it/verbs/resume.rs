//! `segue resume`: a run that goes on, and everything that it then can come to; one that does not rest.

use super::{add_a_column, held_up, move_the_database, runs, shop_with, signalled};
use crate::fixture::Folder;

/// At rest after a phase.
fn rests_after(folder: &Folder, phase: &str) {
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", phase]).expect(0);
    folder.segue(&["pause"]).expect(0);
}

#[test]
fn whole() {
    let folder = Folder::shop(50);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand"]).expect(0);
    runs(&folder, &["resume"], 64);
    folder.segue(&["pause"]).expect(0);
    runs(&folder, &["resume", "--yes"], 0);
    let gated = shop_with(50, "limits:", "phases: {verify: {gate: [{approve: {by: [lead, dba], count: 2}}]}}\nlimits:");
    rests_after(&gated, "expand");
    runs(&gated, &["resume", "--yes"], 5);
}

#[test]
fn a_step_that_fails() {
    let rename = "- rename_column: {table: users, from: name, to: full_name}";
    let folder = shop_with(50, rename, "- add_unique: {table: users, name: one_age, columns: [age]}");
    rests_after(&folder, "expand");
    folder.db().execute_batch("update users set age = 7 where id < 4").expect("alike");
    runs(&folder, &["resume", "--yes"], 1);
}

#[test]
fn two_forms_that_differ() {
    let folder = Folder::shop(50);
    rests_after(&folder, "backfill");
    crate::exit_codes::part_the_forms(&folder);
    runs(&folder, &["resume", "--yes"], 4);
}

/// An executor was asked to go back and was killed before it did: who goes on, goes back, and that is stuck.
#[test]
fn an_undo_that_fails() {
    let mut folder = Folder::shop(50);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "backfill"]).expect(0);
    let (mut child, db) = held_up(&mut folder, &["apply", "--yes"]);
    folder.segue(&["rollback", "--yes"]).expect(0);
    child.kill().expect("killed");
    child.wait().expect("gone");
    drop(db);
    folder.segue(&["pause"]).expect(0);
    add_a_column(&folder);
    runs(&folder, &["resume", "--yes"], 7);
}

#[test]
fn without_its_database() {
    let folder = Folder::shop(50);
    rests_after(&folder, "expand");
    move_the_database(&folder);
    runs(&folder, &["resume", "--yes"], 10);
}

#[test]
fn stopped() {
    signalled(&["resume", "--yes"], |folder| rests_after(folder, "expand"));
}
