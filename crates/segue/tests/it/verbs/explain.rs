//! `segue explain`: a code that there is, and one that there is not.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::new();
    runs(&folder, &["explain", "SG-CLI-036"], 0);
    runs(&folder, &["explain", "SG-CLI-99"], 64);
}
