//! `.proto` text to [`FileAst`]: proto2, proto3 and editions, with the place of everything.
//!
//! Own, because what was at hand (`protox-parse`) refuses editions and stops at the first fault, while a person wants every
//! fault of a file at once. A statement with a fault is passed over up to its end; a file with a fault is refused, never
//! compared in part. Depth and the number of declarations are bounded. Tests: below, `tests/it/proto/`.

mod body;
mod option;

use super::ast::{
    EnumAst, ExtendAst, Fault, FileAst, GRAMMAR, ImportAst, MethodAst, NOT_PROTO, Name, OptionAst, ServiceAst, Syntax, ValueAst,
};
use super::lex::{Kind, Lexer, Token, unquote};
use crate::source::Span;

/// Messages in messages, and braces in options.
pub(super) const DEPTH_MAX: usize = 64;
/// Faults of one file that are told.
const FAULTS_MAX: usize = 20;
/// Declarations of one file: messages, fields, values, options, ranges.
const DECLARATIONS_MAX: usize = 200_000;
/// A larger file may have one for so many bytes.
const BYTES_OF_DECLARATION: usize = 50;

/// A statement that cannot be read; its fault is noted already.
pub(super) struct Torn;

pub(super) type Read<T> = Result<T, Torn>;

pub(super) struct Parser<'a> {
    lexer: Lexer<'a>,
    here: Token,
    faults: Vec<Fault>,
    declarations: usize,
    declarations_max: usize,
    depth: usize,
}

/// Reads a whole file; what is read is whole only where there are no faults.
pub(crate) fn parse(path: &str, text: &str) -> (FileAst, Vec<Fault>) {
    let mut lexer = Lexer::new(text);
    let here = lexer.next();
    let most = DECLARATIONS_MAX.max(text.len() / BYTES_OF_DECLARATION);
    let mut parser = Parser { lexer, here, faults: Vec::new(), declarations: 0, declarations_max: most, depth: 0 };
    let file = parser.file(path);
    if let Some((at, what)) = parser.lexer.torn {
        parser.faults.insert(0, Fault { code: GRAMMAR, at, what: what.to_owned() });
    }
    (file, parser.faults)
}

