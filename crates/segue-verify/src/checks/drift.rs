//! What changed since a fingerprint that somebody stored, as a check: for a side on its own, or two that run in parallel.
//!
//! The fingerprint itself is made and compared in `fingerprint`; here its result becomes a verdict and words.
//! Tests: below.

use segue_model::verify::{CheckReport, Verdict};

use super::{Draft, many};
use crate::fingerprint::Drift;

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
    /// What a table's fingerprint says of it now.
    pub fn of(table: impl Into<String>, drift: &Drift) -> Self {
        let rows = format!("{} then, {} now", many(drift.rows_then, "row", "rows"), drift.rows_now);
        let (verdict, seen) = if !drift.ranges.is_empty() {
            let ranges = many(drift.ranges.len() as u64, "range of its key is", "ranges of its key are");
            (Verdict::Different, format!("{ranges} not what they were; {rows}"))
        } else if let Some(why) = drift.columns.first() {
            (Verdict::Undecided, why.clone())
        } else {
            (Verdict::Equal, format!("it is what it was; {rows}"))
        };
        Self { table: table.into(), verdict, seen }
    }
}

/// The check of these tables. `against`: what they were compared with, in words (`the fingerprint of 2026-11-21`).
pub fn report(against: &str, tables: &[Drifted]) -> CheckReport {
    let mut draft = Draft::new("drift", "drift");
    if tables.is_empty() {
        draft.unknown(format!("{against} holds no tables"));
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
        let found = report("a fingerprint", &[table("a", Verdict::Equal), table("b", Verdict::Different)]);
        assert_eq!((found.verdict, found.evidence[0].as_str()), (Verdict::Different, "b: 7 rows"));
        assert_eq!(report("a fingerprint", &[table("a", Verdict::Equal)]).verdict, Verdict::Equal);
        assert_eq!(report("a fingerprint", &[]).verdict, Verdict::Undecided);
        let gone = Drift { columns: vec!["column `a` is gone".to_owned()], ..Drift::default() };
        assert_eq!(Drifted::of("t", &gone).verdict, Verdict::Undecided);
        assert_eq!(Drifted::of("t", &Drift::default()).seen, "it is what it was; 0 rows then, 0 now");
    }
}
