//! The figures of a suite: printed, and in soak appended as JSON lines `{suite, name, value, total}`.

use std::io::Write as _;

use crate::check::{Fault, Found};
use crate::teller::World;
use crate::writer::Seen;

/// Whether this is the long run.
pub(crate) fn soak() -> bool {
    std::env::var_os("SEGUE_SOAK").is_some()
}

/// One figure.
pub(crate) fn figure(suite: &str, name: &str, value: u64, total: u64) {
    println!("{suite}: {name} {value} of {total}");
    let (true, Some(folder)) = (soak(), std::env::var_os("SEGUE_SOAK_DIR")) else { return };
    let path = std::path::Path::new(&folder).join("bank.jsonl");
    let line = serde_json::json!({"suite": suite, "name": name, "value": value, "total": total});
    // One write a line: tests of this suite run as several processes.
    let written =
        std::fs::File::options().create(true).append(true).open(path).and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
    written.expect("the figures are written");
}

/// The figures of a bank that was closed, and its invariants: nothing lost, doubled, torn, refused, and no long wait.
#[track_caller]
pub(crate) fn report(suite: &str, world: &dyn World, seen: &Seen, found: &Found, kills: u64) {
    let longest = u64::try_from(seen.longest_gap.as_millis()).unwrap_or(u64::MAX);
    let allowed = u64::try_from(world.longest_allowed().as_millis()).unwrap_or(u64::MAX);
    figure(suite, "acknowledged", found.acknowledged, found.acknowledged + found.unknown);
    figure(suite, "lost", found.count(Fault::Lost), found.acknowledged);
    figure(suite, "doubled", found.count(Fault::Doubled) + found.count(Fault::Ghost), found.acknowledged);
    figure(suite, "wrong", found.count(Fault::Wrong) + found.count(Fault::Gap) + found.count(Fault::Sum), found.rows);
    figure(suite, "failed statements", seen.failed.len() as u64, seen.acknowledged);
    figure(suite, "torn reads", seen.torn.len() as u64, seen.reads);
    let mut gaps = seen.gaps_ms.clone();
    gaps.sort_unstable();
    for (name, percent) in [("write pause p50 ms", 50), ("write pause p99 ms", 99)] {
        figure(suite, name, gaps.get(gaps.len() * percent / 100).copied().unwrap_or_default(), allowed);
    }
    figure(suite, "longest wait ms", longest, allowed);
    figure(suite, "kills", kills, kills);
    assert!(seen.torn.is_empty(), "{} torn reads: {:#?}", seen.torn.len(), &seen.torn[..seen.torn.len().min(8)]);
    assert!(seen.failed.is_empty(), "{} refused statements: {:#?}", seen.failed.len(), &seen.failed[..seen.failed.len().min(8)]);
    found.expect_none();
    assert!(seen.longest_gap <= world.longest_allowed(), "a writer waited {longest} ms; {allowed} are allowed");
}
