//! `segue abort`: an end, one that nobody said yes to, one that came too late, and nothing to end.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["abort"], 64);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]).expect(0);
    runs(&folder, &["abort"], 5);
    runs(&folder, &["abort", "--yes"], 0);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
    runs(&folder, &["abort", "--yes"], 7);
}
