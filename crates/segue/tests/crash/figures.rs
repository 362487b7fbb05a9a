//! The figures of a suite, and the sample it takes: printed, and in soak appended as JSON lines
//! `{suite, name, value, total}`.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A test of this suite begins nothing new after this long: the test runner ends it by force soon after. What was
/// left out shows in the printed figures.
pub(crate) const LONG: Duration = Duration::from_mins(8);

/// A stream of numbers from one: SplitMix64, the same on every machine.
pub(crate) struct Seed(u64);

impl Seed {
    /// A number below `n`, which is not 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    /// Heads or tails.
    pub(crate) fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// Whether this is the long run.
pub(crate) fn soak() -> bool {
    std::env::var_os("SEGUE_SOAK").is_some()
}

/// One figure.
pub(crate) fn figure(suite: &str, name: &str, value: u64, total: u64) {
    println!("{suite}: {name}: {value} of {total}");
    let (true, Some(folder)) = (soak(), std::env::var_os("SEGUE_SOAK_DIR")) else { return };
    let path = std::path::Path::new(&folder).join("crash.jsonl");
    let line = serde_json::json!({"suite": suite, "name": name, "value": value, "total": total});
    // One write a line: tests of this suite run as several processes.
    let written =
        std::fs::File::options().create(true).append(true).open(path).and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
    written.expect("the figures are written");
}

/// The seed of the samples: `SEGUE_CRASH_SEED`, else one for each round of the soak and always the same in CI.
/// Printed, so that a failure can be met again.
pub(crate) fn seed(suite: &str) -> Seed {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("SEGUE_CRASH_SEED").unwrap_or(20_260 + number("SEGUE_SOAK_ROUND").unwrap_or(1));
    println!("{suite}: SEGUE_CRASH_SEED={seed}");
    Seed(seed)
}

/// Does a piece of work for each point, two at a time, and gives how many were done before the time was over. The
/// first that fails ends it all.
pub(crate) fn each(points: &[u64], long: Duration, work: impl Fn(u64) + Sync) -> u64 {
    let (next, done, failed, begun) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false), Instant::now());
    let turn = || {
        while begun.elapsed() < long && !failed.load(Ordering::SeqCst) {
            let Some(point) = points.get(next.fetch_add(1, Ordering::SeqCst)) else { return };
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(*point))) {
                failed.store(true, Ordering::SeqCst);
                resume_unwind(panic);
            }
            done.fetch_add(1, Ordering::SeqCst);
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(turn);
        turn();
        if let Err(panic) = other.join() {
            resume_unwind(panic);
        }
    });
    done.into_inner() as u64
}

/// Points of 1..=`total`: all of them in soak, in an order by the seed, else one drawn from each of `take` strata of equal size.
pub(crate) fn sample(total: u64, take: u64, seed: &mut Seed) -> Vec<u64> {
    if soak() || take >= total {
        let mut all: Vec<u64> = (1..=total).collect();
        for at in (1..all.len()).rev() {
            all.swap(at, usize::try_from(seed.below(at as u64 + 1)).expect("small"));
        }
        return all;
    }
    (0..take)
        .map(|part| {
            let (from, to) = (part * total / take, (part + 1) * total / take);
            from + 1 + seed.below(to - from)
        })
        .collect()
}

#[test]
fn a_sample_is_spread_over_all_points() {
    let points = sample(100, 10, &mut Seed(1));
    assert!(soak() || points.len() == 10);
    assert!(points.iter().all(|point| (1..=100).contains(point)));
    assert!(points.iter().collect::<std::collections::BTreeSet<_>>().len() == points.len());
    assert!((0..10).all(|part| points.iter().any(|point| (point - 1) / 10 == part)));
}

#[test]
fn each_point_is_done_once_and_a_failure_is_a_failure() {
    let sum = std::sync::atomic::AtomicU64::new(0);
    let done = each(&[1, 2, 3, 4, 5], LONG, |point| {
        sum.fetch_add(point, Ordering::SeqCst);
    });
    assert_eq!((done, sum.into_inner()), (5, 15));
    let failing = catch_unwind(|| each(&[1, 2, 3], LONG, |point| assert_ne!(point, 2)));
    assert!(failing.is_err());
}
