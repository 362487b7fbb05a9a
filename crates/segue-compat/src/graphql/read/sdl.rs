//! SDL, read as far as it goes.
//!
//! A member that is not understood is skipped to the next line that begins one; a definition, to the next definition. Both are
//! listed, and nothing in them counts as removed. Only a text that shows no definition at all, or mostly broken ones, is
//! refused. Must never go back in the text: the work is linear. Tests: below, `tests/it/graphql/{read,hostile}.rs`.

use super::lex::{Kind, Lexer, Word};
use crate::graphql::schema::{Schema, Use};
use crate::source::{Place, Span};

/// How many skipped parts are listed one by one.
const LISTED_MAX: usize = 20;

/// What is said of a text that defines too much.
pub(in crate::graphql) const TOO_MANY: &str = "more definitions than are read of a file of this size";

/// How much may be kept of any text: a value of an enum takes one, a field a few, a type most.
const ROOM_MIN: usize = 1_250_000;
/// A larger text may fill one for so many bytes.
const BYTES_OF_ROOM: usize = 8;
const ROOM_OF_USE: usize = 6;
pub(super) const ROOM_OF_FIELD: usize = 4;
pub(super) const ROOM_OF_TYPE: usize = 6;

/// Why something was not understood: a sentence without text of the file.
#[derive(Debug, Clone)]
pub(in crate::graphql) struct Broken {
    pub(in crate::graphql) at: Span,
    pub(in crate::graphql) what: &'static str,
    /// Nothing behind it can be read.
    pub(in crate::graphql) fatal: bool,
}

/// The words that begin a definition.
const DEFINITIONS: &[&str] = &["schema", "scalar", "type", "interface", "union", "enum", "input", "directive", "extend"];
/// The words that begin an operation.
const OPERATIONS: &[&str] = &["query", "mutation", "subscription", "fragment"];

/// A reader in the middle of its text.
pub(super) struct Parser<'a, 's> {
    lexer: Lexer<'a>,
    /// The word that is next.
    pub(super) word: Word,
    /// Brackets `{` that are open.
    depth: usize,
    pub(super) file: u32,
    pub(super) schema: &'s mut Schema<'a>,
    /// What was skipped.
    pub(super) broken: Vec<Broken>,
    /// How much more may be kept of the text.
    room: usize,
}

/// Reads one file into the schema. Returns how many definitions were read and which parts were broken.
pub(in crate::graphql) fn read<'a>(text: &'a str, name: &str, file: u32, schema: &mut Schema<'a>) -> Result<usize, Broken> {
    let mut parser = Parser::beginning(Lexer::new(text), file, schema);
    let mut read = 0;
    let mut broken = 0;
    let mut operations = 0;
    while parser.word.kind != Kind::End {
        if parser.is_operation() {
            operations += 1;
            parser.next();
            parser.skip_definition();
            continue;
        }
        match parser.definition() {
            Ok(()) => read += 1,
            Err(stop) if stop.fatal => return Err(stop),
            Err(stop) => {
                broken += 1;
                parser.broken.push(stop);
                parser.skip_definition();
            }
        }
    }
    let Parser { broken: parts, schema, .. } = parser;
    if broken > read {
        return Err(parts.into_iter().next().unwrap_or(Broken { at: Span::default(), what: "no definition", fatal: true }));
    }
    list(&parts, text, name, schema);
    if operations > 0 {
        schema
            .not_checked
            .push(format!("{name}: {operations} operations or fragments stand among the definitions; operations are not compared"));
    }
    Ok(read)
}

/// Says what was skipped.
fn list(parts: &[Broken], text: &str, name: &str, schema: &mut Schema<'_>) {
    let mut line = 1;
    let mut from = 0;
    for part in parts.iter().take(LISTED_MAX) {
        let to = (part.at.start as usize).max(from);
        line += text.get(from..to).map_or(0, |between| between.bytes().filter(|byte| *byte == b'\n').count());
        from = to;
        schema.not_checked.push(format!("{name}:{line}: {}; what stands there was skipped", part.what));
    }
    if parts.len() > LISTED_MAX {
        schema.not_checked.push(format!("{name}: {} further parts were skipped", parts.len() - LISTED_MAX));
    }
    schema.skipped |= !parts.is_empty();
}

impl<'a, 's> Parser<'a, 's> {
    /// At the first word.
    pub(super) fn beginning(mut lexer: Lexer<'a>, file: u32, schema: &'s mut Schema<'a>) -> Self {
        let word = lexer.word();
        let room = ROOM_MIN.max(lexer.text.len() / BYTES_OF_ROOM);
        Self { lexer, word, depth: 0, file, schema, broken: Vec::new(), room }
    }

