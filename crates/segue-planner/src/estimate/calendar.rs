//! When something may happen, as open stretches of time: windows, weekdays, freezes.
//!
//! Whole milliseconds from day 0 (midnight UTC of the first day). Windows are read in their own zone with the bundled
//! time zone data: a change of the clock moves, shortens or lengthens them as it does for the people who wait for them.
//! Must never read the system's zones or its clock. Tests: below and `tests/it/estimate_calendar.rs`.

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};
use segue_model::spec::program::{Freeze, Window};

/// How far calendars are worked out. What would end later is said to be beyond it.
pub(super) const HORIZON_DAYS: i64 = 3_660;
/// A day in milliseconds.
pub(super) const DAY_MS: i64 = 86_400_000;

/// Open stretches in rising order, none touching the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Calendar {
    /// Start, end, and the open time before it.
    open: Vec<(i64, i64, i64)>,
    /// After the last stretch everything is open; a time beyond it is not to be trusted.
    horizon: i64,
    total: i64,
}

/// A zone that nobody knows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnknownZone(pub(super) String);

impl Calendar {
    /// Always open.
    pub(super) fn always() -> Self {
        Self::of(vec![(0, HORIZON_DAYS * DAY_MS)])
    }

    /// Monday to Friday, in UTC.
    pub(super) fn weekdays(first: Date) -> Self {
        let days = (0..HORIZON_DAYS).filter(|day| !matches!(weekday(first, *day), Weekday::Saturday | Weekday::Sunday));
        Self::of(days.map(|day| (day * DAY_MS, (day + 1) * DAY_MS)).collect())
    }

    /// Open in any of the windows; always where there is none.
    pub(super) fn windows(first: Date, windows: &[Window]) -> Result<Self, UnknownZone> {
        if windows.is_empty() {
            return Ok(Self::always());
        }
        let mut stretches = Vec::new();
        for window in windows {
            let zone = zone(&window.zone)?;
            // A day early: a window may begin on the day before and a zone may be ahead of UTC.
            stretches.extend((-1..HORIZON_DAYS).filter_map(|day| opening(first, day, window, &zone)));
        }
        Ok(Self::of(stretches))
    }

    /// The same without the frozen days, which are days of `zone`.
    pub(super) fn without(&self, first: Date, freezes: &[Freeze], zone: &TimeZone) -> Self {
        let mut stretches: Vec<(i64, i64)> = self.open.iter().map(|(start, end, _)| (*start, *end)).collect();
        for freeze in freezes {
            let next = freeze.to.0.checked_add(Span::new().days(1)).unwrap_or(freeze.to.0);
            let (Some(from), Some(to)) = (midnight(first, freeze.from.0, zone), midnight(first, next, zone)) else { continue };
            stretches = stretches.iter().flat_map(|&(start, end)| [(start, end.min(from)), (start.max(to), end)]).collect();
        }
        Self::of(stretches)
    }

