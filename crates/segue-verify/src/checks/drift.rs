//! What changed since a fingerprint that somebody stored, as a check: for a side on its own, or two that run in parallel.
//!
//! The fingerprint itself is made and compared in `fingerprint`; here its result becomes a verdict and words.
//! Tests: below.

use segue_model::units::grouped;
use segue_model::verify::{CheckReport, Verdict};

use super::Draft;
use crate::fingerprint::{Drift, RangeDrift};

/// Ranges that are named.
const RANGES_NAMED: usize = 5;

/// What became of a table since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drifted {
    /// The table.
    pub table: String,
    /// Whether it is what it was.
    pub verdict: Verdict,
    /// What was seen, in one sentence that holds no value.
    pub seen: String,
}

impl Drifted {
    /// What a table's fingerprint says of it now. `form`: its columns are known to be others than they were.
    pub fn of(table: impl Into<String>, drift: &Drift, form: bool) -> Self {
        let rows = if drift.rows_then == drift.rows_now {
            rows(drift.rows_now)
        } else {
            format!("{} then, {} now", rows(drift.rows_then), grouped(drift.rows_now))
        };
        let (verdict, seen) = match (drift.columns.is_empty(), drift.ranges.is_empty()) {
            (false, _) => {
                let verdict = if form { Verdict::Different } else { Verdict::Undecided };
                (verdict, format!("{}; its rows were not compared", drift.columns.join("; ")))
            }
            (true, true) => (Verdict::Equal, format!("{rows}, as they were")),
            (true, false) => (Verdict::Different, format!("{rows}; {}", ranges(&drift.ranges))),
        };
        Self { table: table.into(), verdict, seen }
    }
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(count)) }
}

/// Which parts of the key have other rows.
fn ranges(all: &[RangeDrift]) -> String {
    let said = |one: &RangeDrift| match (&one.from, &one.below) {
        (None, None) => None,
        (None, Some(below)) => Some(format!("below {below}")),
        (Some(from), None) => Some(format!("from {from} on")),
        (Some(from), Some(below)) => Some(format!("from {from} to below {below}")),
    };
    let some: Option<Vec<String>> = all.iter().take(RANGES_NAMED).map(said).collect();
    let Some(some) = some else { return "not the rows that they were".to_owned() };
    let more = if all.len() > RANGES_NAMED { format!(" and {} more", all.len() - RANGES_NAMED) } else { String::new() };
    format!("other rows where the key is {}{more}", some.join(", "))
}

/// The check of these tables. `against`: what they were compared with, in words (`the fingerprint of 2026-11-21`).
/// `gaps`: what was not compared with it.
pub fn report(against: &str, tables: &[Drifted], gaps: Vec<String>) -> CheckReport {
    let mut draft = Draft::new("drift", "drift");
    if tables.is_empty() {
        draft.unknown(format!("nothing was compared with {against}"));
    }
    for gap in gaps {
        draft.gap(gap);
    }
    for table in tables {
        let sentence = format!("{}: {}", table.table, table.seen);
        match table.verdict {
            Verdict::Equal => draft.say(sentence),
            Verdict::Different => draft.differs(sentence),
            Verdict::Undecided => draft.unknown(sentence),
        }
    }
    draft.say(format!("compared with {against}"));
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_table_that_moved_is_named_first() {
        let table = |name: &str, verdict| Drifted { table: name.to_owned(), verdict, seen: "7 rows".to_owned() };
        let found = report("a fingerprint", &[table("a", Verdict::Equal), table("b", Verdict::Different)], Vec::new());
        assert_eq!((found.verdict, found.evidence[0].as_str()), (Verdict::Different, "b: 7 rows"));
        let found = report("a fingerprint", &[table("a", Verdict::Equal)], vec!["b: it was left out".to_owned()]);
        assert_eq!((found.verdict, found.not_compared.len()), (Verdict::Equal, 1));
        assert_eq!(report("a fingerprint", &[], Vec::new()).verdict, Verdict::Undecided, "nothing compared is never equal");
    }

    #[test]
    fn drift_is_said_with_its_place() {
        let range = |from: Option<&str>, below: Option<&str>| RangeDrift {
            from: from.map(str::to_owned),
            below: below.map(str::to_owned),
            rows_then: 1,
            rows_now: 1,
        };
        let of = |drift: &Drift, form| Drifted::of("t", drift, form);
        assert_eq!(of(&Drift { rows_then: 1, rows_now: 1, ..Drift::default() }, false).seen, "1 row, as they were");
        let drift = Drift { rows_then: 19_998, rows_now: 19_977, ranges: vec![range(None, None)], ..Drift::default() };
        assert_eq!(of(&drift, false).seen, "19,998 rows then, 19,977 now; not the rows that they were");
        let all = [(None, Some("10")), (Some("20"), Some("30")), (Some("90"), None)];
        let drift = Drift { ranges: all.iter().map(|(from, below)| range(*from, *below)).collect(), ..Drift::default() };
        assert_eq!(of(&drift, false).seen, "0 rows; other rows where the key is below 10, from 20 to below 30, from 90 on");
        let gone = Drift { columns: vec!["column a is not there any more".to_owned()], ..Drift::default() };
        assert_eq!((of(&gone, false).verdict, of(&gone, true).verdict), (Verdict::Undecided, Verdict::Different));
    }
}
