//! Options: `option a.(b).c = VALUE`, `[…]`, and braces, of which only what the comparison asks for is kept.

use super::{DEPTH_MAX, Parser, Read};
use crate::proto::ast::{OptionAst, Options};
use crate::proto::lex::{Kind, unquote};
use crate::source::Span;

impl Parser<'_> {
    /// `name = value`, behind the word `option` or in brackets. Braces become one option for each leaf in them.
    pub(super) fn option(&mut self) -> Read<Options> {
        self.count()?;
        let start = self.here.span.start;
        let name = self.option_name()?;
        self.mark(b'=')?;
        let mut options = Vec::new();
        if self.here.kind == Kind::Mark(b'{') {
            self.next();
            let keep = name == "features" || name.starts_with("features.") || name == "(google.api.http)";
            self.braces(&name, keep, b'}', 0, &mut options)?;
            if !keep {
                options.push(OptionAst { name: name.into(), value: "{…}".into(), span: Span { start, end: self.here.span.start } });
            }
            return Ok(options);
        }
        let (value, end) = self.option_value()?;
        options.push(OptionAst { name: name.into(), value: value.into(), span: Span { start, end } });
        Ok(options)
    }

    /// `[a = 1, b = 2]`, if it is there.
    pub(super) fn bracketed(&mut self) -> Read<Options> {
        let mut options = Vec::new();
        if !self.take_mark(b'[') {
            return Ok(options);
        }
        loop {
            options.extend(self.option()?);
            if !self.take_mark(b',') {
                break;
            }
        }
        self.mark(b']')?;
        Ok(options)
    }

    fn option_name(&mut self) -> Read<String> {
        let mut name = String::new();
        loop {
            if self.take_mark(b'(') {
                name.push('(');
                name.push_str(self.dotted()?.text.trim_start_matches('.'));
                name.push(')');
                self.mark(b')')?;
            } else {
                name.push_str(&self.name()?.text);
            }
            if !self.take_mark(b'.') {
                return Ok(name);
            }
            name.push('.');
        }
    }

    fn option_value(&mut self) -> Read<(String, u32)> {
        let mut value = String::new();
        let negative = self.take_mark(b'-');
        if negative {
            value.push('-');
        }
        let mut end = self.here.span.end;
        match self.here.kind {
            Kind::Text if !negative => {
                let text = self.text()?;
                return Ok((text.text.into_string(), text.span.end));
            }
            Kind::Word => {
                let name = self.dotted()?;
                value.push_str(&name.text);
                end = name.span.end;
            }
            Kind::Number => {
                value.push_str(self.letters());
                self.next();
            }
            _ => return self.fault("a value should be here"),
        }
        Ok((value, end))
    }

    /// The inside of braces up to their end, which is passed. Text format is loose: `a: 1 b { c: 2 }, d: [1, 2];`.
    fn braces(&mut self, prefix: &str, keep: bool, end: u8, depth: usize, options: &mut Options) -> Read<()> {
        if depth > DEPTH_MAX {
            return self.fault("braces in braces, deeper than is read");
        }
        let mut key = String::new();
        loop {
            match self.here.kind {
                Kind::Mark(mark) if mark == end => {
                    self.next();
                    return Ok(());
                }
                Kind::Mark(open @ (b'{' | b'<' | b'[')) => {
                    self.next();
                    let close = match open {
                        b'{' => b'}',
                        b'<' => b'>',
                        _ => b']',
                    };
                    let path = if key.is_empty() { prefix.to_owned() } else { format!("{prefix}.{key}") };
                    self.braces(&path, keep, close, depth + 1, options)?;
                    key.clear();
                }
                Kind::Mark(b':' | b',' | b';' | b'-' | b'.' | b'/') => self.next(),
                Kind::Word | Kind::Number | Kind::Text => {
                    let letters = if self.here.kind == Kind::Text { unquote(self.letters()) } else { self.letters().to_owned() };
                    let span = self.here.span;
                    self.next();
                    if self.here.kind == Kind::Mark(b':') || matches!(self.here.kind, Kind::Mark(b'{' | b'<')) {
                        key = letters;
                    } else if !key.is_empty() {
                        if keep {
                            self.count()?;
                            options.push(OptionAst { name: format!("{prefix}.{key}").into(), value: letters.into(), span });
                        }
                        key.clear();
                    }
                }
                _ => return self.fault("braces that do not close"),
            }
        }
    }
}
