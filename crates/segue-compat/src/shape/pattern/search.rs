//! The shortest text that some expressions find and another does not, between two lengths.
//!
//! A walk over the product of the automata, breadth first, bytes of readable characters first. It is bounded by [`STEPS_MAX`],
//! so that it may give up; when it ends without a text, there is none. Tests: below.

use std::collections::BTreeMap;
use std::rc::Rc;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, util::start};

use super::Pattern;

/// The most steps of one walk.
const STEPS_MAX: usize = 400_000;

/// What is looked for.
pub(in crate::shape) struct Want {
    /// All must be found in it.
    pub(in crate::shape) with: Vec<Rc<Pattern>>,
    /// This must not be found in it.
    pub(in crate::shape) without: Option<Rc<Pattern>>,
    /// At least so many characters.
    pub(in crate::shape) length_min: u64,
    /// At most so many.
    pub(in crate::shape) length_max: Option<u64>,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::shape) enum Found {
    /// A text.
    Text(String),
    /// There is none.
    Nothing,
    /// Too much work.
    GaveUp,
}

/// Where one automaton is; `None`: it has matched, for good.
type At = Option<StateID>;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    at: Vec<At>,
    count: u32,
    /// Bytes of a character that are still to come, with the range of the next.
    open: (u8, u8, u8),
}

/// Looks for such a text.
pub(in crate::shape) fn find_text(want: &Want) -> Found {
    let Some(dfas) = want.with.iter().chain(&want.without).map(|pattern| pattern.dfa()).collect::<Option<Vec<_>>>() else {
        return Found::GaveUp;
    };
    if dfas.is_empty() {
        return plain(want);
    }
    if want.with.iter().chain(&want.without).any(|pattern| pattern.charge().is_none()) {
        return Found::GaveUp;
    }
    let Some(cap) = cap(want) else { return Found::GaveUp };
    let starts: Option<Vec<At>> = dfas
        .iter()
        .map(|dfa| {
            debug_assert!(dfa.start_kind() != StartKind::Anchored, "searches are not anchored");
            let state = dfa.start_state(&start::Config::new().anchored(Anchored::No)).ok()?;
            Some((!dfa.is_match_state(state)).then_some(state))
        })
        .collect();
    let Some(at) = starts else { return Found::GaveUp };
    Walk { dfas: &dfas, want, cap, bytes: letters(&dfas), seen: BTreeMap::new(), from: Vec::new() }.go(State {
        at,
        count: 0,
        open: (0, 0, 0),
    })
}

/// Without an expression any text of the length will do.
fn plain(want: &Want) -> Found {
    if want.length_max.is_some_and(|most| most < want.length_min) {
        return Found::Nothing;
    }
    usize::try_from(want.length_min).ok().filter(|least| *least <= 100_000).map_or(Found::GaveUp, |least| Found::Text("a".repeat(least)))
}

/// Up to where characters must be counted.
fn cap(want: &Want) -> Option<u32> {
    let cap = want.length_max.map_or(want.length_min, |most| most.saturating_add(1));
    u32::try_from(cap).ok().filter(|cap| *cap <= 100_000)
}

/// One byte of each class of all automata, and of UTF-8, the readable ones first.
fn letters(dfas: &[&dense::DFA<Vec<u32>>]) -> Vec<u8> {
    let order = (b'a'..=b'z').chain(b'A'..=b'Z').chain(b'0'..=b'9').chain(b' '..=b'~').chain(0..=255);
    let mut classes: Vec<Vec<u8>> = Vec::new();
    let mut bytes = Vec::new();
    for byte in order {
        let mut class: Vec<u8> = dfas.iter().map(|dfa| dfa.byte_classes().get(byte)).collect();
        class.push(match byte {
            0..=0x7f => 0,
            0x80..=0x8f => 1,
            0x90..=0x9f => 2,
            0xa0..=0xbf => 3,
            0xc0..=0xc1 | 0xf5..=0xff => 4,
            0xc2..=0xdf => 5,
            0xe0 => 6,
            0xed => 7,
            0xe1..=0xec | 0xee..=0xef => 8,
            0xf0 => 9,
            0xf4 => 10,
            0xf1..=0xf3 => 11,
        });
        if !classes.contains(&class) {
            classes.push(class);
            bytes.push(byte);
        }
    }
    bytes
}

struct Walk<'a> {
    dfas: &'a [&'a dense::DFA<Vec<u32>>],
    want: &'a Want,
    cap: u32,
    bytes: Vec<u8>,
    seen: BTreeMap<State, u32>,
    from: Vec<(u32, u8)>,
}

