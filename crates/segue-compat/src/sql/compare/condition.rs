//! Conditions of checks related where their texts show it: bounds of numbers and lists of values, joined by AND.
//!
//! Everything else is undecided. Tests: below.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Dialect;
use super::expression::form;
use crate::policy::Relation;
use crate::shape::Number;

/// What a condition lets through, by the expression that it is about.
#[derive(Debug, Clone, Default, PartialEq)]
struct Lets {
    min: Option<(Number, bool)>,
    max: Option<(Number, bool)>,
    members: Option<BTreeSet<String>>,
}

/// How the rows that pass changed.
pub(crate) fn relate(old: &str, new: &str, dialect: Dialect) -> Relation {
    let (Some(old), Some(new)) = (read(&form(old, dialect)), read(&form(new, dialect))) else { return Relation::Undecided };
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let any = Lets::default();
    let mut whole = Relation::Equal;
    for name in names {
        let (a, b) = (old.get(name).unwrap_or(&any), new.get(name).unwrap_or(&any));
        whole = whole.and(match (a.within(b), b.within(a)) {
            (true, true) => Relation::Equal,
            (true, false) => Relation::Widened,
            (false, true) => Relation::Narrowed,
            (false, false) => Relation::Changed,
        });
    }
    whole
}

impl Lets {
    /// Everything that passes here passes there.
    fn within(&self, other: &Self) -> bool {
        let low = match (&self.min, &other.min) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some((a, open_a)), Some((b, open_b))) => a > b || (a == b && (*open_a || !open_b)),
        };
        let high = match (&self.max, &other.max) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some((a, open_a)), Some((b, open_b))) => a < b || (a == b && (*open_a || !open_b)),
        };
        let members = match (&self.members, &other.members) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => a.is_subset(b),
        };
        low && high && members
    }
}

/// `a >= 0 and b in ( 'x' , 'y' )`; `None` when anything else stands there.
fn read(text: &str) -> Option<BTreeMap<String, Lets>> {
    let mut found: BTreeMap<String, Lets> = BTreeMap::new();
    for part in conjuncts(text) {
        atom(&part, &mut found)?;
    }
    Some(found)
}

/// Splits at AND outside brackets; the AND of BETWEEN belongs to it.
fn conjuncts(text: &str) -> Vec<Vec<&str>> {
    let mut parts = vec![Vec::new()];
    let (mut depth, mut between) = (0_usize, false);
    for word in text.split(' ') {
        match word {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "between" => between = true,
            "and" if depth == 0 && !std::mem::take(&mut between) => {
                parts.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(word);
        }
    }
    parts
}

fn atom(words: &[&str], found: &mut BTreeMap<String, Lets>) -> Option<()> {
    let mut words = words;
    if let [open, inner @ .., close] = words
        && (*open, *close) == ("(", ")")
        && !inner.contains(&"(")
    {
        words = inner;
    }
    if words.iter().any(|word| ["or", "not", "case", "select"].contains(word)) {
        return None;
    }
    if let Some(at) = words.iter().position(|word| *word == "between") {
        let [low, "and", high] = words.get(at + 1..)? else { return None };
        let lets = found.entry(words.get(..at)?.join(" ")).or_default();
        tighten(&mut lets.min, (Number::read(low)?, false), true);
        tighten(&mut lets.max, (Number::read(high)?, false), false);
        return Some(());
    }
    if let Some(at) = words.iter().position(|word| *word == "in") {
        let [open, inner @ .., close] = words.get(at + 1..)? else { return None };
        if (*open, *close) != ("(", ")") {
            return None;
        }
        let members: BTreeSet<String> = inner.join(" ").split(" , ").map(str::to_owned).collect();
        if members.iter().any(|member| !(member.starts_with('\'') || Number::read(member).is_some())) {
            return None;
        }
        let lets = found.entry(words.get(..at)?.join(" ")).or_default();
        lets.members = Some(lets.members.take().map_or(members.clone(), |before| before.intersection(&members).cloned().collect()));
        return Some(());
    }
    let at = words.iter().position(|word| ["<", ">", "="].contains(word))?;
    let name = words.get(..at)?.join(" ");
    let equals = words.get(at + 1) == Some(&"=");
    let rest = words.get(at + if equals && words[at] != "=" { 2 } else { 1 }..)?.join("");
    let lets = found.entry(name).or_default();
    match words[at] {
        "=" => {
            let one: BTreeSet<String> = [rest].into();
            lets.members = Some(lets.members.take().map_or(one.clone(), |before| before.intersection(&one).cloned().collect()));
        }
        ">" => tighten(&mut lets.min, (Number::read(&rest)?, !equals), true),
        _ => tighten(&mut lets.max, (Number::read(&rest)?, !equals), false),
    }
    Some(())
}

fn tighten(bound: &mut Option<(Number, bool)>, with: (Number, bool), low: bool) {
    let keep = bound.is_some_and(|(now, _)| if low { now > with.0 } else { now < with.0 });
    if !keep {
        *bound = Some(with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_shows_is_decided_and_nothing_else() {
        let of = |old, new| relate(old, new, Dialect::Postgres);
        assert_eq!(of("price > 0", "price >= 0"), Relation::Widened);
        assert_eq!(of("price >= 0", "price >= 0 and price < 100"), Relation::Narrowed);
        assert_eq!(of("s in ('a', 'b')", "s in ('b', 'c')"), Relation::Changed);
        assert_eq!(of("s in ('a')", "s in ('b', 'a')"), Relation::Widened);
        assert_eq!(of("n between 1 and 5", "n >= 1 and n <= 5"), Relation::Equal);
        assert_eq!(of("length(s) > 3", "length(s) > 5"), Relation::Narrowed);
        assert_eq!(of("a > 0 or b > 0", "a > 0"), Relation::Undecided);
        assert_eq!(of("a > b", "a > 0"), Relation::Undecided);
        assert_eq!(of("s <> 'a'", "s = 'a'"), Relation::Undecided);
    }
}
