//! `kill -9` at any moment, and SIGSTOP past the lease: the same command goes on, and a stale executor is refused.

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::fixture::Folder;

/// How many kills: a few in CI, many in soak.
fn rounds() -> u64 {
    if std::env::var_os("SEGUE_SOAK").is_some() { 60 } else { 6 }
}

fn names(folder: &Folder) -> i64 {
    folder
        .db()
        .query_row("select count(*) from users where full_name = 'user ' || id and status = 'old'", [], |row| row.get(0))
        .unwrap_or(-1)
}

#[test]
fn killed_at_any_moment_it_goes_on() {
    let mut all = 0;
    for round in 0..rounds() {
        let folder = Folder::shop(3_000);
        // From the first millisecond to well into contract, spread by the round.
        let mut at = Duration::from_millis(2 + round * 7 % 30);
        let mut kills = 0;
        for _ in 0..40 {
            let mut child = folder.start(&["apply", "-f", "segue.yaml", "--yes"]);
            std::thread::sleep(at);
            if child.try_wait().expect("a child").is_some() {
                break;
            }
            child.kill().expect("killed");
            child.wait().expect("gone");
            kills += 1;
            at += Duration::from_millis(7);
        }
        let last = folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
        all += kills;
        assert_eq!(names(&folder), 3_000, "round {round} after {kills} kills: {}", last.out);
        let leftovers: i64 = folder
            .db()
            .query_row("select count(*) from sqlite_schema where type = 'trigger' and tbl_name = 'users' or name like '%\\_\\_mig\\_007' escape '\\'", [], |row| row.get(0))
            .expect("schema");
        assert_eq!(leftovers, 0);
    }
    assert!(all > 3, "only {all} processes were killed");
}

#[test]
fn killed_on_the_way_back_it_goes_on_going_back() {
    let folder = Folder::shop(3_000);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]).expect(0);
    let mut kills = 0;
    for round in 0..10 {
        let mut child = folder.start(&["rollback", "--yes"]);
        std::thread::sleep(Duration::from_millis(2 + round * 6));
        if child.try_wait().expect("a child").is_some() {
            break;
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        kills += 1;
    }
    assert!(kills > 0, "nothing was killed");
    folder.segue(&["rollback", "--yes"]).expect(0);
    let columns: Vec<String> = folder
        .db()
        .prepare("select name from pragma_table_xinfo('users')")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .expect("columns");
    assert_eq!(columns, ["id", "name", "age"]);
}

#[test]
fn a_stopped_and_revived_executor_is_refused_by_the_database() {
    // SIGSTOP may catch it in the middle of a commit to its journal; then nobody can take over, and it is tried again.
    assert!((0..4).any(|_| stopped_and_revived()), "four times it was stopped in the middle of a commit");
}

/// One such executor; false when it was stopped where nobody could take over from it.
fn stopped_and_revived() -> bool {
    let folder = Folder::shop(120_000);
    let mut stale = folder.start(&["apply", "-f", "segue.yaml", "--yes", "--lease", "1s", "--events", "e"]);
    assert!(folder.wait_for(&mut stale, "e", "\"progress\""), "the backfill began");
    let pid = Pid::from_raw(i32::try_from(stale.id()).expect("a pid"));
    kill(pid, Signal::SIGSTOP).expect("stopped");
    // Past its lease another executor may take over.
    let mut taken = None;
    let started = std::time::Instant::now();
    while started.elapsed() < Duration::from_secs(15) {
        let said = folder.segue(&["apply", "-f", "segue.yaml", "--yes"]);
        if said.code != 9 {
            taken = Some(said);
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    kill(pid, Signal::SIGCONT).expect("revived");
    let revived = folder.ends(stale);
    let Some(taken) = taken else { return false };
    if taken.code != 0 {
        // A writer stopped inside its transaction holds SQLite's one write lock: then the second one had to wait.
        folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
    }
    assert!(revived.code == 9 || revived.code == 0, "the stale executor: {revived:?}");
    assert_eq!(names(&folder), 120_000);
    true
}
