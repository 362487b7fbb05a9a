//! Whether the counters of the target (sequences, identities, auto-increments) stand above what their columns hold.
//!
//! Streams and dumps of rows do not move them: the first insert after the cut-over then fails, or takes a key that is
//! there. A counter that the source has and the target has not is found too. Tests: below, and with real servers
//! `segue-sim/tests/it/checks/numbers.rs`.

use segue_engine::rows::{Ask, Counter};
use segue_model::ident::TableName;
use segue_model::verify::CheckReport;

use super::Draft;
use crate::{Side, VerifyError};

/// Per cent of a counter's values after which somebody should know.
const NEARLY_PERCENT: i128 = 80;

/// Reads the counters of both sides. `tables`: the names at the source and at the target.
pub async fn check(tables: &[(TableName, TableName)], source: &dyn Ask, target: &dyn Ask) -> Result<CheckReport, VerifyError> {
    let mut draft = Draft::new("counters", "sequence");
    let (left, right): (Vec<_>, Vec<_>) = tables.iter().cloned().unzip();
    let (left, right) = futures_util::future::join(source.counters(&left), target.counters(&right)).await;
    match (left, right) {
        (Ok(left), Ok(right)) => compare(tables, &left, &right, source.dialect() == "sqlite", &mut draft),
        (left, right) => {
            for (side, counters) in [(Side::Source, left), (Side::Target, right)] {
                if let Err(error) = counters {
                    draft.unanswered(side, "", error)?;
                }
            }
        }
    }
    Ok(draft.finish())
}

fn compare(tables: &[(TableName, TableName)], source: &[Counter], target: &[Counter], lite: bool, draft: &mut Draft) {
    for counter in target {
        stands(counter, draft);
    }
    for (left, right) in tables {
        for counter in source.iter().filter(|counter| counter.table == *left) {
            let there = target.iter().any(|other| other.table == *right && other.column.eq_ignore_ascii_case(&counter.column));
            if !there {
                draft.differs(format!(
                    "missing counter: {right}.{} has none, at the source it is filled by {}",
                    counter.column, counter.what
                ));
            }
        }
    }
    if source.is_empty() && target.is_empty() {
        draft.say("no column of either side is filled by a counter");
    }
    if lite {
        draft.gap("counters of SQLite tables without AUTOINCREMENT: they have none of their own");
    }
    draft.gap("sequences that no column's default calls");
}

/// The next value must be beyond what the column holds, and there must be one.
fn stands(counter: &Counter, draft: &mut Draft) {
    let place = format!("{}.{} ({})", counter.table, counter.column, counter.what);
    let Some(next) = counter.next else {
        draft.unknown(format!("{place}: the role may not read where it stands"));
        return;
    };
    let beyond = |a: i128, b: i128| if counter.down { a < b } else { a > b };
    if let Some(reached) = counter.reached
        && !beyond(next, reached)
    {
        let most = if counter.down { "smallest" } else { "largest" };
        draft.differs(format!("counter not above its column: {place} gives {next} next, the column's {most} value is {reached}"));
        return;
    }
    if let Some(limit) = counter.limit {
        if beyond(next, limit) {
            draft.differs(format!("counter used up: {place} has no value left, its last is {limit}"));
            return;
        }
        if next.abs().saturating_mul(100) > limit.abs().saturating_mul(NEARLY_PERCENT) && limit != 0 {
            draft.say(format!("{place}: more than {NEARLY_PERCENT}% of its values are used"));
        }
    }
    draft.say(format!("{place}: gives {next} next, above what the column holds"));
}

#[cfg(test)]
mod tests {
    use segue_model::verify::Verdict;

    use super::*;

    fn counter(next: Option<i128>, reached: Option<i128>, down: bool, limit: i128) -> Counter {
        let table = TableName::bare("t");
        Counter { table, column: "id".to_owned(), what: "sequence".to_owned(), next, down, reached, limit: Some(limit) }
    }

    fn check(counter: Counter, verdict: Verdict, word: &str) {
        let mut draft = Draft::new("counters", "sequence");
        stands(&counter, &mut draft);
        let report = draft.finish();
        assert_eq!(report.verdict, verdict, "{:?}", report.evidence);
        assert!(report.evidence.iter().any(|line| line.contains(word)), "{word}: {:?}", report.evidence);
    }

    #[test]
    fn the_next_value_is_beyond_the_column() {
        check(counter(Some(8), Some(7), false, 100), Verdict::Equal, "gives 8 next");
        check(counter(Some(7), Some(7), false, 100), Verdict::Different, "counter not above its column");
        check(counter(Some(1), None, false, 100), Verdict::Equal, "gives 1 next");
        check(counter(Some(-8), Some(-7), true, -100), Verdict::Equal, "gives -8 next");
        check(counter(Some(-7), Some(-7), true, -100), Verdict::Different, "smallest value is -7");
        check(counter(Some(101), Some(100), false, 100), Verdict::Different, "counter used up");
        check(counter(Some(90), Some(5), false, 100), Verdict::Equal, "more than 80%");
        check(counter(None, Some(5), false, 100), Verdict::Undecided, "may not read");
    }
}
