//! The words of SDL with their bytes, one at a time, so that a large file costs no list of them.
//!
//! Byte order marks, commas, both kinds of line ends and comments are space. A byte that begins no word is a word of its own
//! kind, and never an end of the work. Tests: below.

use crate::source::Span;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::graphql) enum Kind {
    /// A name or keyword.
    Name,
    /// A whole number.
    Int,
    /// A number with a fraction or an exponent.
    Float,
    /// A text in quotes.
    Text,
    /// A text in three quotes.
    Block,
    /// `! $ & ( ) : = @ [ ] { | }`.
    Mark(u8),
    /// `...`.
    Spread,
    /// The end of the file.
    End,
    /// A text that does not end on its line.
    OpenText,
    /// A block text that does not end at all.
    OpenBlock,
    /// Bytes that begin no word.
    Bad,
}

/// One word.
#[derive(Debug, Clone, Copy)]
pub(in crate::graphql) struct Word {
    pub(in crate::graphql) kind: Kind,
    pub(in crate::graphql) start: u32,
    pub(in crate::graphql) end: u32,
}

impl Word {
    pub(in crate::graphql) fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// Reads words.
#[derive(Debug, Clone)]
pub(in crate::graphql) struct Lexer<'a> {
    pub(in crate::graphql) text: &'a str,
    at: usize,
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

impl<'a> Lexer<'a> {
    pub(in crate::graphql) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn space(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => self.at += 1,
                b'#' => {
                    while !matches!(self.byte(self.at), None | Some(b'\n' | b'\r')) {
                        self.at += 1;
                    }
                }
                0xef if self.text.as_bytes().get(self.at..self.at + 3) == Some(b"\xef\xbb\xbf") => self.at += 3,
                _ => break,
            }
        }
    }

    /// The next word; `End` again and again at the end.
    pub(in crate::graphql) fn word(&mut self) -> Word {
        self.space();
        let start = self.at;
        let kind = match self.byte(start) {
            None => Kind::End,
            Some(b'_' | b'a'..=b'z' | b'A'..=b'Z') => {
                self.skip(is_name);
                Kind::Name
            }
            Some(b'0'..=b'9' | b'-') => self.number(),
            Some(b'"') => self.quoted(),
            Some(b'.') if self.text.as_bytes().get(start..start + 3) == Some(b"...") => {
                self.at += 3;
                Kind::Spread
            }
            Some(mark @ (b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|' | b'}')) => {
                self.at += 1;
                Kind::Mark(mark)
            }
            Some(_) => {
                self.at += 1;
                // One finding for a whole run of foreign letters.
                while self.byte(self.at).is_some_and(|byte| !byte.is_ascii()) {
                    self.at += 1;
                }
                Kind::Bad
            }
        };
        let span = Span::new(start, self.at);
        Word { kind, start: span.start, end: span.end }
    }

    fn skip(&mut self, of: fn(u8) -> bool) {
        while self.byte(self.at).is_some_and(of) {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Kind {
        let start = self.at;
        self.at += 1;
        let mut kind = Kind::Int;
        self.skip(|byte| byte.is_ascii_digit());
        if self.byte(self.at) == Some(b'.') && self.byte(self.at + 1).is_some_and(|byte| byte.is_ascii_digit()) {
            kind = Kind::Float;
            self.at += 1;
            self.skip(|byte| byte.is_ascii_digit());
        }
        if matches!(self.byte(self.at), Some(b'e' | b'E')) {
            kind = Kind::Float;
            self.at += 1;
            if matches!(self.byte(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.skip(|byte| byte.is_ascii_digit());
        }
        let digit = self.text.as_bytes().get(start..self.at).is_some_and(|part| part.iter().any(u8::is_ascii_digit));
        if digit && !self.byte(self.at).is_some_and(is_name) {
            return kind;
        }
        self.skip(is_name);
        Kind::Bad
    }

    fn quoted(&mut self) -> Kind {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at..self.at + 3) == Some(b"\"\"\"") {
            let mut at = self.at + 3;
            loop {
                match self.text.get(at..).and_then(|rest| rest.find("\"\"\"")) {
                    Some(found) if found > 0 && self.byte(at + found - 1) == Some(b'\\') => at += found + 3,
                    Some(found) => {
                        self.at = at + found + 3;
                        return Kind::Block;
                    }
                    None => {
                        self.at = bytes.len();
                        return Kind::OpenBlock;
                    }
                }
            }
        }
        self.at += 1;
        loop {
            match self.byte(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Kind::Text;
                }
                Some(b'\\') if !matches!(self.byte(self.at + 1), None | Some(b'\n' | b'\r')) => {
                    self.at += 2;
                    // The byte behind a backslash may begin a longer letter.
                    while !self.text.is_char_boundary(self.at) {
                        self.at += 1;
                    }
                }
                None | Some(b'\n' | b'\r') => return Kind::OpenText,
                Some(_) => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        let mut lexer = Lexer::new(text);
        let mut all = Vec::new();
        loop {
            let word = lexer.word();
            if word.kind == Kind::End {
                return all;
            }
            all.push((word.kind, &text[word.start as usize..word.end as usize]));
        }
    }

    #[test]
    fn words_have_their_bytes() {
        assert_eq!(
            kinds("\u{feff}type A\r\n{ # not this\n a(b: -1.5e3, c: \"x\\\"y\"): [B!] }"),
            [
                (Kind::Name, "type"),
                (Kind::Name, "A"),
                (Kind::Mark(b'{'), "{"),
                (Kind::Name, "a"),
                (Kind::Mark(b'('), "("),
                (Kind::Name, "b"),
                (Kind::Mark(b':'), ":"),
                (Kind::Float, "-1.5e3"),
                (Kind::Name, "c"),
                (Kind::Mark(b':'), ":"),
                (Kind::Text, "\"x\\\"y\""),
                (Kind::Mark(b')'), ")"),
                (Kind::Mark(b':'), ":"),
                (Kind::Mark(b'['), "["),
                (Kind::Name, "B"),
                (Kind::Mark(b'!'), "!"),
                (Kind::Mark(b']'), "]"),
                (Kind::Mark(b'}'), "}"),
            ]
        );
    }

    #[test]
    fn what_is_no_word_is_one_bad_word() {
        assert_eq!(kinds("a 🐟🐟 b"), [(Kind::Name, "a"), (Kind::Bad, "🐟🐟"), (Kind::Name, "b")]);
        assert_eq!(kinds("1x -"), [(Kind::Bad, "1x"), (Kind::Bad, "-")]);
        assert_eq!(kinds("\"a\nb"), [(Kind::OpenText, "\"a"), (Kind::Name, "b")]);
        assert_eq!(kinds("\"a\\é\""), [(Kind::Text, "\"a\\é\"")]);
        assert_eq!(kinds("\"\"\"a \\\"\"\" b\"\"\" c"), [(Kind::Block, "\"\"\"a \\\"\"\" b\"\"\""), (Kind::Name, "c")]);
        assert_eq!(kinds("\"\"\"a"), [(Kind::OpenBlock, "\"\"\"a")]);
        assert_eq!(kinds("... .")[0].0, Kind::Spread);
    }
}
