//! Counts in words, so that one row is never "1 rows". Pure. Tests: below.

/// `1 row`, `2 rows`, `0 rows`.
pub(crate) fn rows(count: u64) -> String {
    format!("{count} {}", if count == 1 { "row" } else { "rows" })
}

/// The verb that goes with so many: `has` for one, `have` for more.
pub(crate) fn verb<'a>(count: u64, one: &'a str, more: &'a str) -> &'a str {
    if count == 1 { one } else { more }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one() {
        assert_eq!([rows(0), rows(1), rows(2)], ["0 rows", "1 row", "2 rows"]);
        assert_eq!([verb(0, "has", "have"), verb(1, "has", "have")], ["have", "has"]);
    }
}
