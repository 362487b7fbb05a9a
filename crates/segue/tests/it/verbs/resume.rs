//! `segue resume`: a run that goes on, one that comes to a gate, one that does not rest.

use super::{runs, shop_with};
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand"]).expect(0);
    runs(&folder, &["resume"], 64);
    folder.segue(&["pause"]).expect(0);
    runs(&folder, &["resume", "--yes"], 0);
    let gated = shop_with(50, "limits:", "phases: {verify: {gate: [{approve: {by: [lead, dba], count: 2}}]}}\nlimits:");
    gated.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand"]).expect(0);
    gated.segue(&["pause"]).expect(0);
    runs(&gated, &["resume", "--yes"], 5);
}
