//! Statements of a script: where each begins and ends.
//!
//! Knows `DELIMITER`, the clients' own commands, and bodies of triggers and routines with `;` inside. Linear in the text.
//! Tests: below.

use super::super::Dialect;
use super::lex::{Kind, Piece, TOKENS_MAX, Token, piece, token};
use super::words::Words;

/// One statement.
pub(crate) struct Statement<'a> {
    /// The whole script.
    pub(crate) text: &'a str,
    /// Its tokens, in bytes of the script.
    pub(crate) tokens: Vec<Token>,
    /// Its line, from 1.
    pub(crate) line: u32,
    /// A quote or comment does not end, or there were too many tokens.
    pub(crate) torn: bool,
}

impl<'a> Statement<'a> {
    /// A cursor at its beginning.
    pub(crate) fn words<'t>(&'t self, dialect: Dialect) -> Words<'a, 't> {
        Words::new(self.text, dialect, &self.tokens)
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> (usize, usize) {
        (self.tokens.first().map_or(0, |t| t.start as usize), self.tokens.last().map_or(0, |t| t.end as usize))
    }
}

/// Calls for each statement of a script, in order.
pub(crate) fn each<'a>(text: &'a str, dialect: Dialect, mut take: impl FnMut(Statement<'a>)) {
    let mut delimiter = ";";
    let (mut at, mut line) = (0, 1_u32);
    let mut now = Statement { text, tokens: Vec::new(), line: 1, torn: false };
    let mut body = Body::default();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if now.tokens.is_empty()
            && let Some(command) = client_command(rest, dialect)
        {
            if let Some(sign) = command.delimiter {
                delimiter = sign;
            }
            at += command.length;
            continue;
        }
        if rest.starts_with(delimiter) && (delimiter != ";" || !body.open()) {
            at += delimiter.len();
            body = Body::default();
            let whole = std::mem::replace(&mut now, Statement { text, tokens: Vec::new(), line, torn: false });
            if !whole.tokens.is_empty() {
                take(whole);
            }
            continue;
        }
        let length = match piece(rest, dialect) {
            Piece::Token(kind, length) => {
                let length = until_delimiter(rest, length, kind, delimiter);
                if now.tokens.is_empty() {
                    now.line = line;
                }
                if now.tokens.len() < TOKENS_MAX {
                    now.tokens.push(token(kind, at, length));
                    body.see(kind, rest.get(..length).unwrap_or_default(), now.tokens.len());
                } else {
                    now.torn = true;
                }
                length
            }
            Piece::Skip(length) => length,
            Piece::Torn(length) => {
                now.torn = true;
                if now.tokens.is_empty() {
                    now.line = line;
                    now.tokens.push(token(Kind::Sign, at, 1.min(length)));
                }
                length
            }
        }
        .max(1);
        line = line.saturating_add(rest.as_bytes().iter().take(length).filter(|byte| **byte == b'\n').count() as u32);
        at += length;
    }
    if !now.tokens.is_empty() {
        take(now);
    }
}

/// A word may run into a delimiter of letters or signs (`END$$`).
fn until_delimiter(rest: &str, length: usize, kind: Kind, delimiter: &str) -> usize {
    if delimiter == ";" || kind != Kind::Word {
        return length;
    }
    rest.get(..length).and_then(|word| word.find(delimiter)).filter(|found| *found > 0).unwrap_or(length)
}

/// Whether a body of a trigger or routine is open: `;` inside it ends nothing.
#[derive(Default)]
struct Body {
    creates: bool,
    routine: bool,
    depth: u32,
    after_end: bool,
}

impl Body {
    fn see(&mut self, kind: Kind, text: &str, count: usize) {
        let word = if kind == Kind::Word { text } else { "" };
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        if count == 1 {
            self.creates = is("create");
        }
        if self.creates && !self.routine && count < 16 {
            self.routine = ["trigger", "procedure", "function", "event", "package"].iter().any(|kind| is(kind));
        }
        if !self.routine {
            return;
        }
        let behind_end = std::mem::replace(&mut self.after_end, is("end"));
        if is("begin") || (is("case") && !behind_end) {
            self.depth += 1;
        } else if is("end") {
            self.depth = self.depth.saturating_sub(1);
        } else if behind_end && ["if", "loop", "while", "repeat", "for"].iter().any(|kind| is(kind)) {
            // `END IF` closed what `IF` opened, which was not counted.
            self.depth += 1;
        }
    }

    fn open(&self) -> bool {
        self.depth > 0
    }
}

struct Command<'a> {
    length: usize,
    delimiter: Option<&'a str>,
}

/// A command of the client on its own line: `DELIMITER $$`, `.mode`, `\connect`.
fn client_command(rest: &str, dialect: Dialect) -> Option<Command<'_>> {
    let line = || rest.find('\n').unwrap_or(rest.len());
    match dialect {
        Dialect::Mysql if rest.len() > 9 && rest.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("delimiter")) => {
            let text = rest.get(9..line())?;
            let sign = text.split_whitespace().next()?;
            text.starts_with(char::is_whitespace).then(|| Command { length: line(), delimiter: Some(sign) })
        }
        Dialect::Sqlite if rest.starts_with('.') => Some(Command { length: line(), delimiter: None }),
        Dialect::Postgres if rest.starts_with('\\') => Some(Command { length: line(), delimiter: None }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, dialect: Dialect) -> Vec<String> {
        let mut out = Vec::new();
        each(text, dialect, |s| {
            let (start, end) = s.bytes();
            out.push(format!("{}: {}", s.line, &text[start..end]));
        });
        out
    }

    #[test]
    fn bodies_and_delimiters_hold_together() {
        let mysql = "a;\nDELIMITER $$\ncreate trigger t begin x; y; end$$\nDELIMITER ;\nb; c";
        assert_eq!(texts(mysql, Dialect::Mysql), ["1: a", "3: create trigger t begin x; y; end", "5: b", "5: c"]);
        let sqlite = ".mode x\ncreate trigger t begin select case when 1 then 2 end; end;\nb;";
        assert_eq!(texts(sqlite, Dialect::Sqlite), ["2: create trigger t begin select case when 1 then 2 end; end", "3: b"]);
        let loops = "create procedure p() begin if a then b; end if; c; end; d;";
        assert_eq!(texts(loops, Dialect::Mysql).len(), 2);
    }
}
