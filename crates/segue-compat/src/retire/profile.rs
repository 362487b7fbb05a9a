//! Periods of a deprecation, one set a profile, each with its source.
//!
//! The figures are those of `segue-planner`'s profiles, which recipes of a whole plan use; documents that say nothing of
//! deprecation have Segue's own. Tests: below, `tests/it/retire.rs`.

/// One profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// `segue`, `doc003` …
    pub name: &'static str,
    /// Where the weeks come from.
    pub from: &'static str,
    /// Weeks of the soft phase.
    pub soft_weeks: u32,
    /// Weeks in which both forms are answered while clients move.
    pub compatibility_weeks: u32,
    /// Weeks of the hard phase.
    pub hard_weeks: u32,
    /// How the share of calls of the new form grows in the compatibility phase, in per cent, evenly spread.
    pub ladder: &'static [u32],
    /// Weeks that the old form is kept after all have moved, at least.
    pub weeks_after_all_moved: u32,
    /// Where those come from.
    pub support_from: &'static str,
}

const SEGUE: Profile = Profile {
    name: "segue",
    from: "profile segue: a notice of 12 weeks, 3 of them soft; the ladder takes 8, and the hard phase 3",
    soft_weeks: 3,
    compatibility_weeks: 8,
    hard_weeks: 3,
    ladder: &[10, 25, 50, 100],
    weeks_after_all_moved: 2,
    support_from: "document 003, rollout: legacy support of 2 weeks after 100%",
};

const OTHER: &str = "profile segue: the document gives no periods of deprecation";

/// All profiles.
pub const PROFILES: &[Profile] = &[
    SEGUE,
    Profile { name: "doc000", from: OTHER, ..SEGUE },
    Profile { name: "doc001", from: OTHER, ..SEGUE },
    Profile { name: "doc002", from: OTHER, ..SEGUE },
    Profile {
        name: "doc003",
        from: "document 003, deprecation timeline: weeks 1-4 soft, 5-12 compatibility, 13-16 hard, removal from week 17",
        soft_weeks: 4,
        compatibility_weeks: 8,
        hard_weeks: 4,
        ..SEGUE
    },
    Profile { name: "doc004", from: OTHER, ..SEGUE },
];

impl Profile {
    /// The profile of that name.
    pub fn named(name: &str) -> Option<&'static Profile> {
        PROFILES.iter().find(|profile| profile.name == name)
    }

    /// Weeks from the first day to the removal.
    pub fn weeks(&self) -> u32 {
        self.soft_weeks + self.compatibility_weeks + self.hard_weeks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_003_has_its_weeks() {
        let profile = Profile::named("doc003").expect("it is there");
        assert_eq!((profile.soft_weeks, profile.compatibility_weeks, profile.hard_weeks), (4, 8, 4));
        assert_eq!(profile.weeks(), 16, "removal begins with week 17");
        assert!(Profile::named("doc009").is_none());
    }
}
