//! The files of one side as trees, and what a `$ref` in one of them names.
//!
//! Only files that were handed over are ever looked into; a reference to another place is reported, never fetched. A chain of
//! references that turns in a circle ends. Tests: below, `tests/it/openapi/files.rs`.

use segue_model::check::Side;

use crate::doc::{At, Doc, NodeId};
use crate::source::{File, Place, Refused, Source};

/// How long a chain of references may be.
const CHAIN_MAX: usize = 32;

/// The trees of one side, by the number of their file.
pub(super) struct Library {
    pub(super) side: Side,
    names: Vec<String>,
    docs: Vec<Option<Doc>>,
    /// Files beside the first that could not be read, one sentence each.
    pub(super) unread: Vec<String>,
}

/// A value, the file that it stands in, and what a person calls it.
#[derive(Debug, Clone)]
pub(super) struct Spot<'a> {
    pub(super) file: u32,
    pub(super) at: At<'a>,
    /// Its path without the leading slash: `components/parameters/limit`.
    pub(super) object: String,
}

/// Why a reference could not be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// It names a file or address that was not handed over.
    NotHere,
    /// Nothing has that name in the file.
    NoSuch,
    /// It names itself in the end.
    Circle,
}

impl<'a> Spot<'a> {
    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        Place { file: self.file, span: self.at.span() }
    }

    /// A value under it, by key.
    pub(super) fn get(&self, key: &str) -> Option<Spot<'a>> {
        let at = self.at.get(key)?;
        Some(self.step(key, at))
    }

    /// A value under it that is at hand already.
    pub(super) fn step(&self, key: &str, at: At<'a>) -> Spot<'a> {
        Spot { file: self.file, at, object: format!("{}/{}", self.object, escape(key)) }
    }
}

/// A key as a part of a JSON pointer.
pub(super) fn escape(key: &str) -> String {
    if key.contains(['~', '/']) { key.replace('~', "~0").replace('/', "~1") } else { key.to_owned() }
}

impl Library {
    /// Reads the files; the first must be readable, another that is not is listed.
    pub(super) fn read(source: &Source) -> Result<Self, Refused> {
        let mut docs = Vec::new();
        let mut unread = Vec::new();
        for (index, file) in source.files.iter().enumerate() {
            match tree(source.side, file) {
                Ok(doc) => docs.push(Some(doc)),
                Err(refused) if index == 0 => return Err(refused),
                Err(refused) => {
                    unread.push(format!("{}: not read: {}", file.name, refused.message));
                    docs.push(None);
                }
            }
        }
        Ok(Self { side: source.side, names: source.files.iter().map(|file| file.name.clone()).collect(), docs, unread })
    }

