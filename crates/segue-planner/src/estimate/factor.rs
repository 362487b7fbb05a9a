//! Factors by a count: a straight line between the model's points, and on with the last slope beyond them.
//!
//! Whole thousandths; a larger count never gives a smaller factor. Tests: below.

use super::model::Factor;

/// The factor in thousandths.
pub(super) fn at(factor: &Factor, count: u64) -> u64 {
    let points = &factor.points;
    let Some(&(first, least)) = points.first() else { return 1_000 };
    if count <= first {
        return least;
    }
    let next = points.iter().position(|(at, _)| count <= *at).unwrap_or(points.len() - 1).max(1);
    let (Some(&(from, low)), Some(&(to, high))) = (points.get(next - 1), points.get(next)) else { return least };
    let rise = u128::from(high - low) * u128::from(count - from) / u128::from(to - from);
    low + u64::try_from(rise).unwrap_or(u64::MAX / 2).min(u64::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::super::model::Model;
    use super::*;

    #[test]
    fn the_published_points_are_met_and_joined() {
        let model = Model::builtin();
        let index = &model.factors["index"];
        let column = &model.factors["column"];
        for (count, permille) in [(0, 1_000), (1, 1_490), (3, 2_530), (5, 3_570), (10, 6_640), (15, 9_710)] {
            assert_eq!(at(index, count), permille, "{count} indexes");
        }
        for (count, permille) in [(1, 1_000), (5, 1_000), (10, 1_040), (20, 1_150), (30, 1_300), (40, 1_450), (60, 1_750)] {
            assert_eq!(at(column, count), permille, "{count} columns");
        }
        assert_eq!(at(&Factor { points: vec![(3, 1_200)], from: String::new() }, 9), 1_200);
        assert!((0..2_000).all(|count| at(index, count) <= at(index, count + 1)));
    }
}
