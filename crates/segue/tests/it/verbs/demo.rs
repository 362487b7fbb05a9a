//! `segue demo`: its story, its proof, and the proof that fails. Times and counts are never the same twice.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let mut folder = Folder::new();
    runs(&folder, &["demo"], 0);
    runs(&folder, &["demo", "--plant-lost-write"], 1);
    runs(&folder, &["demo", "--oracle"], 64);
    folder.env.push(("SEGUE_TEST_PG_BINS".to_owned(), folder.path().display().to_string()));
    runs(&folder, &["demo", "--postgres"], 10);
}
