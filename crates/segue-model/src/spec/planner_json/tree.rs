//! JSON as the same tree of values with places as YAML, so that one walker and one kind of message serve both.
//!
//! `serde_json` knows no places of values. Strict: what is no JSON is refused where it stands, and so is a key that
//! stands twice. Must never recurse without a bound. Tests: `tests/it/planner_json.rs`.

use std::collections::BTreeSet;

use crate::spec::node::{BYTES_MAX, DEPTH_MAX, Entry, Kind, NODES_MAX, Node};
use crate::spec::problems::{Problems, brief, code};

/// The largest exponent that is written out.
const EXPONENT_MAX: usize = 30;

/// Reads the tree; `None` with a problem where the text is no JSON.
pub(super) fn read(problems: &mut Problems<'_>) -> Option<Node> {
    let text = problems.text();
    if text.len() > BYTES_MAX {
        let message = format!("the file has {} bytes, more than the {BYTES_MAX} that a spec may have", text.len());
        problems.add(code::TOO_LARGE, &(0..1), message, "keep data out of it");
        return None;
    }
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, at: start, nodes: 0, problems };
    let read = reader.document();
    match read {
        Ok(node) => Some(node),
        Err(Stop { at, code, message }) => {
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            problems.add(code, &(at..end.max(at)), message, "look at the place with a JSON checker");
            None
        }
    }
}

/// Why no tree can be built.
struct Stop {
    at: usize,
    code: &'static str,
    message: String,
}

/// It is no JSON.
fn stop<T>(at: usize, what: &str) -> Result<T, Stop> {
    Err(Stop { at, code: code::JSON, message: format!("this is not JSON: {what}") })
}

struct Reader<'p, 'a, 't> {
    text: &'a str,
    at: usize,
    nodes: usize,
    problems: &'p mut Problems<'t>,
}

impl<'a> Reader<'_, 'a, '_> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// Takes that sign, if it is the next.
    fn take(&mut self, sign: char) -> bool {
        self.blank();
        let taken = self.rest().starts_with(sign);
        self.at += usize::from(taken);
        taken
    }

    fn document(&mut self) -> Result<Node, Stop> {
        let root = self.value(0)?;
        self.blank();
        if !self.rest().is_empty() {
            return stop(self.at, "something follows behind its end");
        }
        Ok(root)
    }

    fn value(&mut self, depth: usize) -> Result<Node, Stop> {
        self.blank();
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(Stop { at: self.at, code: code::TOO_LARGE, message: format!("more than {NODES_MAX} keys and values") });
        }
        if depth > DEPTH_MAX {
            return Err(Stop { at: self.at, code: code::TOO_DEEP, message: format!("more than {DEPTH_MAX} levels of nesting") });
        }
        let start = self.at;
        let kind = match self.rest().as_bytes().first() {
            None => return stop(self.at, "it ends too early"),
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => {
                let text = self.string()?;
                if text.contains('\0') {
                    self.problems.add(code::NUL, &(start..self.at), "a NUL character in a text", "leave it out");
                    Kind::Refused
                } else {
                    Kind::Text(text)
                }
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => self.word()?,
        };
        Ok(Node { kind, span: start..self.at })
    }

    fn word(&mut self) -> Result<Kind, Stop> {
        for (word, kind) in [("null", Kind::Null), ("true", Kind::Bool(true)), ("false", Kind::Bool(false))] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(kind);
            }
        }
        stop(self.at, "here should be a value")
    }

    fn object(&mut self, depth: usize) -> Result<Kind, Stop> {
        self.at += 1;
        let (mut entries, mut seen) = (Vec::new(), BTreeSet::new());
        if self.take('}') {
            return Ok(Kind::Map(entries));
        }
        loop {
            self.blank();
            let start = self.at;
            if !self.rest().starts_with('"') {
                return stop(start, "here should be a key in double quotes");
            }
            let key = self.string()?;
            let span = start..self.at;
            if !self.take(':') {
                return stop(self.at, "here should be `:`");
            }
            let value = self.value(depth + 1)?;
            if key.contains('\0') {
                self.problems.add(code::NUL, &span, "a NUL character in a key", "leave it out");
            } else if seen.insert(key.clone()) {
                entries.push(Entry { key, span, value });
            } else {
                let message = format!("the key `{}` stands here for the second time", brief(&key));
                self.problems.add(code::DUPLICATE, &span, message, "keep one of them");
            }
            if self.take('}') {
                return Ok(Kind::Map(entries));
            }
            if !self.take(',') {
                return stop(self.at, "here should be `,` or `}`");
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Kind, Stop> {
        self.at += 1;
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Kind::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(']') {
                return Ok(Kind::List(items));
            }
            if !self.take(',') {
                return stop(self.at, "here should be `,` or `]`");
            }
        }
    }

    /// A text in double quotes; `serde_json` reads what is between them.
    fn string(&mut self) -> Result<String, Stop> {
        let (start, bytes) = (self.at, self.text.as_bytes());
        let mut end = start + 1;
        while let Some(byte) = bytes.get(end) {
            match byte {
                b'"' => {
                    self.at = end + 1;
                    return serde_json::from_str(&self.text[start..=end]).or_else(|_| stop(start, "this text holds what no text may hold"));
                }
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        stop(start, "this text has no end")
    }

    fn number(&mut self) -> Result<Kind, Stop> {
        let start = self.at;
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '-' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let written = &rest[..end];
        if serde_json::from_str::<serde_json::Number>(written).is_err() && !is_huge(written) {
            return stop(start, "this is not a number");
        }
        self.at += end;
        Ok(Kind::Number(plain(written)))
    }
}

/// A right number that is too large for `serde_json`; whoever takes it will say so.
fn is_huge(written: &str) -> bool {
    let (mantissa, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    serde_json::from_str::<serde_json::Number>(mantissa).is_ok() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A number without its exponent, if that is not too large: `1.5e3` is `1500`.
fn plain(written: &str) -> String {
    let Some((mantissa, exponent)) = written.split_once(['e', 'E']) else { return written.to_owned() };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let left = exponent.starts_with('-');
    let Some(by) = exponent.trim_start_matches(['+', '-']).parse::<usize>().ok().filter(|by| *by <= EXPONENT_MAX) else {
        return written.to_owned();
    };
    let digits = format!("{whole}{fraction}");
    // Where the point stands among the digits, with as many zeros as it needs.
    let (digits, point) =
        if left { (format!("{}{digits}", "0".repeat(by)), whole.len()) } else { (format!("{digits}{}", "0".repeat(by)), whole.len() + by) };
    let (whole, fraction) = digits.split_at(point);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn exponents_are_written_out() {
        for (written, expect) in [
            ("1e3", "1000"),
            ("1.5E3", "1500"),
            ("-2.5e+1", "-25"),
            ("25e-1", "2.5"),
            ("1e-3", "0.001"),
            ("12.50e1", "125"),
            ("0e0", "0"),
            ("1e99", "1e99"),
            ("7.25", "7.25"),
        ] {
            assert_eq!(plain(written), expect, "{written}");
        }
    }
}
