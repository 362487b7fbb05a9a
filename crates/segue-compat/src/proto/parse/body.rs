//! The inside of a message: fields, oneofs, maps, groups, ranges, what is nested.

use super::{Parser, Read};
use crate::proto::ast::{FieldAst, Label, MessageAst, Name, OneofAst, Range, Reserved, TypeAst};
use crate::proto::lex::Kind;
use crate::proto::ranges::{FIELD_MAX, VALUE_MAX};
use crate::source::Span;

impl Parser<'_> {
    pub(super) fn message(&mut self) -> Read<MessageAst> {
        self.count()?;
        self.next();
        let name = self.name()?;
        self.named(name)
    }

    /// The braces of a message or group.
    fn named(&mut self, name: Name) -> Read<MessageAst> {
        let mut message = MessageAst { name: Some(name), ..MessageAst::default() };
        self.block(|parser| parser.element(&mut message))?;
        Ok(message)
    }

    /// A word that begins an element is also a good name of a type: `message foo = 1;` is no declaration.
    fn element(&mut self, message: &mut MessageAst) -> Read<()> {
        self.count()?;
        match self.words() {
            "message" => message.messages.push(self.message()?),
            "enum" => message.enums.push(self.enumeration()?),
            "extend" => {
                let (extend, groups) = self.extend()?;
                message.extends.push(extend);
                message.messages.extend(groups);
            }
            "option" => {
                self.next();
                let options = self.option()?;
                message.options.extend(options);
                self.mark(b';')?;
            }
            "reserved" => {
                self.next();
                self.reserved(&mut message.reserved)?;
                self.mark(b';')?;
            }
            "extensions" => {
                self.next();
                self.ranges(&mut message.extension_ranges, FIELD_MAX)?;
                self.bracketed()?;
                self.mark(b';')?;
            }
            "oneof" => self.oneof(message)?,
            "export" | "local" => self.next(),
            _ => {
                let (field, group) = self.field(None)?;
                message.fields.push(field);
                message.messages.extend(group);
            }
        }
        Ok(())
    }

    fn oneof(&mut self, message: &mut MessageAst) -> Read<()> {
        self.next();
        let name = self.name()?;
        let index = message.oneofs.len() as u32;
        message.oneofs.push(OneofAst { name, options: Vec::new() });
        self.block(|parser| {
            if parser.words() == "option" {
                parser.next();
                let options = parser.option()?;
                if let Some(oneof) = message.oneofs.last_mut() {
                    oneof.options.extend(options);
                }
                return parser.mark(b';');
            }
            let (field, group) = parser.field(Some(index))?;
            message.fields.push(field);
            message.messages.extend(group);
            Ok(())
        })
    }

    /// One field, and the message that a group declares.
    pub(super) fn field(&mut self, oneof: Option<u32>) -> Read<(FieldAst, Option<MessageAst>)> {
        self.count()?;
        let labels = [("optional", Label::Optional), ("required", Label::Required), ("repeated", Label::Repeated)];
        let label = labels.into_iter().find(|(word, _)| self.keyword(word)).map_or(Label::None, |label| label.1);
        let mut kind_at = self.here.span;
        let written = self.dotted()?;
        let kind = match &*written.text {
            "map" if self.here.kind == Kind::Mark(b'<') => {
                self.next();
                let key = self.dotted()?;
                self.mark(b',')?;
                let value = self.dotted()?;
                self.mark(b'>')?;
                TypeAst::Map(key.text, value.text)
            }
            "group" => TypeAst::Group("".into()),
            _ => TypeAst::Named(written.text),
        };
        kind_at = Span { start: kind_at.start, end: written.span.end };
        let name = self.name()?;
        self.mark(b'=')?;
        let (number, number_at) = self.whole(1, i64::from(i32::MAX))?;
        let options = self.bracketed()?;
        let mut field = FieldAst { name, number, number_at, label, kind, kind_at, oneof, options };
        if matches!(field.kind, TypeAst::Group(_)) {
            field.kind = TypeAst::Group(field.name.text.clone());
            let group = self.named(field.name.clone())?;
            field.name.text = field.name.text.to_ascii_lowercase().into();
            return Ok((field, Some(group)));
        }
        self.mark(b';')?;
        Ok((field, None))
    }

    /// Behind the word `reserved`: ranges, or names as texts or (in editions) words.
    pub(super) fn reserved(&mut self, reserved: &mut Reserved) -> Read<()> {
        if matches!(self.here.kind, Kind::Number | Kind::Mark(b'-')) {
            return self.ranges(&mut reserved.ranges, VALUE_MAX);
        }
        loop {
            self.count()?;
            let name = if self.here.kind == Kind::Text { self.text()? } else { self.name()? };
            reserved.names.push(name);
            if !self.take_mark(b',') {
                return Ok(());
            }
        }
    }

    fn ranges(&mut self, ranges: &mut Vec<Range>, max: i64) -> Read<()> {
        loop {
            self.count()?;
            let (start, span) = self.whole(i64::from(i32::MIN), i64::from(i32::MAX))?;
            let mut range = Range { start, end: start, span };
            if self.words() == "to" {
                self.next();
                range.span.end = self.here.span.end;
                if self.words() == "max" {
                    self.next();
                    range.end = max;
                } else {
                    range.end = self.whole(i64::from(i32::MIN), i64::from(i32::MAX))?.0;
                }
            }
            if range.end < range.start {
                return self.fault_at(range.span, "a range that ends before it begins");
            }
            ranges.push(range);
            if !self.take_mark(b',') {
                return Ok(());
            }
        }
    }
}
