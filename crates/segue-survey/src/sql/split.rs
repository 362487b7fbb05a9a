//! Statements of a script: where each begins and ends.
//!
//! Knows quotes of three dialects, comments (nested ones too), `/*! … */`, dollar quotes, `DELIMITER`, the client's own
//! commands, COPY data, and bodies of triggers and routines with `;` inside. Never copies data and never goes back:
//! the work is linear in the text. Tests: below, `tests/it/hostile.rs`.

use super::dialect::Dialect;
use super::scan::{self, Piece};

/// One statement, or the data after a COPY.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Statement<'a> {
    pub(super) text: &'a str,
    /// From 1.
    pub(super) line: u32,
    /// Lines of COPY data that follow, and their bytes.
    pub(super) copied: Option<(u64, u64)>,
    /// A quote, a comment or a body that does not end.
    pub(super) torn: bool,
}

pub(super) struct Splitter<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    dialect: Dialect,
    delimiter: &'a str,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { text, at: 0, line: 1, dialect, delimiter: ";" }
    }

    /// Goes on to `to`, counting lines.
    fn advance(&mut self, to: usize) {
        let newlines = self.text[self.at..to].matches('\n').count();
        self.line = self.line.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
        self.at = to;
    }

    fn rest_of_line(&self) -> &'a str {
        let rest = &self.text[self.at..];
        &rest[..rest.find('\n').unwrap_or(rest.len())]
    }

    /// Skips white space, comments and lines that are the client's own.
    fn skip(&mut self) {
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let first = rest.as_bytes()[0];
            let space = rest.len() - rest.trim_start().len();
            if space > 0 {
                self.advance(self.at + space);
            } else if let Some(Piece::Comment(length)) = scan::comment(rest, self.dialect) {
                self.advance(self.at + length);
            } else if first == b'\\' && self.dialect == Dialect::Postgres {
                self.advance(self.at + self.rest_of_line().len());
            } else if self.dialect == Dialect::Mysql && starts_with_word(rest, "delimiter") {
                let line = self.rest_of_line();
                self.delimiter = line.split_whitespace().nth(1).unwrap_or(";");
                self.advance(self.at + line.len());
            } else if rest.starts_with(self.delimiter) {
                self.advance(self.at + self.delimiter.len());
            } else {
                return;
            }
        }
    }

    /// The end of the statement that begins at `self.at`, the end of its delimiter, and whether it is torn.
    fn end(&self) -> (usize, usize, bool) {
        let mut body = Body::new(self.dialect);
        let mut at = self.at;
        let mut torn = false;
        while at < self.text.len() {
            let rest = &self.text[at..];
            if rest.starts_with(self.delimiter) && (body.depth == 0 || self.delimiter != ";") {
                return (at, at + self.delimiter.len(), torn);
            }
            let piece = scan::piece(rest, self.dialect);
            let mut length = piece.length().max(1);
            if let Piece::Word(_) | Piece::Number(_) = piece {
                // `END$$`: a word may hold the sign that ends the statement.
                length = rest[..length].find(self.delimiter).unwrap_or(length);
                body.word(&rest[..length]);
            }
            torn |= matches!(piece, Piece::Torn(_));
            at += length;
        }
        (self.text.len(), self.text.len(), torn || body.depth > 0)
    }

    /// Lines and bytes up to the line `\.`.
    fn copy_data(&mut self) -> (u64, u64) {
        self.advance(self.at + self.rest_of_line().len());
        let (mut rows, mut bytes) = (0, 0);
        while self.at < self.text.len() {
            self.advance((self.at + 1).min(self.text.len()));
            let line = self.rest_of_line();
            self.advance(self.at + line.len());
            if line.trim_end() == "\\." {
                break;
            }
            if self.at < self.text.len() || !line.is_empty() {
                rows += 1;
                bytes += line.len() as u64 + 1;
            }
        }
        (rows, bytes)
    }
}

impl<'a> Iterator for Splitter<'a> {
    type Item = Statement<'a>;

    fn next(&mut self) -> Option<Statement<'a>> {
        self.skip();
        if self.at >= self.text.len() {
            return None;
        }
        let (end, after, torn) = self.end();
        let (text, line) = (&self.text[self.at..end], self.line);
        self.advance(after);
        let copied = (self.dialect == Dialect::Postgres && is_copy_from_stdin(text)).then(|| self.copy_data());
        Some(Statement { text: text.trim_end(), line, copied, torn })
    }
}

