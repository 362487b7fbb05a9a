//! How alike two names are, for proposals of renames; never a proof, always said with its figure.
//!
//! Words of a name count (`user_name`, `userName` and `UserName` have the same), then pairs of letters. Whole per cent, so that
//! the same input gives the same bytes. Must stay cheap: names are cut before they are compared. Tests: below.

use std::collections::BTreeMap;

/// Longer names are compared by their beginning.
const LETTERS_MAX: usize = 128;

/// How alike two names are, 0 to 100.
pub fn likeness(a: &str, b: &str) -> u32 {
    if a == b {
        return 100;
    }
    let (a_words, b_words) = (words(a), words(b));
    if a_words == b_words {
        return 95;
    }
    let letters = dice(&pairs(&a_words.concat()), &pairs(&b_words.concat()));
    let (short, long) = if a_words.len() <= b_words.len() { (&a_words, &b_words) } else { (&b_words, &a_words) };
    // `name` → `full_name`: every word of the shorter stands in the longer.
    let inside = !short.is_empty() && short.iter().all(|word| word.len() > 1 && long.contains(word));
    if inside { letters.max(65) } else { letters }
}

/// The words of a name in small letters: at `_`, `-`, `.`, `/`, spaces and where capitals begin.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small_before = false;
    for letter in name.chars().take(LETTERS_MAX) {
        if !letter.is_alphanumeric() {
            words.push(String::new());
            small_before = false;
            continue;
        }
        if letter.is_uppercase() && small_before {
            words.push(String::new());
        }
        small_before = letter.is_lowercase() || letter.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn pairs(text: &str) -> BTreeMap<(char, char), u32> {
    let mut pairs = BTreeMap::new();
    for pair in text.chars().zip(text.chars().skip(1)) {
        *pairs.entry(pair).or_default() += 1;
    }
    pairs
}

fn dice(a: &BTreeMap<(char, char), u32>, b: &BTreeMap<(char, char), u32>) -> u32 {
    let whole: u32 = a.values().sum::<u32>() + b.values().sum::<u32>();
    let both: u32 = a.iter().filter_map(|(pair, count)| b.get(pair).map(|other| *count.min(other))).sum();
    (200 * both).checked_div(whole).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_alike() {
        assert_eq!(likeness("userName", "user_name"), 95);
        assert!(likeness("name", "full_name") >= 60);
        assert!(likeness("send_mail", "send_email") >= 60);
        assert!(likeness("colour", "timeout") < 40);
        assert_eq!(likeness("", "x"), 0);
        assert_eq!(likeness("timeout", "timeouts"), likeness("timeouts", "timeout"));
    }
}
