//! Regular expressions of schemas as automata: does a text fit, is one language a part of another, and which text shows it.
//!
//! ECMA-262 is translated where Rust's syntax means something else; what has no automaton (look-around, back-references, too
//! large) is *undecided*. There is no backtracking anywhere, so no expression and no text can cost more than the limits here.
//! Tests: below, `tests/it/shape/pattern.rs`.

mod search;
mod translate;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use regex_automata::dfa::dense;
use regex_automata::meta;
use regex_automata::nfa::thompson;

pub(super) use search::{Found, Want, find_text};

/// The most bytes of an automaton.
const SIZE_MAX: usize = 1 << 20;
/// The most bytes of all automata of a comparison. One that grew too large costs as much as the largest that is kept.
const SIZE_OF_ALL: usize = 24 << 20;
/// A search in an automaton counts as so many bytes of one.
const SIZE_OF_SEARCH: usize = 16 << 10;
/// The longest expression that is read.
const LENGTH_MAX: usize = 4_096;

/// One expression.
pub(super) struct Pattern {
    rust: String,
    matcher: meta::Regex,
    dfa: OnceCell<Option<dense::DFA<Vec<u32>>>>,
    /// What is left for all automata of the comparison.
    left: Rc<Cell<usize>>,
}

impl Pattern {
    fn new(ecma: &str, left: &Rc<Cell<usize>>) -> Option<Self> {
        if ecma.len() > LENGTH_MAX {
            return None;
        }
        let rust = translate::to_rust(ecma)?;
        let config = meta::Config::new().nfa_size_limit(Some(SIZE_MAX)).hybrid_cache_capacity(SIZE_MAX).onepass_size_limit(Some(SIZE_MAX));
        left.get().checked_sub(1)?;
        let matcher = meta::Builder::new().configure(config).build(&rust).ok();
        // What searches keep comes to the automaton itself.
        pay(left, matcher.as_ref().map_or(SIZE_MAX / 2, |matcher| 2 * matcher.memory_usage()));
        Some(Self { rust, matcher: matcher?, dfa: OnceCell::new(), left: Rc::clone(left) })
    }

    /// It is found somewhere in the text.
    pub(super) fn is_found(&self, text: &str) -> bool {
        self.matcher.is_match(text)
    }

    /// Counts a search against what is left for the comparison.
    fn charge(&self) -> Option<()> {
        self.left.get().checked_sub(1)?;
        pay(&self.left, SIZE_OF_SEARCH);
        Some(())
    }

    fn dfa(&self) -> Option<&dense::DFA<Vec<u32>>> {
        self.dfa
            .get_or_init(|| {
                self.left.get().checked_sub(1)?;
                let limits = dense::Config::new().dfa_size_limit(Some(SIZE_MAX)).determinize_size_limit(Some(2 * SIZE_MAX));
                let dfa = dense::Builder::new()
                    .configure(limits)
                    .thompson(thompson::Config::new().nfa_size_limit(Some(SIZE_MAX)))
                    .build(&self.rust)
                    .ok();
                pay(&self.left, dfa.as_ref().map_or(2 * SIZE_MAX, dense::DFA::memory_usage));
                dfa
            })
            .as_ref()
    }
}

fn pay(left: &Cell<usize>, size: usize) {
    left.set(left.get().saturating_sub(size));
}

/// Every expression that was met, read once; within what all automata together may take, beyond which none is read.
pub(super) struct Patterns {
    known: RefCell<Vec<Shelf>>,
    left: Rc<Cell<usize>>,
}

/// Some of the expressions, by their text.
type Shelf = BTreeMap<Box<str>, Option<Rc<Pattern>>>;

/// Over how many shelves expressions are spread, so that a hundred thousand that begin alike are not compared byte by byte.
const SHELVES: usize = 512;

fn shelf_of(ecma: &str) -> usize {
    let hash = ecma.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
    hash as usize % SHELVES
}

impl Default for Patterns {
    fn default() -> Self {
        Self { known: RefCell::default(), left: Rc::new(Cell::new(SIZE_OF_ALL)) }
    }
}

impl Patterns {
    /// The expression, if it can be read.
    pub(super) fn get(&self, ecma: &str) -> Option<Rc<Pattern>> {
        let shelf = shelf_of(ecma);
        if let Some(known) = self.known.borrow().get(shelf).and_then(|shelf| shelf.get(ecma)) {
            return known.clone();
        }
        // Beyond the limit none is read, and none is worth remembering.
        self.left.get().checked_sub(1)?;
        let pattern = Pattern::new(ecma, &self.left).map(Rc::new);
        let mut shelves = self.known.borrow_mut();
        shelves.resize_with(SHELVES, Shelf::new);
        if let Some(shelf) = shelves.get_mut(shelf) {
            shelf.insert(ecma.into(), pattern.clone());
        }
        pattern
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(ecma: &str, text: &str) -> Option<bool> {
        Patterns::default().get(ecma).map(|pattern| pattern.is_found(text))
    }

    #[test]
    fn ecma_is_read_as_ecma() {
        for (ecma, text, is) in [
            (r"^\d+$", "12", true),
            (r"^\d+$", "١٢", false),
            (r"^[\w-]+$", "a-b_9", true),
            (r"^\S+$", "a\u{feff}", false),
            (r"^[a[]$", "[", true),
            (r"^a/b\/c$", "a/b/c", true),
            ("^\\u0041$", "A", true),
            (r"^.$", "\u{2028}", false),
            (r"^[^]$", "\n", true),
            (r"a$", "a\n", false),
            (r"\bfoo\b", "a foo b", true),
            (r"^[^\d]$", "x", true),
        ] {
            assert_eq!(found(ecma, text), Some(is), "{ecma} on {text:?}");
        }
        for ecma in ["(?=a)", "(?!a)b", r"(a)\1", "(", r"\y", "(?<=a)b"] {
            assert_eq!(found(ecma, "a"), None, "{ecma}");
        }
    }

    #[test]
    fn a_catastrophe_is_none() {
        let text = "a".repeat(100_000);
        assert_eq!(found("^(a+)+$", &format!("{text}!")), Some(false));
        assert_eq!(found(&"(a{1000}){1000}".repeat(3), "a"), None);
        assert_eq!(found(&"a".repeat(5_000), "a"), None);
    }
}
