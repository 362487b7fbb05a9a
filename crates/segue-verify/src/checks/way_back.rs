//! Whether one can still go back, as a part of validation: a migration whose way back is closed did not pass.
//!
//! The answer comes from the run's journal; this file only judges it. Tests: below.

use segue_model::verify::CheckReport;

use super::{Draft, many};

/// What the run knows of its way back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WayBack {
    /// It can go back; `None`: nobody knows.
    pub possible: Option<bool>,
    /// Rows that going back would lose; `None`: nobody knows.
    pub rows_lost: Option<u64>,
    /// When it was last rehearsed, in words; `None`: never.
    pub rehearsed: Option<String>,
}

/// The check.
pub fn report(way: &WayBack) -> CheckReport {
    let mut draft = Draft::new("rollback", "rollback");
    match way.possible {
        Some(true) => draft.say("the run can go back"),
        Some(false) => draft.differs("the run cannot go back any more"),
        None => draft.unknown("nobody knows whether the run can go back"),
    }
    match way.rows_lost {
        Some(0) => draft.say("going back loses no row"),
        Some(rows) => draft.differs(format!("going back loses {}", many(rows, "row", "rows"))),
        None => draft.unknown("nobody knows how many rows going back would lose"),
    }
    match &way.rehearsed {
        Some(when) => draft.say(format!("it was rehearsed {when}")),
        None => draft.gap("whether it works: it was never rehearsed"),
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use segue_model::verify::Verdict;

    use super::*;

    #[test]
    fn a_closed_way_fails() {
        let open = WayBack { possible: Some(true), rows_lost: Some(0), rehearsed: Some("on 2026-11-20".to_owned()) };
        assert_eq!(report(&open).verdict, Verdict::Equal);
        assert_eq!(report(&WayBack { rows_lost: Some(1), ..open.clone() }).verdict, Verdict::Different);
        assert_eq!(report(&WayBack { possible: Some(false), ..open.clone() }).verdict, Verdict::Different);
        assert_eq!(report(&WayBack { possible: None, ..open.clone() }).verdict, Verdict::Undecided);
        assert_eq!(report(&WayBack { rehearsed: None, ..open }).not_compared.len(), 1);
    }
}
