//! `segue doctor`: all is well, nothing is there, and a form that it does not have.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    runs(&Folder::shop(50), &["doctor"], 0);
    runs(&Folder::new(), &["doctor"], 1);
    runs(&Folder::new(), &["doctor", "--format", "yaml"], 64);
}