    fn of(mut stretches: Vec<(i64, i64)>) -> Self {
        let horizon = HORIZON_DAYS * DAY_MS;
        for (start, end) in &mut stretches {
            (*start, *end) = ((*start).max(0), (*end).min(horizon));
        }
        stretches.retain(|(start, end)| start < end);
        stretches.sort_unstable();
        let mut open: Vec<(i64, i64, i64)> = Vec::new();
        for (start, end) in stretches {
            match open.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => open.push((start, end, 0)),
            }
        }
        let mut total = 0;
        for (start, end, before) in &mut open {
            *before = total;
            total += *end - *start;
        }
        Self { open, horizon, total }
    }

    /// The first open moment at or after `at`.
    pub(super) fn next_open(&self, at: i64) -> i64 {
        let next = self.open.partition_point(|(_, end, _)| *end <= at);
        self.open.get(next).map_or(at.max(self.horizon), |(start, _, _)| at.max(*start))
    }

    /// The first moment at or after `at` from which so much work goes on without a break; the first open one where no
    /// stretch is long enough.
    pub(super) fn with_room(&self, at: i64, work: i64) -> i64 {
        let next = self.open.partition_point(|(_, end, _)| *end <= at);
        let fits = self.open[next..].iter().find(|(start, end, _)| end - at.max(*start) >= work);
        fits.map_or_else(|| self.next_open(at), |(start, ..)| at.max(*start))
    }

    /// When `work` milliseconds of open time from `at` on are over. Never earlier for more work or a later start.
    pub(super) fn after(&self, at: i64, work: i64) -> i64 {
        if work <= 0 {
            return at;
        }
        let due = self.open_before(at) + work;
        if due > self.total {
            return self.horizon.max(at) + (due - self.total.max(self.open_before(at)));
        }
        let stretch = self.open.partition_point(|(start, end, before)| before + (end - start) < due);
        let (start, _, before) = self.open[stretch.min(self.open.len() - 1)];
        start + (due - before)
    }

    fn open_before(&self, at: i64) -> i64 {
        let next = self.open.partition_point(|(_, end, _)| *end <= at);
        match self.open.get(next) {
            Some((start, _, before)) => before + (at - start).max(0),
            None => self.total,
        }
    }

    /// The longest stretch that begins before `until`, in milliseconds; 0 where there is none.
    pub(super) fn longest(&self, until: i64) -> i64 {
        self.open.iter().filter(|(start, _, _)| *start < until).map(|(start, end, _)| end - start).max().unwrap_or(0)
    }

    /// Whether a time lies where nothing was worked out.
    pub(super) fn is_beyond(at: i64) -> bool {
        at >= HORIZON_DAYS * DAY_MS
    }
}

/// The zone of that name from the bundled data.
pub(super) fn zone(name: &str) -> Result<TimeZone, UnknownZone> {
    if name.is_empty() || name == "UTC" {
        return Ok(TimeZone::UTC);
    }
    TimeZoneDatabase::bundled().get(name).map_err(|_| UnknownZone(name.to_owned()))
}

fn day(first: Date, offset: i64) -> Date {
    first.checked_add(Span::new().days(offset)).unwrap_or(first)
}

fn weekday(first: Date, offset: i64) -> Weekday {
    day(first, offset).weekday()
}

/// Milliseconds from day 0 to midnight of a day in a zone.
pub(super) fn midnight(first: Date, day: Date, zone: &TimeZone) -> Option<i64> {
    moment(first, day, 0, zone)
}

/// Milliseconds from day 0 to a minute of a day in a zone; a minute that the clock skips is moved on.
fn moment(first: Date, day: Date, minute: u16, zone: &TimeZone) -> Option<i64> {
    let day = if minute >= 1_440 { day.checked_add(Span::new().days(1)).ok()? } else { day };
    let minute = minute % 1_440;
    let local = day.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
    let at: Timestamp = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    let zero = TimeZone::UTC.to_timestamp(first.at(0, 0, 0, 0)).ok()?;
    Some(at.as_millisecond() - zero.as_millisecond())
}

