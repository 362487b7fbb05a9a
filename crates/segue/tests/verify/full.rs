//! A disk without room, for the undo file, the journal, the target and the list of rows: no row is touched before its way
//! back is safe, what failed says so with a code, and with room again the same command goes on.
//!
//! A file that may not grow (`ulimit -f`) stands for a full disk where a test may mount none; `/dev/full` for one that is
//! full from the beginning.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output, Stdio};

use serde_json::json;

use crate::room::{Room, table};
use crate::said::Said;

const REPAIR: [&str; 8] = ["verify", "--source", "a.db", "--target", "b.db", "--repair", "apply", "--yes"];

/// The binary in a shell whose files may have so many blocks. `heard`: a signal tells it, as it would anybody; else the
/// write fails as on a full disk.
fn limited(room: &Room, blocks: u64, heard: bool, words: &[&str]) -> Output {
    let ignored = if heard { "" } else { "trap '' XFSZ; " };
    let script = format!("{ignored}ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_segue")]).args(words).current_dir(room.file("")).stdin(Stdio::null());
    command.env("NO_COLOR", "1").output().expect("a shell")
}

/// Rows that are large: the undo file is what meets the limit first.
fn large() -> Room {
    let room = Room::twins("create table t (id integer primary key, v text)");
    let rows = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)";
    room.run("a.db", &format!("insert into t {rows} select i, 'new' from n; pragma wal_checkpoint(truncate)"));
    room.run("b.db", &format!("insert into t {rows} select i, printf('%.*c', 20000, 'x') from n; pragma wal_checkpoint(truncate)"));
    room
}

fn changed(room: &Room) -> u64 {
    let (_, document) = room.document(&[]);
    table(&document, "t")["changed"].as_u64().expect("a number")
}

fn files(room: &Room) -> Vec<String> {
    let Ok(all) = std::fs::read_dir(room.file(".segue/repairs")) else { return Vec::new() };
    let mut names: Vec<String> = all.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn no_row_is_touched_before_the_undo_file_is_safe() {
    let room = large();
    let said = Said::of(&limited(&room, 2_000, false, &REPAIR)).expect(1);
    assert!(said.err.contains("SG-FIX-003") && said.err.contains("nothing was changed"), "{}", said.err);
    assert_eq!(changed(&room), 200, "every row is as it was");
    assert_eq!(files(&room), Vec::<String>::new(), "no half of a file is left");
    assert_ne!(room.segue(&["status"]).code, 0, "no run was begun");
    room.verify(&["--repair", "apply", "--yes"]).expect(0);
    assert_eq!(changed(&room), 0);
}

#[test]
fn a_file_of_a_repair_that_never_began_is_named_and_kept() {
    let room = large();
    // The kernel ends the process in the middle of the undo file.
    let output = limited(&room, 2_000, true, &REPAIR);
    assert!(output.status.signal().is_some(), "{output:?}");
    assert_eq!(changed(&room), 200, "every row is as it was");
    let left = files(&room);
    assert_eq!(left.len(), 1, "{left:?}");
    let said = room.verify(&["--repair", "apply", "--yes"]).expect(0);
    assert!(said.err.contains(&left[0]) && said.err.contains("no run knows"), "{}", said.err);
    assert!(files(&room).contains(&left[0]), "it is not ours to remove");
    assert_eq!(changed(&room), 0);
}

/// Room for more and more: whatever it is that has none, the same holds.
#[test]
fn whatever_has_no_room_nothing_is_half_right() {
    let mut ends = std::collections::BTreeSet::new();
    let all: Vec<u64> = if std::env::var_os("SEGUE_SOAK").is_some() {
        (0..480).step_by(8).chain([4_096]).collect()
    } else {
        vec![0, 16, 128, 192, 224, 320, 4_096]
    };
    for blocks in all {
        let room = Room::twins("create table t (id integer primary key, v text)");
        let rows = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 600)";
        room.run("a.db", &format!("insert into t {rows} select i, 'new' from n; pragma wal_checkpoint(truncate)"));
        room.run("b.db", &format!("insert into t {rows} select i, 'old' from n; pragma wal_checkpoint(truncate)"));
        let output = limited(&room, blocks, false, &REPAIR);
        assert!(output.status.signal().is_none(), "{blocks} blocks: {output:?}");
        let said = Said::of(&output);
        assert!(said.code == 0 || said.err.contains("SG-"), "{blocks} blocks: {said:?}");
        let left = changed(&room);
        assert!(said.code != 0 || left == 0, "{blocks} blocks: {left} rows differ after a repair that says it is done");
        let begun = room.segue(&["status"]).code == 0;
        assert!(begun || left == 600, "{blocks} blocks: rows were changed, and no journal knows it");
        ends.insert((said.code == 0, begun, left == 600));
        room.verify(&["--repair", "apply", "--yes"]).expect(0);
        assert_eq!(changed(&room), 0, "{blocks} blocks, and then room: {}", said.err);
        if begun {
            let status: serde_json::Value = serde_json::from_str(&room.segue(&["status", "--format", "json"]).out).expect("JSON");
            let run = status["run"].as_str().expect("a run").to_owned();
            room.segue(&["verify", "--undo-repair", &run, "--yes"]).expect(0);
            assert_eq!(changed(&room), 600, "{blocks} blocks: the way back gives every row");
        }
    }
    assert!(ends.len() >= 3, "too few ways to end: {ends:?}");
}

#[test]
fn a_list_of_rows_that_cannot_be_written_is_no_verdict_and_no_repair() {
    let room = large();
    std::os::unix::fs::symlink("/dev/full", room.file("rows.ndjson")).expect("a link");
    let said = Said::of(&limited(&room, 1 << 20, false, &[&REPAIR[..], &["--diff-rows", "rows.ndjson"]].concat()));
    assert!(said.code == 1 && said.err.contains("SG-CLI-001") && said.err.contains("rows.ndjson"), "{said:?}");
    assert_eq!(changed(&room), 200, "nothing was changed");
    let (code, document) = room.document(&["--diff-rows", "other.ndjson"]);
    assert_eq!((code, &table(&document, "t")["changed"]), (4, &json!(200)));
}
