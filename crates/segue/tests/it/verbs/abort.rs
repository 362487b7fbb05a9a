//! `segue abort`: an end, one that nobody said yes to, one that came too late, one that was stopped, and nothing to end.

use super::{add_a_column, move_the_database, runs, runs_as, signalled};
use crate::fixture::Folder;

const TO_SHIFT: [&str; 6] = ["apply", "-f", "segue.yaml", "--yes", "--until", "shift"];

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["abort"], 64);
    folder.segue(&TO_SHIFT).expect(0);
    runs(&folder, &["abort"], 5);
    runs(&folder, &["abort", "--yes"], 0);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
    runs(&folder, &["abort", "--yes"], 7);
}

#[test]
fn an_undo_that_fails() {
    let folder = Folder::shop(50);
    folder.segue(&TO_SHIFT).expect(0);
    add_a_column(&folder);
    runs_as(&folder, &["abort", "--yes"], 7, "stuck");
}

#[test]
fn without_its_database() {
    let folder = Folder::shop(50);
    folder.segue(&TO_SHIFT).expect(0);
    move_the_database(&folder);
    runs(&folder, &["abort", "--yes"], 10);
}

#[test]
fn stopped() {
    signalled(&["abort", "--yes"], |folder| {
        folder.segue(&TO_SHIFT).expect(0);
    });
}
