//! `segue report`: a document of a plan, one of a run that never was, and one of a plan that cannot be.

use super::{cannot_plan, runs};
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["report", "--format", "csv"], 0);
    runs(&folder, &["report", "--retrospective"], 64);
    cannot_plan(&["report"]);
}
