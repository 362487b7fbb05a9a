//! Profiles: thresholds, ladders and durations, one set a requirement document and Segue's own, each value with its
//! source. The spec's own values win over a profile; the plan says which was used.
//!
//! Nothing here decides; it is a table. The figures stand in the feature inventory under *Stated numbers*, and where a
//! document says nothing of a topic the value is Segue's own and says so. Tests: below.

use segue_model::spec::Spec;

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
const WEEK: u64 = 604_800;

/// A value with its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Set<T> {
    /// The value.
    pub(crate) value: T,
    /// Which document, which part.
    pub(crate) place: &'static str,
}

/// Shares of traffic in thousandths of a per cent, and how long each is held, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ladder {
    /// Rising, the last is everything.
    pub(crate) steps: &'static [u64],
    /// Held after each.
    pub(crate) hold_s: u64,
}

/// One profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Profile {
    /// `segue`, `doc000` …
    pub(crate) name: &'static str,
    /// Traffic of a service.
    pub(crate) service: Set<Ladder>,
    /// Adoption of an API by its clients.
    pub(crate) api: Set<Ladder>,
    /// How long the old side is kept after the shift.
    pub(crate) keep_old_s: Set<u64>,
    /// How long the new side is watched after the shift.
    pub(crate) watch_s: Set<u64>,
    /// Rows of a batch at first.
    pub(crate) batch_rows: Set<u64>,
    /// Rows of a sample that is compared field by field.
    pub(crate) sample_rows: Set<u64>,
    /// The most error rate at a gate, in thousandths of a per cent.
    pub(crate) error_rate_milli: Set<u64>,
    /// The most p95 at a gate, as a multiple of the old side's in thousandths.
    pub(crate) p95_factor_milli: Set<u64>,
    /// The load test's multiple of the ordinary load.
    pub(crate) load_factor: Set<u64>,
    /// How long an old form of an API is announced as ending before it ends.
    pub(crate) deprecation_s: Set<u64>,
    /// How many people say yes before traffic moves.
    pub(crate) approvals: Set<u32>,
}

const OWN: &str = "profile segue";

const fn own<T: Copy>(value: T) -> Set<T> {
    Set { value, place: OWN }
}

const fn of<T: Copy>(value: T, place: &'static str) -> Set<T> {
    Set { value, place }
}

/// Segue's own.
const SEGUE: Profile = Profile {
    name: "segue",
    service: own(Ladder { steps: &[1_000, 5_000, 25_000, 50_000, 100_000], hold_s: 30 * 60 }),
    api: own(Ladder { steps: &[10_000, 25_000, 50_000, 100_000], hold_s: 2 * WEEK }),
    keep_old_s: own(30 * DAY),
    watch_s: own(3 * DAY),
    batch_rows: own(1_000),
    sample_rows: own(1_000),
    error_rate_milli: own(500),
    p95_factor_milli: own(1_100),
    load_factor: own(2),
    deprecation_s: own(12 * WEEK),
    approvals: own(2),
};

const DOC000: Profile = Profile {
    name: "doc000",
    service: of(
        Ladder { steps: &[10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000, 90_000, 100_000], hold_s: 12 * HOUR },
        "profile doc000 (document 000, feature flags: steps of 10%; its sample: 12 h)",
    ),
    watch_s: of(3 * DAY, "profile doc000 (document 000, after the migration: 72 hours)"),
    sample_rows: of(384, "profile doc000 (references of document 000: 95%, 5% margin)"),
    batch_rows: of(1_000, "profile doc000 (references of document 000: 1,000 rows by key)"),
    ..SEGUE
};