/// Whether `text` begins with that word, in any case.
pub(super) fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        && !text[word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn is_copy_from_stdin(text: &str) -> bool {
    starts_with_word(text, "copy") && text.len() < 64 * 1024 && {
        let lower = text.to_ascii_lowercase();
        lower.split_whitespace().collect::<Vec<_>>().windows(2).any(|pair| pair == ["from", "stdin"])
    }
}

/// Follows `BEGIN … END` of triggers and routines, so that their `;` end nothing.
struct Body {
    /// Words seen so far, as far as they matter: whether the statement creates something with a body.
    words: usize,
    creates: bool,
    bodied: bool,
    atomic: bool,
    depth: usize,
    before: Word,
    dialect: Dialect,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Begin,
    End,
    Other,
}

impl Body {
    fn new(dialect: Dialect) -> Self {
        Self { words: 0, creates: false, bodied: false, atomic: false, depth: 0, before: Word::Other, dialect }
    }

    fn word(&mut self, word: &str) {
        self.words += 1;
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        if self.words == 1 {
            self.creates = is("create");
        }
        if !self.creates {
            return;
        }
        if self.words < 24 && ["trigger", "procedure", "function", "event", "package"].iter().any(|w| is(w)) {
            self.bodied = self.dialect != Dialect::Postgres;
        }
        let begins = is("begin");
        if is("atomic") && self.before == Word::Begin {
            self.atomic = true;
            self.depth = 1;
        }
        if self.bodied || self.atomic {
            let control = ["if", "loop", "while", "repeat"].iter().any(|w| is(w));
            if self.before == Word::End && control {
                self.depth += 1; // `END IF` closed nothing that was opened
            } else if (begins && self.bodied) || (is("case") && self.before != Word::End && self.depth > 0) {
                self.depth += 1;
            } else if is("end") {
                self.depth = self.depth.saturating_sub(1);
            }
        }
        self.before = if begins {
            Word::Begin
        } else if is("end") {
            Word::End
        } else {
            Word::Other
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dialect: Dialect, text: &str, expect: &[&str]) {
        let found: Vec<&str> = Splitter::new(text, dialect).map(|s| s.text).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn quotes_and_comments_hide_semicolons() {
        check(
            Dialect::Mysql,
            "select ';', \";\", `;`, 'a\\';'; # x;\n-- y;\nb /* ; */; c--1;",
            &["select ';', \";\", `;`, 'a\\';'", "b /* ; */", "c--1"],
        );
        check(Dialect::Postgres, "a ';''\\'; /* ; /* ; */ ; */ b $x$;$$;$x$; E'\\';'; c", &["a ';''\\'", "b $x$;$$;$x$", "E'\\';'", "c"]);
        check(Dialect::Sqlite, "a [;]; b \";\"", &["a [;]", "b \";\""]);
    }

    #[test]
    fn delimiters_and_bodies() {
        check(
            Dialect::Mysql,
            "DELIMITER ;;\ncreate procedure a() begin b; end ;;\ndelimiter ;\nc;",
            &["create procedure a() begin b; end", "c"],
        );
        check(
            Dialect::Mysql,
            "DELIMITER $$\ncreate procedure a() begin b; end$$\ndelimiter ;\nc;",
            &["create procedure a() begin b; end", "c"],
        );
        let body = "create trigger t begin if a then b; end if; case x when 1 then y; end case; select case when 1 then 2 end; end";
        check(Dialect::Sqlite, &format!("{body}; z"), &[body, "z"]);
        check(Dialect::Mysql, &format!("{body}; z"), &[body, "z"]);
        let atomic = "create function f() begin atomic select 1; select 2; end";
        check(Dialect::Postgres, &format!("{atomic}; begin; z; end;"), &[atomic, "begin", "z", "end"]);
        check(
            Dialect::Mysql,
            "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEGIN x; END */; c",
            &["/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEGIN x; END */", "c"],
        );
    }

    #[test]
    fn copy_data_is_counted_and_commands_are_skipped() {
        let text = "\\connect x\ncopy a (b) from stdin;\n1;'\n2\n\\.\nselect 1;\n";
        let all: Vec<Statement<'_>> = Splitter::new(text, Dialect::Postgres).collect();
        assert_eq!(all.len(), 2, "{all:?}");
        assert_eq!((all[0].copied, all[0].line), (Some((2, 6)), 2));
        assert_eq!((all[1].text, all[1].line), ("select 1", 6));
    }

    #[test]
    fn what_does_not_end_is_torn() {
        for (dialect, text) in [(Dialect::Mysql, "a 'b"), (Dialect::Postgres, "a $$b"), (Dialect::Sqlite, "create trigger t begin x;")] {
            let all: Vec<Statement<'_>> = Splitter::new(text, dialect).collect();
            assert!(all.last().is_some_and(|s| s.torn), "{text}: {all:?}");
        }
    }
}
