//! The weeks and months after it: document 001, and the cleaning up of document 002.
//!
//! Tests: `tests/it/checklist_lists.rs`.

use super::evidence::none;
use super::facts::{Facts, by_people, database_by_people, old_side, traffic};
use super::{List, Row};

fn code(facts: &Facts<'_>) -> bool {
    by_people(facts)
        && ["code", "framework", "language", "library", "runtime", "driver", "api", "service"].iter().any(|kind| facts.is(kind))
}

fn code_and_traffic(facts: &Facts<'_>) -> bool {
    traffic(facts) && code(facts)
}

/// Week 1.
pub(super) const WEEK_1: List = List {
    id: "week-1",
    title: "Week 1",
    rows: &[
        Row {
            slug: "watch",
            what: "The figures are looked at each day",
            owner: "oncall",
            must: false,
            at_min: Some(10_080),
            how: "a line a day in the log",
            from: "document 001, Week 1",
            applies: by_people,
            evidence: none,
        },
        Row {
            slug: "bugs",
            what: "What users and logs report is mended",
            owner: "developer",
            must: false,
            at_min: Some(10_080),
            how: "no open ticket of high severity",
            from: "document 001, Week 1",
            applies: by_people,
            evidence: none,
        },
        Row {
            slug: "slow-queries",
            what: "Slow queries are mended",
            owner: "dba",
            must: false,
            at_min: Some(10_080),
            how: "the ten slowest against the baseline",
            from: "document 001, Week 1",
            applies: database_by_people,
            evidence: none,
        },
        Row {
            slug: "documentation",
            what: "The documentation is brought up to date",
            owner: "developer",
            must: false,
            at_min: Some(10_080),
            how: "the pages that changed are listed in the log",
            from: "document 001, Week 1",
            applies: by_people,
            evidence: none,
        },
    ],
};

/// Weeks 2 to 4.
pub(super) const MONTH_1: List = List {
    id: "month-1",
    title: "Month 1",
    rows: &[
        Row {
            slug: "old-paths",
            what: "Old code paths are removed",
            owner: "developer",
            must: false,
            at_min: Some(40_320),
            how: "nothing calls them",
            from: "document 001, Week 2-4",
            applies: code,
            evidence: none,
        },
        Row {
            slug: "flags",
            what: "The flags of the migration are removed",
            owner: "developer",
            must: false,
            at_min: Some(40_320),
            how: "none is read any more",
            from: "document 002, Cleanup",
            applies: code_and_traffic,
            evidence: none,
        },
        Row {
            slug: "scripts",
            what: "Scripts, roles and rights of the migration are removed",
            owner: "dba",
            must: true,
            at_min: Some(40_320),
            how: "nobody can log in with them",
            from: "document 001, Week 2-4",
            applies: by_people,
            evidence: none,
        },
        Row {
            slug: "tuning",
            what: "The new side is tuned to what it really does",
            owner: "dba",
            must: false,
            at_min: Some(40_320),
            how: "settings and sizes against the figures of the month",
            from: "document 001, Week 2-4",
            applies: old_side,
            evidence: none,
        },
        Row {
            slug: "retrospective",
            what: "The retrospective was held",
            owner: "lead",
            must: false,
            at_min: Some(40_320),
            how: "its lessons have an owner each",
            from: "document 001, Week 2-4",
            applies: by_people,
            evidence: none,
        },
    ],
};

/// Months 2 and 3.
pub(super) const MONTH_3: List = List {
    id: "month-3",
    title: "Months 2 and 3",
    rows: &[
        Row {
            slug: "decommission",
            what: "The old infrastructure is gone, and so is its bill",
            owner: "dba",
            must: true,
            at_min: Some(129_600),
            how: "the account or inventory does not list it",
            from: "document 001, Month 2-3",
            applies: old_side,
            evidence: none,
        },
        Row {
            slug: "documentation",
            what: "The documentation is final",
            owner: "developer",
            must: false,
            at_min: Some(129_600),
            how: "no page speaks of the migration as under way",
            from: "document 001, Month 2-3",
            applies: by_people,
            evidence: none,
        },
        Row {
            slug: "knowledge",
            what: "Those who run it know it",
            owner: "lead",
            must: false,
            at_min: Some(129_600),
            how: "each person on call led one session",
            from: "document 001, Month 2-3",
            applies: by_people,
            evidence: none,
        },
        Row {
            slug: "metrics",
            what: "The report of success is written",
            owner: "lead",
            must: false,
            at_min: Some(129_600),
            how: "`segue report --retrospective`",
            from: "document 001, Month 2-3",
            applies: by_people,
            evidence: none,
        },
    ],
};
