//! Seeded numbers and the samples of the simulation. Same seed, same samples, on every machine.
//!
//! SplitMix64 (Steele, Lea, Flood 2014), because it is a few lines of whole numbers. Each figure of a plan gets a
//! Latin hypercube sample: the middles of as many strata of the normal distribution as there are runs, in random
//! order, made uncorrelated with the samples before it. So the mean and the variance of a plan are those of the model
//! and not of the dice. Must never ask a clock or the system for a seed. Tests: below.

use super::normal;

/// Samples beyond so many are not made uncorrelated: it would cost their square, and nobody would see it.
const UNCORRELATED_MAX: usize = 64;

/// The generator.
#[derive(Debug, Clone)]
pub(super) struct SplitMix(u64);

impl SplitMix {
    /// From the first 16 digits of a hexadecimal digest.
    pub(super) fn from_digest(digest: &str) -> Self {
        Self(digest.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; the bias of the high product is below 2^-50 for the bounds used here.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    fn shuffle(&mut self, values: &mut [f64]) {
        for last in (1..values.len()).rev() {
            let other = self.below(last + 1);
            values.swap(last, other);
        }
    }
}

/// Standard normal scores: one vector of `runs` values for each seed. Each figure has a seed of its own, so that a plan
/// with one figure more keeps the draws of the others and both can be compared.
pub(super) fn scores(seeds: &mut [SplitMix], runs: usize) -> Vec<Vec<f64>> {
    let strata = strata(runs);
    let mut out: Vec<Vec<f64>> = Vec::with_capacity(seeds.len());
    for seed in seeds {
        let mut values = strata.clone();
        seed.shuffle(&mut values);
        let first = out.len().min(UNCORRELATED_MAX);
        for earlier in &out[..first] {
            let share = dot(&values, earlier) / runs as f64;
            values.iter_mut().zip(earlier).for_each(|(value, other)| *value -= share * other);
        }
        unit(&mut values);
        out.push(values);
    }
    out
}

/// The middles of `runs` strata of equal probability, with mean 0 and variance 1.
fn strata(runs: usize) -> Vec<f64> {
    let mut values: Vec<f64> = (0..runs).map(|run| normal::quantile((run as f64 + 0.5) / runs as f64)).collect();
    unit(&mut values);
    values
}

fn unit(values: &mut [f64]) {
    let deviation = libm::sqrt(dot(values, values) / values.len() as f64);
    if deviation > 0.0 {
        for value in values {
            *value /= deviation;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        // The first outputs of SplitMix64 from 1234567.
        let mut seed = SplitMix(1_234_567);
        assert_eq!(
            [seed.next(), seed.next(), seed.next()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn samples_are_normal_and_uncorrelated() {
        let samples = scores(&mut (0..12).map(SplitMix).collect::<Vec<_>>(), 2_000);
        for (at, values) in samples.iter().enumerate() {
            let mean: f64 = values.iter().sum::<f64>() / 2_000.0;
            assert!(mean.abs() < 1e-9, "{mean}");
            assert!((dot(values, values) / 2_000.0 - 1.0).abs() < 1e-9);
            for other in &samples[..at] {
                assert!((dot(values, other) / 2_000.0).abs() < 1e-9, "correlated");
            }
        }
        let mut sorted = samples[11].clone();
        sorted.sort_by(f64::total_cmp);
        assert!((sorted[1_899] - normal::quantile(0.95)).abs() < 0.03, "{}", sorted[1_899]);
    }

    #[test]
    fn another_seed_gives_another_order() {
        let run = |seed| scores(&mut [SplitMix(seed)], 100);
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }
}
