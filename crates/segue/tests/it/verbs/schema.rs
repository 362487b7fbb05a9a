//! `segue schema`: a schema, and one that there is not.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::new();
    runs(&folder, &["schema", "assess"], 0);
    runs(&folder, &["schema", "-o", "no/such/folder.json"], 1);
    runs(&folder, &["schema", "nothing"], 64);
}
