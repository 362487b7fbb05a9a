//! `segue approve`: a yes to a plan, to what is none, and one that cannot be written down.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(5);
    folder.segue(&["plan", "-o", "plan.segue"]).expect(0);
    runs(&folder, &["approve", "plan.segue"], 0);
    runs(&folder, &["approve", "plan.segue", "--state-dir", "segue.yaml"], 1);
    runs(&folder, &["approve", "none.segue"], 64);
}
