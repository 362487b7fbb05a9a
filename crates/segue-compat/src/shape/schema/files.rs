//! Finds what a local `$ref` names, in the files of one side.
//!
//! It looks only at texts that were given; a file that is not among them is not found, never fetched. Tests:
//! `tests/it/shape/schema.rs`.

use std::collections::BTreeMap;

use super::{Resolver, Target};
use crate::doc::{At, Doc};
use crate::source::Source;

/// The trees of a side's files with their names.
#[derive(Debug, Clone)]
pub struct FileIndex<'a> {
    names: Vec<&'a str>,
    docs: &'a [Option<Doc>],
    by_name: BTreeMap<String, u32>,
}

impl<'a> FileIndex<'a> {
    /// `docs` are the trees of `source.files`, one for each; `None` for one that could not be read.
    pub fn new(source: &'a Source, docs: &'a [Option<Doc>]) -> Self {
        let names: Vec<&str> = source.files.iter().map(|file| file.name.as_str()).collect();
        let by_name = (0_u32..).zip(&names).map(|(at, name)| (tidy(name), at)).collect();
        Self { names, docs, by_name }
    }

    /// The value that a reference in a file names: `#/a/b`, `other.yaml`, `dir/other.yaml#/a`.
    pub fn find(&self, file: u32, reference: &str) -> Option<Target<'a>> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_decoded(fragment);
        let to = if path.is_empty() { file } else { self.file(file, path)? };
        let doc = self.docs.get(to as usize)?.as_ref()?;
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return None;
        }
        let at: At<'a> = doc.root().pointer(&fragment)?;
        let name = fragment.trim_start_matches('/');
        let name = match (to, name) {
            (0, "") => "#".to_owned(),
            (0, name) => name.to_owned(),
            (_, name) => format!("{}#/{name}", self.names.get(to as usize).copied().unwrap_or_default()),
        };
        Some(Target { at, file: to, name })
    }

    /// As the callback that a reader wants.
    pub fn resolver(self) -> Resolver<'a> {
        Box::new(move |file, reference| self.find(file, reference))
    }

    fn file(&self, from: u32, path: &str) -> Option<u32> {
        let base = self.names.get(from as usize)?.rsplit_once('/').map_or("", |(folder, _)| folder);
        let joined = if base.is_empty() { path.to_owned() } else { format!("{base}/{path}") };
        self.by_name.get(&tidy(&joined)).or_else(|| self.by_name.get(&tidy(path))).copied()
    }
}

/// Without `.` and with `..` applied.
fn tidy(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// `%7E` and the like in a fragment.
pub(crate) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(hex.unwrap_or(*byte));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
