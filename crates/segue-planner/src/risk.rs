//! The risk level of a plan and of its phases, by stated rules, each with its reason.
//!
//! Levels are `low`, `medium`, `high`; a critical finding stops the plan before a level is asked for. Tests: below.

use segue_model::finding::Severity;

/// A backfill above this many rows is of high risk by itself: it takes minutes to hours on a live table.
pub(crate) const MANY_ROWS: u64 = 10_000_000;
/// A backfill above this many rows is of medium risk.
pub(crate) const SOME_ROWS: u64 = 1_000_000;

/// A level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Low,
    Medium,
    High,
}

impl Level {
    /// The word of the plan's JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What the rules look at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Rows of the largest table that is backfilled; `None` where none is.
    pub(crate) backfill_rows: Option<u64>,
    /// Tables that lose a form at `contract`.
    pub(crate) contracted: usize,
    /// Columns and indexes that go for good.
    pub(crate) dropped: usize,
    /// Tables that go for good.
    pub(crate) dropped_tables: usize,
    /// How long writers stop at `contract`.
    pub(crate) pause_ms: u64,
    /// The lock wait that the spec allows anyway: a pause no longer than that is no risk of its own.
    pub(crate) lock_wait_ms: u64,
    /// The worst finding.
    pub(crate) worst: Option<Severity>,
}

/// The plan's level and every reason for it, worst first.
pub(crate) fn of_plan(facts: &Facts) -> (Level, Vec<(Level, String)>) {
    let mut reasons = Vec::new();
    let mut say = |level, text: String| reasons.push((level, text));
    if facts.dropped_tables > 0 {
        say(Level::High, format!("{} dropped at contract, with all rows", count(facts.dropped_tables, "table")));
    }
    if facts.pause_ms > facts.lock_wait_ms {
        say(Level::High, format!("writers stop for about {} ms at contract", facts.pause_ms));
    }
    match facts.worst {
        Some(Severity::High | Severity::Critical) => say(Level::High, "a finding of high severity".to_owned()),
        Some(Severity::Medium) => say(Level::Medium, "a finding of medium severity".to_owned()),
        _ => {}
    }
    match facts.backfill_rows {
        Some(rows) if rows > MANY_ROWS => {
            say(Level::High, format!("a backfill of {}, above {MANY_ROWS}", crate::estimate::words::count(rows, "row")));
        }
        Some(rows) => say(Level::Medium, format!("a backfill of {} on a live table", crate::estimate::words::count(rows, "row"))),
        None => {}
    }
    if facts.dropped > 0 {
        say(Level::Medium, format!("{} dropped at contract", count(facts.dropped, "object")));
    }
    if facts.contracted > 0 {
        say(Level::Medium, format!("the old form of {} goes at contract, for good", count(facts.contracted, "table")));
    }
    reasons.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    let level = reasons.first().map_or(Level::Low, |(level, _)| *level);
    (level, reasons)
}

/// A phase's level.
pub(crate) fn of_phase(phase: &str, facts: &Facts) -> Level {
    match phase {
        "backfill" => match facts.backfill_rows {
            Some(rows) if rows > MANY_ROWS => Level::High,
            Some(rows) if rows > SOME_ROWS => Level::Medium,
            _ => Level::Low,
        },
        "contract" if facts.pause_ms > facts.lock_wait_ms || facts.dropped_tables > 0 => Level::High,
        "contract" if facts.contracted > 0 || facts.dropped > 0 => Level::Medium,
        _ => Level::Low,
    }
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_reason_decides_and_stands_first() {
        assert_eq!(of_plan(&Facts::default()), (Level::Low, Vec::new()));
        let facts = Facts { backfill_rows: Some(5), pause_ms: 40, contracted: 1, ..Facts::default() };
        let (level, reasons) = of_plan(&facts);
        assert_eq!(level, Level::High);
        assert!(reasons[0].1.contains("40 ms"), "{reasons:?}");
        assert_eq!(reasons.len(), 3);
        assert_eq!(of_plan(&Facts { backfill_rows: Some(5), ..Facts::default() }).0, Level::Medium);
        assert_eq!(of_plan(&Facts { backfill_rows: Some(MANY_ROWS + 1), ..Facts::default() }).0, Level::High);
    }

    #[test]
    fn a_phase_has_its_own_level() {
        let facts = Facts { backfill_rows: Some(SOME_ROWS + 1), contracted: 1, ..Facts::default() };
        assert_eq!(of_phase("backfill", &facts), Level::Medium);
        assert_eq!(of_phase("contract", &facts), Level::Medium);
        assert_eq!(of_phase("expand", &facts), Level::Low);
    }
}
