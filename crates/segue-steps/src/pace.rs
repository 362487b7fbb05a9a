//! Pacing: how many rows a batch has, and when the backfill must wait for others.
//!
//! Pure. The batch is sized by time, in proportion to how long the last one took, by a factor of two at most.
//! Tests: below.

use std::collections::VecDeque;

use segue_engine::Load;
use segue_journal::StepError;
use segue_model::plan::Throttle;

/// Rows of the first batch: short on any table.
pub const FIRST_ROWS: u64 = 500;
/// The fewest rows of a batch: below, the cost of a transaction rules.
pub const LEAST_ROWS: u64 = 50;
/// The most rows of a batch: bounds a transaction's locks and its undo.
pub const MOST_ROWS: u64 = 50_000;
/// The window over which the rate is measured, in milliseconds.
const WINDOW_MS: i64 = 10_000;

/// The rows of the next batch, after one of `rows` took `took_ms`.
pub fn next_rows(rows: u64, took_ms: u64, target_ms: u64) -> u64 {
    let next = rows.saturating_mul(target_ms) / took_ms.max(1);
    let next = next.clamp(rows / 2, rows.saturating_mul(2));
    next.clamp(LEAST_ROWS, MOST_ROWS)
}

/// Why the backfill must wait now; `None` when it need not. A figure that the engine does not give is an error:
/// a limit that is never looked at is worse than none.
pub fn wait_reason(load: &Load, throttle: &Throttle) -> Result<Option<String>, StepError> {
    if let Some(lag) = load.replication_lag_ms
        && lag > throttle.max_replication_lag_ms
    {
        return Ok(Some(format!("a replica is {lag} ms behind (at most {})", throttle.max_replication_lag_ms)));
    }
    for (name, most) in &throttle.max_load {
        let Some(now) = load.figures.get(name) else {
            let known: Vec<&str> = load.figures.keys().map(String::as_str).collect();
            return Err(StepError::new("SG-RUN-015", format!("throttle.max_load names `{name}`, which this database does not tell"))
                .help(format!("it tells: {}", if known.is_empty() { "nothing".to_owned() } else { known.join(", ") })));
        };
        if now > most {
            return Ok(Some(format!("{name} is {now} (at most {most})")));
        }
    }
    if load.wal_bytes > throttle.max_wal_bytes {
        return Ok(Some(format!("{} bytes of write-ahead log have piled up (at most {})", load.wal_bytes, throttle.max_wal_bytes)));
    }
    Ok(None)
}

/// Rows a second over the last ten seconds.
#[derive(Debug, Default)]
pub struct Rate {
    seen: VecDeque<(i64, u64)>,
}

impl Rate {
    /// So many rows were done in all by now; gives the rate, 0 while it cannot be told.
    pub fn at(&mut self, now_ms: i64, rows_done: u64) -> u64 {
        self.seen.push_back((now_ms, rows_done));
        while self.seen.len() > 2 && self.seen.front().is_some_and(|(at, _)| now_ms - at > WINDOW_MS) {
            self.seen.pop_front();
        }
        let Some((first_ms, first_rows)) = self.seen.front().copied() else { return 0 };
        match u64::try_from(now_ms - first_ms) {
            Ok(ms) if ms > 0 => rows_done.saturating_sub(first_rows) * 1_000 / ms,
            _ => 0,
        }
    }
}

/// Seconds to go at a rate; `None` while nobody can tell.
pub fn eta_s(rows_done: u64, rows_total: u64, rows_per_s: u64) -> Option<u64> {
    (rows_per_s > 0).then(|| rows_total.saturating_sub(rows_done).div_ceil(rows_per_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_batch_finds_its_time() {
        // A table that does 10 rows a millisecond, then 1: the batch settles within the band around the target.
        let mut rows = FIRST_ROWS;
        for rate in [10, 1] {
            for _ in 0..20 {
                rows = next_rows(rows, rows / rate, 200);
            }
            let took = rows / rate;
            assert!((100..=300).contains(&took), "{rows} rows take {took} ms");
        }
        assert_eq!(next_rows(MOST_ROWS, 0, 200), MOST_ROWS);
        assert_eq!(next_rows(LEAST_ROWS, 9_999, 200), LEAST_ROWS);
    }

    #[test]
    fn every_limit_makes_it_wait() {
        let mut throttle = Throttle::default();
        throttle.max_load.insert("threads_running".to_owned(), 40);
        let mut load = Load::default();
        load.figures.insert("threads_running".to_owned(), 40);
        assert_eq!(wait_reason(&load, &throttle).expect("known figure"), None);
        load.figures.insert("threads_running".to_owned(), 41);
        assert_eq!(wait_reason(&load, &throttle).expect("known figure").as_deref(), Some("threads_running is 41 (at most 40)"));
        load.replication_lag_ms = Some(5_001);
        assert!(wait_reason(&load, &throttle).expect("known figure").expect("waits").contains("5001 ms behind"));
        let full = Load { wal_bytes: throttle.max_wal_bytes + 1, ..Load::default() };
        throttle.max_load.clear();
        assert!(wait_reason(&full, &throttle).expect("no figure").expect("waits").contains("write-ahead"));
    }

    #[test]
    fn a_figure_that_nobody_tells_is_refused() {
        let mut throttle = Throttle::default();
        throttle.max_load.insert("thread_running".to_owned(), 40);
        assert_eq!(wait_reason(&Load::default(), &throttle).expect_err("unknown").code, "SG-RUN-015");
    }

    #[test]
    fn the_rate_is_of_the_last_while() {
        let mut rate = Rate::default();
        assert_eq!(rate.at(0, 0), 0);
        assert_eq!(rate.at(1_000, 100), 100);
        assert_eq!(rate.at(11_500, 100), 0, "nothing in the last ten seconds and a half");
        assert_eq!(eta_s(100, 400, 100), Some(3));
        assert_eq!(eta_s(100, 400, 0), None);
    }
}
