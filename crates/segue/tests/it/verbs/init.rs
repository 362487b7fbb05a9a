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

#[test]
fn for_a_system_whose_form_cannot_be_changed() {
    let folder = Folder::new();
    folder.segue(&["init", "mysql://u:secret@h/db"]).expect(64).says("SG-CLI-084");
    assert!(!folder.file("segue.yaml").exists());
}
