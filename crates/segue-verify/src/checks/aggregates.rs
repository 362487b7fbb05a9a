//! Sums, counts, smallest and largest values and numbers of different values of each column, on both sides.
//!
//! Sums are exact decimals; an average is the sum by the count, so that it agrees when both do. What a side can only
//! compute through floats is not compared and said. Aggregates that agree are not rows that agree (T3). Tests:
//! `segue-sim/tests/it/checks/numbers.rs`, with real servers.

use segue_engine::rows::{Answer, Ask, Class, Datum, Measure, Measured, Probe, Question, Read};
use segue_model::verify::CheckReport;

use super::queries::QueryOptions;
use super::{Draft, cell};
use crate::{Side, TablePair, VerifyError};

/// Columns of one query: servers have a limit, and a wide table would come near it.
const MEASURES: usize = 200;

/// A measure of a column, by its place in the read.
type Planned = (usize, Measure);

/// Asks both sides for the aggregates of each table. The snapshot of a row comparison is another moment.
pub async fn check(pairs: &[TablePair], source: &dyn Ask, target: &dyn Ask, options: &QueryOptions) -> Result<CheckReport, VerifyError> {
    let mut draft = Draft::new("aggregates", "aggregate");
    draft.gap("which value belongs to which row: aggregates that agree are not rows that agree");
    for pair in pairs {
        let planned = plan(pair, source.dialect(), target.dialect(), &mut draft);
        let (before, mut compared) = (draft.clone(), 0);
        for part in parts(&planned) {
            let (left, right) = (question(source, &pair.source, part, options), question(target, &pair.target, part, options));
            let (left, right) = futures_util::future::join(source.ask(&left), target.ask(&right)).await;
            match (left, right) {
                (Ok(left), Ok(right)) => compared += compare(pair, part, &left, &right, options.show_values, &mut draft),
                (left, right) => {
                    for (side, answer) in [(Side::Source, left), (Side::Target, right)] {
                        if let Err(error) = answer {
                            draft.unanswered(side, &pair.source.table.to_string(), error)?;
                        }
                    }
                }
            }
        }
        if draft.failed == before.failed && draft.unknown == before.unknown {
            draft.say(format!("{}: {compared} aggregates of {} columns agree", pair.source.table, pair.names.len()));
        }
    }
    Ok(draft.finish())
}

fn parts(planned: &[Planned]) -> Vec<&[Planned]> {
    // A table of which nothing can be measured is still counted.
    if planned.is_empty() { vec![planned] } else { planned.chunks(MEASURES).collect() }
}

fn plan(pair: &TablePair, source: &str, target: &str, draft: &mut Draft) -> Vec<Planned> {
    let mut out = Vec::new();
    let lite = source == "sqlite" || target == "sqlite";
    for (at, column) in pair.source.columns.iter().enumerate() {
        let place = format!("{}.{}", pair.source.table, pair.names[at]);
        let all = Measure::of(&column.class);
        if all.len() == 1 {
            draft.gap(format!("{place}: only values that are not NULL are counted of its class ({})", column.class));
        }
        if column.class == Class::Float {
            draft.gap(format!("{place}: sums of floats depend on their order"));
        }
        for what in all {
            // SQLite keeps decimals as floats, and moments as text in more than one spelling.
            let inexact = lite
                && match what {
                    Measure::Sum => column.class != Class::Integer,
                    Measure::Distinct => column.class != Class::Integer && column.class != Class::Text,
                    _ => false,
                };
            if inexact {
                draft.gap(format!("{place}: SQLite gives no exact {}", what.word()));
            } else {
                out.push((at, *what));
            }
        }
    }
    out
}

fn question(side: &dyn Ask, read: &Read, part: &[Planned], options: &QueryOptions) -> Question {
    let of = part.iter().map(|(at, what)| Measured::of(&read.columns[*at], *what)).collect();
    let probe = Probe::Tally { table: read.table.clone(), filter: read.filter.clone(), of };
    Question { time_ms_max: options.time_ms_max, ..Question::new(side.sql(&probe)) }
}

/// How many agree. What does not is in the draft.
fn compare(pair: &TablePair, part: &[Planned], source: &Answer, target: &Answer, show: bool, draft: &mut Draft) -> usize {
    let (Some(left), Some(right)) = (only_row(source, part.len()), only_row(target, part.len())) else {
        draft.unknown(format!("{}: an answer could not be read back", pair.source.table));
        return 0;
    };
    let mut agree = 0;
    if cell::same(&left[0], &right[0], None) {
        agree += 1;
    } else {
        let (left, right) = (left[0].show(), right[0].show());
        draft.differs(format!("{}: {left} rows at the source, {right} at the target", pair.source.table));
    }
    for ((at, what), (left, right)) in part.iter().zip(left.iter().zip(&right).skip(1)) {
        // The truth of one side may be the number of the other; a text of SQLite the moment of a server.
        if cell::same(left, right, None) {
            agree += 1;
            continue;
        }
        let place = format!("{}.{}: {}", pair.source.table, pair.names[*at], what.word());
        // The smallest and the largest are values of rows; the sum of one row is too.
        let counted = matches!(what, Measure::Count | Measure::Distinct | Measure::Bytes | Measure::Octets | Measure::True);
        if show || counted {
            draft.differs(format!("{place}: {} at the source, {} at the target", left.show(), right.show()));
        } else {
            draft.differs(format!("{place}: they differ"));
        }
    }
    agree
}

fn only_row(answer: &Answer, measures: usize) -> Option<Vec<Datum>> {
    let [row] = answer.rows.as_slice() else { return None };
    Datum::row(row).ok().filter(|row| row.len() == measures + 1)
}
