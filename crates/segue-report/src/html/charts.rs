//! Drawing in per cent of the width, so that a chart fits any page and its words keep their size.
//!
//! Whole numbers in, three decimals out: the same plan gives the same bytes. Tests: below.

use super::escape::Html;

/// A share of the width: `12.345%`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let thousandths = if whole == 0 { 0 } else { u128::from(part.min(whole)) * 100_000 / u128::from(whole) };
    format!("{}.{:03}%", thousandths / 1_000, thousandths % 1_000)
}

/// A rectangle from `from` to `to` of `whole`; at least a hair wide.
pub(super) fn bar(page: &mut Html, class: &str, tone: &str, (from, to, whole): (u64, u64, u64), y: u64, height: u64) {
    let width = percent(to.saturating_sub(from).max(whole / 400), whole);
    page.open(
        "rect",
        &[
            ("class", class),
            ("data-tone", tone),
            ("x", &percent(from, whole)),
            ("y", &y.to_string()),
            ("width", &width),
            ("height", &height.to_string()),
            ("rx", "3"),
        ],
    );
    page.close("rect");
}

/// An upright line.
pub(super) fn upright(page: &mut Html, class: &str, at: &str, y1: u64, y2: u64) {
    page.open("line", &[("class", class), ("x1", at), ("x2", at), ("y1", &y1.to_string()), ("y2", &y2.to_string())]).close("line");
}

/// A word; `anchor` is `start`, `middle` or `end`.
pub(super) fn word(page: &mut Html, class: &str, anchor: &str, x: &str, y: u64, text: &str) {
    page.open("text", &[("class", class), ("x", x), ("y", &y.to_string()), ("text-anchor", anchor)]).text(text).close("text");
}

/// The first `limit` characters, with `…` where some are left out.
pub(super) fn cut(text: &str, limit: usize) -> String {
    let shown = crate::text::shown(text);
    if shown.chars().count() <= limit { shown } else { format!("{}…", shown.chars().take(limit - 1).collect::<String>()) }
}

/// Days between the marks of a scale of `days`, so that there are at most eight.
pub(super) fn every(days: u64) -> u64 {
    [1, 2, 7, 14, 28, 56, 91, 182, 364].into_iter().find(|step| days / step <= 8).unwrap_or(days / 8 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_stay_on_the_page() {
        assert_eq!((percent(1, 8), percent(9, 8), percent(0, 0)), ("12.500%".to_owned(), "100.000%".to_owned(), "0.000%".to_owned()));
        assert_eq!(percent(u64::MAX - 1, u64::MAX), "99.999%", "nothing overflows");
    }

    #[test]
    fn a_scale_has_few_marks() {
        for days in [1, 8, 9, 40, 365, 9_999] {
            assert!(days / every(days) <= 8, "{days}");
        }
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
