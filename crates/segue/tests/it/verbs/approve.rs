//! `segue approve`: a yes to a plan, and to what is none.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(5);
    folder.segue(&["plan", "-o", "plan.segue"]).expect(0);
    runs(&folder, &["approve", "plan.segue"], 0);
    runs(&folder, &["approve", "none.segue"], 64);
}
