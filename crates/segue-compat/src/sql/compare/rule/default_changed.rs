//! A default is another one.
//!
//! # What it checks
//! The default of a column, compared as text without spacing, case, outer brackets and written casts.
//!
//! # Why it breaks
//! Rows that either version inserts without the column get another value than its authors expect.
//!
//! # Safe path
//! Let writers give the value themselves before the default changes.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (state text DEFAULT 'new');
//! -- new
//! CREATE TABLE t (state text DEFAULT 'open');
//! ```

use segue_model::finding::Severity;

use super::super::expression;
use super::super::kind::Kind;
use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{NOTHING, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-default-changed",
    title: "A default is another one",
    why: "Rows that either version inserts without the column get another value than its authors expect.",
    fix: "Let writers give the value themselves before the default changes.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let (Some(old), Some(new)) = (&couple.old.default, &couple.new.default) else { return };
    if couple.new.identity.is_some() || expression::same_optional(Some(old), Some(new), sides.dialect) {
        return;
    }
    let numbers = [&couple.kinds.0, &couple.kinds.1].iter().all(|kind| matches!(kind, Kind::Integer { .. } | Kind::Decimal { .. }));
    if numbers && number(old).is_some_and(|old| number(new) == Some(old)) {
        return;
    }
    let message = format!("column {} has another default: what inserts leave out gets another value", typed::shown(pair, couple));
    sink.add(&RULE, NOTHING, column_path(pair.new, couple.new), "default changed", message).at_least(Severity::Medium);
}

/// A number in one form: a server writes `0.00` where a person writes `0`.
fn number(text: &str) -> Option<(bool, &str, &str)> {
    let text = text.trim();
    let text = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(text);
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = digits.len() > usize::from(digits.contains('.')) && whole.chars().chain(fraction.chars()).all(|c| c.is_ascii_digit());
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    plain.then_some((negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn one_number_has_one_form() {
        for (a, b) in [("0", "0.00"), ("'1.50'", "1.5"), ("-0", "0"), ("007", "7"), (".5", "0.50")] {
            assert!(number(a).is_some() && number(a) == number(b), "{a} {b}");
        }
        for (a, b) in [("1", "10"), ("1", "-1"), ("0.1", "0.01"), ("1", "0.1")] {
            assert_ne!(number(a), number(b), "{a} {b}");
        }
        for no in ["", ".", "x", "1e3", "now()", "''", "1.2.3"] {
            assert_eq!(number(no), None, "{no}");
        }
    }
}
