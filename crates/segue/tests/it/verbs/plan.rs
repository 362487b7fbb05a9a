//! `segue plan`: a plan, one with changes, one that cannot be, one without its database, one that cannot be written, one on tables in transition,
//! a spec that is none.

use super::{AWAY, HERE, runs, shop_with};
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["plan"], 0);
    runs(&folder, &["plan", "-o", "no/such/plan.segue"], 1);
    runs(&folder, &["plan", "--detailed-exitcode"], 2);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand"]).expect(0);
    runs(&folder, &["plan"], 9);
    runs(&shop_with(5, "table: users, from", "table: userz, from"), &["plan"], 3);
    runs(&shop_with(5, HERE, AWAY), &["plan"], 10);
    runs(&shop_with(5, "rename_column", "rename_colum"), &["plan"], 64);
}
