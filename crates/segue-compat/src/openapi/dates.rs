//! Days and versions as documents write them.
//!
//! Never reads a clock: the day of a comparison comes in as a value. Tests: below.

/// The number of a day, `2027-06-30` with or without a time behind it, counted from 1970-01-01.
pub(super) fn day(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    if !rest.is_empty() && !rest.starts_with(['T', 't', ' ']) {
        return None;
    }
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (year, month, day): (i64, i64, i64) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // Days from civil (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Major, minor and patch of a semantic version; missing ones are 0. A date is none.
pub(super) fn version(text: &str) -> Option<[u64; 3]> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    let numbers = text.split(['-', '+']).next().unwrap_or_default();
    if numbers.len() < text.len() && !numbers.contains('.') {
        return None;
    }
    let mut version = [0; 3];
    let mut parts = numbers.split('.');
    for place in &mut version {
        match parts.next() {
            Some(part) => *place = part.parse().ok()?,
            None => break,
        }
    }
    if parts.next().is_some() { None } else { Some(version) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        assert_eq!((day("1970-01-01"), day("2000-03-01"), day("2026-11-21T10:00:00Z")), (Some(0), Some(11_017), Some(20_778)));
        for wrong in ["", "soon", "2026-13-01", "2026-02-29", "2026-1-01", "2026-01-01x", "2026-00-10", "20é6-01-01"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
        assert_eq!(day("2024-02-29").zip(day("2024-03-01")).map(|(a, b)| b - a), Some(1));
    }

    #[test]
    fn versions_are_read() {
        assert_eq!((version("v1.2.3-beta.1"), version("2"), version("0.9")), (Some([1, 2, 3]), Some([2, 0, 0]), Some([0, 9, 0])));
        assert_eq!((version("2026-11-21"), version("latest"), version("1.2.3.4")), (None, None, None));
    }
}
