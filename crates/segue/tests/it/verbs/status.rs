//! `segue status`: where a run is, and that there is none.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["status"], 64);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]).expect(0);
    runs(&folder, &["status"], 0);
}
