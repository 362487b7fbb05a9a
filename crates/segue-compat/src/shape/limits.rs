//! The limits of a conjunction taken together: the range of its numbers, the lengths of its texts.
//!
//! Each limit keeps the shape that says it. Tests: below, `tests/cases/shape/`.

use super::format;
use super::relate::Options;
use super::view::View;
use super::{Number, ShapeId};

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) number: Number,
    pub(super) excluded: bool,
    pub(super) at: ShapeId,
    /// A format says it, not a keyword.
    pub(super) by_format: bool,
}

/// The numbers that fit.
#[derive(Debug, Clone, Default)]
pub(super) struct Range {
    pub(super) low: Option<End>,
    pub(super) high: Option<End>,
    pub(super) multiples: Vec<(ShapeId, Number)>,
}

impl Range {
    pub(super) fn of(view: &View<'_>, options: Options) -> Self {
        let mut range = Self::default();
        for (at, numbers) in &view.numbers {
            let end = |(number, excluded): (Number, bool)| End { number, excluded, at: *at, by_format: false };
            range.raise(numbers.minimum.map(end));
            range.lower(numbers.maximum.map(end));
            range.multiples.extend(numbers.multiple_of.map(|of| (*at, of)));
        }
        if options.formats_bind {
            for (at, name) in &view.number_formats {
                let Some((low, high)) = format::range(name) else { continue };
                let end = |number| Some(End { number, excluded: false, at: *at, by_format: true });
                range.raise(end(low));
                range.lower(end(high));
            }
        }
        range
    }

    fn raise(&mut self, end: Option<End>) {
        let Some(end) = end else { return };
        let tighter = |known: End| end.number > known.number || end.number == known.number && end.excluded && !known.excluded;
        if self.low.is_none_or(tighter) {
            self.low = Some(end);
        }
    }

    fn lower(&mut self, end: Option<End>) {
        let Some(end) = end else { return };
        let tighter = |known: End| end.number < known.number || end.number == known.number && end.excluded && !known.excluded;
        if self.high.is_none_or(tighter) {
            self.high = Some(end);
        }
    }

    /// An end as what it means: for whole numbers the nearest that is allowed.
    pub(super) fn meaning(&self, is_low: bool, whole: bool) -> Option<(Number, bool)> {
        let end = if is_low { self.low? } else { self.high? };
        if !whole {
            return Some((end.number, end.excluded));
        }
        let up = |number: Number| number.negated().floor().map(|floor| -floor);
        let whole = if is_low { up(end.number) } else { end.number.floor() };
        let Some(whole) = whole else { return Some((end.number, end.excluded)) };
        let step = i128::from(end.excluded && Number::whole(whole) == end.number);
        Some((Number::whole(if is_low { whole.saturating_add(step) } else { whole.saturating_sub(step) }), false))
    }

    /// The number is inside the ends.
    pub(super) fn holds(&self, number: Number) -> bool {
        self.low.is_none_or(|end| if end.excluded { number > end.number } else { number >= end.number })
            && self.high.is_none_or(|end| if end.excluded { number < end.number } else { number <= end.number })
    }

    /// No number is inside, or no whole one.
    pub(super) fn is_empty(&self, whole: bool) -> bool {
        match (self.meaning(true, whole), self.meaning(false, whole)) {
            (Some((low, low_out)), Some((high, high_out))) => low > high || low == high && (low_out || high_out),
            _ => false,
        }
    }

    /// Numbers to try, near the ends and near zero.
    pub(super) fn samples(&self, whole: bool) -> Vec<Number> {
        let ends: Vec<Number> = [self.low, self.high].into_iter().flatten().map(|end| end.number).collect();
        let mut base = ends.clone();
        base.push(Number::ZERO);
        let steps: Vec<Number> = if whole {
            [0, 1, -1, 2, -2, 7].iter().map(|step| Number::whole(*step)).collect()
        } else {
            [5, -5, 15, -15, 1].iter().map(|step| Number::scaled(*step, 1)).collect()
        };
        let mut samples: Vec<Number> = Vec::new();
        for number in &base {
            let number = if whole { number.floor().map_or(*number, Number::whole) } else { *number };
            samples.extend(steps.iter().filter_map(|step| number.plus(*step)));
            for (_, of) in &self.multiples {
                samples.extend(multiples_near(number, *of));
            }
        }
        if let [low, high] = ends.as_slice() {
            samples.extend(low.plus(*high).and_then(|sum| sum.times(Number::scaled(5, 1))));
        }
        samples.retain(|number| self.holds(*number) && number.is_whole() == whole);
        let mut seen = std::collections::BTreeSet::new();
        samples.retain(|number| seen.insert(*number));
        samples
    }
}

/// Multiples of a number around another.
pub(super) fn multiples_near(near: Number, of: Number) -> Vec<Number> {
    let mut multiples: Vec<Number> = (1..=12).chain(-3..=0).filter_map(|count| of.times(Number::whole(count))).collect();
    // Below and above it: by whole steps of the divisor, when it is whole itself.
    if let (Some(near), Some(of)) = (near.floor(), of.floor().filter(|_| of.is_whole()))
        && of > 0
    {
        let below = near.div_euclid(of);
        multiples.extend((-2..=3).filter_map(|step| (below + step).checked_mul(of)).map(Number::whole));
    }
    multiples
}

/// The fewest and the most characters.
pub(super) fn lengths(view: &View<'_>) -> (u64, Option<u64>) {
    let least = view.texts.iter().map(|(_, texts)| texts.length_min).max().unwrap_or_default();
    (least, view.texts.iter().filter_map(|(_, texts)| texts.length_max).min())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: &str, excluded: bool) -> Range {
        let number = Number::read(low).expect("it reads");
        Range { low: Some(End { number, excluded, at: ShapeId(0), by_format: false }), ..Range::default() }
    }

    #[test]
    fn ends_of_whole_numbers_mean_the_nearest() {
        assert_eq!(range("0", true).meaning(true, true), Some((Number::whole(1), false)));
        assert_eq!(range("0.5", false).meaning(true, true), Some((Number::whole(1), false)));
        assert_eq!(range("-0.5", true).meaning(true, true), Some((Number::ZERO, false)));
        assert_eq!(range("0.5", true).meaning(true, false), Number::read("0.5").map(|number| (number, true)));
    }

    #[test]
    fn samples_lie_inside() {
        let range = range("10", true);
        let samples = range.samples(true);
        assert!(samples.contains(&Number::whole(11)) && samples.iter().all(|number| range.holds(*number)));
        assert!(multiples_near(Number::whole(100), Number::whole(7)).contains(&Number::whole(98)));
    }
}
