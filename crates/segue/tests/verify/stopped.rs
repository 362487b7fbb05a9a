//! Ctrl-C in the middle: no table that was not finished is called equal or different.

use std::os::unix::process::ExitStatusExt as _;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::room::Room;
use crate::said::Said;

/// Each row costs the reader a count to some thousands, so that a comparison is under way for long.
const SLOW: &str = "(with recursive c(x) as (select 1 union all select x + 1 from c where x < 20000) select count(*) from c) > id * 0 - 1";

#[test]
fn ctrl_c_ends_it_without_a_verdict() {
    let room = Room::shop();
    let words = ["verify", "--source", "a.db", "--target", "b.db", "--table", "orders", "--where", SLOW, "--diff-rows", "rows.ndjson"];
    let mut child = room.start(&words);
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
    // The file is made when the comparison begins; the process must end by itself if it never is.
    while !room.file("rows.ndjson").exists() {
        assert!(child.try_wait().expect("asked").is_none(), "it ended before it began");
        std::thread::yield_now();
    }
    kill(pid, Signal::SIGINT).expect("sent");
    kill(pid, Signal::SIGINT).expect("sent");
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.signal().is_none(), "it ends by itself");
    let said = Said::of(&output).expect(130);
    assert!(!said.out.contains("equal  ") && !said.out.contains("EQUAL"), "{}", said.out);
}
