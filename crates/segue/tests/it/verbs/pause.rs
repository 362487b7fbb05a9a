//! `segue pause`: a run that rests, and one that cannot.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand"]).expect(0);
    runs(&folder, &["pause"], 0);
    folder.segue(&["resume", "--yes"]).expect(0);
    runs(&folder, &["pause"], 64);
}
