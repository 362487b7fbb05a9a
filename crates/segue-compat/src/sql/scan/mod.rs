//! Pieces of SQL text: tokens with their bytes, statements with their lines, for three dialects.
//!
//! The work is linear in the text and nothing recurses, so that a hostile script costs no more than its size. Must never
//! panic on a text: every read is an `Option`. Tests: below and `tests/it/sql/reading.rs`.

mod lex;
mod statement;
mod words;

pub(crate) use lex::{Kind, tokens};
pub(crate) use statement::{Statement, each};
pub(crate) use words::Words;

/// Words and signs with one space between, words in lower case, names without needless quotes, no comments: two texts
/// that say the same in other spacing or case have one form.
pub(crate) fn normal(text: &str, dialect: super::Dialect) -> String {
    let (tokens, whole) = tokens(text, dialect);
    let mut out = Words::new(text, dialect, &tokens).normal();
    if !whole {
        out.push_str(" …");
    }
    out
}
