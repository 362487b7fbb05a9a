//! The days of a retirement. Civil days only: no clock, no zone; a moment is midnight in UTC. Tests: below.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Asked;

/// The first day of each phase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timeline {
    pub(super) start: Date,
    pub(super) compatibility: Date,
    pub(super) hard: Date,
    pub(super) removal: Date,
}

impl Timeline {
    /// By the profile; a removal that is fixed otherwise moves only the end, and no phase begins after it.
    pub(super) fn new(asked: &Asked<'_>) -> Self {
        let profile = asked.profile;
        let compatibility = weeks(asked.start, profile.soft_weeks);
        let hard = weeks(compatibility, profile.compatibility_weeks);
        let removal = asked.removal.unwrap_or_else(|| weeks(hard, profile.hard_weeks));
        Self { start: asked.start, compatibility: compatibility.min(removal), hard: hard.min(removal), removal }
    }

    /// Days between the first day and the removal.
    pub(super) fn days(&self) -> i32 {
        (self.removal - self.start).get_days()
    }
}

/// So many weeks later.
pub(super) fn weeks(day: Date, weeks: u32) -> Date {
    day.saturating_add(i64::from(weeks).weeks())
}

/// So many weeks before.
pub(super) fn weeks_before(day: Date, weeks: u32) -> Date {
    day.saturating_sub(i64::from(weeks).weeks())
}

/// The day before.
pub(super) fn before(day: Date) -> Date {
    day.yesterday().unwrap_or(day)
}

/// Seconds from 1970 to the first moment of a day in UTC.
pub(super) fn unix(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC).map_or(0, |moment| moment.timestamp().as_second())
}

/// `Mon, 03 May 2027 00:00:00 GMT` (RFC 9110, 5.6.7: IMF-fixdate).
pub(super) fn http_date(day: Date) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let at =
        |names: &[&'static str], index: i8| usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or_default();
    let (name, month) = (at(&DAYS, day.weekday().to_monday_zero_offset()), at(&MONTHS, day.month() - 1));
    format!("{name}, {:02} {month} {:04} 00:00:00 GMT", day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn moments_are_as_http_writes_them() {
        // RFC 9745 has 1688169599 for the last second of June 2023; the next one begins July.
        assert_eq!(unix(date(2023, 7, 1)), 1_688_169_600);
        assert_eq!(http_date(date(2018, 12, 31)), "Mon, 31 Dec 2018 00:00:00 GMT");
        assert_eq!(http_date(date(1994, 11, 6)), "Sun, 06 Nov 1994 00:00:00 GMT");
        assert_eq!(unix(date(1970, 1, 1)), 0);
    }

    #[test]
    fn weeks_go_over_years() {
        assert_eq!(weeks(date(2027, 12, 27), 1), date(2028, 1, 3));
        assert_eq!(weeks_before(date(2028, 1, 3), 1), date(2027, 12, 27));
        assert_eq!(before(date(2028, 3, 1)), date(2028, 2, 29));
    }
}
