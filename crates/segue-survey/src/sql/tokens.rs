//! Tokens of one statement, and a cursor that reads them.
//!
//! Comments are gone and `/*! … */` is code. Never panics on what it does not know: every read is an `Option`.
//! Tests: `tests/it/dump.rs`.

use super::dialect::Dialect;
use super::scan::{self, Piece};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    Text,
    Name,
    Sign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) line: u32,
    /// Directly behind the token before, without white space.
    pub(super) joined: bool,
}

/// The most tokens that are taken of one statement: a body of that size is judged by what was read.
const TOKENS_MAX: usize = 200_000;

/// Takes a statement apart; false when it had more tokens than the limit.
pub(super) fn tokens(text: &str, line: u32, dialect: Dialect) -> (Vec<Token<'_>>, bool) {
    let mut found = Vec::new();
    let (mut at, mut line, mut joined) = (0, line, false);
    while at < text.len() {
        let rest = &text[at..];
        let piece = scan::piece(rest, dialect);
        let length = piece.length().max(1).min(rest.len());
        let part = &rest[..length];
        let kind = match piece {
            Piece::Word(_) => Some(Kind::Word),
            Piece::Number(_) => Some(Kind::Number),
            Piece::Text(_) => Some(Kind::Text),
            Piece::Name(_) => Some(Kind::Name),
            Piece::Sign(_) => Some(Kind::Sign),
            Piece::Torn(_) | Piece::Space(_) | Piece::Comment(_) | Piece::Opens(_) | Piece::Closes(_) => None,
        };
        if let Some(kind) = kind {
            if found.len() == TOKENS_MAX {
                return (found, false);
            }
            found.push(Token { kind, text: part, line, joined });
        }
        joined = kind.is_some();
        line = line.saturating_add(part.bytes().filter(|b| *b == b'\n').count() as u32);
        at += length;
    }
    (found, true)
}

impl Token<'_> {
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// The name or text without its quotes.
    pub(super) fn bare(&self) -> String {
        let inner = |open: usize| self.text.get(open..self.text.len().saturating_sub(1)).unwrap_or_default();
        match (self.kind, self.text.as_bytes().first()) {
            (Kind::Name | Kind::Text, Some(b'`')) => inner(1).replace("``", "`"),
            (Kind::Name | Kind::Text, Some(b'"')) => inner(1).replace("\"\"", "\""),
            (Kind::Name, Some(b'[')) => inner(1).to_owned(),
            (Kind::Text, Some(b'\'')) => inner(1).replace("''", "'"),
            _ => self.text.to_owned(),
        }
    }
}

/// Reads tokens one after another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t, 'a> {
    rest: &'t [Token<'a>],
    line: u32,
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub(super) fn new(tokens: &'t [Token<'a>]) -> Self {
        Self { rest: tokens, line: tokens.first().map_or(1, |t| t.line) }
    }

    pub(super) fn peek(&self) -> Option<&'t Token<'a>> {
        self.rest.first()
    }

    pub(super) fn peek_at(&self, n: usize) -> Option<&'t Token<'a>> {
        self.rest.get(n)
    }

    pub(super) fn rest(&self) -> &'t [Token<'a>] {
        self.rest
    }

    pub(super) fn done(&self) -> bool {
        self.rest.is_empty()
    }

    /// The line of what comes next.
    pub(super) fn line(&self) -> u32 {
        self.peek().map_or(self.line, |t| t.line)
    }

    pub(super) fn next(&mut self) -> Option<&'t Token<'a>> {
        let (first, rest) = self.rest.split_first()?;
        self.line = first.line;
        self.rest = rest;
        Some(first)
    }

    /// Takes these words if they all come next.
    pub(super) fn words(&mut self, words: &[&str]) -> bool {
        let there = words.iter().enumerate().all(|(n, word)| self.peek_at(n).is_some_and(|t| t.is(word)));
        if there {
            for _ in words {
                self.next();
            }
        }
        there
    }

    /// Takes one of these words if it comes next.
    pub(super) fn one_of(&mut self, words: &[&str]) -> Option<String> {
        let token = self.peek()?;
        words.iter().find(|word| token.is(word))?;
        self.next();
        Some(token.text.to_ascii_lowercase())
    }

    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let there = self.peek().is_some_and(|t| t.is_sign(sign));
        if there {
            self.next();
        }
        there
    }

    pub(super) fn sees(&self, word: &str) -> bool {
        self.peek().is_some_and(|t| t.is(word))
    }

    pub(super) fn sees_sign(&self, sign: &str) -> bool {
        self.peek().is_some_and(|t| t.is_sign(sign))
    }

    /// A name, and the one before its point: `(schema, name)`.
    pub(super) fn name(&mut self) -> Option<(String, String)> {
        let mut parts = vec![self.name_part()?];
        while self.sees_sign(".") && parts.len() < 4 {
            self.next();
            parts.push(self.name_part()?);
        }
        let name = parts.pop()?;
        Some((parts.pop().unwrap_or_default(), name))
    }

    fn name_part(&mut self) -> Option<String> {
        let token = self.peek()?;
        matches!(token.kind, Kind::Word | Kind::Name | Kind::Text | Kind::Number).then(|| {
            self.next();
            token.bare()
        })
    }

    /// What stands in the brackets that come next; what is left when they do not close.
    pub(super) fn brackets(&mut self) -> Option<&'t [Token<'a>]> {
        if !self.sees_sign("(") {
            return None;
        }
        self.next();
        let start = self.rest;
        let mut depth = 1_usize;
        let mut taken = 0;
        while let Some(token) = self.next() {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth -= 1;
                if depth == 0 {
                    return Some(&start[..taken]);
                }
            }
            taken += 1;
        }
        Some(&start[..taken])
    }
}

/// Splits at commas that are in no brackets.
pub(super) fn by_commas<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (n, token) in tokens.iter().enumerate() {
        match token.text {
            "(" | "[" if token.kind == Kind::Sign => depth += 1,
            ")" | "]" if token.kind == Kind::Sign => depth = depth.saturating_sub(1),
            "," if token.kind == Kind::Sign && depth == 0 => {
                found.push(&tokens[start..n]);
                start = n + 1;
            }
            _ => {}
        }
    }
    if start < tokens.len() {
        found.push(&tokens[start..]);
    }
    found
}

/// Words and signs in lower case with one space between, texts as `''`: for looking, never for showing.
pub(super) fn normal(tokens: &[Token<'_>]) -> String {
    let mut out = String::from(" ");
    for token in tokens {
        match token.kind {
            Kind::Text => out.push_str("''"),
            Kind::Word => out.push_str(&token.text.to_lowercase()),
            Kind::Name => out.push_str(&token.bare()),
            Kind::Number | Kind::Sign => out.push_str(token.text),
        }
        out.push(' ');
    }
    out
}
