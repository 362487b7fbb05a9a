//! SQLite's tokens with their places in the text.
//!
//! Only what is needed to find borders: names (quoted in any of SQLite's four ways), literals, numbers, single
//! characters. Comments and white space are between tokens. It never judges whether the SQL is right.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bare word: a keyword or a name.
    Word,
    /// A name in `"`, `` ` `` or `[]`.
    Quoted,
    /// A text literal in `'`, or a blob literal `x'…'`.
    Text,
    /// A number.
    Number,
    /// Any other single character.
    Sign,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    /// A name without its quotes; else the text itself.
    pub(crate) text: String,
}

impl Token {
    /// It is this keyword, written bare.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// It is this sign.
    pub(crate) fn sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign && self.text.starts_with(sign)
    }

    /// It can stand for this name. SQLite takes `'x'` as a name where only a name can be.
    pub(crate) fn names(&self, name: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted) && self.text.eq_ignore_ascii_case(name)
    }
}

/// The tokens of a text, in order.
pub(crate) fn tokens(sql: &str) -> Vec<Token> {
    let bytes = sql.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => at += 1,
            b'-' if bytes.get(at + 1) == Some(&b'-') => at = sql[at..].find('\n').map_or(bytes.len(), |n| at + n + 1),
            b'/' if bytes.get(at + 1) == Some(&b'*') => at = sql[at + 2..].find("*/").map_or(bytes.len(), |n| at + 2 + n + 2),
            quote @ (b'"' | b'`' | b'\'') => {
                at = quoted_end(bytes, at, quote);
                let kind = if quote == b'\'' { Kind::Text } else { Kind::Quoted };
                let inner = sql[start + 1..at].strip_suffix(quote as char).unwrap_or(&sql[start + 1..at]);
                let double = format!("{0}{0}", quote as char);
                out.push(Token { kind, start, end: at, text: inner.replace(&double, &(quote as char).to_string()) });
            }
            b'[' => {
                at = sql[at..].find(']').map_or(bytes.len(), |n| at + n + 1);
                let text = sql[start + 1..at].trim_end_matches(']').to_owned();
                out.push(Token { kind: Kind::Quoted, start, end: at, text });
            }
            b'x' | b'X' if bytes.get(at + 1) == Some(&b'\'') => {
                at = quoted_end(bytes, at + 1, b'\'');
                out.push(Token { kind: Kind::Text, start, end: at, text: sql[start..at].to_owned() });
            }
            c if c.is_ascii_digit() || (c == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)) => {
                at = number_end(bytes, at);
                out.push(Token { kind: Kind::Number, start, end: at, text: sql[start..at].to_owned() });
            }
            c if word_byte(c) => {
                while at < bytes.len() && word_byte(bytes[at]) {
                    at += 1;
                }
                out.push(Token { kind: Kind::Word, start, end: at, text: sql[start..at].to_owned() });
            }
            _ => {
                at += 1;
                out.push(Token { kind: Kind::Sign, start, end: at, text: sql[start..at].to_owned() });
            }
        }
    }
    out
}

fn word_byte(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c == b'$' || c >= 0x80
}

fn number_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        let c = bytes[at];
        let exponent_sign = matches!(c, b'+' | b'-') && matches!(bytes[at - 1], b'e' | b'E') && !bytes[..at].ends_with(b"0xe");
        if !(c.is_ascii_alphanumeric() || c == b'.' || c == b'_' || exponent_sign) {
            break;
        }
        at += 1;
    }
    at
}

fn quoted_end(bytes: &[u8], open: usize, quote: u8) -> usize {
    let mut at = open + 1;
    while at < bytes.len() {
        if bytes[at] == quote {
            if bytes.get(at + 1) == Some(&quote) {
                at += 1;
            } else {
                return at + 1;
            }
        }
        at += 1;
    }
    at
}

/// The place of the `)` that closes the `(` at `open`, both as indexes into `tokens`.
pub(crate) fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.sign('(') {
            depth += 1;
        } else if token.sign(')') {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// The text names this name somewhere, as a bare or quoted word.
pub(crate) fn mentions(sql: &str, name: &str) -> bool {
    tokens(sql).iter().any(|token| token.names(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expect: &[&str]) {
        assert_eq!(tokens(sql).iter().map(|t| t.text.as_str()).collect::<Vec<_>>(), expect, "{sql}");
    }

    #[test]
    fn borders_are_found() {
        check("a--x\nb/* ( */c", &["a", "b", "c"]);
        check(r#""we""ird;--😀" [a b] `c``d` 'it''s' x'00'"#, &["we\"ird;--😀", "a b", "c`d", "it's", "x'00'"]);
        check("1.5e-3+-2", &["1.5e-3", "+", "-", "2"]);
        check("naïve_1(é)", &["naïve_1", "(", "é", ")"]);
    }

    #[test]
    fn a_text_is_not_a_mention() {
        assert!(mentions("select \"Name\" from t", "name"));
        assert!(!mentions("select 'name' from t -- name", "name"));
    }
}
