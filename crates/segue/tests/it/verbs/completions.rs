//! `segue completions`: a script, and a shell that nobody has.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::new();
    runs(&folder, &["completions", "fish"], 0);
    runs(&folder, &["completions", "fish", "-o", "no/such/folder.fish"], 1);
    runs(&folder, &["completions", "csh"], 64);
}
