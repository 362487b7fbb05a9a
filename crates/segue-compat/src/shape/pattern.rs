//! Regular expressions of schemas as automata: does a text fit, is one language a part of another, and which text shows it.
//!
//! ECMA-262 is translated where Rust's syntax means something else; what has no automaton (look-around, back-references, too
//! large) is *undecided*. There is no backtracking anywhere, so no expression and no text can cost more than the limits here.
//! Tests: below, `tests/it/shape/pattern.rs`.

mod search;
mod translate;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use regex_automata::dfa::dense;
use regex_automata::meta;
use regex_automata::nfa::thompson;

pub(super) use search::{Found, Want, find_text};

/// The most bytes of an automaton.
const SIZE_MAX: usize = 1 << 20;
/// The longest expression that is read.
const LENGTH_MAX: usize = 4_096;

/// One expression.
pub(super) struct Pattern {
    rust: String,
    matcher: meta::Regex,
    dfa: OnceCell<Option<dense::DFA<Vec<u32>>>>,
}

impl Pattern {
    fn new(ecma: &str) -> Option<Self> {
        if ecma.len() > LENGTH_MAX {
            return None;
        }
        let rust = translate::to_rust(ecma)?;
        let config = meta::Config::new().nfa_size_limit(Some(SIZE_MAX)).hybrid_cache_capacity(SIZE_MAX).onepass_size_limit(Some(SIZE_MAX));
        let matcher = meta::Builder::new().configure(config).build(&rust).ok()?;
        Some(Self { rust, matcher, dfa: OnceCell::new() })
    }

    /// It is found somewhere in the text.
    pub(super) fn is_found(&self, text: &str) -> bool {
        self.matcher.is_match(text)
    }

    fn dfa(&self) -> Option<&dense::DFA<Vec<u32>>> {
        self.dfa
            .get_or_init(|| {
                let limits = dense::Config::new().dfa_size_limit(Some(SIZE_MAX)).determinize_size_limit(Some(2 * SIZE_MAX));
                dense::Builder::new()
                    .configure(limits)
                    .thompson(thompson::Config::new().nfa_size_limit(Some(SIZE_MAX)))
                    .build(&self.rust)
                    .ok()
            })
            .as_ref()
    }
}

/// Every expression that was met, read once.
#[derive(Default)]
pub(super) struct Patterns {
    known: RefCell<BTreeMap<Box<str>, Option<Rc<Pattern>>>>,
}

impl Patterns {
    /// The expression, if it can be read.
    pub(super) fn get(&self, ecma: &str) -> Option<Rc<Pattern>> {
        if let Some(known) = self.known.borrow().get(ecma) {
            return known.clone();
        }
        let pattern = Pattern::new(ecma).map(Rc::new);
        self.known.borrow_mut().insert(ecma.into(), pattern.clone());
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
