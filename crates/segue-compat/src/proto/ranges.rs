//! Sets of numbers and names that are asked often: reserved ones, and ranges for extensions. Tests: below.

use std::collections::BTreeSet;

use super::ast::{Range, Reserved};

/// The largest number of a field.
pub(crate) const FIELD_MAX: i64 = 536_870_911;
/// The largest number of a value of an enum.
pub(crate) const VALUE_MAX: i64 = i32::MAX as i64;

/// Ranges, sorted, without overlaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ranges {
    merged: Vec<(i64, i64)>,
}

impl Ranges {
    /// `max` is the largest number that there is: what `max` was written for.
    pub(crate) fn of(ranges: &[Range], max: i64) -> Self {
        let mut sorted: Vec<(i64, i64)> = ranges.iter().map(|range| (range.start, range.end.min(max))).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(sorted.len());
        for (start, end) in sorted {
            match merged.last_mut() {
                Some(last) if start <= last.1 + 1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        Self { merged }
    }

    /// The number is in one of them.
    pub(crate) fn has(&self, number: i64) -> bool {
        let at = self.merged.partition_point(|range| range.1 < number);
        self.merged.get(at).is_some_and(|range| range.0 <= number)
    }

    /// What is in these and not in the others.
    pub(crate) fn without(&self, others: &Self) -> Vec<(i64, i64)> {
        let mut left = Vec::new();
        for &(mut start, end) in &self.merged {
            let first = others.merged.partition_point(|range| range.1 < start);
            for other in others.merged.iter().skip(first).take_while(|other| other.0 <= end) {
                if start < other.0 {
                    left.push((start, other.0 - 1));
                }
                start = other.1 + 1;
            }
            if start <= end {
                left.push((start, end));
            }
        }
        left
    }
}

/// What must not be used again.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReservedSet {
    pub(crate) numbers: Ranges,
    pub(crate) names: BTreeSet<Box<str>>,
}

impl ReservedSet {
    /// `max` is the largest number that there is.
    pub(crate) fn of(reserved: &Reserved, max: i64) -> Self {
        let names = reserved.names.iter().map(|name| name.text.clone()).collect();
        Self { numbers: Ranges::of(&reserved.ranges, max), names }
    }

    /// The number is reserved.
    pub(crate) fn number(&self, number: i64) -> bool {
        self.numbers.has(number)
    }

    /// The name is reserved.
    pub(crate) fn name(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// What this reserves and the other neither reserves nor uses, for people; empty when there is nothing.
    pub(crate) fn given_up(&self, now: &Self, used: &BTreeSet<i64>, used_names: &BTreeSet<&str>) -> String {
        let mut gone: Vec<String> = Vec::new();
        for (start, end) in self.numbers.without(&now.numbers) {
            if start == end && used.contains(&start) {
                continue;
            }
            gone.push(if start == end { start.to_string() } else { format!("{start} to {end}") });
        }
        let names = self.names.iter().filter(|name| !now.name(name) && !used_names.contains(&***name));
        gone.extend(names.map(|name| format!("\"{name}\"")));
        let more = gone.len().saturating_sub(10);
        gone.truncate(10);
        if more > 0 { format!("{} and {more} more", gone.join(", ")) } else { gone.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(of: &[(i64, i64)]) -> Ranges {
        let all: Vec<Range> =
            of.iter().map(|(start, end)| Range { start: *start, end: *end, span: crate::source::Span::default() }).collect();
        Ranges::of(&all, 100)
    }

    #[test]
    fn ranges_are_sets() {
        let one = ranges(&[(4, 4), (5, 6), (10, 20), (15, 30)]);
        assert_eq!(one, ranges(&[(4, 6), (10, 30)]));
        assert!(one.has(4) && one.has(30) && !one.has(7) && !one.has(31));
        assert_eq!(one.without(&ranges(&[(5, 5), (12, 13), (25, 40)])), [(4, 4), (6, 6), (10, 11), (14, 24)]);
        assert!(one.without(&one).is_empty());
    }
}
