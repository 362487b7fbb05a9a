//! The same queries on both sides, timed: after a warm-up, in turns, several times each.
//!
//! Turns keep a busy minute from falling on one side alone. The median decides, and only where it is beyond what the
//! runs themselves scatter; where they scatter too much, nobody knows, and that is said. Tests: below,
//! `tests/it/checks/asked.rs`, and with real servers `segue-sim/tests/it/checks/numbers.rs`.

use segue_engine::rows::{Ask, Question};
use segue_model::verify::CheckReport;

use super::Draft;
use super::queries::QueryOptions;
use crate::{Side, VerifyError};

/// A query to time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// Its name.
    pub name: String,
    /// What the source is asked.
    pub source: String,
    /// What the target is asked.
    pub target: String,
}

/// How it is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Runs a side that count.
    pub runs: usize,
    /// Runs a side before them, that do not.
    pub warm_up: usize,
    /// How much slower the target may be, in thousandths of a per cent.
    pub slower_milli: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Self { runs: 9, warm_up: 2, slower_milli: 10_000 }
    }
}

/// Times each query on both sides.
pub async fn check(
    queries: &[Timed],
    source: &dyn Ask,
    target: &dyn Ask,
    timing: &Timing,
    options: &QueryOptions,
) -> Result<CheckReport, VerifyError> {
    let mut draft = Draft::new("performance", "performance");
    for query in queries {
        let question = |sql: &str| Question { rows_max: options.rows_max, time_ms_max: options.time_ms_max, ..Question::new(sql) };
        let (left, right) = (question(&query.source), question(&query.target));
        let (mut source_us, mut target_us) = (Vec::new(), Vec::new());
        let mut whole = true;
        'runs: for run in 0..timing.warm_up + timing.runs {
            // The side that goes first changes with each turn.
            let mut turn = [(Side::Source, source, &left), (Side::Target, target, &right)];
            if run % 2 == 1 {
                turn.reverse();
            }
            for (side, asked, question) in turn {
                match asked.ask(question).await {
                    Ok(answer) if run >= timing.warm_up => match side {
                        Side::Source => source_us.push(answer.took_us),
                        Side::Target => target_us.push(answer.took_us),
                    },
                    Ok(_) => {}
                    Err(error) => {
                        draft.unanswered(side, &query.name, error)?;
                        whole = false;
                        break 'runs;
                    }
                }
            }
        }
        if whole {
            judge(&query.name, &mut source_us, &mut target_us, timing, &mut draft);
        }
    }
    Ok(draft.finish())
}

/// What the middle half of the runs took.
struct Middle {
    low: u64,
    median: u64,
    high: u64,
}

fn middle(runs: &mut [u64]) -> Option<Middle> {
    runs.sort_unstable();
    let at = |share: usize| runs.get((runs.len().checked_sub(1)?) * share / 4).copied();
    Some(Middle { low: at(1)?, median: at(2)?, high: at(3)? })
}

fn judge(name: &str, source: &mut [u64], target: &mut [u64], timing: &Timing, draft: &mut Draft) {
    let (Some(old), Some(new)) = (middle(source), middle(target)) else {
        draft.unknown(format!("{name}: it was not run"));
        return;
    };
    let figures = format!(
        "{name}: median {} at the source (middle half {} to {}), {} at the target ({} to {}), {} runs",
        ms(old.median),
        ms(old.low),
        ms(old.high),
        ms(new.median),
        ms(new.low),
        ms(new.high),
        source.len()
    );
    let allowed = |us: u64| u128::from(us) * (100_000 + u128::from(timing.slower_milli)) / 100_000;
    if u128::from(new.median) <= allowed(old.median) {
        draft.say(format!("{figures}: not slower than is allowed"));
    } else if u128::from(new.low) > allowed(old.high) {
        draft.differs(format!("{figures}: slower"));
    } else {
        draft.unknown(format!("{figures}: slower in the middle, and the runs scatter as much: run it more often"));
    }
}

/// `12.345 ms`.
fn ms(us: u64) -> String {
    format!("{}.{:03} ms", us / 1000, us % 1000)
}

#[cfg(test)]
mod tests {
    use segue_model::verify::Verdict;

    use super::*;

    fn check(source: &[u64], target: &[u64], verdict: Verdict) {
        let mut draft = Draft::new("performance", "performance");
        judge("q", &mut source.to_vec(), &mut target.to_vec(), &Timing::default(), &mut draft);
        let report = draft.finish();
        assert_eq!(report.verdict, verdict, "{:?}", report.evidence);
    }

    #[test]
    fn slower_is_worse_and_faster_is_not() {
        check(&[1000; 9], &[1100; 9], Verdict::Equal);
        check(&[1000; 9], &[1101; 9], Verdict::Different);
        check(&[1000; 9], &[10; 9], Verdict::Equal);
        check(
            &[100, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 9000],
            &[1000, 1000, 1000, 1000, 1050, 1000, 1000, 1000, 99_000],
            Verdict::Equal,
        );
    }

    #[test]
    fn what_scatters_is_not_known() {
        check(
            &[500, 800, 900, 1000, 1000, 1100, 2000, 2500, 3000],
            &[600, 900, 1000, 1200, 1400, 2000, 2600, 2700, 4000],
            Verdict::Undecided,
        );
        check(&[], &[], Verdict::Undecided);
    }

    #[test]
    fn times_are_read_by_people() {
        assert_eq!(ms(12_345), "12.345 ms");
        assert_eq!(ms(7), "0.007 ms");
    }
}
