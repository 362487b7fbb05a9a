//! `segue init`: a spec with its schema, never over one that is there.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::new();
    runs(&folder, &["init", "sqlite:shop.db"], 0);
    runs(&folder, &["init", "sqlite:shop.db"], 64);
    runs(&folder, &["init", "sqlite:shop.db", "--file", "no/such/folder.yaml"], 1);
}