const DOC001: Profile = Profile {
    name: "doc001",
    keep_old_s: of(60 * DAY, "profile doc001 (document 001, month 2 to 3: decommission)"),
    watch_s: of(WEEK, "profile doc001 (document 001, week 1)"),
    batch_rows: of(1_000, "profile doc001 (document 001, sync script: 1,000)"),
    error_rate_milli: of(100, "profile doc001 (document 001, success: below 0.1%)"),
    p95_factor_milli: of(1_000, "profile doc001 (document 001, success: meets or exceeds the baseline)"),
    load_factor: of(10, "profile doc001 (document 001, load test: 10 times)"),
    ..SEGUE
};

const DOC002: Profile = Profile {
    name: "doc002",
    service: of(
        Ladder { steps: &[5_000, 25_000, 50_000, 100_000], hold_s: DAY },
        "profile doc002 (document 002, traffic: 5, 25, 50, 100% with 24 h)",
    ),
    keep_old_s: of(WEEK, "profile doc002 (document 002, clean-up: 1 week)"),
    watch_s: of(WEEK, "profile doc002 (document 002, monitoring: 1 week)"),
    p95_factor_milli: of(1_100, "profile doc002 (document 002, success: within 10%)"),
    ..SEGUE
};

const DOC003: Profile = Profile {
    name: "doc003",
    service: of(
        Ladder { steps: &[1_000, 10_000, 50_000, 100_000], hold_s: WEEK },
        "profile doc003 (document 003, canary: 1, 10, 50, 100% from week 3 to 7)",
    ),
    api: of(
        Ladder { steps: &[10_000, 25_000, 50_000, 100_000], hold_s: 2 * WEEK },
        "profile doc003 (document 003, API: 10, 25, 50, 100% from week 5 to 12)",
    ),
    keep_old_s: of(2 * WEEK, "profile doc003 (document 003, legacy support: 2 weeks after 100%)"),
    batch_rows: of(500, "profile doc003 (document 003, production run: 500)"),
    sample_rows: of(1_000, "profile doc003 (document 003, validation: 1,000 rows)"),
    error_rate_milli: of(500, "profile doc003 (document 003, canary: below 0.5%)"),
    p95_factor_milli: of(1_100, "profile doc003 (document 003, canary: p95 within 10%)"),
    deprecation_s: of(17 * WEEK, "profile doc003 (document 003, deprecation: removal from week 17)"),
    ..SEGUE
};

const DOC004: Profile = Profile {
    name: "doc004",
    keep_old_s: of(30 * DAY, "profile doc004 (document 004, decommission after 30 days)"),
    watch_s: of(600, "profile doc004 (document 004, rolling: 10 minutes a service)"),
    batch_rows: of(10_000, "profile doc004 (document 004, bulk copy: 10,000)"),
    error_rate_milli: of(1_000, "profile doc004 (document 004, rollback above 1%)"),
    p95_factor_milli: of(1_100, "profile doc004 (document 004, performance: 10%)"),
    ..SEGUE
};

/// The profile of the spec; one that nobody knows was refused by the reader.
pub(crate) fn of_spec(spec: &Spec) -> Profile {
    match spec.program.profile.as_deref() {
        Some("doc000") => DOC000,
        Some("doc001") => DOC001,
        Some("doc002") => DOC002,
        Some("doc003") => DOC003,
        Some("doc004") => DOC004,
        _ => SEGUE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ladder_rises_to_everything() {
        for profile in [SEGUE, DOC000, DOC001, DOC002, DOC003, DOC004] {
            for ladder in [profile.service.value, profile.api.value] {
                assert!(ladder.steps.is_sorted() && ladder.steps.last() == Some(&100_000), "{}", profile.name);
            }
        }
    }

    #[test]
    fn a_documents_own_values_name_the_document() {
        assert!(DOC002.service.place.contains("document 002"));
        assert_eq!(DOC002.service.value.steps, [5_000, 25_000, 50_000, 100_000]);
        assert_eq!((DOC003.batch_rows.value, DOC004.batch_rows.value), (500, 10_000));
        // What a document does not say is Segue's own, and says so.
        assert_eq!(DOC004.service.place, OWN);
    }
}
