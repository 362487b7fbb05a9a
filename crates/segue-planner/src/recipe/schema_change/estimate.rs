//! Estimates of machine time from row counts and rates: measured, stated, or a default.
//!
//! A figure always says where it comes from; a rate that nobody measured on this system says so. Tests: below.

use segue_model::plan::Estimate;
use segue_model::spec::program::Rate;
use segue_model::units::grouped;

use super::layout::Layout;

/// Rows a second that a backfill converts. 22,000 to 52,000 were measured on PostgreSQL 15 on 2 cores.
const BACKFILL: u64 = 30_000;
/// Rows a second that an index takes in; a cautious default.
const INDEX: u64 = 200_000;
/// Rows a second whose two forms are compared; a cautious default.
const COMPARE: u64 = 50_000;
/// Rows a second that a constraint's validation reads; a cautious default.
const VALIDATE: u64 = 500_000;

/// Rows a second, and who says so; nobody where it is a default.
#[derive(Debug, Clone, Default)]
struct Known(Option<(u64, String)>);

/// What a phase does with rows.
#[derive(Debug, Default)]
pub(super) struct Work {
    index: Known,
    compare: Known,
    millis: u64,
    parts: Vec<String>,
    guessed: bool,
    unknown: bool,
}

/// The slowest that was measured, else what the spec states in rows a second.
fn known(layout: &Layout<'_>, what: &str, key: &str, stated: Option<Rate>) -> Known {
    let measured = layout.observed.rates.iter().filter(|rate| rate.what == what && rate.rows_per_s > 0).min_by_key(|rate| rate.rows_per_s);
    let stated = || match stated {
        Some(Rate::RowsPerS(rate)) if rate > 0 => Some((rate, format!("stated: spec {key}"))),
        _ => None,
    };
    Known(measured.map(|rate| (rate.rows_per_s, format!("measured {}: {}", rate.source, rate.sample))).or_else(stated))
}

impl Work {
    /// None yet; rates as they are known of this system.
    pub(super) fn of(layout: &Layout<'_>) -> Self {
        let rates = &layout.spec.program.rates;
        Self {
            index: known(layout, "index", "rates.index", rates.index),
            compare: known(layout, "verify", "rates.verify", rates.verify),
            ..Self::default()
        }
    }

    fn add(&mut self, rows: Option<u64>, known: &Known, default: u64, what: &str) {
        let Some(rows) = rows else {
            self.unknown = true;
            return;
        };
        let (rate, from) = known.0.as_ref().map_or((default, String::new()), |(rate, from)| (*rate, format!(" ({from})")));
        self.guessed |= known.0.is_none();
        self.millis = self.millis.saturating_add(rows.saturating_mul(1_000).div_ceil(rate));
        let part = format!("{what} at {} rows/s{from}", grouped(rate));
        if !self.parts.contains(&part) {
            self.parts.push(part);
        }
    }

    /// Rows are converted.
    pub(super) fn backfill(&mut self, rows: Option<u64>) {
        self.add(rows, &Known::default(), BACKFILL, "conversion");
    }

    /// An index is built.
    pub(super) fn index(&mut self, rows: Option<u64>) {
        self.add(rows, &self.index.clone(), INDEX, "index");
    }

    /// Both forms are compared.
    pub(super) fn compare(&mut self, rows: Option<u64>) {
        self.add(rows, &self.compare.clone(), COMPARE, "comparison");
    }

    /// A constraint is validated.
    pub(super) fn validate(&mut self, rows: Option<u64>) {
        self.add(rows, &Known::default(), VALIDATE, "validation");
    }

    /// The estimate; `steps` of metadata count a second for all of them.
    pub(super) fn estimate(self, steps: usize) -> Estimate {
        let seconds = self.millis.div_ceil(1_000).max(u64::from(steps > 0));
        let mut from = if self.parts.is_empty() {
            "metadata only: a second or less".to_owned()
        } else {
            let source = match (self.guessed, self.index.0.is_some() || self.compare.0.is_some()) {
                (true, false) => "default rates, not measured on this system; ",
                (true, true) => "a rate without a source is a default, not measured on this system; ",
                (false, _) => "",
            };
            format!("{}; {source}`apply` shows the real one", self.parts.join(", "))
        };
        if self.unknown {
            from.push_str("; a table of unknown size is not in it");
        }
        Estimate { seconds, from }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_up_and_say_their_rate() {
        let mut work = Work::default();
        work.backfill(Some(30_001));
        work.backfill(Some(30_000));
        let estimate = work.estimate(2);
        assert_eq!(estimate.seconds, 3);
        assert!(estimate.from.starts_with("conversion at 30,000 rows/s; default rates,"), "{}", estimate.from);
    }

    #[test]
    fn a_rate_that_is_known_says_whose_it_is() {
        let index = Known(Some((1_000, "stated: spec rates.index".to_owned())));
        let mut work = Work { index: index.clone(), ..Work::default() };
        work.index(Some(5_000));
        let estimate = work.estimate(1);
        assert_eq!(estimate.seconds, 5);
        assert_eq!(estimate.from, "index at 1,000 rows/s (stated: spec rates.index); `apply` shows the real one");
        let mut both = Work { index, ..Work::default() };
        both.index(Some(1_000));
        both.backfill(Some(30_000));
        assert!(both.estimate(1).from.contains("a rate without a source is a default"));
    }

    #[test]
    fn an_unknown_size_is_no_made_up_number() {
        let mut work = Work::default();
        work.index(None);
        let estimate = work.estimate(1);
        assert_eq!(estimate.seconds, 1);
        assert!(estimate.from.contains("unknown size"), "{}", estimate.from);
        assert_eq!(Work::default().estimate(0).seconds, 0);
    }
}
