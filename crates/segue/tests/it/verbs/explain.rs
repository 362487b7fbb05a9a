//! `segue explain`: a code that there is, one that there is not, and a step of a plan that cannot be.

use super::{cannot_plan, runs};
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::new();
    runs(&folder, &["explain", "SG-CLI-036"], 0);
    runs(&folder, &["explain", "SG-CLI-99"], 64);
}

/// A step is one of a plan: where the plan cannot be had, that is what a person must hear of.
#[test]
fn a_step_of_no_plan() {
    cannot_plan(&["explain", "backfill/users"]);
}
