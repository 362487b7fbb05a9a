//! Whether a statement is SQL: squawk-syntax's opinion.
//!
//! It parses by recursion, and its trees are as deep as its input. It therefore sees one statement at a time, and only one
//! that is neither deep nor long; the others are read by our own reader alone, which never recurses. Tests:
//! `tests/it/sql/script_hostile.rs`.

use squawk_syntax::SourceFile;

use super::token::Piece;

/// The deepest nesting that is taken at all.
pub(crate) const DEPTH_MAX: usize = 256;
/// The longest statement that is handed to the parser, in tokens.
pub(crate) const TOKENS_MAX: usize = 4_000;

/// The first error of a statement: its byte in the whole text and what the parser says.
pub(crate) fn error(text: &str, piece: &Piece) -> Option<(usize, String)> {
    if piece.depth > DEPTH_MAX || piece.last - piece.first > TOKENS_MAX {
        return None;
    }
    let statement = text.get(piece.start..piece.end)?;
    let parse = SourceFile::parse(statement);
    let errors = parse.errors();
    let first = errors.first()?;
    let at = usize::from(first.range().start()).min(statement.len());
    Some((piece.start + at, first.message().to_owned()))
}
