//! `segue unlock`: a lease that nobody holds, one that somebody does, and none.

use super::{held_up, runs, shown};
use crate::fixture::Folder;

#[test]
fn whole() {
    let mut folder = Folder::shop(50);
    runs(&folder, &["unlock"], 64);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "prepare"]).expect(0);
    let (mut child, db) = held_up(&mut folder, &["apply", "--yes"]);
    let said = folder.segue(&["unlock"]);
    child.kill().expect("killed");
    child.wait().expect("gone");
    drop(db);
    shown(&folder, "unlock", 5, &said);
    folder.segue(&["apply", "--yes"]).expect(0);
    runs(&folder, &["unlock"], 0);
}
