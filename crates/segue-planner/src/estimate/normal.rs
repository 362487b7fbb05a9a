//! The standard normal distribution and the log-normal one through three points.
//!
//! Only `libm` and the four operations, which round alike on every machine: the same inputs give the same bytes
//! everywhere. The standard library's `exp` and `ln` are the platform's own and must never be used here. Tests: below
//! and `tests/it/estimate_monte_carlo.rs`.

/// The normal quantile of 95%.
const Z95: f64 = 1.644_853_626_951_472_2;

/// The quantile of a probability strictly between 0 and 1 (Wichura, algorithm AS 241, 16 digits).
pub(super) fn quantile(probability: f64) -> f64 {
    let q = probability - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(&CENTRE, r);
    }
    let tail = if q < 0.0 { probability } else { 1.0 - probability };
    let r = libm::sqrt(-libm::log(tail));
    let value = if r <= 5.0 { ratio(&MIDDLE, r - 1.6) } else { ratio(&FAR, r - 5.0) };
    if q < 0.0 { -value } else { value }
}

/// Coefficients of a quotient of two polynomials, lowest first.
type Ratio = [[f64; 8]; 2];

fn ratio(of: &Ratio, x: f64) -> f64 {
    let polynomial = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
    polynomial(&of[0]) / polynomial(&of[1])
}

#[rustfmt::skip]
const CENTRE: Ratio = [
    [3.387_132_872_796_366_5, 133.141_667_891_784_38, 1_971.590_950_306_551_3, 13_731.693_765_509_46,
     45_921.953_931_549_87, 67_265.770_927_008_7, 33_430.575_583_588_13, 2_509.080_928_730_122_7],
    [1.0, 42.313_330_701_600_91, 687.187_007_492_057_9, 5_394.196_021_424_751,
     21_213.794_301_586_597, 39_307.895_800_092_71, 28_729.085_735_721_943, 5_226.495_278_852_545],
];
#[rustfmt::skip]
const MIDDLE: Ratio = [
    [1.423_437_110_749_683_5, 4.630_337_846_156_546, 5.769_497_221_460_691, 3.647_848_324_763_204_5,
     1.270_458_252_452_368_4, 0.241_780_725_177_450_6, 0.022_723_844_989_269_184, 0.000_774_545_014_278_341_4],
    [1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 0.689_767_334_985_1,
     0.148_103_976_427_480_08, 0.015_198_666_563_616_457, 0.000_547_593_808_499_534_5, 1.050_750_071_644_416_9e-9],
];
#[rustfmt::skip]
const FAR: Ratio = [
    [6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3, 0.296_560_571_828_504_87,
     0.026_532_189_526_576_124, 0.001_242_660_947_388_078_4, 2.711_555_568_743_487_6e-5, 2.010_334_399_292_288_1e-7],
    [1.0, 0.599_832_206_555_888, 0.136_929_880_922_735_8, 0.014_875_361_290_850_615,
     0.000_786_869_131_145_613_3, 1.846_318_317_510_054_7e-5, 1.421_511_758_316_446e-7, 2.044_263_103_389_939_8e-15],
];

/// A log-normal distribution whose lower and upper half have their own width: it passes through P5, P50 and P95.
#[derive(Debug, Clone, Copy)]
pub(super) struct ThreePoints {
    middle: f64,
    lower: f64,
    upper: f64,
}

impl ThreePoints {
    /// Through three points in rising order; nothing is zero for ever.
    pub(super) fn new(p5: u64, p50: u64, p95: u64) -> Self {
        if p50 == 0 {
            return Self { middle: 0.0, lower: 0.0, upper: 0.0 };
        }
        let (low, middle, high) = (p5.max(1) as f64, p50 as f64, p95.max(1) as f64);
        let width = |ratio: f64| (libm::log(ratio) / Z95).max(0.0);
        Self { middle, lower: width(middle / low), upper: width(high / middle) }
    }

    /// The value at a standard normal score.
    pub(super) fn at(self, score: f64) -> f64 {
        let width = if score < 0.0 { self.lower } else { self.upper };
        if width == 0.0 { self.middle } else { self.middle * libm::exp(width * score) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_published_ones() {
        for (probability, value) in
            [(0.5, 0.0), (0.95, Z95), (0.975, 1.959_963_984_540_054), (0.001, -3.090_232_306_167_813_5), (1e-10, -6.361_340_902_404_056)]
        {
            assert!((quantile(probability) - value).abs() < 1e-12, "{probability}: {}", quantile(probability));
            let below = 0.5 * libm::erfc(-quantile(probability) * std::f64::consts::FRAC_1_SQRT_2);
            assert!((below - probability).abs() < 1e-14);
        }
        // AS 241 gives these two itself.
        assert!((quantile(0.25) - -0.674_489_750_196_081_7).abs() < 1e-15);
        assert!((quantile(1e-20) - -9.262_340_089_798_408).abs() < 1e-14);
    }

    #[test]
    fn the_curve_passes_through_its_three_points() {
        let curve = ThreePoints::new(600, 1_000, 5_000);
        for (score, value) in [(-Z95, 600.0), (0.0, 1_000.0), (Z95, 5_000.0)] {
            assert!((curve.at(score) - value).abs() < 1e-9, "{score}: {}", curve.at(score));
        }
        assert_eq!(ThreePoints::new(7, 7, 7).at(2.0).to_bits(), 7.0_f64.to_bits());
        assert_eq!(ThreePoints::new(0, 0, 0).at(2.0).to_bits(), 0.0_f64.to_bits());
    }
}
