//! `segue rollback`: a way back, one that nobody said yes to, one that is no more, and none.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["rollback"], 64);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]).expect(0);
    runs(&folder, &["rollback"], 5);
    runs(&folder, &["rollback", "--yes"], 0);
    folder.segue(&["apply", "--yes"]).expect(0);
    runs(&folder, &["rollback", "--yes"], 7);
}
