//! `segue verify`: two forms that agree, that differ, that nobody has; two sides that cannot be reached, decided or waited for.

use nix::sys::signal::Signal;

use super::{runs, send, shown};
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

/// Two files with a table of so many rows, the second one short of the first row.
fn sides(rows: u32) -> Folder {
    let folder = Folder::new();
    for (name, first) in [("a.db", 1), ("b.db", 2)] {
        let db = rusqlite::Connection::open(folder.file(name)).expect("opens");
        db.execute_batch(&format!(
            "create table t (a integer primary key);
             with recursive n(i) as (values ({first}) union all select i + 1 from n where i < {rows}) insert into t select i from n"
        ))
        .expect("a table");
    }
    folder
}

const SIDES: [&str; 5] = ["verify", "--source", "sqlite:a.db", "--target", "sqlite:b.db"];

#[test]
fn undecided() {
    runs(&sides(2), &[&SIDES[..], &["--key", "t=none"]].concat(), 1);
}

#[test]
fn a_repair_that_nobody_said_yes_to() {
    runs(&sides(2), &[&SIDES[..], &["--repair", "apply"]].concat(), 5);
}

/// On the target, rows above 1000 are not reached in anybody's time.
const BRAKE: &str =
    "a <= 1000 or (with recursive c(x) as (select 1 union all select x + 1 from c where x < 4000000000000) select count(*) from c) >= 0";

#[test]
fn stopped() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let folder = sides(2_000);
        let mut child = folder.start(&[&SIDES[..], &["--range-rows", "200", "--where", "a > 0", "--where-target", BRAKE]].concat());
        let kept = || {
            let file = std::fs::read_dir(folder.file(".segue/verify")).ok()?.find_map(|entry| Some(entry.ok()?.path()))?;
            Some(std::fs::read_to_string(file).ok()?.lines().count())
        };
        for _ in 0..20_000 {
            if kept().is_some_and(|lines| lines >= 3) {
                break;
            }
            assert!(child.try_wait().expect("a child").is_none(), "it is in the middle of its work");
            std::thread::sleep(std::time::Duration::from_millis(3));
        }
        // The second one does not wait for what is under way.
        send(&child, signal);
        send(&child, signal);
        let mut said = folder.ends(child);
        // Two signals that wait are one to a kernel: whether the second is told of is chance.
        said.err = said.err.replace("stopping now; the run can be resumed\n", "");
        shown(&folder, "verify", code, &said);
    }
}
