//! Estimates of machine time from row counts and stated default rates.
//!
//! A figure always says where it comes from; a rate that nobody measured on this system says so. Tests: below.

use segue_model::plan::Estimate;

/// Rows a second that a backfill converts. 22,000 to 52,000 were measured on PostgreSQL 15 on 2 cores.
const BACKFILL: u64 = 30_000;
/// Rows a second that an index takes in; a cautious default.
const INDEX: u64 = 200_000;
/// Rows a second whose two forms are compared; a cautious default.
const COMPARE: u64 = 50_000;
/// Rows a second that a constraint's validation reads; a cautious default.
const VALIDATE: u64 = 500_000;

/// What a phase does with rows.
#[derive(Debug, Default)]
pub(super) struct Work {
    millis: u64,
    parts: Vec<String>,
    unknown: bool,
}

impl Work {
    fn add(&mut self, rows: Option<u64>, rate: u64, what: &str) {
        let Some(rows) = rows else {
            self.unknown = true;
            return;
        };
        self.millis = self.millis.saturating_add(rows.saturating_mul(1_000).div_ceil(rate));
        let part = format!("{what} at {rate} rows/s");
        if !self.parts.contains(&part) {
            self.parts.push(part);
        }
    }

    /// Rows are converted.
    pub(super) fn backfill(&mut self, rows: Option<u64>) {
        self.add(rows, BACKFILL, "conversion");
    }

    /// An index is built.
    pub(super) fn index(&mut self, rows: Option<u64>) {
        self.add(rows, INDEX, "index");
    }

    /// Both forms are compared.
    pub(super) fn compare(&mut self, rows: Option<u64>) {
        self.add(rows, COMPARE, "comparison");
    }

    /// A constraint is validated.
    pub(super) fn validate(&mut self, rows: Option<u64>) {
        self.add(rows, VALIDATE, "validation");
    }

    /// The estimate; `steps` of metadata count a second for all of them.
    pub(super) fn estimate(self, steps: usize) -> Estimate {
        let seconds = self.millis.div_ceil(1_000).max(u64::from(steps > 0));
        let mut from = if self.parts.is_empty() {
            "metadata only: a second or less".to_owned()
        } else {
            format!("{}; default rates, not measured on this system; `apply` shows the real one", self.parts.join(", "))
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
        assert!(estimate.from.starts_with("conversion at 30000 rows/s;"), "{}", estimate.from);
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
