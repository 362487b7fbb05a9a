//! `segue man`: a page, and a verb that there is not.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::new();
    runs(&folder, &["man", "pause"], 0);
    runs(&folder, &["man", "pause", "-o", "no/such/folder.1"], 1);
    runs(&folder, &["man", "nothing"], 64);
}
