//! Constant values and types where they are used. Both are bounded: lists of types by a loop, values by their depth.
//! Tests: below.

use super::lex::{Kind, Lexer};
use super::sdl::{Broken, Parser};
use crate::graphql::schema::{Schema, TypeRef};
use crate::shape::Literal;

/// The most lists and objects in one another.
const DEPTH_MAX: usize = 64;

impl<'a> Parser<'a, '_> {
    /// `[[Name!]!]`.
    pub(super) fn type_ref(&mut self) -> Result<TypeRef<'a>, Broken> {
        let mut lists = 0_usize;
        while self.take(b'[') {
            lists += 1;
        }
        let (name, _) = self.name("a type should be here")?;
        let mut found = TypeRef::named(name);
        if self.take(b'!') {
            found = found.required();
        }
        for _ in 0..lists {
            self.expect(b']', "a bracket of a list type does not close")?;
            match found.in_list() {
                Some(list) => found = list,
                None => return self.stop("a type of more than 60 lists in one another"),
            }
            if self.take(b'!') {
                found = found.required();
            }
        }
        Ok(found)
    }

    /// A constant value.
    pub(super) fn value(&mut self) -> Result<Literal, Broken> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let value = match self.leaf()? {
                Some(value) => value,
                None if open.len() >= DEPTH_MAX => return self.stop("a value of more than 64 lists and objects in one another"),
                None => {
                    open.push(if self.next().kind == super::lex::Kind::Mark(b'[') {
                        Open::List(Vec::new())
                    } else {
                        Open::Map(Vec::new(), "")
                    });
                    match self.before_next(&mut open)? {
                        Some(value) => value,
                        None => continue,
                    }
                }
            };
            let mut value = value;
            loop {
                match open.last_mut() {
                    None => return Ok(value),
                    Some(Open::List(items)) => items.push(value),
                    Some(Open::Map(entries, key)) => entries.push(((*key).into(), value)),
                }
                match self.before_next(&mut open)? {
                    Some(closed) => value = closed,
                    None => break,
                }
            }
        }
    }

    /// In an open list or object: closes it, or makes ready for its next value.
    fn before_next<'o>(&mut self, open: &mut Vec<Open<'o>>) -> Result<Option<Literal>, Broken>
    where
        'a: 'o,
    {
        match open.last_mut() {
            Some(Open::List(_)) if !self.take(b']') => return Ok(None),
            Some(Open::Map(_, key)) if !self.take(b'}') => {
                *key = self.name("the name of a field should be here")?.0;
                self.expect(b':', "a colon should be here")?;
                return Ok(None);
            }
            _ => {}
        }
        Ok(match open.pop() {
            Some(Open::List(items)) => Some(Literal::List(items)),
            Some(Open::Map(mut entries, _)) => {
                entries.sort();
                Some(Literal::Map(entries))
            }
            None => None,
        })
    }

    /// A value without parts; `None` at a bracket that opens.
    fn leaf(&mut self) -> Result<Option<Literal>, Broken> {
        let word = self.word;
        let text = self.text(word);
        let value = match word.kind {
            Kind::Mark(b'[' | b'{') => return Ok(None),
            Kind::Int | Kind::Float => Literal::number(text),
            Kind::Text => Literal::Text(unescaped(text.get(1..text.len() - 1).unwrap_or_default()).into()),
            Kind::Block => Literal::Text(block(text.get(3..text.len() - 3).unwrap_or_default()).into()),
            Kind::Name => match text {
                "null" => Literal::Null,
                "true" => Literal::Bool(true),
                "false" => Literal::Bool(false),
                name => Literal::text(name),
            },
            _ => return self.stop("a value should be here"),
        };
        self.next();
        Ok(Some(value))
    }
}

enum Open<'a> {
    List(Vec<Literal>),
    Map(Vec<(Box<str>, Literal)>, &'a str),
}

/// Reads the default value of an introspection result, which is SDL in a text.
pub(super) fn read_value(text: &str) -> Option<Literal> {
    let mut schema = Schema::default();
    let mut parser = Parser::beginning(Lexer::new(text), 0, &mut schema);
    let value = parser.value().ok()?;
    (parser.word.kind == Kind::End).then_some(value)
}

fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let mut letters = rest.chars();
        let escaped = letters.next();
        rest = letters.as_str();
        match escaped {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let (unit, behind) = unicode(rest);
                rest = behind;
                out.push(unit);
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out.push_str(rest);
    out
}

/// `0041` or `{1F41F}`, and a second half of a surrogate pair; what is none becomes U+FFFD.
fn unicode(text: &str) -> (char, &str) {
    if let Some((code, behind)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        return (u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'), behind);
    }
    let four = |text: &str| text.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(first) = four(text) else { return ('\u{fffd}', text) };
    let behind = text.get(4..).unwrap_or_default();
    if (0xd800..0xdc00).contains(&first)
        && let Some(second) = behind.strip_prefix("\\u").and_then(four)
        && (0xdc00..0xe000).contains(&second)
    {
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(code).unwrap_or('\u{fffd}'), behind.get(6..).unwrap_or_default());
    }
    (char::from_u32(first).unwrap_or('\u{fffd}'), behind)
}

/// A block text without the indentation that its lines share, as the specification says (*BlockStringValue*).
fn block(text: &str) -> String {
    let text = text.replace("\\\"\"\"", "\"\"\"").replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let blank = |line: &&str| line.trim_matches([' ', '\t']).is_empty();
    let indent = lines.iter().skip(1).filter(|line| !blank(line)).map(|line| line.len() - line.trim_start_matches([' ', '\t']).len()).min();
    let cut: Vec<&str> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at == 0 { line } else { line.get(indent.unwrap_or(0)..).unwrap_or_default() })
        .collect();
    let Some(first) = cut.iter().position(|line| !blank(line)) else { return String::new() };
    let last = cut.iter().rposition(|line| !blank(line)).unwrap_or(first);
    cut.get(first..=last).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        read_value(text).map_or("-".to_owned(), |value| value.to_string())
    }

    #[test]
    fn values_are_read_to_their_meaning() {
        for (text, shown) in [
            ("1", "1"),
            ("-1.50", "-1.5"),
            ("\"a\\u0041\\n\\u{1F41F}\\ud83d\\udc1f\"", "\"aA\\n🐟🐟\""),
            ("\"\"\"\n    a\n      b\n  \"\"\"", "\"a\\n  b\""),
            ("ACTIVE", "\"ACTIVE\""),
            ("[1, [true null] {b: {c: []}, a: 1}]", "[1,[true,null],{\"a\":1,\"b\":{\"c\":[]}}]"),
            ("{}", "{}"),
            ("[1", "-"),
            ("1 2", "-"),
            ("{a 1}", "-"),
            ("$x", "-"),
        ] {
            assert_eq!(json(text), shown, "{text}");
        }
        assert_eq!(json(&"[".repeat(100_000)), "-");
        assert_eq!(json(&format!("{}{}", "{a:".repeat(100_000), "1")), "-");
    }
}
