//! `segue apply`: each of its ends.

use super::{AWAY, HERE, runs, runs_as, shop_with, signalled};
use crate::fixture::Folder;

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
fn a_run_of_another_spec_in_the_same_folder() {
    let folder = Folder::shop(5);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand"]).expect(0);
    let other =
        "segue: 1\nid: MIG-8\nsystems: {db: {sqlite: {path: shop.db}}}\nschema: {in: db, changes: [{drop_table: {table: orders}}]}\n";
    folder.write("other.yaml", other);
    runs_as(&folder, &["apply", "-f", "other.yaml", "--yes"], 9, "other");
}

#[test]
fn events_that_cannot_be_written_begin_no_run() {
    let folder = Folder::shop(5);
    runs_as(&folder, &["apply", "-f", "segue.yaml", "--yes", "--events", "no/such/file"], 1, "events");
    folder.segue(&["status"]).expect(64).says("SG-JR-002");
}

#[test]
fn a_spec_where_a_plan_belongs() {
    let folder = Folder::shop(5);
    folder.segue(&["apply", "segue.yaml"]).expect(64).says("-f segue.yaml");
}

#[test]
fn a_signal_between_two_statements() {
    signalled(&["apply", "--yes"], |folder| {
        folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "prepare"]).expect(0);
    });
}
