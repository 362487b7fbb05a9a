//! A cursor over the tokens of a statement. Never panics: what is not there reads as `None` or false.

use segue_model::ident::TableName;

use super::super::Dialect;
use super::lex::{Kind, Token};
use crate::source::Span;

/// Reads tokens one after another.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a, 't> {
    text: &'a str,
    dialect: Dialect,
    tokens: &'t [Token],
    at: usize,
}

impl<'a, 't> Words<'a, 't> {
    pub(crate) fn new(text: &'a str, dialect: Dialect, tokens: &'t [Token]) -> Self {
        Self { text, dialect, tokens, at: 0 }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(crate) fn peek(&self, n: usize) -> Option<&'t Token> {
        self.tokens.get(self.at + n)
    }

    pub(crate) fn text_of(&self, token: &Token) -> &'a str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// The text of the token `n` further; empty behind the end.
    pub(crate) fn text_at(&self, n: usize) -> &'a str {
        self.peek(n).map_or("", |token| self.text_of(token))
    }

    pub(crate) fn skip(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len());
    }

    /// The token `n` further is that word.
    pub(crate) fn is_at(&self, n: usize, word: &str) -> bool {
        self.peek(n).is_some_and(|t| t.kind == Kind::Word && self.text_of(t).eq_ignore_ascii_case(word))
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    pub(crate) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Takes these words, separated by spaces in the argument, if they all come next.
    pub(crate) fn take(&mut self, words: &str) -> bool {
        let there = words.split(' ').enumerate().all(|(n, word)| self.is_at(n, word));
        if there {
            self.at += words.split(' ').count();
        }
        there
    }

    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        self.peek(0).is_some_and(|t| t.kind == Kind::Sign && self.text_of(t) == sign)
    }

    pub(crate) fn sign(&mut self, sign: &str) -> bool {
        let there = self.is_sign(sign);
        if there {
            self.at += 1;
        }
        there
    }

    /// The name or text of a token without its quotes.
    pub(crate) fn bare(&self, token: &Token) -> String {
        let text = self.text_of(token);
        let inner = || text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        match (token.kind, text.as_bytes().first()) {
            (Kind::Name, Some(b'`')) => inner().replace("``", "`"),
            (Kind::Name | Kind::Text, Some(b'"')) => inner().replace("\"\"", "\""),
            (Kind::Name, Some(b'[')) => inner().to_owned(),
            (Kind::Text, Some(b'\'')) => inner().replace("''", "'"),
            _ => text.to_owned(),
        }
    }

    /// One name.
    pub(crate) fn name(&mut self) -> Option<String> {
        let token = self.peek(0)?;
        let fits = match token.kind {
            Kind::Word | Kind::Name => true,
            Kind::Number => self.dialect == Dialect::Mysql,
            Kind::Text => self.dialect != Dialect::Postgres,
            Kind::Sign => false,
        };
        fits.then(|| {
            self.at += 1;
            self.bare(token)
        })
    }

    /// A name with or without a schema.
    pub(crate) fn qualified(&mut self) -> Option<TableName> {
        let first = self.name()?;
        if self.is_sign(".") && self.peek(1).is_some_and(|t| t.kind != Kind::Sign) {
            self.skip();
            let name = self.name()?;
            return Some(TableName::new(first, name));
        }
        Some(TableName::bare(first))
    }

    /// What stands in the brackets that come next; what is left when they do not close.
    pub(crate) fn group(&mut self) -> Option<Self> {
        if !self.sign("(") {
            return None;
        }
        let start = self.at;
        let mut depth = 1_usize;
        while let Some(token) = self.peek(0) {
            if token.kind == Kind::Sign {
                match self.text_of(token) {
                    "(" => depth += 1,
                    ")" => depth -= 1,
                    _ => {}
                }
            }
            if depth == 0 {
                let inner = Self { tokens: &self.tokens[start..self.at], at: 0, ..*self };
                self.at += 1;
                return Some(inner);
            }
            self.at += 1;
        }
        Some(Self { tokens: &self.tokens[start.min(self.tokens.len())..], at: 0, ..*self })
    }

    /// Splits what is left at commas that are in no brackets.
    pub(crate) fn by_commas(&self) -> Vec<Self> {
        let mut found = Vec::new();
        let (mut depth, mut start) = (0_usize, self.at);
        for (n, token) in self.tokens.iter().enumerate().skip(self.at) {
            if token.kind != Kind::Sign {
                continue;
            }
            match self.text_of(token) {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                "," if depth == 0 => {
                    found.push(Self { tokens: &self.tokens[start..n], at: 0, ..*self });
                    start = n + 1;
                }
                _ => {}
            }
        }
        if start < self.tokens.len() {
            found.push(Self { tokens: &self.tokens[start..], at: 0, ..*self });
        }
        found
    }

    /// Names in brackets: `(a, b)`; an order or length behind a name is passed over.
    pub(crate) fn names(&mut self) -> Vec<String> {
        let Some(group) = self.group() else { return Vec::new() };
        group.by_commas().into_iter().filter_map(|mut part| part.name()).collect()
    }

    /// The text as written, from here to the end.
    pub(crate) fn rest(&self) -> &'a str {
        self.between(self.at, self.tokens.len())
    }

    /// The position, for [`Words::since`].
    pub(crate) fn mark(&self) -> usize {
        self.at
    }

    /// The text as written since a mark.
    pub(crate) fn since(&self, mark: usize) -> &'a str {
        self.between(mark, self.at)
    }

    fn between(&self, from: usize, to: usize) -> &'a str {
        let (Some(first), Some(last)) = (self.tokens.get(from), to.checked_sub(1).and_then(|n| self.tokens.get(n))) else { return "" };
        self.text.get(first.start as usize..last.end as usize).unwrap_or_default()
    }

    /// The bytes from here to the end.
    pub(crate) fn span(&self) -> Span {
        match (self.tokens.get(self.at), self.tokens.last()) {
            (Some(first), Some(last)) => Span { start: first.start, end: last.end },
            _ => Span::default(),
        }
    }

    /// What is left: words in lower case, names without needless quotes, one space between.
    pub(crate) fn normal(&self) -> String {
        let mut out = String::new();
        for token in self.tokens.get(self.at..).unwrap_or_default() {
            if !out.is_empty() {
                out.push(' ');
            }
            let text = self.text_of(token);
            match token.kind {
                Kind::Word => out.push_str(&text.to_lowercase()),
                Kind::Name => {
                    let bare = self.bare(token);
                    let plain = bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !bare.is_empty();
                    // PostgreSQL folds what has no quotes, so a quoted name with capitals is another one.
                    let folds = self.dialect != Dialect::Postgres || !bare.chars().any(|c| c.is_ascii_uppercase());
                    if plain && folds { out.push_str(&bare.to_lowercase()) } else { out.push_str(text) }
                }
                Kind::Text | Kind::Number | Kind::Sign => out.push_str(text),
            }
        }
        out
    }
}