    /// The outermost value of the first file.
    pub(super) fn root(&self) -> Option<Spot<'_>> {
        let doc = self.docs.first()?.as_ref()?;
        Some(Spot { file: 0, at: doc.root(), object: String::new() })
    }

    /// A value by its file and number.
    pub(super) fn at(&self, file: u32, node: NodeId) -> Option<At<'_>> {
        Some(self.docs.get(file as usize)?.as_ref()?.at(node))
    }

    /// Every tree with the number and the name of its file.
    pub(super) fn trees(&self) -> impl Iterator<Item = (u32, &str, &Doc)> {
        (0_u32..).zip(self.names.iter().zip(&self.docs)).filter_map(|(at, (name, doc))| Some((at, name.as_str(), doc.as_ref()?)))
    }

    /// The file that a reference in another file names; the same one for an empty name.
    pub(super) fn file(&self, from: u32, name: &str) -> Option<u32> {
        if name.is_empty() {
            return Some(from);
        }
        let of = |at: u32| self.names.get(at as usize).map_or("", String::as_str);
        let decoded = percent_decoded(name);
        let beside = joined(folder(of(from)), &decoded);
        let below_first = joined(folder(of(0)), &decoded);
        let candidates = [decoded.clone(), joined("", &decoded), beside, below_first, name.to_owned()];
        let found = candidates
            .iter()
            .find_map(|candidate| self.names.iter().position(|known| joined("", known) == *candidate || known == candidate));
        found.and_then(|at| u32::try_from(at).ok())
    }

    /// What a reference names.
    pub(super) fn target(&self, from: u32, reference: &str) -> Result<Spot<'_>, Lost> {
        let (name, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let file = self.file(from, name).ok_or(Lost::NotHere)?;
        let doc = self.docs.get(file as usize).and_then(Option::as_ref).ok_or(Lost::NotHere)?;
        let pointer = percent_decoded(pointer);
        let at = doc.root().pointer(&pointer).ok_or(Lost::NoSuch)?;
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return Err(Lost::NoSuch);
        }
        let local = pointer.trim_start_matches('/');
        let object = match (file, self.names.get(file as usize)) {
            (0, _) | (_, None) => local.to_owned(),
            (_, Some(name)) => format!("{}#{pointer}", joined("", name)),
        };
        Ok(Spot { file, at, object })
    }

    /// Follows `$ref`s until something stands there itself.
    pub(super) fn resolve<'a>(&'a self, spot: Spot<'a>) -> Result<Spot<'a>, (Lost, String)> {
        let mut spot = spot;
        for _ in 0..CHAIN_MAX {
            let Some(reference) = spot.at.text_at("$ref") else { return Ok(spot) };
            spot = self.target(spot.file, reference).map_err(|lost| (lost, reference.to_owned()))?;
        }
        Err((Lost::Circle, spot.object))
    }
}

/// A file as a tree.
fn tree(side: Side, file: &File) -> Result<Doc, Refused> {
    let refuse = |span, message: String, help: &str| Refused {
        code: "SG-CHK-021",
        side,
        file: file.name.clone(),
        span,
        message,
        help: help.to_owned(),
    };
    let text = file.as_text().map_err(|at| {
        refuse(Some(crate::source::Span::new(at, at + 1)), "it is no text in UTF-8".to_owned(), "Save it as UTF-8, or name another file.")
    })?;
    Doc::read(text).map_err(|stop| refuse(Some(stop.at), stop.what, "Mend the JSON or YAML there, or name another file."))
}

/// `%7B` and the like as the characters that they stand for; what is no such sequence stays.
fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(digits.unwrap_or(*byte));
        at += if digits.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A relative name below a folder, without `.` and `..` where that goes.
pub(super) fn joined(folder: &str, name: &str) -> String {
    let mut parts: Vec<&str> = if name.starts_with('/') { Vec::new() } else { folder.split('/').filter(|part| !part.is_empty()).collect() };
    let absolute = name.starts_with('/') || folder.starts_with('/');
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let path = parts.join("/");
    if absolute { format!("/{path}") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_and_found() {
        assert_eq!(joined("api/v1", "../shared/./x.yaml"), "api/shared/x.yaml");
        assert_eq!(joined("", "./x.yaml"), "x.yaml");
        assert_eq!(joined("/a", "b"), "/a/b");
        assert_eq!(percent_decoded("a%7Bid%7D%zz%"), "a{id}%zz%");
    }

    #[test]
    fn references_end() {
        let mut source =
            Source::one(Side::Old, "api/a.yaml", "a: {$ref: '#/b'}\nb: {$ref: '#/a'}\nc: {$ref: 'x.yaml#/d'}\ne: {$ref: 'https://h/x'}\n");
        source.files.push(File::text("api/x.yaml", "d: {f: 1}"));
        let library = Library::read(&source).expect("it reads");
        let root = library.root().expect("root");
        let of = |key: &str| library.resolve(root.get(key).expect("key"));
        assert_eq!(of("a").expect_err("circle").0, Lost::Circle);
        assert_eq!(of("e").expect_err("remote").0, Lost::NotHere);
        let spot = of("c").expect("it is there");
        assert_eq!((spot.file, spot.object.as_str()), (1, "api/x.yaml#/d"));
    }
}
