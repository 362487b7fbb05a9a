//! Whether one can still go back, as a part of validation: a migration whose way back is closed, or would lose what
//! somebody wrote, did not pass.
//!
//! The answer comes from the run's journal, its database and its rehearsals; this file only judges it. A way back that
//! nobody went is not called tested. Tests: below, and `segue/tests/it/exit_codes.rs` with a run.

use segue_model::units::grouped;
use segue_model::verify::CheckReport;

use super::Draft;

/// What the run knows of its way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    /// Why it cannot go back any more, in one sentence; `None`: it can.
    pub closed: Option<String>,
    /// What going back would lose; an error in words where nobody knows.
    pub lost: Result<Lost, String>,
    /// When it was last rehearsed, in words; `None`: never.
    pub rehearsed: Option<String>,
}

/// What going back would lose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lost {
    /// Rows.
    pub rows: u64,
    /// Values of columns that only the new form has.
    pub values: u64,
    /// Which, in words.
    pub what: Vec<String>,
}

/// The check.
pub fn report(way: &WayBack) -> CheckReport {
    let mut draft = Draft::new("rollback", "rollback");
    if let Some(why) = &way.closed {
        draft.differs(format!("the run cannot go back: {why}"));
        return draft.finish();
    }
    draft.say("the run can go back: no step that cannot be undone has begun");
    match &way.lost {
        Ok(lost) if lost.rows + lost.values == 0 => draft.say("going back loses no row and no value"),
        Ok(lost) => {
            draft.differs(format!("going back loses {} rows and {} values of the new form", grouped(lost.rows), grouped(lost.values)));
            for what in &lost.what {
                draft.differs(what);
            }
        }
        Err(why) => draft.unknown(format!("nobody knows what going back would lose: {why}")),
    }
    match &way.rehearsed {
        Some(when) => draft.say(format!("it was gone in a rehearsal: {when}")),
        None => draft.gap("whether it works: nobody rehearsed this plan (segue rehearse)"),
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use segue_model::verify::Verdict;

    use super::*;

    #[test]
    fn a_way_that_is_closed_or_loses_fails() {
        let open = WayBack { closed: None, lost: Ok(Lost::default()), rehearsed: Some("2026-11-20".to_owned()) };
        assert_eq!((report(&open).verdict, report(&open).not_compared.len()), (Verdict::Equal, 0));
        let lost = |rows, values| Ok(Lost { rows, values, what: vec!["which".to_owned()] });
        for lost in [lost(1, 0), lost(0, 1)] {
            let found = report(&WayBack { lost, ..open.clone() });
            assert_eq!((found.verdict, found.evidence[1].as_str()), (Verdict::Different, "which"));
        }
        let closed = WayBack { closed: Some("`contract` has begun".to_owned()), ..open.clone() };
        assert_eq!(report(&closed).verdict, Verdict::Different);
        assert_eq!(report(&WayBack { lost: Err("no connection".to_owned()), ..open.clone() }).verdict, Verdict::Undecided);
        assert_eq!(report(&WayBack { rehearsed: None, ..open }).not_compared.len(), 1);
    }
}
