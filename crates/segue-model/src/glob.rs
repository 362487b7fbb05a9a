//! `*` in a pattern that a user writes: any text, also none. Every other letter is itself.
//!
//! The one meaning of a pattern: in `segue-ignore.yaml`, in `include` and `exclude` of a move, in `verify --exclude`.
//! Work grows with the text's length times the pattern's, never more. Tests: below.

/// Does the text fit the pattern?
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let Some(mut part) = parts.next() else { return rest.is_empty() };
    for next in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
        part = next;
    }
    rest.ends_with(part)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("*", "", true),
            ("*b", "ab", true),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("paths/*/get", "paths/~1orders/get", true),
            ("paths/*/get", "paths/~1orders/post", false),
            ("**x**", "axb", true),
            ("", "a", false),
            ("tmp_*", "a_tmp_", false),
            ("é*ü", "éxü", true),
            ("*.o*s", "shop.orders", true),
            ("a?c", "abc", false),
            ("a?c", "a?c", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_are_quick() {
        assert!(!fits(&"*a".repeat(2_000), &"b".repeat(100_000)));
    }
}
