//! Whether something that went and something that came are one thing with another name.
//!
//! A proposal with a confidence in percent, never a certainty: names alike, the same type, the same arguments. Bounded work:
//! beyond 100 × 100 names only those that differ in case and separators are proposed, beyond
//! 20,000 none. Tests: below.

use std::collections::BTreeSet;

/// How many names of each side are compared with one another.
const PAIRS_MAX: usize = 100;
/// Beyond this no rename is looked for at all.
const NAMES_MAX: usize = 20_000;
/// The confidence from which a rename is proposed.
const CONFIDENCE_MIN: u32 = 65;

/// A pair that may be a rename: positions in the two lists, and the confidence in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Renamed {
    pub(super) old: usize,
    pub(super) new: usize,
    pub(super) confidence: u32,
}

/// Which positions of both lists are taken by renames.
pub(super) fn taken(renames: &[Renamed]) -> (BTreeSet<usize>, BTreeSet<usize>) {
    (renames.iter().map(|pair| pair.old).collect(), renames.iter().map(|pair| pair.new).collect())
}

/// The words of a name in small letters: `fullName`, `full_name` and `FULL_NAME` are alike.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut small = false;
    for letter in name.chars() {
        if letter == '_' {
            small = false;
            words.push(String::new());
            continue;
        }
        if words.is_empty() || letter.is_ascii_uppercase() && small {
            words.push(String::new());
        }
        small = !letter.is_ascii_uppercase();
        if let Some(word) = words.last_mut() {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// How alike two names are, 0 to 100: by words, or by pairs of letters.
pub(super) fn likeness(a: &str, b: &str) -> u32 {
    let (a, b) = (words(a), words(b));
    let (joined_a, joined_b) = (a.concat(), b.concat());
    if joined_a == joined_b {
        return 100;
    }
    let pairs =
        |text: &str| -> BTreeSet<(u8, u8)> { text.as_bytes().windows(2).filter_map(|two| Some((*two.first()?, *two.get(1)?))).collect() };
    let of = |same: usize, all: usize| (200 * same).checked_div(all).map_or(0, |part| part as u32);
    let (words_a, words_b): (BTreeSet<&String>, BTreeSet<&String>) = (a.iter().collect(), b.iter().collect());
    let (pairs_a, pairs_b) = (pairs(&joined_a), pairs(&joined_b));
    let by_words = of(words_a.intersection(&words_b).count(), words_a.len() + words_b.len());
    let by_pairs = of(pairs_a.intersection(&pairs_b).count(), pairs_a.len() + pairs_b.len());
    by_words.max(by_pairs)
}

/// The best pairs, each name once, in the order of the old list. `evidence` gives what speaks for a pair besides its names, 0
/// to 40, or `None` when it cannot be.
pub(super) fn propose(old: &[&str], new: &[&str], evidence: impl Fn(usize, usize) -> Option<u32>) -> Vec<Renamed> {
    let few = old.len() <= PAIRS_MAX && new.len() <= PAIRS_MAX;
    let mut candidates = Vec::new();
    if few {
        for (a, old_name) in old.iter().enumerate() {
            for (b, new_name) in new.iter().enumerate() {
                let Some(evidence) = evidence(a, b) else { continue };
                let confidence = evidence.min(40) + likeness(old_name, new_name) * 59 / 100;
                if confidence >= CONFIDENCE_MIN {
                    candidates.push(Renamed { old: a, new: b, confidence });
                }
            }
        }
    } else if old.len().max(new.len()) <= NAMES_MAX {
        let mut same: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
        for (b, name) in new.iter().enumerate() {
            same.entry(words(name).concat()).or_insert(b);
        }
        for (a, name) in old.iter().enumerate() {
            if let Some(b) = same.get(&words(name).concat()).copied()
                && evidence(a, b).is_some()
            {
                candidates.push(Renamed { old: a, new: b, confidence: 99 });
            }
        }
    }
    // The best first; of equals the names decide, so that the sides may be swapped.
    candidates.sort_by(|x, y| {
        let names = |pair: &Renamed| {
            let (a, b) = (old.get(pair.old).copied().unwrap_or_default(), new.get(pair.new).copied().unwrap_or_default());
            (a.min(b), a.max(b))
        };
        y.confidence.cmp(&x.confidence).then_with(|| names(x).cmp(&names(y)))
    });
    let (mut old_taken, mut new_taken) = (BTreeSet::new(), BTreeSet::new());
    candidates.retain(|pair| {
        let free = !old_taken.contains(&pair.old) && !new_taken.contains(&pair.new);
        if free {
            old_taken.insert(pair.old);
            new_taken.insert(pair.new);
        }
        free
    });
    candidates.sort_by_key(|pair| pair.old);
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_by_words_or_letters() {
        assert_eq!(likeness("fullName", "full_name"), 100);
        assert_eq!(likeness("HTTPUrl", "http_url"), 100);
        assert_eq!(likeness("name", "fullName"), 66);
        assert!(likeness("total", "amount") < 20 && likeness("RED", "GREEN") < 40);
        assert!(likeness("colour", "color") > 60);
        assert_eq!(likeness("", ""), 100);
        assert_eq!(likeness("", "a"), 0);
    }

    #[test]
    fn each_name_is_proposed_once() {
        let found = propose(&["name", "zip"], &["fullName", "nickName", "zipCode"], |_, _| Some(40));
        assert_eq!(found.iter().map(|pair| (pair.old, pair.new)).collect::<Vec<_>>(), [(0, 0), (1, 2)]);
        assert!(propose(&["name"], &["fullName"], |_, _| None).is_empty());
        assert!(propose(&["name"], &["fullName"], |_, _| Some(0)).is_empty());
    }

    #[test]
    fn many_names_are_compared_in_linear_work() {
        let old: Vec<String> = (0..5000).map(|n| format!("someName{n}")).collect();
        let new: Vec<String> = (0..5000).map(|n| format!("some_name{n}")).collect();
        let borrow = |names: &'static [String]| names.iter().map(String::as_str).collect::<Vec<_>>();
        let (old, new) = (borrow(old.leak()), borrow(new.leak()));
        assert_eq!(propose(&old, &new, |_, _| Some(40)).len(), 5000);
    }
}
