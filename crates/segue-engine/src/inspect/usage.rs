//! How much a table is used, from counters: its class and its writes an hour. Pure.
//!
//! The classes are those of YugabyteDB Voyager's assessment: the top 30% of the used objects are frequent, the last
//! 10% rare, those without any use unused. Tests: below.

/// Counters below this window say too little to state a rate, in seconds.
const WINDOW_S_MIN: u64 = 600;

/// What the counters say of one table since they began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Activity {
    /// Reads of any kind: scans and rows fetched by an index.
    pub reads: u64,
    /// Rows written.
    pub writes: u64,
}

/// Writes an hour over a window, or `None` where the window is too short to say.
pub fn per_hour(writes: u64, window_s: u64) -> Option<u64> {
    let hours = u128::from(writes) * 3600 / u128::from(window_s.max(1));
    (window_s >= WINDOW_S_MIN).then(|| u64::try_from(hours).unwrap_or(u64::MAX))
}

/// The class of each table, in the given order: `frequent`, `moderate`, `rare`, `unused`; empty where there are no
/// counters. Tables with equal counters are of one class, the higher one.
pub fn classify(activities: &[Option<Activity>]) -> Vec<&'static str> {
    let total = |activity: &Activity| u128::from(activity.reads) + u128::from(activity.writes);
    let mut used: Vec<u128> = activities.iter().flatten().map(total).filter(|sum| *sum > 0).collect();
    used.sort_unstable_by(|a, b| b.cmp(a));
    let frequent = (used.len() * 3).div_ceil(10);
    let rare = used.len() - used.len() / 10;
    let class = |sum: u128| {
        let rank = used.iter().take_while(|other| **other > sum).count();
        match rank {
            _ if sum == 0 => "unused",
            rank if rank < frequent => "frequent",
            rank if rank >= rare => "rare",
            _ => "moderate",
        }
    };
    activities.iter().map(|activity| activity.as_ref().map_or("", |activity| class(total(activity)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(reads: u64) -> Activity {
        Activity { reads, writes: 0 }
    }

    #[test]
    fn ten_used_tables_are_three_six_and_one() {
        let mut given: Vec<_> = (1..=10).map(|n| Some(counted(n * 100))).collect();
        given.push(Some(counted(0)));
        given.push(None);
        let classes = classify(&given);
        assert_eq!(classes[..2], ["rare", "moderate"]);
        assert_eq!(classes[6..], ["moderate", "frequent", "frequent", "frequent", "unused", ""]);
        assert_eq!(classify(&[Some(counted(5)); 2]), ["frequent", "frequent"]);
        assert_eq!(classify(&[]), Vec::<&str>::new());
    }

    #[test]
    fn a_rate_needs_a_window() {
        assert_eq!(per_hour(1000, 3600), Some(1000));
        assert_eq!(per_hour(1000, 7200), Some(500));
        assert_eq!(per_hour(1000, 5), None);
        assert_eq!(per_hour(u64::MAX, 600), Some(u64::MAX));
    }
}
