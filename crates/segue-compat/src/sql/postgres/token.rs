//! A script's tokens, and where its statements end.
//!
//! Linear, without recursion, so that any text is safe to hand in: the parser behind sees single statements whose nesting is
//! known. Knows PostgreSQL's quoting, dollar quotes, nested comments, psql's backslash commands and the data lines of
//! `COPY … FROM stdin`. Never looks into a text or a data line. Tests: below, `tests/it/sql/script.rs`.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bare word: a keyword or a folded name.
    Word,
    /// A name in double quotes.
    Quoted,
    /// A text constant, dollar-quoted or not.
    Text,
    /// A number.
    Number,
    /// An operator or punctuation.
    Symbol,
    /// A backslash command of psql, up to the end of its line.
    Meta,
    /// The data lines of a COPY.
    Data,
}

/// One token: bytes of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Why a text has no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unended {
    /// What was begun: `text`, `quoted name`, `dollar-quoted text`, `comment`.
    pub(crate) what: &'static str,
    /// Where.
    pub(crate) at: usize,
}

/// One statement, one psql command or one block of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it is: [`Kind::Word`] for a statement.
    pub(crate) kind: Kind,
    /// Its tokens in the list, the semicolon left out.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// Its bytes, the semicolon left out.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The byte behind its semicolon.
    pub(crate) behind: usize,
    /// How deep parentheses, CASE and runs of operators nest.
    pub(crate) depth: usize,
}

/// A text cut into tokens and pieces.
#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(crate) tokens: Vec<Token>,
    pub(crate) pieces: Vec<Piece>,
}

#[derive(Default)]
struct Open {
    first: usize,
    parens: usize,
    cases: usize,
    run: usize,
    depth: usize,
    atomic: usize,
    copy: bool,
    stdin: bool,
}

/// Cuts a text.
pub(crate) fn cut(text: &str) -> Result<Script, Unended> {
    let mut script = Script::default();
    let mut open = Open::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let Some(token) = next(text, at)? else {
            at = skip(text, at)?;
            continue;
        };
        at = token.end;
        let word = &text[token.start..token.end];
        if token.kind == Kind::Meta {
            finish(&mut script, &mut open, token.start);
            single(&mut script, &mut open, token);
            continue;
        }
        if token.kind == Kind::Symbol && word == ";" && open.parens == 0 && open.atomic == 0 {
            let data = open.copy && open.stdin;
            finish(&mut script, &mut open, token.end);
            if data {
                let (start, end) = data_lines(text, at);
                at = end;
                single(&mut script, &mut open, Token { kind: Kind::Data, start, end });
            }
            continue;
        }
        open.see(&script, text, token, word);
        script.tokens.push(token);
    }
    finish(&mut script, &mut open, bytes.len());
    Ok(script)
}

impl Open {
    fn see(&mut self, script: &Script, text: &str, token: Token, word: &str) {
        let is_first = script.tokens.len() == self.first;
        match token.kind {
            Kind::Symbol => match word {
                "(" | "[" => self.parens += 1,
                ")" | "]" => self.parens = self.parens.saturating_sub(1),
                _ => {}
            },
            Kind::Word => {
                if is_first && word.eq_ignore_ascii_case("copy") {
                    self.copy = true;
                }
                if word.eq_ignore_ascii_case("stdin") {
                    self.stdin = true;
                }
                let before = script.tokens[self.first..].last().map(|token| &text[token.start..token.end]);
                if word.eq_ignore_ascii_case("atomic") && before.is_some_and(|word| word.eq_ignore_ascii_case("begin")) {
                    self.atomic += 1;
                }
                if word.eq_ignore_ascii_case("case") {
                    self.cases += 1;
                    if self.atomic > 0 {
                        self.atomic += 1;
                    }
                }
                if word.eq_ignore_ascii_case("end") {
                    self.cases = self.cases.saturating_sub(1);
                    self.atomic = self.atomic.saturating_sub(1);
                }
            }
            _ => {}
        }
        let prefix = match token.kind {
            Kind::Symbol => !matches!(word, "," | ")" | "]" | "(" | "["),
            Kind::Word => word.eq_ignore_ascii_case("not"),
            _ => false,
        };
        self.run = if prefix { self.run + 1 } else { 0 };
        self.depth = self.depth.max(self.parens + self.cases + self.run);
    }
}

