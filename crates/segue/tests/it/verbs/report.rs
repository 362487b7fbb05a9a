//! `segue report`: a document of a plan, and one of a run that never was.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["report", "--format", "csv"], 0);
    runs(&folder, &["report", "--retrospective"], 64);
}
