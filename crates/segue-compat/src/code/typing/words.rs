//! The words of a written type: names, literals, marks. Never fails: an unknown letter is a mark. Tests: the readers'.

/// One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word<'t> {
    Name(&'t str),
    Number(&'t str),
    /// Without its quotes.
    Text(&'t str),
    Mark(char),
    /// `=>` or `->`.
    Arrow,
    /// `...`
    Dots,
}

/// Splits a text into words.
pub(super) fn split(text: &str) -> Vec<Word<'_>> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let start = at;
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if byte == b'"' || byte == b'\'' || byte == b'`' {
            at += 1;
            while bytes.get(at).is_some_and(|b| *b != byte) {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            let end = at.min(bytes.len());
            words.push(Word::Text(text.get(start + 1..end).unwrap_or_default()));
            at = end + 1;
            continue;
        }
        if byte == b'#' && words.is_empty() {
            at += 1;
            continue;
        }
        let named = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b == b'$' || *b >= 0x80;
        if byte.is_ascii_digit() {
            at += bytes[at..].iter().take_while(|b| named(b) || **b == b'.').count();
            words.push(Word::Number(text.get(start..at).unwrap_or_default()));
        } else if named(&byte) {
            at += bytes[at..].iter().take_while(|b| named(b)).count();
            words.push(Word::Name(text.get(start..at).unwrap_or_default()));
        } else if bytes[at..].starts_with(b"...") {
            at += 3;
            words.push(Word::Dots);
        } else if bytes[at..].starts_with(b"=>") || bytes[at..].starts_with(b"->") {
            at += 2;
            words.push(Word::Arrow);
        } else {
            at += 1;
            words.push(Word::Mark(byte as char));
        }
    }
    words
}

/// A place in the words, with the depth that is left.
pub(super) struct Cursor<'t> {
    words: Vec<Word<'t>>,
    at: usize,
    pub(super) depth: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { words: split(text), at: 0, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<Word<'t>> {
        self.words.get(self.at).copied()
    }

    pub(super) fn after(&self, count: usize) -> Option<Word<'t>> {
        self.words.get(self.at + count).copied()
    }

    pub(super) fn next(&mut self) -> Option<Word<'t>> {
        let word = self.peek();
        self.at += 1;
        word
    }

    /// Takes the mark if it is next.
    pub(super) fn takes(&mut self, mark: char) -> bool {
        let is = self.peek() == Some(Word::Mark(mark));
        self.at += usize::from(is);
        is
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.words.len()
    }
}
