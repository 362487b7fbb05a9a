//! Days of a plan and moments of a journal in words.
//!
//! A day of the schedule is a day of the project's calendar, so no zone moves it. A moment of a journal is shown in
//! the zone that the reader asked for. Nothing here asks a clock or a zone database. Tests: below.

use jiff::Timestamp;
use jiff::civil::Date as Day;
use jiff::tz::TimeZone;
use segue_model::plan::{Phase, Plan};
use segue_model::spec::program::Date;

/// Seconds of a day.
pub(crate) const DAY_S: u64 = 86_400;

/// The day on which second `seconds` of the schedule lies.
fn day_of(start: Date, seconds: u64) -> Day {
    let days = i64::try_from(seconds / DAY_S).unwrap_or(i64::MAX).min(3_000_000);
    start.0.checked_add(jiff::Span::new().days(days)).unwrap_or(Day::MAX)
}

/// When something of the plan starts: `Mon 11 Jan 2027`, or `day 12` where the plan has no start.
pub(crate) fn starts(plan: &Plan, seconds: u64) -> String {
    plan.program.start.map_or_else(|| format!("day {}", seconds / DAY_S + 1), |start| long(day_of(start, seconds)))
}

/// When something of the plan ends. An end at midnight belongs to the day before it.
pub(crate) fn ends(plan: &Plan, seconds: u64) -> String {
    starts(plan, seconds.saturating_sub(1))
}

/// The end of the whole plan: `Tue 2 Mar 2027`, or `11.2 days`.
pub(crate) fn finish(plan: &Plan, seconds: u64) -> String {
    match plan.program.start {
        Some(_) => ends(plan, seconds),
        None if seconds < 2 * DAY_S => super::say::time(seconds),
        None => format!("{} days", tenths(seconds, DAY_S)),
    }
}

/// A moment so many seconds before or after second `at` of the schedule, as a day; `9 days before the start` where it is.
pub(crate) fn due(plan: &Plan, at: u64, offset_s: i64) -> String {
    let day_s = DAY_S as i64;
    let days = i64::try_from(at).unwrap_or(i64::MAX).saturating_add(offset_s).div_euclid(day_s);
    match plan.program.start {
        Some(start) => long(start.0.checked_add(jiff::Span::new().days(days.clamp(-3_000_000, 3_000_000))).unwrap_or(start.0)),
        None if days < 0 => format!("{} before the start", super::say::many(days.unsigned_abs(), "day")),
        None => format!("day {}", days + 1),
    }
}

/// From one second of the schedule to another, as short as it can be said: `11–12 Jan`, `28 Jan – 2 Feb`, `day 3–5`.
///
/// The year is said where it is not the one in which the plan starts.
pub(crate) fn range(plan: &Plan, from: u64, to: u64) -> String {
    let to = to.saturating_sub(1).max(from);
    let Some(start) = plan.program.start else {
        let (from, to) = (from / DAY_S + 1, to / DAY_S + 1);
        return if from == to { format!("day {from}") } else { format!("day {from}–{to}") };
    };
    let (first, last) = (day_of(start, from), day_of(start, to));
    let year = if last.year() == start.0.year() { String::new() } else { format!(" {}", last.year()) };
    let months = |day: Day| day.strftime("%-d %b").to_string();
    if first == last {
        format!("{}{year}", last.strftime("%a %-d %b"))
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{}–{}{year}", first.day(), months(last))
    } else {
        let own = if first.year() == last.year() { String::new() } else { format!(" {}", first.year()) };
        format!("{}{own} – {}{year}", months(first), months(last))
    }
}

/// A phase's middle dates; nothing where the whole plan is over within its first day and has no date.
pub(crate) fn span(plan: &Plan, phase: &Phase) -> Option<String> {
    if plan.program.start.is_none() && plan.program.duration.is_some_and(|end| end.p95_s <= DAY_S) {
        return None;
    }
    Some(range(plan, phase.project.starts?.p50_s, phase.project.ends?.p50_s))
}