impl Walk<'_> {
    fn go(mut self, start: State) -> Found {
        let mut queue = std::collections::VecDeque::new();
        self.seen.insert(start.clone(), 0);
        self.from.push((0, 0));
        queue.push_back((start, 0_u32));
        let mut steps = 0;
        while let Some((state, id)) = queue.pop_front() {
            if self.ends_well(&state) {
                return self.text(id);
            }
            for index in 0..self.bytes.len() {
                steps += 1;
                if steps > STEPS_MAX {
                    return Found::GaveUp;
                }
                let byte = self.bytes.get(index).copied().unwrap_or_default();
                let Some(next) = self.step(&state, byte) else { continue };
                if self.seen.contains_key(&next) {
                    continue;
                }
                let next_id = self.from.len() as u32;
                self.from.push((id, byte));
                self.seen.insert(next.clone(), next_id);
                queue.push_back((next, next_id));
            }
        }
        Found::Nothing
    }

    fn step(&self, state: &State, byte: u8) -> Option<State> {
        let open = utf8(state.open, byte)?;
        let begins = byte & 0xc0 != 0x80;
        let count = (state.count + u32::from(begins)).min(self.cap);
        if self.want.length_max.is_some_and(|most| u64::from(count) > most) {
            return None;
        }
        let mut at = Vec::with_capacity(state.at.len());
        for (index, (dfa, now)) in self.dfas.iter().zip(&state.at).enumerate() {
            let next = now.map(|now| dfa.next_state(now, byte)).filter(|next| !dfa.is_match_state(*next));
            let must_not = index >= self.want.with.len();
            match next {
                None if must_not => return None,
                Some(next) if !must_not && dfa.is_dead_state(next) => return None,
                Some(next) if dfa.is_quit_state(next) => return None,
                next => at.push(next),
            }
        }
        Some(State { at, count, open })
    }

    fn ends_well(&self, state: &State) -> bool {
        state.open.0 == 0
            && u64::from(state.count) >= self.want.length_min.min(u64::from(self.cap))
            && self.dfas.iter().zip(&state.at).enumerate().all(|(index, (dfa, now))| {
                let found = now.is_none_or(|now| dfa.is_match_state(dfa.next_eoi_state(now)));
                found == (index < self.want.with.len())
            })
    }

    fn text(&self, mut id: u32) -> Found {
        let mut bytes = Vec::new();
        while id != 0 {
            let Some((from, byte)) = self.from.get(id as usize).copied() else { break };
            bytes.push(byte);
            id = from;
        }
        bytes.reverse();
        String::from_utf8(bytes).map_or(Found::GaveUp, Found::Text)
    }
}

/// The next byte of UTF-8: how many are to come, and the range of the next.
fn utf8(open: (u8, u8, u8), byte: u8) -> Option<(u8, u8, u8)> {
    match open {
        (0, ..) => match byte {
            0..=0x7f => Some((0, 0, 0)),
            0xc2..=0xdf => Some((1, 0x80, 0xbf)),
            0xe0 => Some((2, 0xa0, 0xbf)),
            0xed => Some((2, 0x80, 0x9f)),
            0xe1..=0xef => Some((2, 0x80, 0xbf)),
            0xf0 => Some((3, 0x90, 0xbf)),
            0xf1..=0xf3 => Some((3, 0x80, 0xbf)),
            0xf4 => Some((3, 0x80, 0x8f)),
            _ => None,
        },
        (1, low, high) => (low..=high).contains(&byte).then_some((0, 0, 0)),
        (more, low, high) => (low..=high).contains(&byte).then_some((more - 1, 0x80, 0xbf)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Patterns;
    use super::*;

    fn find(with: &[&str], without: Option<&str>, length_min: u64, length_max: Option<u64>) -> Found {
        let patterns = Patterns::default();
        let get = |ecma: &&str| patterns.get(ecma).expect("it reads");
        find_text(&Want { with: with.iter().map(get).collect(), without: without.as_ref().map(get), length_min, length_max })
    }

    #[test]
    fn languages_are_compared_and_texts_found() {
        assert_eq!(find(&["^[a-c]+$"], Some("^[a-z]+$"), 0, None), Found::Nothing);
        assert_eq!(find(&["^[a-z]+$"], Some("^[a-c]+$"), 0, None), Found::Text("d".to_owned()));
        assert_eq!(find(&["^[a-z]{2,4}$"], None, 4, None), Found::Text("aaaa".to_owned()));
        assert_eq!(find(&["^[a-z]{2,4}$"], None, 5, None), Found::Nothing);
        assert_eq!(find(&["a"], Some("b"), 3, Some(3)), Found::Text("aaa".to_owned()));
        assert_eq!(find(&["^é+$"], None, 2, Some(2)), Found::Text("éé".to_owned()));
        assert_eq!(find(&[], Some("^.+$"), 0, None), Found::Text(String::new()));
        assert_eq!(find(&["^a", "b$"], None, 0, None), Found::Text("ab".to_owned()));
        assert_eq!(find(&["^a$", "^b$"], None, 0, None), Found::Nothing);
        assert_eq!(find(&["^(a+)+$"], Some("^a+$"), 0, None), Found::Nothing);
    }
}
