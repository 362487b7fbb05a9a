//! JSON, strictly, in one pass. Tests: below, `tests/it/doc.rs`.

use super::build::{Build, Leaf};
use super::{Doc, Stop, Words};
use crate::source::Span;

pub(super) fn read(text: &str) -> Result<Doc, Stop> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, build: Build::new(text, false) };
    reader.whole()?;
    Ok(reader.build.finish())
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    build: Build,
}

impl Reader<'_> {
    fn stop<T>(&self, what: &str) -> Result<T, Stop> {
        Err(Stop { at: Span::new(self.at, (self.at + 1).min(self.bytes.len())), what: what.to_owned() })
    }

    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn whole(&mut self) -> Result<(), Stop> {
        loop {
            self.space();
            self.value()?;
            if !self.after_value()? {
                break;
            }
        }
        self.space();
        if self.at < self.bytes.len() { self.stop("something behind the end of the document") } else { Ok(()) }
    }

    /// A leaf, or the beginning of a list or map, whose first value comes next; empty ones are whole at once.
    fn value(&mut self) -> Result<(), Stop> {
        loop {
            match self.bytes.get(self.at) {
                Some(b'{') => {
                    self.build.begin(self.at, true)?;
                    self.at += 1;
                    self.space();
                    if self.bytes.get(self.at) == Some(&b'}') {
                        self.at += 1;
                        return self.build.end(self.at).map(|_| ());
                    }
                    self.key()?;
                }
                Some(b'[') => {
                    self.build.begin(self.at, false)?;
                    self.at += 1;
                    self.space();
                    if self.bytes.get(self.at) == Some(&b']') {
                        self.at += 1;
                        return self.build.end(self.at).map(|_| ());
                    }
                }
                Some(b'"') => {
                    let (words, span) = self.string()?;
                    return self.build.leaf(span, Leaf::Text(words)).map(|_| ());
                }
                Some(_) => return self.word(),
                None => return self.stop("the document ends where a value should be"),
            }
        }
    }

    /// Commas and ends behind a value; `true` when another value comes.
    fn after_value(&mut self) -> Result<bool, Stop> {
        while self.build.depth() > 0 {
            self.space();
            let end = if self.build.in_map() { b'}' } else { b']' };
            match self.bytes.get(self.at) {
                Some(b',') => {
                    self.at += 1;
                    self.space();
                    if self.build.in_map() {
                        self.key()?;
                    }
                    return Ok(true);
                }
                Some(byte) if *byte == end => {
                    self.at += 1;
                    self.build.end(self.at)?;
                }
                Some(_) => return self.stop("a comma is missing"),
                None => return self.stop("a bracket that does not close"),
            }
        }
        Ok(false)
    }

    fn key(&mut self) -> Result<(), Stop> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return self.stop("a key in double quotes should be here");
        }
        let (words, span) = self.string()?;
        self.build.key(words, span);
        self.space();
        if self.bytes.get(self.at) != Some(&b':') {
            return self.stop("a key without a colon");
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    fn string(&mut self) -> Result<(Words, Span), Stop> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(0..=0x1f) => return self.stop("a text that does not end on its line"),
                None => {
                    self.at = start;
                    return self.stop("a text that does not end");
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let span = Span::new(start, self.at);
        if !escaped {
            return Ok((Words::Slice(Span::new(start + 1, self.at - 1)), span));
        }
        match serde_json::from_str::<String>(&self.text[start..self.at]) {
            Ok(text) => Ok((self.build.own(text), span)),
            Err(_) => Err(Stop { at: span, what: "a text with an escape that is none".to_owned() }),
        }
    }

    fn word(&mut self) -> Result<(), Stop> {
        let start = self.at;
        while matches!(self.bytes.get(self.at), Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        let span = Span::new(start, self.at);
        let leaf = match &self.text[start..self.at] {
            "null" => Leaf::Null,
            "true" => Leaf::Bool(true),
            "false" => Leaf::Bool(false),
            word if is_number(word) => Leaf::Number(Words::Slice(span)),
            _ => {
                self.at = start;
                return self.stop("what stands here is no value of JSON");
            }
        };
        self.build.leaf(span, leaf).map(|_| ())
    }
}

/// By JSON's grammar.
pub(super) fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_bytes() {
        let text = "{\"a\": [1, {\"b\": \"x\\u00e9\"}], \"c\": null, \"d\": {}, \"e\": []}";
        let doc = read(text).expect("it reads");
        let b = doc.root().pointer("/a/1/b").expect("b");
        assert_eq!(b.text(), Some("xé"));
        assert_eq!(&text[b.span().start as usize..b.span().end as usize], "\"x\\u00e9\"");
        assert_eq!(doc.root().entries().map(|(key, ..)| key).collect::<Vec<_>>(), ["a", "c", "d", "e"]);
        assert_eq!((doc.root().get("d").map(|d| d.entries().len()), doc.root().get("x").is_some()), (Some(0), false));
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for (text, at) in [
            ("", 0),
            ("{\"a\" 1}", 5),
            ("[1,", 3),
            ("{\"a\": nul}", 6),
            ("[1] x", 4),
            ("\"a", 0),
            ("[01]", 1),
            ("[1,]", 3),
            ("{\"a\":1,}", 7),
            ("[1 2]", 3),
            ("{1:2}", 1),
            ("[\"\\q\"]", 1),
            ("[1}", 2),
        ] {
            assert_eq!(read(text).expect_err(text).at.start, at, "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read(&"{\"a\":".repeat(100_000)).is_err());
    }

    #[test]
    fn a_key_twice_is_told_and_the_last_counts() {
        for more in [0, 20] {
            let mut text = "{\"a\": 1, \"a\": 2".to_owned();
            (0..more).for_each(|n| text.push_str(&format!(", \"k{n}\": 0")));
            text.push('}');
            let doc = read(&text).expect("it reads");
            assert_eq!(doc.root().get("a").and_then(super::super::At::number), Some("2"));
            assert_eq!(doc.twice().len(), 1);
            assert!(doc.root().get("zz").is_none());
            assert_eq!(doc.root().get("k19").is_some(), more == 20);
        }
    }
}
