//! The figures of a suite, and the sample it takes: printed, and in soak appended as JSON lines
//! `{suite, name, value, total}`.

use std::io::Write as _;

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

/// The seed of the samples: `SEGUE_CRASH_SEED`, else always the same. Printed, so that a failure can be met again.
pub(crate) fn seed(suite: &str) -> Seed {
    let seed = std::env::var("SEGUE_CRASH_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261);
    println!("{suite}: SEGUE_CRASH_SEED={seed}");
    Seed(seed)
}

/// Points of 1..=`total`: all of them in soak, else one drawn from each of `take` strata of equal size.
pub(crate) fn sample(total: u64, take: u64, seed: &mut Seed) -> Vec<u64> {
    if soak() || take >= total {
        return (1..=total).collect();
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
    assert!((0..10).all(|part| points.iter().any(|point| (point - 1) / 10 == part)));
}
