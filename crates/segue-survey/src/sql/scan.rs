//! The next piece of a SQL text: a quote, a comment, a word, a number, a sign.
//!
//! The one place that knows where a quote ends; the splitter and the tokens stand on it. Must never look further than
//! the piece needs. Tests: `split.rs`, `tokens.rs`.

use super::dialect::Dialect;

/// A piece with its length in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Space(usize),
    Comment(usize),
    /// The beginning of `/*!50003 `: what follows is code.
    Opens(usize),
    /// `*/` of such a comment.
    Closes(usize),
    Word(usize),
    Number(usize),
    /// A text in quotes (or dollars).
    Text(usize),
    /// A name in quotes.
    Name(usize),
    Sign(usize),
    /// A quote or a comment that does not end: the rest of the text.
    Torn(usize),
}

impl Piece {
    pub(super) fn length(self) -> usize {
        match self {
            Self::Space(n)
            | Self::Comment(n)
            | Self::Opens(n)
            | Self::Closes(n)
            | Self::Word(n)
            | Self::Number(n)
            | Self::Text(n)
            | Self::Name(n)
            | Self::Sign(n)
            | Self::Torn(n) => n,
        }
    }
}

/// The first piece of a text that is not empty.
pub(super) fn piece(text: &str, dialect: Dialect) -> Piece {
    if let Some(comment) = comment(text, dialect) {
        return comment;
    }
    let bytes = text.as_bytes();
    let mysql = dialect == Dialect::Mysql;
    match bytes[0] {
        b'\'' => quoted(text, b'\'', mysql, Piece::Text),
        b'"' if mysql => quoted(text, b'"', true, Piece::Text),
        b'"' => quoted(text, b'"', false, Piece::Name),
        b'`' if dialect != Dialect::Postgres => quoted(text, b'`', false, Piece::Name),
        b'[' if dialect == Dialect::Sqlite => text.find(']').map_or(Piece::Torn(text.len()), |end| Piece::Name(end + 1)),
        b'$' if dialect == Dialect::Postgres => dollar(text),
        b'e' | b'E' if dialect == Dialect::Postgres && bytes.get(1) == Some(&b'\'') => match quoted(&text[1..], b'\'', true, Piece::Text) {
            Piece::Text(n) => Piece::Text(n + 1),
            _ => Piece::Torn(text.len()),
        },
        b'*' if mysql && text.starts_with("*/") => Piece::Closes(2),
        b'0'..=b'9' => number(text),
        _ => other(text),
    }
}

fn other(text: &str) -> Piece {
    let Some(first) = text.chars().next() else { return Piece::Sign(1) };
    let until = |stop: &dyn Fn(char) -> bool| text.find(|c: char| stop(c)).unwrap_or(text.len());
    if first.is_whitespace() {
        Piece::Space(until(&|c| !c.is_whitespace()))
    } else if first.is_alphabetic() || matches!(first, '_' | '@') || !first.is_ascii() {
        Piece::Word(until(&|c| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '_' | '$' | '@')).max(first.len_utf8()))
    } else {
        Piece::Sign(first.len_utf8())
    }
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
    Piece::Number(at)
}

fn quoted(text: &str, quote: u8, backslash: bool, make: fn(usize) -> Piece) -> Piece {
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
            return make(at + 1);
        }
    }
    Piece::Torn(text.len())
}

/// `$$ … $$`, `$tag$ … $tag$`; `$1` is a sign and a number.
fn dollar(text: &str) -> Piece {
    let tag_end = text[1..].find(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(text.len(), |n| n + 1);
    let is_tag = text[tag_end..].starts_with('$') && !text[1..].starts_with(|c: char| c.is_ascii_digit());
    if !is_tag {
        return Piece::Sign(1);
    }
    let tag = &text[..=tag_end];
    match text[tag.len()..].find(tag) {
        Some(end) => Piece::Text(tag.len() + end + tag.len()),
        None => Piece::Torn(text.len()),
    }
}

/// A comment at the beginning of the text, if there is one.
pub(super) fn comment(text: &str, dialect: Dialect) -> Option<Piece> {
    let mysql = dialect == Dialect::Mysql;
    let line = || Piece::Comment(text.find('\n').unwrap_or(text.len()));
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
                return Some(Piece::Opens(opener.len() + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())));
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
                    return Piece::Comment(at);
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
