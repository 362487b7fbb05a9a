//! Fewest and most, for items and properties. Tests: `tests/cases/shape/`.

use segue_model::check::Side;
use serde_json::Value;

use crate::rule::Rule;
use crate::shape::pairs::{Anchor, Local, Way, sides};

/// A value of so many.
type Make<'m> = &'m dyn Fn(&mut Local<'_, '_>, Side, u64) -> Option<Value>;

/// Compares both.
pub(super) fn check(
    local: &mut Local<'_, '_>,
    rule: &'static Rule,
    anchor: Anchor,
    (least, most, what): (&str, &str, &str),
    a: (u64, Option<u64>),
    b: (u64, Option<u64>),
    make: Make<'_>,
) {
    if a.0 != b.0 {
        let (way, count) = if b.0 > a.0 { (Way::Narrowed, b.0 - 1) } else { (Way::Widened, a.0 - 1) };
        let then = if way == Way::Narrowed { "refused" } else { "accepted" };
        let words =
            (format!("{least} {} -> {}", a.0, b.0), format!("`{least}` went from {} to {}: {what} with {count} are {then} now", a.0, b.0));
        let value = make(local, sides(way).0, count);
        local.claim(rule, way, anchor, words, value);
    }
    if a.1 != b.1 {
        let tighter = b.1.is_some_and(|new| a.1.is_none_or(|old| new < old));
        let way = if tighter { Way::Narrowed } else { Way::Widened };
        let limit = if tighter { b.1 } else { a.1 }.unwrap_or(u64::MAX);
        let then = if tighter { "refused" } else { "accepted" };
        let show = |count: Option<u64>| count.map_or("none".to_owned(), |count| count.to_string());
        let words = (
            format!("{most} {} -> {}", show(a.1), show(b.1)),
            format!("`{most}` went from {} to {}: {what} with more than {limit} are {then} now", show(a.1), show(b.1)),
        );
        let value = make(local, sides(way).0, limit.saturating_add(1));
        local.claim(rule, way, anchor, words, value);
    }
}