fn finish(script: &mut Script, open: &mut Open, behind: usize) {
    let (first, last) = (open.first, script.tokens.len());
    if first < last {
        let (start, end) = (script.tokens[first].start, script.tokens[last - 1].end);
        script.pieces.push(Piece { kind: Kind::Word, first, last, start, end, behind, depth: open.depth });
    }
    *open = Open { first: last, ..Open::default() };
}

fn single(script: &mut Script, open: &mut Open, token: Token) {
    let first = script.tokens.len();
    script.tokens.push(token);
    let Token { kind, start, end } = token;
    script.pieces.push(Piece { kind, first, last: first + 1, start, end, behind: end, depth: 0 });
    open.first = first + 1;
}

/// The lines up to `\.` on a line of its own, and the end of that line.
fn data_lines(text: &str, from: usize) -> (usize, usize) {
    let rest = &text[from..];
    let start = from + rest.find('\n').map_or(rest.len(), |at| at + 1);
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == "\\." {
            break;
        }
    }
    (start, at)
}

/// White space or a comment: the byte behind it.
fn skip(text: &str, at: usize) -> Result<usize, Unended> {
    let rest = &text[at..];
    if rest.starts_with("--") {
        return Ok(at + rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        let bytes = rest.as_bytes();
        let (mut depth, mut here) = (0_usize, 0);
        while here < bytes.len() {
            match (bytes[here], bytes.get(here + 1)) {
                (b'/', Some(b'*')) => {
                    depth += 1;
                    here += 2;
                }
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    here += 2;
                    if depth == 0 {
                        return Ok(at + here);
                    }
                }
                _ => here += 1,
            }
        }
        return Err(Unended { what: "comment", at });
    }
    Ok(at + rest.chars().next().map_or(1, char::len_utf8))
}

/// The token that begins here; none for white space and comments.
fn next(text: &str, at: usize) -> Result<Option<Token>, Unended> {
    let bytes = text.as_bytes();
    let byte = bytes[at];
    let token = |kind, end| Ok(Some(Token { kind, start: at, end }));
    let rest = &text[at..];
    match byte {
        b'-' if rest.starts_with("--") => Ok(None),
        b'/' if rest.starts_with("/*") => Ok(None),
        b'\'' => token(Kind::Text, quoted(bytes, at, b'\'', false).ok_or(Unended { what: "text", at })?),
        b'"' => token(Kind::Quoted, quoted(bytes, at, b'"', false).ok_or(Unended { what: "quoted name", at })?),
        b'$' => dollar(text, at),
        b'\\' => token(Kind::Meta, at + rest.find('\n').unwrap_or(rest.len())),
        b'0'..=b'9' => token(Kind::Number, number(bytes, at)),
        b'.' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => token(Kind::Number, number(bytes, at)),
        b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => word(text, at),
        b'(' | b')' | b'[' | b']' | b',' | b';' | b'.' => token(Kind::Symbol, at + 1),
        b':' => token(Kind::Symbol, at + if matches!(bytes.get(at + 1), Some(b':' | b'=')) { 2 } else { 1 }),
        byte if operator(byte) => {
            let mut end = at + 1;
            while end < bytes.len() && operator(bytes[end]) && !text[end..].starts_with("--") && !text[end..].starts_with("/*") {
                end += 1;
            }
            token(Kind::Symbol, end)
        }
        byte if byte.is_ascii_whitespace() || byte < 0x20 => Ok(None),
        _ => token(Kind::Symbol, at + 1),
    }
}

fn operator(byte: u8) -> bool {
    matches!(byte, b'+' | b'-' | b'*' | b'/' | b'<' | b'>' | b'=' | b'~' | b'!' | b'@' | b'#' | b'%' | b'^' | b'&' | b'|' | b'`' | b'?')
}

/// The byte behind the closing quote.
fn quoted(bytes: &[u8], at: usize, quote: u8, escapes: bool) -> Option<usize> {
    let mut here = at + 1;
    while here < bytes.len() {
        if escapes && bytes[here] == b'\\' {
            here += 2;
        } else if bytes[here] == quote {
            if bytes.get(here + 1) == Some(&quote) {
                here += 2;
            } else {
                return Some(here + 1);
            }
        } else {
            here += 1;
        }
    }
    None
}

