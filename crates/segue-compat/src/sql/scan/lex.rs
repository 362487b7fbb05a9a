//! The next piece of a SQL text: a quote, a comment, a word, a number, a sign.
//!
//! The one place that knows where a quote ends. Must never look further than the piece needs. Tests: below.

use super::super::Dialect;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word without quotes.
    Word,
    /// A number.
    Number,
    /// A text in quotes or dollars.
    Text,
    /// A name in quotes.
    Name,
    /// One sign.
    Sign,
}

/// A token: its kind and bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// The most tokens that are taken of one statement.
pub(super) const TOKENS_MAX: usize = 3_000_000;

/// A piece: a token, something without meaning, or a quote that does not end.
pub(super) enum Piece {
    Token(Kind, usize),
    Skip(usize),
    Torn(usize),
}

/// The tokens of a text; false when a quote does not end or there are too many.
pub(crate) fn tokens(text: &str, dialect: Dialect) -> (Vec<Token>, bool) {
    let mut found = Vec::new();
    let mut at = 0;
    let mut whole = true;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = match piece(rest, dialect) {
            Piece::Token(kind, length) => (Some(kind), length),
            Piece::Skip(length) => (None, length),
            Piece::Torn(length) => {
                whole = false;
                (None, length)
            }
        };
        if let Some(kind) = kind {
            if found.len() == TOKENS_MAX {
                return (found, false);
            }
            found.push(token(kind, at, length));
        }
        at += length.max(1);
    }
    (found, whole)
}

/// A token at a byte.
pub(super) fn token(kind: Kind, at: usize, length: usize) -> Token {
    let end = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    Token { kind, start: end(at), end: end(at + length) }
}

/// The first piece of a text that is not empty.
pub(super) fn piece(text: &str, dialect: Dialect) -> Piece {
    if let Some(comment) = comment(text, dialect) {
        return comment;
    }
    let bytes = text.as_bytes();
    let mysql = dialect == Dialect::Mysql;
    match bytes[0] {
        b'\'' => quoted(text, b'\'', mysql, Kind::Text),
        b'"' if mysql => quoted(text, b'"', true, Kind::Text),
        b'"' => quoted(text, b'"', false, Kind::Name),
        b'`' if dialect != Dialect::Postgres => quoted(text, b'`', false, Kind::Name),
        b'[' if dialect == Dialect::Sqlite => text.find(']').map_or(Piece::Torn(text.len()), |end| Piece::Token(Kind::Name, end + 1)),
        b'$' if dialect == Dialect::Postgres => dollar(text),
        b'*' if mysql && text.starts_with("*/") => Piece::Skip(2),
        b'0'..=b'9' => number(text),
        _ => other(text),
    }
}

fn other(text: &str) -> Piece {
    let Some(first) = text.chars().next() else { return Piece::Skip(1) };
    if first.is_whitespace() {
        return Piece::Skip(text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len()));
    }
    if first.is_alphabetic() || matches!(first, '_' | '@') || !first.is_ascii() {
        let ends = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '_' | '$' | '@');
        let length = text.find(ends).unwrap_or(text.len());
        return Piece::Token(Kind::Word, length.max(first.len_utf8()));
    }
    Piece::Token(Kind::Sign, first.len_utf8())
}

/// Digits with a point and an exponent; or a word that begins with digits, as MySQL lets names do.
fn number(text: &str) -> Piece {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'.' | b'_')) {
        if matches!(bytes[at], b'e' | b'E') && matches!(bytes.get(at + 1), Some(b'+' | b'-')) {
            at += 1;
        }
        at += 1;
    }
    Piece::Token(Kind::Number, at)
}

fn quoted(text: &str, quote: u8, backslash: bool, kind: Kind) -> Piece {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if backslash && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return Piece::Token(kind, at + 1);
        }
    }
    Piece::Torn(text.len())
}

/// `$$ … $$`, `$tag$ … $tag$`; `$1` is a sign and a number.
fn dollar(text: &str) -> Piece {
    let tag_end = text[1..].find(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(text.len(), |n| n + 1);
    let is_tag = text[tag_end..].starts_with('$') && !text[1..].starts_with(|c: char| c.is_ascii_digit());
    if !is_tag {
        return Piece::Token(Kind::Sign, 1);
    }
    let tag = &text[..=tag_end];
    match text[tag.len()..].find(tag) {
        Some(end) => Piece::Token(Kind::Text, tag.len() + end + tag.len()),
        None => Piece::Torn(text.len()),
    }
}

/// A comment at the beginning of the text, or the opener of one that is code.
fn comment(text: &str, dialect: Dialect) -> Option<Piece> {
    let mysql = dialect == Dialect::Mysql;
    let line = || Piece::Skip(text.find('\n').unwrap_or(text.len()));
    if let Some(rest) = text.strip_prefix("--") {
        // MySQL wants white space behind the dashes; `5--1` is a number there.
        return (!mysql || rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '-')).then(line);
    }
    if mysql && text.starts_with('#') {
        return Some(line());
    }
    if !text.starts_with("/*") {
        return None;
    }
    if mysql {
        for opener in ["/*!", "/*M!"] {
            if let Some(rest) = text.strip_prefix(opener) {
                return Some(Piece::Skip(opener.len() + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())));
            }
        }
    }
    Some(block(text, dialect == Dialect::Postgres))
}

fn block(text: &str, nests: bool) -> Piece {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (2, 1_usize);
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'*', b'/') => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Piece::Skip(at);
                }
            }
            (b'/', b'*') if nests => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    Piece::Torn(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, dialect: Dialect) -> Vec<&str> {
        tokens(text, dialect).0.iter().map(|t| &text[t.start as usize..t.end as usize]).collect()
    }

    #[test]
    fn quotes_and_comments_end_where_the_dialect_says() {
        assert_eq!(shown("a /*!40101 b*/ 'x\\'y' # c\n`d``e`", Dialect::Mysql), ["a", "b", "'x\\'y'", "`d``e`"]);
        assert_eq!(shown("5--1 -- c", Dialect::Mysql), ["5", "-", "-", "1"]);
        assert_eq!(shown("[a b] 'x\\' /* c */ \"n\"", Dialect::Sqlite), ["[a b]", "'x\\'", "\"n\""]);
        assert_eq!(shown("$$a;b$$ $1 /* /* */ */ x", Dialect::Postgres), ["$$a;b$$", "$", "1", "x"]);
        assert!(!tokens("'never", Dialect::Sqlite).1);
    }
}
