//! Cuts the small SQL of the memory engine into tokens, and walks over them.
//!
//! Must never guess: what it does not know is a syntax failure. Tests: `expression`, `statement`.

use super::failure::Failure;

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// An unquoted word, folded to lower case.
    Word(String),
    /// A quoted name, as written.
    Quoted(String),
    /// A whole number without a sign.
    Int(i64),
    /// A text literal.
    Text(String),
    /// Punctuation.
    Symbol(&'static str),
}

/// A place in a list of tokens.
pub(super) struct Tokens {
    list: Vec<Token>,
    at: usize,
}

const SYMBOLS: [&str; 18] = ["||", "<>", "!=", "<=", ">=", "::", "(", ")", ",", ".", "+", "-", "*", "/", "=", "<", ">", ";"];

impl Tokens {
    /// Cuts a text.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let mut list = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let (token, after) = if first == '"' || first == '\'' {
                let (inner, after) = quoted(rest, first)?;
                (if first == '"' { Token::Quoted(inner) } else { Token::Text(inner) }, after)
            } else if first.is_ascii_digit() {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                let number = rest[..end].parse().map_err(|_| Failure::syntax("a number beyond 64 bits"))?;
                (Token::Int(number), &rest[end..])
            } else if first.is_alphabetic() || first == '_' {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                (Token::Word(rest[..end].to_lowercase()), &rest[end..])
            } else if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
                (Token::Symbol(symbol), &rest[symbol.len()..])
            } else {
                return Err(Failure::syntax(format!("the character {first:?} is not understood")));
            };
            list.push(token);
            rest = after.trim_start();
        }
        Ok(Self { list, at: 0 })
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.list.get(self.at)
    }

    pub(super) fn peek_second(&self) -> Option<&Token> {
        self.list.get(self.at + 1)
    }

    pub(super) fn take(&mut self) -> Option<Token> {
        let token = self.list.get(self.at).cloned();
        self.at += 1;
        token
    }

    /// Takes the symbol if it is next.
    pub(super) fn symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(s)) if *s == symbol);
        self.at += usize::from(found);
        found
    }

    /// Takes the word if it is next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(w)) if w == word)
    }

    /// Takes all of the words if they are next, or none.
    pub(super) fn words(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(i, word)| matches!(self.list.get(self.at + i), Some(Token::Word(w)) if w == word));
        if found {
            self.at += words.len();
        }
        found
    }

    pub(super) fn need_symbol(&mut self, symbol: &str) -> Result<(), Failure> {
        if self.symbol(symbol) { Ok(()) } else { Err(Failure::syntax(format!("a {symbol} is missing at token {}", self.at))) }
    }

    pub(super) fn need_word(&mut self, word: &str) -> Result<(), Failure> {
        if self.word(word) { Ok(()) } else { Err(Failure::syntax(format!("the word {word} is missing at token {}", self.at))) }
    }

    /// A name, quoted or not.
    pub(super) fn name(&mut self) -> Result<String, Failure> {
        match self.take() {
            Some(Token::Word(name) | Token::Quoted(name)) => Ok(name),
            _ => Err(Failure::syntax(format!("a name is missing at token {}", self.at))),
        }
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.list.len()
    }

    pub(super) fn need_end(&mut self) -> Result<(), Failure> {
        while self.symbol(";") {}
        if self.at_end() { Ok(()) } else { Err(Failure::syntax(format!("more text than expected at token {}", self.at + 1))) }
    }
}

fn quoted(text: &str, mark: char) -> Result<(String, &str), Failure> {
    let body = &text[1..];
    let mut inner = String::new();
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != mark {
            inner.push(c);
        } else if body[at + 1..].starts_with(mark) {
            inner.push(mark);
            chars.next();
        } else {
            return Ok((inner, &body[at + 1..]));
        }
    }
    Err(Failure::syntax("a quotation mark does not close"))
}