fn dollar(text: &str, at: usize) -> Result<Option<Token>, Unended> {
    let rest = &text[at + 1..];
    let tag = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let digit = rest.starts_with(|c: char| c.is_ascii_digit());
    if !digit && rest[tag..].starts_with('$') {
        let mark = &text[at..at + tag + 2];
        let body = at + mark.len();
        return match text[body..].find(mark) {
            Some(end) => Ok(Some(Token { kind: Kind::Text, start: at, end: body + end + mark.len() })),
            None => Err(Unended { what: "dollar-quoted text", at }),
        };
    }
    let end = at + 1 + if digit { rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()) } else { 0 };
    Ok(Some(Token { kind: Kind::Symbol, start: at, end }))
}

fn number(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while end < bytes.len() {
        let exponent = matches!(bytes[end], b'+' | b'-') && end > at && matches!(bytes[end - 1], b'e' | b'E');
        if !(bytes[end].is_ascii_alphanumeric() || bytes[end] == b'.' || bytes[end] == b'_' || exponent) {
            break;
        }
        end += 1;
    }
    end
}

fn word(text: &str, at: usize) -> Result<Option<Token>, Unended> {
    let bytes = text.as_bytes();
    let quote = |end: usize| bytes.get(end).copied();
    let rest = &text[at..];
    let mut end = at;
    for c in rest.chars() {
        if !(c == '_' || c == '$' || c.is_ascii_alphanumeric() || !c.is_ascii()) {
            break;
        }
        end += c.len_utf8();
    }
    let word = &text[at..end];
    let ended = |what, end: Option<usize>, kind| end.map(|end| Some(Token { kind, start: at, end })).ok_or(Unended { what, at });
    if word.len() == 1 && quote(end) == Some(b'\'') && matches!(word.as_bytes()[0] | 0x20, b'e' | b'b' | b'x' | b'n') {
        return ended("text", quoted(bytes, end, b'\'', word.eq_ignore_ascii_case("e")), Kind::Text);
    }
    if word.eq_ignore_ascii_case("u") && quote(end) == Some(b'&') {
        match quote(end + 1) {
            Some(b'\'') => return ended("text", quoted(bytes, end + 1, b'\'', false), Kind::Text),
            Some(b'"') => return ended("quoted name", quoted(bytes, end + 1, b'"', false), Kind::Quoted),
            _ => {}
        }
    }
    Ok(Some(Token { kind: Kind::Word, start: at, end }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(text: &str) -> Vec<&str> {
        let script = cut(text).expect("it ends");
        script.pieces.iter().map(|piece| &text[piece.start..piece.end]).collect()
    }

    #[test]
    fn a_semicolon_in_a_text_ends_nothing() {
        let text = "select ';--', e'\\';', $$;$$, \"a;b\" /* ; /* ; */ */; -- ;\nselect 2";
        assert_eq!(statements(text).len(), 2);
        assert_eq!(statements("create rule r as on insert to t do (delete from a; delete from b); select 1").len(), 2);
        assert_eq!(
            statements("create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 1").len(),
            2
        );
    }

    #[test]
    fn psql_commands_and_data_are_pieces_of_their_own() {
        let text = "\\connect shop\nCOPY t (a) FROM stdin;\n1;\n'2\n\\.\nselect 1;";
        assert_eq!(statements(text), ["\\connect shop", "COPY t (a) FROM stdin", "1;\n'2\n\\.\n", "select 1"]);
    }

    #[test]
    fn what_is_not_ended_says_where() {
        for (text, what) in [("select 'a", "text"), ("x $a$ b $c$", "dollar-quoted text"), ("/* /* */", "comment"), ("\"a", "quoted name")]
        {
            assert_eq!(cut(text).expect_err("open").what, what);
        }
    }

    #[test]
    fn nesting_is_counted_without_recursion() {
        let deep = format!("select {}1{};", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(cut(&deep).expect("cut").pieces[0].depth, 100_000);
    }
}
