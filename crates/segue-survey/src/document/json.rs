//! JSON. Tests: below, `tests/it/hostile.rs`.

use super::{DEPTH_MAX, Entry, NODES_MAX, Node, Stop, Value};

/// Reads one document.
pub(crate) fn read(text: &str) -> Result<Node, Stop> {
    let mut reader = Reader { text: text.trim_start_matches('\u{feff}'), at: 0, line: 1, nodes: 0 };
    let node = reader.value(0)?;
    reader.space();
    if reader.at < reader.text.len() {
        return Err(reader.stop("text behind the end of the document"));
    }
    Ok(node)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    nodes: usize,
}

impl Reader<'_> {
    fn stop(&self, what: &str) -> Stop {
        Stop::new(self.line, what)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(byte) = self.peek().filter(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')) {
            self.line += u32::from(byte == b'\n');
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Stop> {
        self.space();
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(self.stop("more values than are read of one file"));
        }
        if depth > DEPTH_MAX {
            return Err(self.stop("more levels of nesting than are read"));
        }
        let line = self.line;
        let value = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(_) => self.bare()?,
            None => return Err(self.stop("it ends too early")),
        };
        Ok(Node { value, line })
    }

    fn bare(&mut self) -> Result<Value, Stop> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-._".contains(c))).unwrap_or(rest.len());
        let word = &rest[..end];
        self.at += end;
        match word {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') && word.parse::<f64>().is_ok() => {
                Ok(Value::Number(word.to_owned()))
            }
            _ => Err(self.stop("a word that is no value")),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Stop> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::List(items));
            }
            items.push(self.value(depth + 1)?);
            self.comma(b']')?;
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, Stop> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.space();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Map(entries));
                }
                Some(b'"') => {}
                _ => return Err(self.stop("a key without quotes, or a bracket that does not close")),
            }
            let line = self.line;
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.stop("a key without a colon"));
            }
            self.at += 1;
            let node = self.value(depth + 1)?;
            entries.push(Entry { key, line, node });
            self.comma(b'}')?;
        }
    }

    /// A comma, or the end; a comma before the end is taken, as many files have one.
    fn comma(&mut self, end: u8) -> Result<(), Stop> {
        self.space();
        match self.peek() {
            Some(b',') => self.at += 1,
            Some(byte) if byte == end => {}
            Some(_) => return Err(self.stop("a comma is missing")),
            None => return Err(self.stop("a bracket that does not close")),
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, Stop> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(b'\n') | None => return Err(self.stop("a text that does not end")),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let whole = self.text.get(start..self.at).unwrap_or_default();
        if !escaped {
            return Ok(whole[1..whole.len() - 1].to_owned());
        }
        serde_json::from_str(whole).map_err(|_| self.stop("a text with an escape that is none"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_lines() {
        let node = read("{\n \"a\": [1,\n  {\"b\": \"x\\u00e9\"}],\n \"c\": null, \"d\": true}").expect("it reads");
        let b = node.get("a").expect("a").items()[1].get("b").expect("b");
        assert_eq!((b.text(), b.line), (Some("xé"), 3));
        assert!(node.get("c").is_none());
        assert!(matches!(node.get("d").expect("d").value, Value::Bool(true)));
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_line() {
        for (text, line) in [("", 1), ("{\n\"a\" 1}", 2), ("[1,\n", 2), ("{\"a\": nul}", 1), ("[1] x", 1), ("\"a", 1), ("[\"\\", 1)] {
            assert_eq!(read(text).expect_err(text).line, line, "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}
