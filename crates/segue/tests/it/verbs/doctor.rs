//! `segue doctor`: all is well, and nothing is there.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    runs(&Folder::shop(50), &["doctor"], 0);
    runs(&Folder::new(), &["doctor"], 1);
}