/// The paths of the imports alone. They mostly stand at the top, and behind the last word `import` there are none: a large file
/// is not read twice to know them. What is torn ends the list; [`parse`] tells it.
pub(crate) fn imports(text: &str) -> Vec<String> {
    let Some(last) = text.rfind("import") else { return Vec::new() };
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    let (mut depth, mut begins) = (0_usize, true);
    loop {
        let mut token = lexer.next();
        if token.kind == Kind::End || (token.span.start as usize) > last {
            return found;
        }
        if begins && depth == 0 && lexer.words(token) == "import" {
            token = lexer.next();
            if matches!(lexer.words(token), "public" | "weak" | "option") {
                token = lexer.next();
            }
            let mut path = String::new();
            while token.kind == Kind::Text {
                path.push_str(&unquote(lexer.words(token)));
                token = lexer.next();
            }
            found.extend(Some(path).filter(|path| !path.is_empty()));
        }
        match token.kind {
            Kind::Mark(b'{') => depth += 1,
            Kind::Mark(b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        begins = matches!(token.kind, Kind::Mark(b';' | b'}'));
    }
}

impl<'a> Parser<'a> {
    fn file(&mut self, path: &str) -> FileAst {
        let mut file = FileAst {
            path: path.to_owned(),
            source: None,
            syntax: Syntax::Proto2,
            syntax_at: Span::default(),
            package: Name { text: "".into(), span: Span::default() },
            imports: Vec::new(),
            options: Vec::new(),
            messages: Vec::new(),
            enums: Vec::new(),
            services: Vec::new(),
            extends: Vec::new(),
        };
        while self.here.kind != Kind::End && !self.is_full() {
            if self.statement(&mut file).is_err() {
                self.pass_statement();
            }
        }
        file
    }

    fn statement(&mut self, file: &mut FileAst) -> Read<()> {
        if self.take_mark(b';') {
            return Ok(());
        }
        match self.words() {
            "syntax" => {
                file.syntax_at = self.here.span;
                let version = self.assigned_text()?;
                file.syntax = match &*version.text {
                    "proto2" => Syntax::Proto2,
                    "proto3" => Syntax::Proto3,
                    _ => return self.fault_at(version.span, "a syntax other than proto2 and proto3"),
                };
            }
            "edition" => {
                file.syntax_at = self.here.span;
                let version = self.assigned_text()?;
                file.syntax = match version.text.parse() {
                    Ok(year @ 2023..=2099) => Syntax::Edition(year),
                    _ => return self.fault_at(version.span, "an edition that is no year from 2023 on"),
                };
            }
            "package" => {
                self.next();
                file.package = self.dotted()?;
                self.mark(b';')?;
            }
            "import" => file.imports.push(self.import()?),
            "option" => {
                self.next();
                let options = self.option()?;
                file.options.extend(options);
                self.mark(b';')?;
            }
            "message" => {
                let message = self.message()?;
                file.messages.push(message);
            }
            "enum" => file.enums.push(self.enumeration()?),
            "service" => file.services.push(self.service()?),
            "extend" => {
                let (extend, groups) = self.extend()?;
                file.extends.push(extend);
                file.messages.extend(groups);
            }
            "export" | "local" => self.next(),
            _ => {
                return self
                    .fault("a statement of a .proto file should begin here: message, enum, service, import, option, package or extend");
            }
        }
        Ok(())
    }

    fn import(&mut self) -> Read<ImportAst> {
        self.next();
        let public = self.words() == "public";
        if matches!(self.words(), "public" | "weak" | "option") {
            self.next();
        }
        let path = self.text()?;
        self.mark(b';')?;
        Ok(ImportAst { path, public })
    }

    fn assigned_text(&mut self) -> Read<Name> {
        self.next();
        self.mark(b'=')?;
        let text = self.text()?;
        self.mark(b';')?;
        Ok(text)
    }

    fn extend(&mut self) -> Read<(ExtendAst, Vec<super::ast::MessageAst>)> {
        self.next();
        let extendee = self.dotted()?;
        let (mut fields, mut groups) = (Vec::new(), Vec::new());
        self.block(|parser| {
            let (field, group) = parser.field(None)?;
            fields.push(field);
            groups.extend(group);
            Ok(())
        })?;
        Ok((ExtendAst { extendee, fields }, groups))
    }

    pub(super) fn enumeration(&mut self) -> Read<EnumAst> {
        self.next();
        let mut read = EnumAst { name: self.name()?, values: Vec::new(), reserved: super::ast::Reserved::default(), options: Vec::new() };
        self.block(|parser| parser.enum_statement(&mut read))?;
        Ok(read)
    }

    fn enum_statement(&mut self, read: &mut EnumAst) -> Read<()> {
        let first = self.here;
        let word = self.words();
        self.count()?;
        if word == "option" || word == "reserved" {
            self.next();
            if self.here.kind != Kind::Mark(b'=') {
                if word == "option" {
                    let options = self.option()?;
                    read.options.extend(options);
                } else {
                    self.reserved(&mut read.reserved)?;
                }
                return self.mark(b';');
            }
        } else {
            self.name()?;
        }
        self.mark(b'=')?;
        let number = self.whole(i64::from(i32::MIN), i64::from(i32::MAX))?.0;
        let options = self.bracketed()?;
        self.mark(b';')?;
        read.values.push(ValueAst { name: Name { text: word.into(), span: first.span }, number, options });
        Ok(())
    }

    fn service(&mut self) -> Read<ServiceAst> {
        self.next();
        let mut read = ServiceAst { name: self.name()?, methods: Vec::new(), options: Vec::new() };
        self.block(|parser| parser.service_statement(&mut read))?;
        Ok(read)
    }

    fn service_statement(&mut self, read: &mut ServiceAst) -> Read<()> {
        self.count()?;
        match self.words() {
            "option" => {
                self.next();
                let options = self.option()?;
                read.options.extend(options);
                self.mark(b';')
            }
            "rpc" => {
                let method = self.method()?;
                read.methods.push(method);
                Ok(())
            }
            _ => self.fault("rpc or option should be here"),
        }
    }

    fn method(&mut self) -> Read<MethodAst> {
        self.next();
        let name = self.name()?;
        let (client_streaming, input) = self.message_of_method()?;
        if self.words() != "returns" {
            return self.fault("returns should be here");
        }
        self.next();
        let (server_streaming, output) = self.message_of_method()?;
        let mut options: Vec<OptionAst> = Vec::new();
        if self.here.kind == Kind::Mark(b'{') {
            self.block(|parser| {
                if parser.words() != "option" {
                    return parser.fault("option should be here");
                }
                parser.next();
                options.extend(parser.option()?);
                parser.mark(b';')
            })?;
        } else {
            self.mark(b';')?;
        }
        Ok(MethodAst { name, input, client_streaming, output, server_streaming, options })
    }

    fn message_of_method(&mut self) -> Read<(bool, Name)> {
        self.mark(b'(')?;
        let stream = Name { text: "stream".into(), span: self.here.span };
        if self.keyword("stream") {
            let name = if self.here.kind == Kind::Mark(b')') { Ok((false, stream)) } else { self.dotted().map(|name| (true, name)) };
            self.mark(b')')?;
            return name;
        }
        let name = self.dotted()?;
        self.mark(b')')?;
        Ok((false, name))
    }

    // The words themselves.

    pub(super) fn words(&self) -> &'a str {
        if self.here.kind == Kind::Word { self.lexer.words(self.here) } else { "" }
    }

    pub(super) fn letters(&self) -> &'a str {
        self.lexer.words(self.here)
    }

    pub(super) fn next(&mut self) {
        self.here = self.lexer.next();
    }

    /// A mark that is here is passed.
    pub(super) fn take_mark(&mut self, mark: u8) -> bool {
        let is = self.here.kind == Kind::Mark(mark);
        if is {
            self.next();
        }
        is
    }

    /// A word that is here is passed, unless a dot right behind it makes it the beginning of a name.
    pub(super) fn keyword(&mut self, word: &str) -> bool {
        let is = self.words() == word && !self.lexer.is_dot_behind(self.here);
        if is {
            self.next();
        }
        is
    }

    pub(super) fn mark(&mut self, mark: u8) -> Read<()> {
        if self.take_mark(mark) { Ok(()) } else { self.fault(&format!("`{}` should be here", char::from(mark))) }
    }

    /// Braces and the statements in them; one with a fault is passed over.
    pub(super) fn block(&mut self, mut one: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        if self.depth >= DEPTH_MAX {
            return self.fault("blocks in blocks, deeper than is read");
        }
        self.mark(b'{')?;
        self.depth += 1;
        while !(matches!(self.here.kind, Kind::Mark(b'}') | Kind::End) || self.is_full()) {
            if !self.take_mark(b';') && one(self).is_err() {
                self.pass_statement();
            }
        }
        self.depth -= 1;
        self.mark(b'}')
    }

    pub(super) fn name(&mut self) -> Read<Name> {
        if self.here.kind != Kind::Word {
            return self.fault("a name should be here");
        }
        let name = Name { text: self.letters().into(), span: self.here.span };
        self.next();
        Ok(name)
    }

    /// A name with dots, perhaps a leading one.
    pub(super) fn dotted(&mut self) -> Read<Name> {
        let mut span = self.here.span;
        let mut text = String::new();
        if self.take_mark(b'.') {
            text.push('.');
        }
        loop {
            let part = self.name()?;
            text.push_str(&part.text);
            span.end = part.span.end;
            if !self.take_mark(b'.') {
                break;
            }
            text.push('.');
        }
        Ok(Name { text: text.into(), span })
    }

    /// Texts that stand beside each other are one.
    pub(super) fn text(&mut self) -> Read<Name> {
        let mut span = self.here.span;
        let mut text = String::new();
        if self.here.kind != Kind::Text {
            return self.fault("a text in quotes should be here");
        }
        while self.here.kind == Kind::Text {
            text.push_str(&unquote(self.letters()));
            span.end = self.here.span.end;
            self.next();
        }
        Ok(Name { text: text.into(), span })
    }

    /// A whole number within limits.
    pub(super) fn whole(&mut self, min: i64, max: i64) -> Read<(i64, Span)> {
        let start = self.here.span;
        let negative = self.take_mark(b'-');
        if self.here.kind != Kind::Number {
            return self.fault("a whole number should be here");
        }
        let span = Span { start: start.start, end: self.here.span.end };
        let letters = self.letters();
        let value = match letters.strip_prefix("0x").or_else(|| letters.strip_prefix("0X")) {
            Some(hexadecimal) => i64::from_str_radix(hexadecimal, 16),
            None if letters.len() > 1 && letters.starts_with('0') => i64::from_str_radix(letters, 8),
            None => letters.parse(),
        };
        let value = value.map(|value| if negative { -value } else { value });
        match value {
            Ok(value) if (min..=max).contains(&value) => {
                self.next();
                Ok((value, span))
            }
            _ => self.fault_at(span, "a number outside what is allowed here"),
        }
    }

    // Faults.

    fn is_full(&self) -> bool {
        self.faults.len() >= FAULTS_MAX || self.declarations > self.declarations_max
    }

    /// One declaration more.
    pub(super) fn count(&mut self) -> Read<()> {
        self.declarations += 1;
        if self.declarations == self.declarations_max + 1 {
            let at = self.here.span;
            self.faults.push(Fault { code: NOT_PROTO, at, what: format!("more than {} declarations in one file", self.declarations_max) });
        }
        if self.declarations > self.declarations_max { Err(Torn) } else { Ok(()) }
    }

    pub(super) fn fault<T>(&mut self, what: &str) -> Read<T> {
        let what = if self.here.kind == Kind::End { format!("the file ends, and {what}") } else { what.to_owned() };
        self.fault_at(self.here.span, &what)
    }

    pub(super) fn fault_at<T>(&mut self, at: Span, what: &str) -> Read<T> {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault { code: GRAMMAR, at, what: what.to_owned() });
        }
        Err(Torn)
    }

    /// Passes the rest of a statement: up to its `;`, its block, or the end of the block that it stands in.
    fn pass_statement(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.here.kind {
                Kind::End => return,
                Kind::Mark(b'{') => depth += 1,
                Kind::Mark(b'}') if depth <= 1 => {
                    if depth == 1 || self.depth == 0 {
                        self.next();
                    }
                    return;
                }
                Kind::Mark(b'}') => depth -= 1,
                Kind::Mark(b';') if depth == 0 => {
                    self.next();
                    return;
                }
                _ => {}
            }
            self.next();
        }
    }
}

#[cfg(test)]
mod tests;
