//! A JSON document by its value: the same bytes for the same value, whatever the order of members, the white space,
//! the escapes and the spelling of numbers.
//!
//! The last of several members of one name counts, as PostgreSQL's `jsonb` and MySQL have it. A text that is not JSON,
//! is nested too deeply or holds half of a surrogate pair is refused; it is then compared as the text that it is.
//! Tests: `canonical/tests.rs`.

use std::collections::BTreeMap;

use super::canonical::{Torn, ordered_decimal};
use super::parse;
use super::value::Decimal;

/// What one document may nest: PostgreSQL's own bound is higher, and such a document is compared by its text.
const DEPTH_MAX: usize = 256;

mod kind {
    pub(super) const NULL: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const NUMBER: u8 = 3;
    pub(super) const TEXT: u8 = 4;
    pub(super) const ARRAY: u8 = 5;
    pub(super) const OBJECT: u8 = 6;
}

/// Appends the canonical form. On an error what was appended is to be cut off again.
pub(crate) fn canonical(text: &[u8], out: &mut Vec<u8>) -> Result<(), Torn> {
    let mut reader = Reader { text, at: 0 };
    reader.value(out, 0)?;
    reader.white();
    if reader.at == text.len() { Ok(()) } else { Err(Torn) }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn white(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Result<u8, Torn> {
        self.white();
        self.text.get(self.at).copied().ok_or(Torn)
    }

    fn take(&mut self, byte: u8) -> Result<(), Torn> {
        if self.peek()? == byte {
            self.at += 1;
            Ok(())
        } else {
            Err(Torn)
        }
    }

    fn word(&mut self, word: &[u8], kind: u8, out: &mut Vec<u8>) -> Result<(), Torn> {
        if !self.text[self.at..].starts_with(word) {
            return Err(Torn);
        }
        self.at += word.len();
        out.push(kind);
        Ok(())
    }

    fn value(&mut self, out: &mut Vec<u8>, depth: usize) -> Result<(), Torn> {
        if depth > DEPTH_MAX {
            return Err(Torn);
        }
        match self.peek()? {
            b'n' => self.word(b"null", kind::NULL, out),
            b'f' => self.word(b"false", kind::FALSE, out),
            b't' => self.word(b"true", kind::TRUE, out),
            b'"' => {
                let text = self.string()?;
                out.push(kind::TEXT);
                sized(out, &text);
                Ok(())
            }
            b'[' => self.array(out, depth),
            b'{' => self.object(out, depth),
            _ => self.number(out),
        }
    }

    fn array(&mut self, out: &mut Vec<u8>, depth: usize) -> Result<(), Torn> {
        self.take(b'[')?;
        out.push(kind::ARRAY);
        let (mut items, mut count) = (Vec::new(), 0_u32);
        if self.peek()? == b']' {
            self.at += 1;
        } else {
            loop {
                self.value(&mut items, depth + 1)?;
                count += 1;
                if self.peek()? == b']' {
                    self.at += 1;
                    break;
                }
                self.take(b',')?;
            }
        }
        out.extend_from_slice(&count.to_be_bytes());
        out.append(&mut items);
        Ok(())
    }

    fn object(&mut self, out: &mut Vec<u8>, depth: usize) -> Result<(), Torn> {
        self.take(b'{')?;
        out.push(kind::OBJECT);
        let mut members = BTreeMap::new();
        if self.peek()? == b'}' {
            self.at += 1;
        } else {
            loop {
                self.peek()?;
                let name = self.string()?;
                self.take(b':')?;
                let mut value = Vec::new();
                self.value(&mut value, depth + 1)?;
                members.insert(name, value);
                if self.peek()? == b'}' {
                    self.at += 1;
                    break;
                }
                self.take(b',')?;
            }
        }
        out.extend_from_slice(&(members.len() as u32).to_be_bytes());
        for (name, value) in members {
            sized(out, &name);
            out.extend_from_slice(&value);
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Vec<u8>, Torn> {
        if self.text.get(self.at) != Some(&b'"') {
            return Err(Torn);
        }
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let byte = *self.text.get(self.at).ok_or(Torn)?;
            self.at += 1;
            match byte {
                b'"' => return Ok(out),
                b'\\' => self.escape(&mut out)?,
                0..=0x1f => return Err(Torn),
                _ => out.push(byte),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), Torn> {
        let byte = *self.text.get(self.at).ok_or(Torn)?;
        self.at += 1;
        out.push(match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let mut unit = u32::from(self.unit()?);
                if (0xd800..0xdc00).contains(&unit) {
                    if !self.text[self.at..].starts_with(b"\\u") {
                        return Err(Torn);
                    }
                    self.at += 2;
                    let low = u32::from(self.unit()?);
                    if !(0xdc00..0xe000).contains(&low) {
                        return Err(Torn);
                    }
                    unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                }
                let letter = char::from_u32(unit).ok_or(Torn)?;
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err(Torn),
        });
        Ok(())
    }

    fn unit(&mut self) -> Result<u16, Torn> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Torn)?;
        self.at += 4;
        digits.iter().try_fold(0_u16, |sum, digit| {
            let digit = char::from(*digit).to_digit(16).ok_or(Torn)?;
            Ok(sum * 16 + digit as u16)
        })
    }

    fn number(&mut self, out: &mut Vec<u8>) -> Result<(), Torn> {
        let start = self.at;
        while matches!(self.text.get(self.at), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.text[start..self.at]).map_err(|_| Torn)?;
        if text.starts_with(['+', '.']) {
            return Err(Torn);
        }
        let mut spill = Vec::new();
        let digits = parse::digits(&Decimal::Text(text), &mut spill).ok_or(Torn)?;
        out.push(kind::NUMBER);
        ordered_decimal(out, &digits);
        Ok(())
    }
}

fn sized(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(&(text.len() as u32).to_be_bytes());
    out.extend_from_slice(text);
}
