//! A small reader of Rust source: what is code, what is a comment, what is a literal.
//!
//! It knows nested comments, raw, byte and C strings, and tells a lifetime from a character. It is
//! not a parser: the rules need no more, and a parser would be a dependency that must follow the
//! language.

/// A file taken apart.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// The source with comments and the insides of literals blanked, line for line.
    pub(crate) code: String,
    /// Each string literal with the line on which it begins (from one).
    pub(crate) literals: Vec<(usize, String)>,
}

/// Takes a file apart. Broken source is taken apart as far as it goes.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut reader = Reader { chars: text.chars().collect(), at: 0, line: 1, out: Lexed::default() };
    while reader.at < reader.chars.len() {
        reader.step();
    }
    reader.out
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    out: Lexed,
}

impl Reader {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// Takes one character; blanked unless it is kept.
    fn take(&mut self, keep: bool) -> char {
        let taken = self.peek(0);
        self.at += 1;
        if taken == '\n' {
            self.line += 1;
        }
        let shown = if keep || taken == '\n' { taken } else { ' ' };
        self.out.code.push(shown);
        taken
    }

    fn step(&mut self) {
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => {
                while self.at < self.chars.len() && self.peek(0) != '\n' {
                    self.take(false);
                }
            }
            ('/', '*') => self.block_comment(),
            ('"', _) => self.string(),
            ('\'', _) => self.quote(),
            (first, _) if first.is_alphabetic() || first == '_' => self.word(),
            _ => {
                self.take(true);
            }
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => {
                    depth += 1;
                    self.take(false);
                    self.take(false);
                }
                ('*', '/') => {
                    depth -= 1;
                    self.take(false);
                    self.take(false);
                    if depth == 0 {
                        return;
                    }
                }
                _ => {
                    self.take(false);
                }
            }
        }
    }

    /// A word, or the prefix of a literal (`r"`, `br#"`, `c"`, `b'`).
    fn word(&mut self) {
        let mut word = String::new();
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            word.push(self.take(true));
        }
        let raw = matches!(word.as_str(), "r" | "br" | "cr");
        if raw && (self.peek(0) == '"' || self.is_raw_start()) {
            self.raw_string();
        } else if matches!(word.as_str(), "b" | "c") && self.peek(0) == '"' {
            self.string();
        }
    }

    /// `#`, perhaps several, then a quote; `r#name` is an identifier instead.
    fn is_raw_start(&self) -> bool {
        let mut ahead = 0;
        while self.peek(ahead) == '#' {
            ahead += 1;
        }
        ahead > 0 && self.peek(ahead) == '"'
    }

    fn raw_string(&mut self) {
        let line = self.line;
        let mut hashes = 0;
        while self.peek(0) == '#' {
            self.take(true);
            hashes += 1;
        }
        self.take(true);
        let mut value = String::new();
        while self.at < self.chars.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#') {
                for _ in 0..=hashes {
                    self.take(true);
                }
                break;
            }
            value.push(self.take(false));
        }
        self.out.literals.push((line, value));
    }

    fn string(&mut self) {
        let line = self.line;
        self.take(true);
        let mut value = String::new();
        while self.at < self.chars.len() && self.peek(0) != '"' {
            if self.peek(0) == '\\' {
                self.take(false);
                self.escape(&mut value);
            } else {
                value.push(self.take(false));
            }
        }
        self.take(true);
        self.out.literals.push((line, value));
    }

    /// What follows a backslash; a line break there swallows the white space after it.
    fn escape(&mut self, value: &mut String) {
        match self.take(false) {
            '\n' => {
                while self.at < self.chars.len() && self.peek(0).is_whitespace() {
                    self.take(false);
                }
            }
            'n' | 't' | 'r' => value.push(' '),
            other => value.push(other),
        }
    }

    /// A character (`'x'`, `'\n'`, `'\u{1F600}'`) or a lifetime (`'static`).
    fn quote(&mut self) {
        self.take(true);
        if self.peek(0) == '\\' {
            self.take(false);
            self.take(false);
            while self.at < self.chars.len() && self.peek(0) != '\'' {
                self.take(false);
            }
            self.take(true);
        } else if self.peek(1) == '\'' {
            self.take(false);
            self.take(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, code: &str, literals: &[&str]) {
        let lexed = lex(text);
        assert_eq!(lexed.code, code, "{text}");
        let found: Vec<&str> = lexed.literals.iter().map(|(_, l)| l.as_str()).collect();
        assert_eq!(found, literals, "{text}");
    }

    #[test]
    fn comments_and_literals_are_blanked() {
        check("a // b\nc", "a     \nc", &[]);
        check("a /* /* b */ c */ d", "a                 d", &[]);
        check(r#"f("x\"y", 1)"#, r#"f("    ", 1)"#, &["x\"y"]);
        check(r##"r#"a"b"# z"##, r##"r#"   "# z"##, &["a\"b"]);
        check("b\"q\" c\"p\"", "b\" \" c\" \"", &["q", "p"]);
        check("r#type", "r#type", &[]);
    }

    #[test]
    fn lifetimes_are_not_characters() {
        check("&'a str, '\"', '\\'' x", "&'a str, ' ', '  ' x", &[]);
        check("'static \"s\"", "'static \" \"", &["s"]);
        check(r"'\u{1F600}' y", "'         ' y", &[]);
    }

    #[test]
    fn lines_are_kept_and_continued_strings_are_joined() {
        let lexed = lex("\"select \\\n    1\"\n\"two\"");
        assert_eq!(lexed.literals, [(1, "select 1".into()), (3, "two".into())]);
        assert_eq!(lexed.code.lines().count(), 3);
    }
}
