//! One side of a comparison: the file that was named, and the files that it refers to.
//!
//! The binary gathers the texts, because this crate opens nothing. Places are byte ranges into one of these texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use segue_model::check::Side;

/// A byte range of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

impl Span {
    /// A range of bytes; beyond 4 GiB it is cut, and no reader takes such a file.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
    }
}

/// A place: which file of a side, and where in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The index of the file in [`Source::files`].
    pub file: u32,
    /// The bytes.
    pub span: Span,
}

/// One file of a side.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name as the user gave it, or relative to the first.
    pub name: String,
    /// Its bytes; most families want text.
    pub bytes: Arc<[u8]>,
}

impl File {
    /// A file of text.
    pub fn text(name: impl Into<String>, text: &str) -> Self {
        Self { name: name.into(), bytes: Arc::from(text.as_bytes()) }
    }

    /// Its text without a byte order mark; the offset of the first byte that is no UTF-8 otherwise.
    pub fn as_text(&self) -> Result<&str, usize> {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
            Err(error) => Err(error.valid_up_to()),
        }
    }
}

/// One side: the file that was named comes first.
#[derive(Debug, Clone)]
pub struct Source {
    /// Old or new.
    pub side: Side,
    /// The files; never empty.
    pub files: Vec<File>,
}

impl Source {
    /// A side of one text.
    pub fn one(side: Side, name: impl Into<String>, text: &str) -> Self {
        Self { side, files: vec![File::text(name, text)] }
    }

    /// The index of the file with that name.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.files.iter().position(|file| file.name == name).and_then(|at| u32::try_from(at).ok())
    }

    /// The files by name.
    pub fn by_name(&self) -> BTreeMap<&str, &File> {
        self.files.iter().map(|file| (file.name.as_str(), file)).collect()
    }
}

/// Why an input cannot be compared: refused with a code and a place, never called compatible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The code, `SG-CHK-003`, with its page.
    pub code: &'static str,
    /// Which side.
    pub side: Side,
    /// The file.
    pub file: String,
    /// Where in it, when that is known.
    pub span: Option<Span>,
    /// What is wrong, in one sentence without a value of the document.
    pub message: String,
    /// What to do.
    pub help: String,
}
