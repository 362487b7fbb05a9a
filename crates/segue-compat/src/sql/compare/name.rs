//! How alike two names are, as evidence of a rename. Tests: below.

use std::collections::BTreeSet;

/// From 0 to 100: the same letters in other words, one inside the other, or pairs of letters in common.
pub(crate) fn likeness(a: &str, b: &str) -> u32 {
    let (a, b) = (folded(a), folded(b));
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    if a == b {
        return 100;
    }
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if short.len() >= 3 && long.contains(short.as_str()) {
        return 80;
    }
    let (pairs_a, pairs_b) = (pairs(&a), pairs(&b));
    let common = pairs_a.intersection(&pairs_b).count();
    let all = pairs_a.len() + pairs_b.len();
    (200 * common).checked_div(all).and_then(|share| u32::try_from(share).ok()).unwrap_or(0).min(100)
}

/// Letters and digits in lower case: `user_name` and `userName` are one.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).take(128).flat_map(char::to_lowercase).collect()
}

fn pairs(name: &str) -> BTreeSet<(char, char)> {
    name.chars().zip(name.chars().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_or_not() {
        assert_eq!(likeness("userName", "user_name"), 100);
        assert_eq!(likeness("name", "full_name"), 80);
        assert!(likeness("email", "mail_address") < 60);
        assert!(likeness("colour", "color") >= 60);
        assert!(likeness("price", "created_at") < 30);
    }
}