/// The window of that day; none where the clock leaves nothing of it.
fn opening(first: Date, offset: i64, window: &Window, zone: &TimeZone) -> Option<(i64, i64)> {
    let from_day = day(first, offset);
    let name = match from_day.weekday() {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    };
    if !window.days.is_empty() && !window.days.iter().any(|day| day == name) {
        return None;
    }
    let to_day = if window.to_min <= window.from_min { day(first, offset + 1) } else { from_day };
    let start = moment(first, from_day, window.from_min, zone)?;
    let end = moment(first, to_day, window.to_min, zone)?;
    (start < end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn window(days: &[&str], from_min: u16, to_min: u16, zone: &str) -> Window {
        Window { days: days.iter().map(|&day| day.to_owned()).collect(), from_min, to_min, zone: zone.to_owned() }
    }

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn stretches(calendar: &Calendar, count: usize) -> Vec<(i64, i64)> {
        calendar.open.iter().take(count).map(|(start, end, _)| (start / 60_000, end / 60_000)).collect()
    }

    #[test]
    fn work_goes_on_only_while_open() {
        // 2027-01-11 is a Monday.
        let nights = Calendar::windows(date("2027-01-11"), &[window(&[], 22 * 60, 6 * 60, "UTC")]).expect("a zone");
        assert_eq!(nights.next_open(12 * HOUR), 22 * HOUR);
        assert_eq!(nights.after(12 * HOUR, 3 * HOUR), 25 * HOUR);
        assert_eq!(nights.after(12 * HOUR, 9 * HOUR), 47 * HOUR, "8 hours in the first night, 1 in the second");
        assert_eq!(nights.after(12 * HOUR, 0), 12 * HOUR);
        assert_eq!(nights.longest(DAY_MS), 8 * HOUR);
        // A cut-over is not left half done: it begins where it has room.
        assert_eq!(nights.with_room(28 * HOUR, 2 * HOUR), 28 * HOUR);
        assert_eq!(nights.with_room(28 * HOUR, 3 * HOUR), 46 * HOUR, "two hours of the night are left");
        assert_eq!(nights.with_room(28 * HOUR, 9 * HOUR), 28 * HOUR, "no night is long enough");
        let week = Calendar::weekdays(date("2027-01-15"));
        assert_eq!(week.after(0, 25 * HOUR), 3 * DAY_MS + HOUR, "Friday, then Monday");
    }

    #[test]
    fn a_window_moves_with_the_clock() {
        // Clocks in Berlin go from 02:00 to 03:00 on 2027-03-28, and back from 03:00 to 02:00 on 2027-10-31.
        let berlin = |first: &str, from, to| Calendar::windows(date(first), &[window(&[], from, to, "Europe/Berlin")]).expect("a zone");
        assert_eq!(stretches(&berlin("2027-03-27", 60, 240), 2), [(0, 180), (1_440, 1_440 + 120)], "an hour of it is skipped");
        let skipped = berlin("2027-03-27", 130, 170);
        assert_eq!(stretches(&skipped, 3), [(70, 110), (1_440 + 70, 1_440 + 110), (2_880 + 10, 2_880 + 50)]);
        assert_eq!(stretches(&berlin("2027-10-31", 60, 240), 1), [(0, 180)], "in UTC the day before begins at 23:00");
        assert_eq!(
            Calendar::windows(date("2027-01-01"), &[window(&[], 0, 60, "Mars/Olympus")]),
            Err(UnknownZone("Mars/Olympus".to_owned()))
        );
    }

    #[test]
    fn a_freeze_takes_whole_days_away() {
        let always = Calendar::always();
        let freeze =
            Freeze { from: segue_model::spec::program::Date(date("2027-01-13")), to: segue_model::spec::program::Date(date("2027-01-14")) };
        let frozen = always.without(date("2027-01-11"), &[freeze], &TimeZone::UTC);
        assert_eq!(frozen.next_open(2 * DAY_MS), 4 * DAY_MS);
        assert_eq!(frozen.after(DAY_MS, DAY_MS + 1), 4 * DAY_MS + 1);
        assert_eq!(frozen.after(DAY_MS, DAY_MS), 2 * DAY_MS);
    }

    #[test]
    fn more_work_or_a_later_start_never_ends_earlier() {
        let nights = Calendar::windows(date("2027-03-20"), &[window(&["sat", "sun"], 60, 200, "America/New_York")]).expect("a zone");
        let mut last = 0;
        for work in (0..600).map(|step| step * HOUR / 7) {
            let end = nights.after(5 * HOUR, work);
            assert!(end >= last, "{work}");
            last = end;
        }
        let mut last = 0;
        for start in (0..2_000).map(|step| step * HOUR / 3) {
            let end = nights.after(start, 4 * HOUR);
            assert!(end >= last, "{start}");
            last = end;
        }
        let beyond = nights.after(0, 9_000_000 * HOUR);
        assert!(Calendar::is_beyond(beyond) && nights.after(0, 9_000_001 * HOUR) > beyond);
    }
}
