//! The line of progress of a comparison: table, rows of both sides, rows a second, time to go, rows that differ.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use segue_verify::Progress;

use super::pace::Tell;
use crate::show::Show;

/// The line; nothing is drawn off a terminal.
pub(crate) struct Line {
    bar: Option<ProgressBar>,
    began: Instant,
}

impl Line {
    /// A line, where one may be drawn.
    pub(crate) fn new(show: &Show) -> Self {
        Self { bar: show.bar(), began: Instant::now() }
    }

    /// The next table.
    pub(crate) fn begin(&mut self) {
        self.began = Instant::now();
    }

    /// A table got further.
    pub(crate) fn progress(&self, table: &str, progress: Progress) {
        let Some(bar) = &self.bar else { return };
        bar.set_message(crate::show::visible(&words(table, progress, self.began.elapsed())));
    }

    /// Something is done that takes a while.
    pub(crate) fn doing(&self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(crate::show::visible(what));
        }
    }

    /// Tells why nothing goes on for a while: on the line; where none is drawn, once for each reason.
    pub(crate) fn waits(&self, show: &Show) -> Tell {
        let (bar, show, told) = (self.bar.clone(), show.clone(), Mutex::new(BTreeSet::new()));
        Box::new(move |why| {
            if let Some(bar) = &bar {
                bar.set_message(crate::show::visible(why));
                return;
            }
            // The figures change all the time; what is waited for does not.
            let what = why.split(" is ").next().unwrap_or(why).to_owned();
            if told.lock().is_ok_and(|mut told| told.insert(what)) {
                show.say(why);
            }
        })
    }

    /// The end.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// `shop.orders: 120000 of about 500000 rows, 410000 rows/s, 1 s to go, 3 differ`.
fn words(table: &str, progress: Progress, elapsed: Duration) -> String {
    let done = progress.source.max(progress.target);
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let a_second = done.saturating_mul(1_000) / millis;
    let mut out = format!("{table}: {done} of about {} rows, {a_second} rows/s", progress.total.max(done));
    if a_second > 0 && progress.total > done {
        out.push_str(&format!(", {} s to go", (progress.total - done).div_ceil(a_second)));
    }
    if progress.different > 0 {
        out.push_str(&format!(", {} differ", progress.different));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_long_it_will_take() {
        let progress = Progress { source: 500, target: 400, total: 2_000, different: 3, ..Progress::default() };
        let said = words("t", progress, Duration::from_secs(1));
        assert_eq!(said, "t: 500 of about 2000 rows, 500 rows/s, 3 s to go, 3 differ");
    }
}
