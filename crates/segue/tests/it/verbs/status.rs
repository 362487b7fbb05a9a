//! `segue status`: where a run is, that there is none, and a journal that is damaged.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["status"], 64);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]).expect(0);
    runs(&folder, &["status"], 0);
    for file in std::fs::read_dir(folder.file(".segue")).expect("the journal").flatten().filter(|file| file.path().is_file()) {
        std::fs::write(
            file.path(),
            "this is no journal, and it is longer than the head of one would be: 0123456789 0123456789 0123456789\n",
        )
        .expect("damaged");
    }
    runs(&folder, &["status"], 1);
}
