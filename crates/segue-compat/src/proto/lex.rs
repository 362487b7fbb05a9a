//! Words of a `.proto` text with their bytes, one at a time.
//!
//! Nothing is collected, so that a hostile text costs no memory here. Comments and white space are passed over; a byte that
//! begins no word is a word of its own, and the parser says what it wanted. Tests: below.

use crate::source::Span;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// A whole or fractional number, without its sign.
    Number,
    /// A text in quotes, with them.
    Text,
    /// One character of punctuation.
    Mark(u8),
    End,
}

/// A word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// Reads words from a text.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Where a comment began that does not end, or a text that does not end on its line.
    pub(super) torn: Option<(Span, &'static str)>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, torn: None }
    }

    /// The letters of a word.
    pub(super) fn words(&self, token: Token) -> &'a str {
        self.text.get(token.span.start as usize..token.span.end as usize).unwrap_or_default()
    }

    /// A dot stands right behind a word, without a space.
    pub(super) fn is_dot_behind(&self, token: Token) -> bool {
        self.text.as_bytes().get(token.span.end as usize) == Some(&b'.')
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn space(&mut self) {
        loop {
            match (self.byte(0), self.byte(1)) {
                (Some(b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c), _) => self.at += 1,
                (Some(b'/'), Some(b'/')) => {
                    let rest = &self.text.as_bytes()[self.at..];
                    self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                }
                (Some(b'/'), Some(b'*')) => {
                    let start = self.at;
                    let rest = self.text.get(self.at + 2..).unwrap_or_default();
                    self.at = if let Some(end) = rest.find("*/") {
                        self.at + 4 + end
                    } else {
                        self.torn = Some((Span::new(start, start + 2), "a comment that does not end"));
                        self.text.len()
                    };
                }
                _ => break,
            }
        }
    }

    /// The next word.
    pub(super) fn next(&mut self) -> Token {
        self.space();
        let start = self.at;
        let Some(first) = self.byte(0) else { return Token { kind: Kind::End, span: Span::new(start, start) } };
        let kind = match first {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                self.pass(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                Kind::Word
            }
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_some_and(|byte| byte.is_ascii_digit()) => self.number(),
            b'"' | b'\'' => self.quoted(first),
            other => {
                self.at += self.text[start..].chars().next().map_or(1, char::len_utf8);
                Kind::Mark(other)
            }
        };
        Token { kind, span: Span::new(start, self.at) }
    }

    fn pass(&mut self, of: impl Fn(u8) -> bool) {
        while self.byte(0).is_some_and(&of) {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Kind {
        let mut last = 0;
        while let Some(byte) = self.byte(0) {
            let sign_of_exponent = matches!(byte, b'+' | b'-') && matches!(last, b'e' | b'E');
            if !(byte.is_ascii_alphanumeric() || byte == b'.' || sign_of_exponent) {
                break;
            }
            last = byte;
            self.at += 1;
        }
        Kind::Number
    }

    fn quoted(&mut self, quote: u8) -> Kind {
        let start = self.at;
        self.at += 1;
        loop {
            match self.byte(0) {
                Some(b'\\') if self.byte(1).is_some() => {
                    self.at += 1;
                    self.at += self.text[self.at..].chars().next().map_or(1, char::len_utf8);
                }
                Some(byte) if byte == quote => {
                    self.at += 1;
                    break;
                }
                Some(b'\n') | None => {
                    self.torn = Some((Span::new(start, self.at), "a text that does not end on its line"));
                    break;
                }
                Some(_) => self.at += 1,
            }
        }
        Kind::Text
    }
}

/// What a quoted text says; bytes that are no UTF-8 keep their escapes.
pub(super) fn unquote(quoted: &str) -> String {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            text.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some(plain @ ('\\' | '\'' | '"' | '?')) => text.push(plain),
            Some(other) => {
                text.push('\\');
                text.push(other);
            }
            None => {}
        }
    }
    text
}

/// The first statement is one of protobuf; a few words are enough to tell.
pub(super) fn begins_like_proto(text: &str) -> bool {
    let mut lexer = Lexer::new(text);
    let mut token = lexer.next();
    while token.kind == Kind::Mark(b';') {
        token = lexer.next();
    }
    let first = lexer.words(token);
    let second = lexer.next();
    let third = lexer.next();
    match first {
        "syntax" | "edition" => second.kind == Kind::Mark(b'=') && third.kind == Kind::Text,
        "package" => second.kind == Kind::Word && matches!(third.kind, Kind::Mark(b';' | b'.')),
        "import" => second.kind == Kind::Text && third.kind == Kind::Mark(b';') || matches!(lexer.words(second), "public" | "weak"),
        "message" | "enum" | "service" => second.kind == Kind::Word && third.kind == Kind::Mark(b'{') && has_number(&mut lexer),
        "option" => matches!(second.kind, Kind::Word | Kind::Mark(b'(')) && matches!(third.kind, Kind::Mark(b'=' | b'.') | Kind::Word),
        _ => false,
    }
}

/// Numbered members tell a message or enum from the like of other languages.
fn has_number(lexer: &mut Lexer<'_>) -> bool {
    let mut last = Kind::End;
    for _ in 0..64 {
        let token = lexer.next();
        match (last, token.kind) {
            (_, Kind::End) => return false,
            (Kind::Mark(b'='), Kind::Number) | (_, Kind::Mark(b'}')) => return true,
            (_, Kind::Word) if lexer.words(token) == "rpc" => return true,
            (_, kind) => last = kind,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_bytes() {
        let text = "a1 // c\n= -1.5e+3 /* é */ \"x\\\"y\" é.b";
        let mut lexer = Lexer::new(text);
        let mut seen = Vec::new();
        loop {
            let token = lexer.next();
            if token.kind == Kind::End {
                break;
            }
            seen.push(lexer.words(token));
        }
        assert_eq!(seen, ["a1", "=", "-", "1.5e+3", "\"x\\\"y\"", "é", ".", "b"]);
        assert!(lexer.torn.is_none());
        assert_eq!(unquote("\"x\\\"y\\101\""), "x\"y\\101");
    }

    #[test]
    fn what_does_not_end_is_told() {
        for text in ["/* x", "\"x", "'x\n'"] {
            let mut lexer = Lexer::new(text);
            while lexer.next().kind != Kind::End {}
            assert!(lexer.torn.is_some(), "{text}");
        }
    }
}
