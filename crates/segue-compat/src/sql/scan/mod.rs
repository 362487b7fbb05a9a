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

/// What comes behind a statement, comments apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behind {
    /// The `;` that ends it.
    Semicolon,
    /// Nothing.
    End,
    /// Another sign: a delimiter, the end of a comment with code in it.
    Other,
}

/// What the text begins with, behind a statement.
pub(crate) fn behind(mut text: &str, dialect: super::Dialect) -> Behind {
    while !text.is_empty() {
        match lex::piece(text, dialect) {
            // What follows a comment with code in it belongs to it.
            lex::Piece::Skip(length) if !text.starts_with("*/") => text = text.get(length.max(1)..).unwrap_or_default(),
            lex::Piece::Token(Kind::Sign, _) if text.starts_with(';') => return Behind::Semicolon,
            _ => return Behind::Other,
        }
    }
    Behind::End
}

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
