//! The syncs, counted by the kernel: `kill -9` does not take back what was written and not synced, a power cut does.
//!
//! `strace` watches the binary at work on SQLite. Without it these tests skip, and fail where `CI` is set.

use std::collections::BTreeMap;

use crate::figures::figure;
use crate::ground::Ground;
use crate::trace::{Findings, Moment, judge, read};

/// Whether the binary can be watched here.
fn watched() -> bool {
    let there = std::process::Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    match there {
        Ok(output) if output.status.success() => return true,
        Ok(output) => eprintln!("strace cannot trace here: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => eprintln!("strace is not on this machine ({error}): apt-get install strace, or cargo xtask test"),
    }
    assert!(std::env::var_os("CI").is_none(), "without strace nobody proves the syncs");
    false
}

/// Runs a verb under watch: all moments, in the kernel's order.
#[track_caller]
fn watch(ground: &Ground, words: &[&str]) -> Vec<Moment> {
    let calls = "trace=fsync,fdatasync,pwrite64,write";
    let before = ["strace", "-f", "-y", "-s", "400", "-e", calls, "-e", "signal=none", "-o", "strace.txt"];
    let told = ["--events", "told"];
    let output = ground.command(&before, &[words, &told].concat()).output().expect("runs");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    read(&std::fs::read_to_string(ground.path().join("strace.txt")).expect("what strace saw"))
}

#[track_caller]
fn expect_no_breach(found: &Findings, told: usize, effects: usize) {
    assert!(found.breaches.is_empty(), "{:#?}", found.breaches);
    assert!(found.told >= told, "only {} events were told", found.told);
    assert!(found.steps_with_effects >= effects, "only {} steps wrote to the database", found.steps_with_effects);
}

/// How many events of each kind the journal holds.
fn counted(ground: &Ground) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for (kind, _) in ground.events() {
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

fn transitions(kinds: &BTreeMap<String, usize>) -> usize {
    kinds.iter().filter(|(kind, _)| *kind != "checkpoint").map(|(_, count)| count).sum()
}

#[test]
fn every_transition_is_synced_before_what_follows_it() {
    if !watched() {
        return;
    }
    let ground = Ground::sqlite();
    let forward = judge(&watch(&ground, &["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]));
    let shifted = transitions(&counted(&ground));
    expect_no_breach(&forward, 40, 8);
    assert!(forward.syncs >= shifted, "{} syncs for {shifted} transitions", forward.syncs);

    std::fs::remove_file(ground.path().join("told")).expect("told");
    let back = judge(&watch(&ground, &["rollback", "--yes"]));
    let undone = transitions(&counted(&ground)) - shifted;
    expect_no_breach(&back, 20, 5);
    assert!(back.syncs >= undone, "{} syncs for {undone} transitions of going back", back.syncs);

    let before = transitions(&counted(&ground));
    let again = judge(&watch(&ground, &["apply", "-f", "segue.yaml", "--yes"]));
    let all = transitions(&counted(&ground));
    expect_no_breach(&again, 50, 12);
    assert!(again.syncs >= all - before, "{} syncs for {} transitions", again.syncs, all - before);
    let (synced, must) = (forward.syncs + back.syncs + again.syncs, all);
    figure("syncs", "transitions with a sync of their own", must.min(synced) as u64, must as u64);
}

#[test]
fn checkpoints_of_a_backfill_are_not_synced_one_by_one() {
    if !watched() {
        return;
    }
    let ground = Ground::sqlite();
    let spec = crate::sqlite::SPEC.replace("limits:", "throttle: {batch_target: 2ms}\nlimits:");
    ground.write("segue.yaml", &spec);
    let db = rusqlite::Connection::open(ground.path().join("shop.db")).expect("opens");
    db.execute_batch(
        "with recursive n(i) as (values (1001) union all select i + 1 from n where i < 40000)
           insert into orders select i, 1 + i % 300, i, 'more' from n",
    )
    .expect("rows");
    drop(db);
    let found = judge(&watch(&ground, &["apply", "-f", "segue.yaml", "--yes"]));
    expect_no_breach(&found, 50, 12);
    let kinds = counted(&ground);
    let checkpoints = kinds.get("checkpoint").copied().unwrap_or_default();
    let more = found.syncs - transitions(&kinds).min(found.syncs);
    figure("syncs", "syncs beyond the transitions' own, for all checkpoints", more as u64, checkpoints as u64);
    assert!(checkpoints >= 30, "only {checkpoints} checkpoints: the backfill had too few batches to say anything");
    // The log of the journal itself is folded back now and then, with a sync or two.
    assert!(more * 3 < checkpoints, "{more} syncs more than transitions, for {checkpoints} checkpoints");
}