    /// The text of a word.
    pub(super) fn text(&self, word: Word) -> &'a str {
        self.lexer.text.get(word.start as usize..word.end as usize).unwrap_or_default()
    }

    /// Takes the next word.
    pub(super) fn next(&mut self) -> Word {
        let word = self.word;
        match word.kind {
            Kind::Mark(b'{') => self.depth += 1,
            Kind::Mark(b'}') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.word = self.lexer.word();
        word
    }

    pub(super) fn is(&self, mark: u8) -> bool {
        self.word.kind == Kind::Mark(mark)
    }

    /// Takes the mark, if it is next.
    pub(super) fn take(&mut self, mark: u8) -> bool {
        let is = self.is(mark);
        if is {
            self.next();
        }
        is
    }

    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        self.word.kind == Kind::Name && self.text(self.word) == keyword
    }

    pub(super) fn place(&self, word: Word) -> Place {
        Place { file: self.file, span: word.span() }
    }

    pub(super) fn stop<T>(&self, what: &'static str) -> Result<T, Broken> {
        let (what, fatal) = match self.word.kind {
            Kind::OpenBlock => ("a text in three quotes that does not end", true),
            Kind::OpenText => ("a text that does not end on its line", false),
            Kind::Bad => ("letters that no name or value can have", false),
            _ => (what, false),
        };
        Err(Broken { at: self.word.span(), what, fatal })
    }

    pub(super) fn expect(&mut self, mark: u8, what: &'static str) -> Result<Word, Broken> {
        if self.is(mark) { Ok(self.next()) } else { self.stop(what) }
    }

    /// A name with its word.
    pub(super) fn name(&mut self, what: &'static str) -> Result<(&'a str, Word), Broken> {
        if self.word.kind != Kind::Name {
            return self.stop(what);
        }
        let word = self.next();
        Ok((self.text(word), word))
    }

    /// A description is no part of the contract.
    pub(super) fn description(&mut self) {
        while matches!(self.word.kind, Kind::Text | Kind::Block) {
            self.next();
        }
    }

    /// Directives with their arguments.
    pub(super) fn uses(&mut self) -> Result<Vec<Use<'a>>, Broken> {
        let mut uses = Vec::new();
        while self.is(b'@') {
            self.next();
            let (name, _) = self.name("a directive's name should be here")?;
            let mut arguments = Vec::new();
            if self.take(b'(') {
                while !self.take(b')') {
                    let (argument, _) = self.name("an argument's name should be here")?;
                    self.expect(b':', "a colon should be here")?;
                    arguments.push((argument, self.value()?));
                }
            }
            self.keep(ROOM_OF_USE)?;
            uses.push(Use { name, arguments });
        }
        self.keep(1)?;
        Ok(uses)
    }

    /// Something is kept that takes so much room.
    pub(super) fn keep(&mut self, room: usize) -> Result<(), Broken> {
        match self.room.checked_sub(room) {
            Some(left) => {
                self.room = left;
                Ok(())
            }
            None => Err(Broken { at: self.word.span(), what: TOO_MANY, fatal: true }),
        }
    }

    fn is_operation(&self) -> bool {
        self.is(b'{') || self.word.kind == Kind::Name && OPERATIONS.contains(&self.text(self.word))
    }

    /// The word is the first of its line.
    pub(super) fn begins_line(&self) -> bool {
        let before = self.lexer.text.get(..self.word.start as usize).unwrap_or_default();
        before.trim_end_matches([' ', '\t', ',']).ends_with(['\n', '\r']) || before.is_empty()
    }

    /// The word stands in the first column.
    fn is_first_column(&self) -> bool {
        let before = self.lexer.text.get(..self.word.start as usize).unwrap_or_default();
        before.is_empty() || before.ends_with(['\n', '\r', '\u{feff}'])
    }

    /// The word is in the first column and begins a definition: what stands before it has no end.
    pub(super) fn begins_definition(&self) -> bool {
        self.word.kind == Kind::Name && self.is_first_column() && DEFINITIONS.contains(&self.text(self.word))
    }

    /// Skips to the next word that begins a definition.
    fn skip_definition(&mut self) {
        while !matches!(self.word.kind, Kind::End | Kind::OpenBlock) {
            let name = self.word.kind == Kind::Name;
            let text = if name { self.text(self.word) } else { "" };
            let begins = DEFINITIONS.contains(&text) || OPERATIONS.contains(&text);
            if name && begins && (self.is_first_column() || self.depth == 0 && self.begins_line()) {
                break;
            }
            self.next();
        }
        self.depth = 0;
        if self.word.kind == Kind::OpenBlock {
            // The rest is inside of the open text; there is nothing to come back to.
            self.broken.push(Broken { at: self.word.span(), what: "a text in three quotes that does not end", fatal: true });
            self.next();
        }
    }

    /// Skips the rest of a member: to the line that begins the next one, or to the end of the block. Gives up, so that the
    /// whole definition is skipped, when neither comes before a definition in the first column.
    pub(super) fn skip_member(&mut self, depth: usize) -> bool {
        let mut taken = false;
        loop {
            match self.word.kind {
                Kind::End | Kind::OpenBlock => return false,
                Kind::Mark(b'}') if self.depth <= depth => return true,
                Kind::Name if self.begins_definition() => return false,
                Kind::Name | Kind::Text | Kind::Block if taken && self.depth <= depth && self.begins_line() => return true,
                _ => {
                    self.next();
                    taken = true;
                }
            }
        }
    }

    /// How many `{` are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }
}
