//! One end of a range of numbers, for `minimum` and `maximum`.
//!
//! For whole numbers an end counts by what it means: more than 0 is at least 1. Tests: `tests/cases/shape/`.

use crate::rule::Rule;
use crate::shape::limits::{End, Range, multiples_near};
use crate::shape::pairs::{Local, Way};
use crate::shape::{Number, Types};

/// Compares one end.
pub(super) fn check(local: &mut Local<'_, '_>, rule: &'static Rule, word: &str, is_low: bool, old: &Range, new: &Range) {
    let whole = !local.both(Types::FRACTION);
    let (a, b) = (old.meaning(is_low, whole), new.meaning(is_low, whole));
    if a == b {
        return;
    }
    let way = if is_tighter(is_low, a, b) { Way::Narrowed } else { Way::Widened };
    let (from, to) = if way == Way::Narrowed { (old, new) } else { (new, old) };
    let outside = |number: &Number| {
        let end = if is_low { to.low } else { to.high };
        end.is_some_and(|end| {
            if is_low {
                *number < end.number || end.excluded && *number == end.number
            } else {
                *number > end.number || end.excluded && *number == end.number
            }
        })
    };
    let mut candidates = near(from, to, is_low);
    let divides = |number: &Number| from.multiples.iter().all(|(_, of)| number.is_multiple_of(*of) != Some(false));
    candidates.retain(|number| outside(number) && from.holds(*number) && divides(number) && (!whole || number.is_whole()));
    if candidates.is_empty() && from.multiples.len() == 1 {
        return; // No multiple lies between the two ends.
    }
    let (old_end, new_end) = if is_low { (old.low, new.low) } else { (old.high, new.high) };
    let anchor = local.anchor(old_end.map(|end| end.at), new_end.map(|end| end.at));
    let shown = (show(old_end), show(new_end));
    let limit = match way {
        Way::Narrowed => show(new_end),
        Way::Widened => show(old_end),
    };
    let (beyond, then) = (if is_low { "below" } else { "above" }, if way == Way::Narrowed { "refused" } else { "accepted" });
    let words = (
        format!("{word} {} -> {}", shown.0, shown.1),
        format!(
            "`{word}` went from {} to {}: numbers {beyond} {} are {then} now",
            shown.0,
            shown.1,
            limit.trim_start_matches("exclusive ")
        ),
    );
    local.claim(rule, way, anchor, words, candidates.into_iter().map(Number::json));
}

fn is_tighter(is_low: bool, old: Option<(Number, bool)>, new: Option<(Number, bool)>) -> bool {
    match (old, new) {
        (None, Some(_)) => true,
        (_, None) => false,
        (Some((old, old_out)), Some((new, new_out))) => {
            let further = if is_low { new > old } else { new < old };
            further || new == old && new_out && !old_out
        }
    }
}

/// An end as a document writes it.
fn show(end: Option<End>) -> String {
    end.map_or("none".to_owned(), |end| format!("{}{}", if end.excluded { "exclusive " } else { "" }, end.number))
}

/// Numbers close to both ends.
fn near(from: &Range, to: &Range, is_low: bool) -> Vec<Number> {
    let ends: Vec<Number> =
        [from, to].iter().filter_map(|range| if is_low { range.low } else { range.high }).map(|end| end.number).collect();
    let mut all = Vec::new();
    for end in &ends {
        for step in [(0, 0), (1, 0), (-1, 0), (2, 0), (-2, 0), (5, 1), (-5, 1)] {
            all.extend(end.plus(Number::scaled(step.0, step.1)));
        }
        all.extend(end.floor().map(Number::whole));
        for (_, of) in &from.multiples {
            all.extend(multiples_near(*end, *of));
        }
    }
    if let [a, b] = ends.as_slice() {
        all.extend(a.plus(*b).and_then(|sum| sum.times(Number::scaled(5, 1))));
    }
    all.extend(from.samples(true));
    all.extend(from.samples(false));
    all
}
