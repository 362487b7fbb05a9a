//! `segue rollback`: a way back, one that nobody said yes to, one that is no more, one that is stuck, and none.

use super::{add_a_column, move_the_database, runs, runs_as, signalled};
use crate::fixture::Folder;

const TO_SHIFT: [&str; 6] = ["apply", "-f", "segue.yaml", "--yes", "--until", "shift"];

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["rollback"], 64);
    folder.segue(&TO_SHIFT).expect(0);
    runs(&folder, &["rollback"], 5);
    runs(&folder, &["rollback", "--yes"], 0);
    folder.segue(&["apply", "--yes"]).expect(0);
    runs(&folder, &["rollback", "--yes"], 7);
}

#[test]
fn an_undo_that_fails_until_somebody_mends_what_is_in_its_way() {
    let folder = Folder::shop(50);
    folder.segue(&TO_SHIFT).expect(0);
    add_a_column(&folder);
    runs_as(&folder, &["rollback", "--yes"], 7, "stuck");
    runs_as(&folder, &["status"], 0, "stuck");
    runs_as(&folder, &["apply", "--yes"], 7, "stuck");
    folder.segue(&["resume"]).expect(64).says("it is stuck");
    folder.segue(&["pause"]).expect(64).says("it is stuck");
    folder.db().execute_batch("alter table users drop column nick").expect("mended");
    folder.segue(&["rollback", "--yes"]).expect(0);
    folder.segue(&["apply", "--yes"]).expect(0);
}

#[test]
fn without_its_database() {
    let folder = Folder::shop(50);
    folder.segue(&TO_SHIFT).expect(0);
    move_the_database(&folder);
    runs(&folder, &["rollback", "--yes"], 10);
}

#[test]
fn stopped() {
    signalled(&["rollback", "--yes"], |folder| {
        folder.segue(&TO_SHIFT).expect(0);
    });
}
