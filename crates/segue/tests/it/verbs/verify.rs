//! `segue verify`: two forms that agree, that differ, that nobody has; two sides that cannot be reached or decided.

use super::runs;
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::shop(50);
    runs(&folder, &["verify"], 64);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "backfill"]).expect(0);
    runs(&folder, &["verify"], 0);
    crate::exit_codes::part_the_forms(&folder);
    runs(&folder, &["verify"], 4);
    runs(&folder, &["verify", "--source", "sqlite:shop.db", "--target", "sqlite:none.db"], 10);
}

#[test]
fn undecided() {
    let folder = Folder::new();
    for name in ["a.db", "b.db"] {
        let db = rusqlite::Connection::open(folder.file(name)).expect("opens");
        db.execute_batch("create table t (a integer primary key); insert into t values (1)").expect("a table");
    }
    runs(&folder, &["verify", "--source", "sqlite:a.db", "--target", "sqlite:b.db", "--key", "t=none"], 1);
}