/// The end of the whole plan in few words: `Tue 2 Mar`, or `11.2 days`.
pub(crate) fn finish_short(plan: &Plan, seconds: u64) -> String {
    if plan.program.start.is_some() { range(plan, seconds.saturating_sub(1), seconds) } else { finish(plan, seconds) }
}

/// `Mon 11 Jan 2027`.
fn long(day: Day) -> String {
    day.strftime("%a %-d %b %Y").to_string()
}

/// The plan's start as RFC 3339 date.
pub(crate) fn iso(date: Date) -> String {
    date.0.to_string()
}

/// The day of a second of the schedule as RFC 3339 date.
pub(crate) fn iso_at(start: Date, seconds: u64) -> String {
    day_of(start, seconds).to_string()
}

/// One digit after the point: `11.2`; no digit where it is zero.
pub(crate) fn tenths(amount: u64, unit: u64) -> String {
    let tenths = (amount.saturating_mul(10) + unit / 2) / unit;
    if tenths.is_multiple_of(10) { format!("{}", tenths / 10) } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// A moment of a journal in the reader's zone: `2027-03-02 14:05:09 CET`.
pub(crate) fn moment(at_ms: i64, zone: &TimeZone) -> String {
    Timestamp::from_millisecond(at_ms)
        .map_or_else(|_| format!("{at_ms} ms"), |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(start: Option<&str>) -> Plan {
        let mut plan = Plan::default();
        plan.program.start = start.map(|text| Date(text.parse().expect("a date")));
        plan
    }

    #[test]
    fn days_are_days_of_the_calendar() {
        let plan = plan(Some("2027-02-27"));
        assert_eq!(starts(&plan, 0), "Sat 27 Feb 2027");
        assert_eq!(ends(&plan, DAY_S), "Sat 27 Feb 2027", "an end at midnight is the day before");
        assert_eq!(ends(&plan, 2 * DAY_S + 1), "Mon 1 Mar 2027");
        assert_eq!(due(&plan, 0, -14 * 86_400), "Sat 13 Feb 2027");
        assert_eq!(finish(&plan, u64::MAX), "Fri 31 Dec 9999", "no figure is too large");
    }

    #[test]
    fn a_range_says_no_more_than_it_must() {
        let plan = plan(Some("2027-12-27"));
        assert_eq!(range(&plan, 0, DAY_S), "Mon 27 Dec");
        assert_eq!(range(&plan, 0, 3 * DAY_S), "27–29 Dec");
        assert_eq!(range(&plan, 0, 6 * DAY_S), "27 Dec 2027 – 1 Jan 2028");
        assert_eq!(range(&plan, 6 * DAY_S, 7 * DAY_S), "Sun 2 Jan 2028");
        assert_eq!(finish_short(&plan, DAY_S), "Mon 27 Dec");
    }

    #[test]
    fn without_a_start_days_are_counted() {
        let plan = plan(None);
        assert_eq!((starts(&plan, 0), ends(&plan, DAY_S)), ("day 1".to_owned(), "day 1".to_owned()));
        assert_eq!((finish(&plan, 11 * DAY_S + 17_000), finish(&plan, 40)), ("11.2 days".to_owned(), "40 s".to_owned()));
        assert_eq!(due(&plan, 0, -86_400), "1 day before the start");
        assert_eq!(due(&plan, 86_400, 0), "day 2");
    }

    #[test]
    fn a_moment_is_shown_in_the_readers_zone() {
        assert_eq!(moment(1_799_659_800_250, &TimeZone::UTC), "2027-01-11 09:30:00 UTC");
        let west = TimeZone::fixed(jiff::tz::offset(-5));
        assert_eq!(moment(1_799_659_800_250, &west), "2027-01-11 04:30:00 -05");
    }
}
