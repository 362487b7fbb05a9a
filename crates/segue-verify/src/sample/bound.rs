//! How much can differ when so much of a sample does: the exact one-sided bound of the binomial distribution.
//!
//! After Clopper and Pearson (1934): the largest share under which so few differing rows in the sample have still a
//! chance of 5%. With none, that is 1 − 0.05^(1/n), about 3/n.

/// The chance that is left: 5%.
const CHANCE: f64 = 0.05;

/// At most so many of a million rows differ, with a confidence of 95%, when `different` of `rows` did. Rounded up.
pub fn at_most_ppm(rows: u64, different: u64) -> u32 {
    if rows == 0 || different >= rows {
        return 1_000_000;
    }
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_most(rows, different, middle) > CHANCE {
            low = middle;
        } else {
            high = middle;
        }
    }
    ((high * 1e6).ceil() as u32).clamp(1, 1_000_000)
}

/// The chance of at most so many out of `rows`, each with the chance `share`.
fn at_most(rows: u64, different: u64, share: f64) -> f64 {
    let odds = (share / (1.0 - share)).ln();
    let mut term = rows as f64 * (1.0 - share).ln();
    let (mut largest, mut sum) = (term, 1.0);
    for taken in 0..different {
        term += ((rows - taken) as f64 / (taken + 1) as f64).ln() + odds;
        if term > largest {
            sum = sum * (largest - term).exp() + 1.0;
            largest = term;
        } else {
            sum += (term - largest).exp();
        }
    }
    largest.exp() * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_that_of_the_tables() {
        // Rule of three, and values of the beta distribution's 95% quantile.
        for (rows, different, ppm) in [(1000, 0, 2992), (100, 0, 29_513), (1, 0, 950_000), (10, 1, 394_164), (100, 5, 102_254)] {
            let ours = at_most_ppm(rows, different);
            assert!(ours.abs_diff(ppm) <= 2, "{rows} {different}: {ours} is not {ppm}");
        }
        assert_eq!(at_most_ppm(10, 10), 1_000_000);
        assert_eq!(at_most_ppm(0, 0), 1_000_000);
        assert!(at_most_ppm(1_000_000, 0) == 3);
        assert!(at_most_ppm(1_000_000, 400_000) < 401_000);
    }
}
